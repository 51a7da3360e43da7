//! One small cast with a story, for the demo, the tests, the screenshots and the
//! documents: a provider in Campina Grande, three customers, sixty tickets.

use serde::Deserialize;

/// The whole story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// The desk's operator.
    pub org: Org,
    /// The customers.
    pub companies: Vec<Company>,
    /// Staff and requesters.
    pub people: Vec<Person>,
    /// The queues.
    pub queues: Vec<Queue>,
    /// The categories.
    pub categories: Vec<Category>,
    /// The channels.
    pub channels: Vec<Channel>,
    /// The texts that the team sends often.
    pub answers: Vec<Answer>,
    /// What happened.
    pub tickets: Vec<Ticket>,
}

/// The desk's operator.
#[derive(Debug, Deserialize)]
pub struct Org {
    /// Its name.
    pub name: String,
}

/// A customer.
#[derive(Debug, Deserialize)]
pub struct Company {
    /// How the story calls it.
    pub key: String,
    /// Its legal name.
    pub name: String,
    /// The name it goes by.
    pub trade_name: Option<String>,
    /// CNPJ, digits only.
    pub cnpj: Option<String>,
    /// The domain of its addresses.
    pub domain: Option<String>,
    /// Whom to ask for.
    pub contact_name: Option<String>,
    /// That person's address.
    pub contact_email: Option<String>,
    /// The telephone.
    pub phone: Option<String>,
    /// Street, number, town.
    pub address: Option<String>,
}

/// Somebody.
#[derive(Debug, Deserialize)]
pub struct Person {
    /// How the story calls them.
    pub key: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// admin, supervisor, tech or client.
    pub role: String,
    /// A client's company, by key.
    pub company: Option<String>,
}

/// A queue.
#[derive(Debug, Deserialize)]
pub struct Queue {
    /// How the story calls it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// 1 to 3.
    pub level: i32,
    /// Where its notices go.
    pub email: Option<String>,
    /// Who works on it, by key.
    pub members: Vec<String>,
}

/// A category.
#[derive(Debug, Deserialize)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// Its subcategories.
    #[serde(default)]
    pub subcategories: Vec<String>,
}

/// A channel.
#[derive(Debug, Deserialize)]
pub struct Channel {
    /// Its name.
    pub name: String,
}

/// A canned answer of the whole team.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Its name.
    pub title: String,
    /// What is typed after the slash.
    pub shortcut: String,
    /// Its text, with variables.
    pub body: String,
    /// Who wrote it, by key.
    pub by: String,
}

/// A ticket and what became of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// In one line.
    pub title: String,
    /// In as many as it takes.
    pub description: String,
    /// Opened so many days before now.
    pub days_ago: f64,
    /// Whose, by key.
    pub company: Option<String>,
    /// Who asked, by key.
    pub requester: Option<String>,
    /// Who asked, without an account.
    pub contact_name: Option<String>,
    /// Where to reach them.
    pub contact_info: Option<String>,
    /// Which of the staff opened it, by key; the requester otherwise.
    pub opened_by: Option<String>,
    /// By which way it came.
    pub channel: String,
    /// What it is about.
    pub category: String,
    /// More exactly.
    pub subcategory: Option<String>,
    /// Where it waits, by key.
    pub queue: Option<String>,
    /// low, normal, high or critical.
    pub priority: String,
    /// What was done with it.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// One thing that somebody did.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// So many minutes after the step before.
    pub after_minutes: f64,
    /// Who, by key.
    pub by: String,
    /// What: take, assign, reply, note, wait, resume, escalate, transfer,
    /// participant, queue, priority, resolve, close, confirm or reopen.
    #[serde(rename = "do")]
    pub act: String,
    /// What was written.
    pub text: Option<String>,
    /// To whom.
    pub to: Option<String>,
    /// Who was invited.
    pub who: Option<String>,
    /// Into which queue.
    pub queue: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What solved it.
    pub solution: Option<String>,
    /// What kind of trouble it was.
    pub classification: Option<String>,
    /// What the technician has to say about it.
    pub evaluation: Option<String>,
    /// How urgent it is now.
    pub priority: Option<String>,
}

/// Reads the story.
///
/// # Errors
/// Names the place where it cannot be read.
pub fn story() -> Result<Story, String> {
    toml::from_str(include_str!("story.toml")).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_story_can_be_read() {
        let story = super::story().unwrap();
        assert_eq!(story.companies.len(), 3);
        assert_eq!(story.tickets.len(), 60);
        assert_eq!(
            story.people.iter().filter(|p| p.role != "client").count(),
            6
        );
        assert_eq!(
            story.people.iter().filter(|p| p.role == "client").count(),
            8
        );
    }
}

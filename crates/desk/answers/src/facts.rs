//! What a canned answer may say of the ticket that it is written on.

use kit::{Context, Result};
use tickets::Ticket;
use tickets::status::Status;

/// A word between braces that stands for something else on each ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// What people call the ticket.
    TicketProtocol,
    /// The ticket in one line.
    TicketTitle,
    /// Where it stands, in the desk's words.
    TicketStatus,
    /// Who asked.
    RequesterName,
    /// Who asked, as one speaks to them.
    RequesterFirstName,
    /// Whose the ticket is.
    CompanyName,
    /// Who is to deal with it.
    QueueName,
    /// Who writes.
    MeName,
    /// Who writes, as one speaks of oneself.
    MeFirstName,
    /// The day.
    Today,
    /// Good morning, good afternoon or good evening.
    Greeting,
}

impl Variable {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Variable; 11] = [
        Variable::Greeting,
        Variable::RequesterFirstName,
        Variable::RequesterName,
        Variable::CompanyName,
        Variable::TicketProtocol,
        Variable::TicketTitle,
        Variable::TicketStatus,
        Variable::QueueName,
        Variable::MeFirstName,
        Variable::MeName,
        Variable::Today,
    ];

    /// What is written between the braces.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Variable::TicketProtocol => "ticket.protocol",
            Variable::TicketTitle => "ticket.title",
            Variable::TicketStatus => "ticket.status",
            Variable::RequesterName => "requester.name",
            Variable::RequesterFirstName => "requester.first_name",
            Variable::CompanyName => "company.name",
            Variable::QueueName => "queue.name",
            Variable::MeName => "me.name",
            Variable::MeFirstName => "me.first_name",
            Variable::Today => "today",
            Variable::Greeting => "greeting",
        }
    }

    /// The same with its braces, as it stands in a text.
    #[must_use]
    pub fn written(self) -> String {
        format!("{{{{ {} }}}}", self.name())
    }

    /// The end of the locale key that says what it is.
    #[must_use]
    pub fn key(self) -> String {
        self.name().replace(['.', '_'], "-")
    }
}

/// What the variables stand for on one ticket. What is not known is empty.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    protocol: String,
    title: String,
    status: String,
    requester: String,
    company: String,
    queue: String,
    me: String,
    today: String,
    greeting: String,
}

impl Facts {
    /// What they stand for on `ticket`, written by whoever asks: three reads at most.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of(cx: &Context, ticket: &Ticket) -> Result<Facts> {
        let requester = match ticket.requester {
            Some(id) => people::cards(cx.db(), vec![id])
                .await?
                .remove(&id)
                .map(|person| person.name),
            None => ticket.contact_name.clone(),
        };
        let company = match ticket.company {
            Some(id) => companies::names_of(cx.db(), vec![id]).await?.remove(&id),
            None => None,
        };
        let queue = match ticket.queue {
            Some(id) => catalog::queue(cx.db(), id).await?.map(|queue| queue.name),
            None => None,
        };
        Ok(Facts {
            protocol: ticket.protocol.clone(),
            title: ticket.title.clone(),
            status: word(cx, ticket.status),
            requester: requester.unwrap_or_default(),
            company: company.unwrap_or_default(),
            queue: queue.unwrap_or_default(),
            ..Facts::now(cx)
        })
    }

    /// An example, for seeing what a text will be.
    #[must_use]
    pub fn example(cx: &Context) -> Facts {
        let text = |key: &str| cx.text(key, &[]);
        Facts {
            protocol: format!("TCK-{}-0A1B2C3D4E", cx.app.zone.compact_day(cx.now)),
            title: text("answer-example-title"),
            status: word(cx, Status::InProgress),
            requester: text("answer-example-requester"),
            company: text("answer-example-company"),
            queue: text("answer-example-queue"),
            ..Facts::now(cx)
        }
    }

    /// What does not come from a ticket.
    fn now(cx: &Context) -> Facts {
        let zone = &cx.zone;
        let me = cx.actor.user().map(|user| user.name.clone());
        Facts {
            me: me.unwrap_or_default(),
            today: zone.date(cx.locale, cx.now),
            greeting: cx.text(greeting(&zone.time(cx.now)), &[]),
            ..Facts::default()
        }
    }

    /// What `variable` stands for.
    #[must_use]
    pub fn value(&self, variable: Variable) -> &str {
        match variable {
            Variable::TicketProtocol => &self.protocol,
            Variable::TicketTitle => &self.title,
            Variable::TicketStatus => &self.status,
            Variable::RequesterName => &self.requester,
            Variable::RequesterFirstName => first(&self.requester),
            Variable::CompanyName => &self.company,
            Variable::QueueName => &self.queue,
            Variable::MeName => &self.me,
            Variable::MeFirstName => first(&self.me),
            Variable::Today => &self.today,
            Variable::Greeting => &self.greeting,
        }
    }
}

/// The word of a state in the vocabulary of the desk.
fn word(cx: &Context, status: Status) -> String {
    let word = status.word(cx.app.settings.vocabulary);
    cx.text(&format!("status-{word}"), &[])
}

/// How one greets at `time`, which is written `14:05`.
fn greeting(time: &str) -> &'static str {
    if ("05:00".."12:00").contains(&time) {
        "answer-greeting-morning"
    } else if ("12:00".."18:00").contains(&time) {
        "answer-greeting-afternoon"
    } else {
        "answer-greeting-evening"
    }
}

fn first(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_follows_the_hour() {
        for (time, part) in [
            ("04:59", "evening"),
            ("05:00", "morning"),
            ("11:59", "morning"),
            ("12:00", "afternoon"),
            ("17:59", "afternoon"),
            ("18:00", "evening"),
        ] {
            assert_eq!(greeting(time), format!("answer-greeting-{part}"), "{time}");
        }
    }

    #[test]
    fn the_first_name_is_the_first_word() {
        assert_eq!(first("Maria do Socorro Lucena"), "Maria");
        assert_eq!(first(""), "");
    }
}

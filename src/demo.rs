//! Plays the cast's story through the desk's own commands, under the story's clock.

use std::collections::HashMap;
use std::path::Path;

use answers::AnswerInput;
use cast::{Story, Ticket as Tale};
use catalog::{Category, CategoryId, CategoryInput, ChannelId, ChannelInput, QueueId, QueueInput};
use companies::CompanyInput;
use kit::{Actor, App, CompanyId, Context, Error, Instant, Key, Result, Role, Tx, UserId};
use people::{Person, PersonInput};
use serde::{Deserialize, Serialize};
use tickets::status::Status;
use tickets::{Closing, NewComment, Opening, Original, Priority, Target, commands};

/// Somebody to sign in as.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Login {
    /// admin, supervisor, tech or client.
    pub role: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: String,
}

/// Makes the demo's data in `directory` unless they are there, and returns the logins.
///
/// # Errors
/// Says what stood in the way.
pub async fn prepare(
    app: &App,
    directory: &Path,
    tickets: Option<usize>,
) -> std::result::Result<Vec<Login>, String> {
    let file = directory.join("demo-logins.json");
    if let Ok(text) = std::fs::read_to_string(&file) {
        let logins = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))?;
        tracing::info!("the demo's data are here already");
        return Ok(logins);
    }
    tracing::info!("telling the demo's story");
    let story = cast::story()?;
    let worded = |error: Error| word(app, &error);
    // The whole story or nothing: a demo that was interrupted begins again.
    let mut tx = Context::system(app).begin().await.map_err(worded)?;
    let now = tx.now();
    let mut cast = Cast::enter(&mut tx, &story).await.map_err(worded)?;
    for tale in &story.tickets {
        tell(&mut tx, &cast, tale, now)
            .await
            .map_err(|e| format!("{}: {}", tale.title, word(app, &e)))?;
    }
    tx.commit().await.map_err(worded)?;
    let logins = std::mem::take(&mut cast.logins);
    let text = serde_json::to_string_pretty(&logins).map_err(|e| e.to_string())?;
    crate::config::write_private(&file, &text).map_err(|e| format!("{}: {e}", file.display()))?;
    if let Some(wanted) = tickets {
        many(app, wanted.saturating_sub(story.tickets.len()))
            .await
            .map_err(worded)?;
    }
    Ok(logins)
}

/// What went wrong, in words.
pub(crate) fn word(app: &App, error: &Error) -> String {
    let cx = Context::system(app);
    match error {
        Error::Invalid(problems) => {
            let all = problems
                .0
                .iter()
                .map(|p| format!("{}: {}", p.field, cx.word(p)));
            all.collect::<Vec<_>>().join("; ")
        }
        other => format!("{other:?}"),
    }
}

/// Everybody and everything that the story names, in the desk.
pub struct Cast {
    /// The people, by the story's keys.
    pub people: HashMap<String, Person>,
    companies: HashMap<String, CompanyId>,
    queues: HashMap<String, QueueId>,
    categories: HashMap<(String, String), CategoryId>,
    channels: HashMap<String, ChannelId>,
    /// Who can sign in, with which password.
    pub logins: Vec<Login>,
}

impl Cast {
    /// Puts companies, people and lists into an empty desk. What it began with and
    /// the story does not know becomes something of the story's, so that the demo
    /// has no `Acessos` beside its `Acesso`.
    ///
    /// # Errors
    /// When the desk refuses one of them.
    pub async fn enter(tx: &mut Tx, story: &Story) -> Result<Cast> {
        let begun = tx.now().plus_minutes(-100 * 24 * 60);
        tx.act_as(Actor::System, begun);
        let mut cast = Cast {
            people: HashMap::new(),
            companies: HashMap::new(),
            queues: HashMap::new(),
            categories: HashMap::new(),
            channels: HashMap::new(),
            logins: Vec::new(),
        };
        cast.enter_companies(tx, story).await?;
        cast.enter_people(tx, story).await?;
        cast.enter_lists(tx, story).await?;
        cast.enter_answers(tx, story).await?;
        Ok(cast)
    }

    async fn enter_companies(&mut self, tx: &mut Tx, story: &Story) -> Result<()> {
        let named = |name: &String| story.companies.iter().any(|c| c.name == *name);
        let mut spare = companies::names(tx.db()).await?;
        spare.retain(|(_, name)| !named(name));
        for company in &story.companies {
            let input = CompanyInput {
                name: company.name.clone(),
                trade_name: company.trade_name.clone(),
                tax_id: company.cnpj.clone(),
                domains: company.domain.clone().unwrap_or_default(),
                contact_name: company.contact_name.clone(),
                email: company.contact_email.clone(),
                phone: company.phone.clone(),
                address: company.address.clone(),
                active: true,
                ..CompanyInput::default()
            };
            let id = match spare.pop() {
                Some((id, _)) => {
                    companies::update(tx, id, input).await?;
                    id
                }
                None => companies::create(tx, input).await?.id,
            };
            self.companies.insert(company.key.clone(), id);
        }
        Ok(())
    }

    async fn enter_people(&mut self, tx: &mut Tx, story: &Story) -> Result<()> {
        // One password for the whole cast, another one for each demo.
        let password = format!("demo-{}", &Key::token()[..8]);
        let begun = tx.now();
        for (day, person) in (0..).zip(&story.people) {
            tx.act_as(Actor::System, begun.plus_minutes(day * 24 * 60));
            let role = Role::from_code(&person.role).ok_or(Error::NotFound)?;
            let company = person
                .company
                .as_ref()
                .and_then(|key| self.companies.get(key));
            let input = PersonInput {
                name: person.name.clone(),
                email: person.email.clone(),
                role,
                company: company.copied(),
                active: true,
                password: password.clone(),
            };
            let input = input.check(tx.cx(), true).await?;
            let made = people::create(tx, input).await?;
            self.logins.push(Login {
                role: role.code().to_owned(),
                name: made.name.clone(),
                email: made.email.clone(),
                password: password.clone(),
            });
            self.people.insert(person.key.clone(), made);
        }
        Ok(())
    }

    async fn enter_lists(&mut self, tx: &mut Tx, story: &Story) -> Result<()> {
        for queue in &story.queues {
            let members = queue.members.iter().filter_map(|key| self.people.get(key));
            let input = QueueInput {
                name: queue.name.clone(),
                email: queue.email.clone(),
                level: queue.level,
                active: true,
                members: members.map(|p| p.id).collect(),
            };
            let known = catalog::queue_named(tx.db(), &queue.name).await?;
            let made = catalog::save_queue(tx, known.map(|q| q.id), input).await?;
            self.queues.insert(queue.key.clone(), made.id);
        }
        // The queues that a new desk begins with and the story does not know.
        for queue in catalog::queues(tx.db()).await? {
            if !self.queues.values().any(|id| *id == queue.id) {
                let input = QueueInput {
                    name: queue.name,
                    email: None,
                    level: queue.level,
                    active: false,
                    members: Vec::new(),
                };
                catalog::save_queue(tx, Some(queue.id), input).await?;
            }
        }
        let named = |name: &String| story.categories.iter().any(|c| c.name == *name);
        let mut spare = catalog::categories(tx.db()).await?;
        spare.retain(|c| c.parent.is_none() && !named(&c.name));
        for category in &story.categories {
            let top = self
                .enter_category(tx, None, &category.name, &mut spare)
                .await?;
            self.categories
                .insert((category.name.clone(), String::new()), top);
            for sub in &category.subcategories {
                let id = self
                    .enter_category(tx, Some(top), sub, &mut Vec::new())
                    .await?;
                self.categories
                    .insert((category.name.clone(), sub.clone()), id);
            }
        }
        for channel in &story.channels {
            let known = catalog::channel_named(tx.db(), &channel.name).await?;
            let input = ChannelInput {
                name: channel.name.clone(),
                active: true,
            };
            let made = catalog::save_channel(tx, known.map(|c| c.id), input).await?;
            self.channels.insert(channel.name.clone(), made.id);
        }
        Ok(())
    }

    async fn enter_answers(&self, tx: &mut Tx, story: &Story) -> Result<()> {
        for answer in &story.answers {
            let now = tx.now();
            tx.act_as(self.person(&answer.by)?.into(), now);
            let input = AnswerInput {
                title: answer.title.clone(),
                shortcut: answer.shortcut.clone(),
                body: answer.body.clone(),
                shared: true,
                active: true,
            };
            answers::save(tx, None, input).await?;
        }
        Ok(())
    }

    async fn enter_category(
        &self,
        tx: &mut Tx,
        parent: Option<CategoryId>,
        name: &str,
        spare: &mut Vec<Category>,
    ) -> Result<CategoryId> {
        if let Some(known) = catalog::category_named(tx.db(), parent, name).await? {
            return Ok(known.id);
        }
        let input = CategoryInput {
            parent,
            name: name.to_owned(),
            active: true,
        };
        let instead = spare.pop().map(|c| c.id);
        Ok(catalog::save_category(tx, instead, input).await?.id)
    }

    fn id(&self, key: Option<&String>) -> Result<Option<UserId>> {
        match key {
            None => Ok(None),
            Some(key) => Ok(Some(self.person(key)?.id)),
        }
    }

    fn person(&self, key: &str) -> Result<&Person> {
        self.people
            .get(key)
            .ok_or_else(|| Error::internal(format!("the story has no {key}")))
    }

    fn opening(&self, tale: &Tale) -> Result<Opening> {
        let category = |sub: String| self.categories.get(&(tale.category.clone(), sub)).copied();
        Ok(Opening {
            title: tale.title.clone(),
            description: tale.description.clone(),
            category: category(String::new()),
            subcategory: tale.subcategory.clone().and_then(category),
            queue: tale
                .queue
                .as_ref()
                .and_then(|key| self.queues.get(key))
                .copied(),
            priority: Priority::from_code(&tale.priority),
            channel: self.channels.get(&tale.channel).copied(),
            company: tale
                .company
                .as_ref()
                .and_then(|key| self.companies.get(key))
                .copied(),
            requester: self.id(tale.requester.as_ref())?,
            contact_name: tale.contact_name.clone(),
            contact_info: tale.contact_info.clone(),
            ..Opening::default()
        })
    }
}

/// Tells one ticket's story, each step under its own clock and by its own person.
async fn tell(tx: &mut Tx, cast: &Cast, tale: &Tale, now: Instant) -> Result<()> {
    let mut at = minutes_after(now, -tale.days_ago * 24.0 * 60.0);
    let opener = tale.opened_by.as_ref().or(tale.requester.as_ref());
    let opener = opener.ok_or_else(|| Error::internal("nobody opened it"))?;
    tx.act_as(cast.person(opener)?.into(), at);
    let ticket = commands::open(tx, cast.opening(tale)?).await?;
    let target = Target::from(&ticket);
    for step in &tale.steps {
        at = minutes_after(at, step.after_minutes);
        tx.act_as(cast.person(&step.by)?.into(), at);
        act(tx, cast, &target, step).await?;
    }
    Ok(())
}

async fn act(tx: &mut Tx, cast: &Cast, target: &Target, step: &cast::Step) -> Result<()> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let queue = step
        .queue
        .as_ref()
        .and_then(|key| cast.queues.get(key))
        .copied();
    let says = |internal: bool, then: Option<Status>| NewComment {
        content: text(&step.text),
        internal,
        files: Vec::new(),
        then,
    };
    let to = cast.id(step.to.as_ref().or(step.who.as_ref()))?;
    let somebody = || to.ok_or_else(|| Error::internal("to nobody"));
    match step.act.as_str() {
        "take" => _ = commands::take(tx, target).await?,
        "assign" => _ = commands::assign(tx, target, somebody()?).await?,
        "transfer" => _ = commands::transfer(tx, target, somebody()?).await?,
        "participant" => _ = commands::add_participant(tx, target, somebody()?).await?,
        "reply" => _ = commands::comment(tx, target, says(false, None)).await?,
        "note" => _ = commands::comment(tx, target, says(true, None)).await?,
        "wait" if step.text.is_some() => {
            _ = commands::comment(tx, target, says(false, Some(Status::Waiting))).await?;
        }
        "wait" => _ = commands::wait(tx, target).await?,
        "resume" => _ = commands::resume(tx, target).await?,
        "escalate" => _ = commands::escalate(tx, target, &text(&step.reason), queue).await?,
        "queue" => _ = commands::set_queue(tx, target, queue).await?,
        "priority" => {
            let priority = step.priority.as_deref().and_then(Priority::from_code);
            _ = commands::set_priority(tx, target, priority.unwrap_or_default()).await?;
        }
        "resolve" => _ = commands::resolve(tx, target, &text(&step.solution)).await?,
        "close" => {
            let closing = Closing {
                reason: text(&step.reason),
                classification: text(&step.classification),
                evaluation: text(&step.evaluation),
            };
            _ = commands::close(tx, target, closing).await?;
        }
        "confirm" => _ = commands::confirm(tx, target).await?,
        "reopen" => {
            commands::reopen(tx, target).await?;
            if step.text.is_some() {
                commands::comment(tx, target, says(false, None)).await?;
            }
        }
        other => return Err(Error::internal(format!("the story knows no {other}"))),
    }
    Ok(())
}

fn minutes_after(at: Instant, minutes: f64) -> Instant {
    #[allow(clippy::cast_possible_truncation)] // milliseconds of a story, far below 2^53
    Instant(at.0 + (minutes * 60_000.0) as i64)
}

/// So many tickets are written at once when there are many.
const AT_ONCE: usize = 1_000;

/// Tells the story's tickets again and again, spread over three years.
async fn many(app: &App, wanted: usize) -> Result<()> {
    let cx = Context::system(app);
    let all = tickets::originals(cx.db()).await?;
    // What lies back further than the story itself is over.
    let over: Vec<&Original> = all.iter().filter(|t| t.is_over()).collect();
    let bar = indicatif::ProgressBar::new(wanted as u64);
    let style = "{bar:40} {pos} of {len} tickets  {eta}";
    if let Ok(style) = indicatif::ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    let mut done = 0;
    while done < wanted {
        let mut tx = cx.begin().await?;
        let some = AT_ONCE.min(wanted - done);
        let told: Vec<(&Original, Instant)> = (done..done + some)
            .map(|i| {
                let at = spread(cx.now, i, wanted);
                let ticket = all[(i * 7 + i / all.len()) % all.len()].within(cx.now, at);
                let ticket = ticket.unwrap_or(over[i % over.len()]);
                let latest = Instant(cx.now.0 - ticket.length() - 60_000);
                (ticket, at.min(latest))
            })
            .collect();
        tickets::copy(&mut tx, &told).await?;
        tx.commit().await?;
        done += some;
        bar.set_position(done as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

/// When the ticket `i` of `wanted` was opened: oldest first, evenly over three years.
fn spread(now: Instant, i: usize, wanted: usize) -> Instant {
    const THREE_YEARS: i128 = 3 * 365 * 24 * 3_600_000;
    let left = THREE_YEARS * (wanted - i) as i128 / wanted.max(1) as i128;
    Instant(now.0 - i64::try_from(left).unwrap_or_default())
}

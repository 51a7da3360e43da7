//! An event in words: who, what, which thing, and what else it says.

use std::collections::HashMap;
use std::sync::Arc;

use event_log::Event;
use kit::{CompanyId, Context, Instant, Result, Role, UserId};
use people::Person;
use serde_json::Value;
use tickets::status::Status;
use uuid::Uuid;

use crate::kinds::key;

/// An event as a row shows it.
pub struct Line {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Who, where it was a person.
    pub who: Option<Who>,
    /// What it is called where it was nobody that has an account.
    pub nobody: String,
    /// From which address.
    pub ip: Option<String>,
    /// With which browser.
    pub device: Option<String>,
    /// Its kind.
    pub kind: String,
    /// What happened.
    pub what: String,
    /// To which thing.
    pub thing: Thing,
    /// What else it says: a label and a value.
    pub details: Vec<(String, String)>,
}

/// Somebody with an account.
pub struct Who {
    pub name: String,
    pub email: String,
    pub role: Role,
}

/// What an event is about.
pub struct Thing {
    pub id: Uuid,
    /// Its name, where one is known.
    pub name: Option<String>,
    /// Its page, where it has one.
    pub path: Option<String>,
}

/// The names behind the ids of some events, read once for all of them.
struct Names {
    people: HashMap<UserId, Arc<Person>>,
    companies: HashMap<CompanyId, String>,
    tickets: HashMap<Uuid, String>,
}

/// The events in words, in the same order.
///
/// # Errors
/// When the database refuses.
pub async fn lines(cx: &Context, events: Vec<Event>) -> Result<Vec<Line>> {
    let names = Names::of(cx, &events).await?;
    Ok(events.into_iter().map(|e| names.line(cx, e)).collect())
}

impl Names {
    async fn of(cx: &Context, events: &[Event]) -> Result<Names> {
        let mentioned = events.iter().flat_map(|e| ids_in(&e.data)).map(UserId);
        let actors = events.iter().filter_map(|e| e.actor).map(UserId);
        let accounts = subjects(events, "user.").chain(subjects(events, "access."));
        let accounts = accounts.map(UserId);
        let people = actors.chain(accounts).chain(mentioned).collect();
        let companies = events.iter().filter_map(|e| e.company);
        let companies = companies.chain(subjects(events, "company."));
        let tickets = subjects(events, "ticket.").chain(subjects(events, "attachment."));
        Ok(Names {
            people: people::named(cx, people).await?,
            companies: companies::names_of(cx.db(), companies.map(CompanyId).collect()).await?,
            tickets: tickets::protocols(cx.db(), tickets.collect()).await?,
        })
    }

    fn line(&self, cx: &Context, event: Event) -> Line {
        let person = event.actor.map(UserId);
        let person = person.and_then(|id| self.people.get(&id));
        // Whoever comes from an address and has no account has not signed in.
        let nobody = match (&event.actor, &event.ip) {
            (Some(id), _) => id.to_string(),
            (None, Some(_)) => cx.text("audit-nobody", &[]),
            (None, None) => cx.text("role-system", &[]),
        };
        let what = match cx.app.i18n.has(&key(&event.kind)) {
            true => cx.text(&key(&event.kind), &[]),
            false => event.kind.clone(),
        };
        Line {
            seq: event.seq,
            at: event.at,
            who: person.map(|person| Who {
                name: person.name.clone(),
                email: person.email.clone(),
                role: person.role,
            }),
            nobody,
            device: event.data["device"]
                .as_str()
                .filter(|device| !device.is_empty())
                .map(str::to_owned),
            what,
            thing: self.thing(&event),
            details: self.details(cx, &event),
            ip: event.ip,
            kind: event.kind,
        }
    }

    fn thing(&self, event: &Event) -> Thing {
        let id = event.subject;
        let said = |key: &str| event.data[key].as_str().map(str::to_owned);
        let (begin, _) = event.kind.split_once('.').unwrap_or_default();
        let (name, path) = match begin {
            "ticket" | "attachment" => {
                let protocol = self.tickets.get(&id).cloned();
                let path = protocol.as_ref().map(|p| format!("/tickets/{p}"));
                (protocol, path)
            }
            "user" | "access" => {
                let person = self.people.get(&UserId(id));
                let path = person.map(|_| format!("/admin/users/{id}"));
                (person.map(|p| p.name.clone()), path)
            }
            "company" => {
                let name = self.companies.get(&CompanyId(id)).cloned();
                let path = name.as_ref().map(|_| format!("/admin/companies/{id}"));
                (name, path)
            }
            "role" => (said("name"), Some(format!("/admin/roles/{id}"))),
            "queue" => (said("name"), Some(format!("/admin/queues/{id}"))),
            "category" => (said("name"), Some(format!("/admin/categories/{id}"))),
            "channel" => (said("name"), Some(format!("/admin/channels/{id}"))),
            // Nobody else's own answers are shown to an administrator, either.
            "answer" if event.data["shared"] == true => {
                (said("title"), Some(format!("/answers/{id}")))
            }
            _ => (said("name").or_else(|| said("title")), None),
        };
        Thing { id, name, path }
    }

    fn details(&self, cx: &Context, event: &Event) -> Vec<(String, String)> {
        let label = |key: &str| {
            let text = format!("audit-data-{}", key.replace('_', "-"));
            match cx.app.i18n.has(&text) {
                true => cx.text(&text, &[]),
                false => key.to_owned(),
            }
        };
        let company = event.company.map(CompanyId);
        let company = company.and_then(|id| self.companies.get(&id)).cloned();
        let company = company.map(|name| (cx.text("company", &[]), name));
        let data = event.data.as_object().into_iter().flatten();
        let said = data
            // From which place a ticket came stands in words beside its id.
            .filter(|(key, _)| !key.starts_with("left_"))
            .filter(|(_, value)| !value.is_null() && value.as_str() != Some(""))
            .map(|(key, value)| (label(key), self.value(cx, event, key, value)));
        company.into_iter().chain(said).collect()
    }

    /// A value of an event's data in the reader's words.
    fn value(&self, cx: &Context, event: &Event, key: &str, value: &Value) -> String {
        match value {
            Value::Bool(yes) => cx.text(if *yes { "yes" } else { "no" }, &[]),
            Value::String(text) => self.word(cx, event, key, text),
            Value::Array(values) if values.is_empty() => "—".to_owned(),
            Value::Array(values) => {
                let words = values.iter().map(|v| self.value(cx, event, key, v));
                words.collect::<Vec<_>>().join(", ")
            }
            Value::Object(pairs) => {
                let pair = |(name, value): (&String, &Value)| {
                    format!("{name}: {}", self.value(cx, event, name, value))
                };
                pairs.iter().map(pair).collect::<Vec<_>>().join(", ")
            }
            other => other.to_string(),
        }
    }

    fn word(&self, cx: &Context, event: &Event, key: &str, text: &str) -> String {
        let id = text.parse().ok().map(UserId);
        if let Some(person) = id.and_then(|id| self.people.get(&id)) {
            return person.name.clone();
        }
        let status = Status::from_code(text).filter(|_| matches!(key, "from" | "to"));
        let known = match (key, status) {
            (_, Some(status)) => {
                vec![format!(
                    "status-{}",
                    status.word(cx.app.settings.vocabulary)
                )]
            }
            ("role" | "roles", _) => vec![format!("role-{text}")],
            ("factor", _) => vec![format!("factor-{text}")],
            ("old" | "new", _) if event.kind == "ticket.priority_changed" => {
                vec![format!("priority-{text}")]
            }
            ("added" | "removed", _) if event.kind.starts_with("role.") => {
                vec![format!("permission-{}", text.replace(['.', '_'], "-"))]
            }
            ("fields", _) => field_keys(&event.kind, text),
            _ => Vec::new(),
        };
        match known.iter().find(|key| cx.app.i18n.has(key)) {
            Some(key) => cx.text(key, &[]),
            None => text.to_owned(),
        }
    }
}

/// The locale keys that a field may have as its label.
fn field_keys(kind: &str, field: &str) -> Vec<String> {
    let (thing, _) = kind.split_once('.').unwrap_or_default();
    let name = field.replace('_', "-");
    let bare = name.trim_end_matches("-id").to_owned();
    match thing {
        "ticket" => vec![format!("field-{name}"), name],
        _ => vec![format!("{thing}-{name}"), name, bare],
    }
}

/// The ids that an event's data mentions.
fn ids_in(data: &Value) -> impl Iterator<Item = Uuid> + '_ {
    let values = data.as_object().into_iter().flatten();
    values.filter_map(|(_, value)| value.as_str()?.parse().ok())
}

/// What the events whose kind begins so are about.
fn subjects<'a>(events: &'a [Event], begin: &'static str) -> impl Iterator<Item = Uuid> + 'a {
    let these = events.iter().filter(move |e| e.kind.starts_with(begin));
    these.map(|e| e.subject)
}

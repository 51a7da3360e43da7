use std::collections::HashMap;

use event_log::Event;
use futures::future::BoxFuture;
use live::Change;
use uuid::Uuid;

use crate::{App, Result, Scope, UserId};

/// A kind of thing whose changes open pages hear of.
#[derive(Clone, Copy)]
pub struct Topic {
    /// Its name on the stream, at the pages that show it and in `/sync/check`.
    pub name: &'static str,
    /// How the event kinds begin that change it, such as `ticket.`.
    pub events: &'static [&'static str],
    /// The kinds among them that only the desk hears of.
    pub internal: &'static [&'static str],
    /// Whose the changed things are: a requester hears of their own. `None` when
    /// only the desk's staff hears.
    pub owners: Option<Owners>,
}

impl Topic {
    /// Whether an event of this kind changes it.
    #[must_use]
    pub fn is_changed_by(&self, kind: &str) -> bool {
        self.events.iter().any(|begin| kind.starts_with(begin))
    }
}

/// Finds whose each of some things is.
pub type Owners = fn(&App, Vec<Uuid>) -> BoxFuture<'_, Result<HashMap<Uuid, UserId>>>;

/// What an event changed, if it belongs to one of `topics`. `owners` knows whose
/// the things are.
#[must_use]
pub fn change(event: &Event, topics: &[Topic], owners: &HashMap<Uuid, UserId>) -> Option<Change> {
    let topic = topics.iter().find(|t| t.is_changed_by(&event.kind))?;
    let internal = topic.internal.contains(&event.kind.as_str()) || event.data["internal"] == true;
    let owner = owners.get(&event.subject).filter(|_| !internal);
    Some(Change {
        seq: event.seq,
        topic: topic.name,
        subject: event.subject,
        owner: owner.map(|user| user.0),
    })
}

impl Scope {
    /// Whether somebody with this scope may know that something changed.
    #[must_use]
    pub fn hears(self, change: &Change) -> bool {
        match self {
            Scope::All => true,
            Scope::Own(user) => change.owner == Some(user.0),
            Scope::Nothing => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requester_hears_of_their_own_and_never_of_what_is_internal() {
        let topics = [Topic {
            name: "tickets",
            events: &["ticket."],
            internal: &["ticket.participant_added"],
            owners: None,
        }];
        let (me, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let subject = Uuid::from_u128(3);
        let owners = HashMap::from([(subject, me)]);
        let change = |kind: &str, data: serde_json::Value| {
            let event = Event {
                seq: 7,
                kind: kind.to_owned(),
                subject,
                company: None,
                actor: None,
                actor_kind: event_log::ActorKind::System,
                ip: None,
                at: crate::Instant(0),
                data,
            };
            super::change(&event, &topics, &owners)
        };
        let heard = |change: &Change, user| Scope::Own(user).hears(change);
        let public = change("ticket.closed", serde_json::Value::Null).unwrap();
        assert!(heard(&public, me) && !heard(&public, other));
        let note = change("ticket.commented", serde_json::json!({ "internal": true })).unwrap();
        let invited = change("ticket.participant_added", serde_json::Value::Null).unwrap();
        assert!(!heard(&note, me) && !heard(&invited, me));
        assert!(Scope::All.hears(&note) && !Scope::Nothing.hears(&public));
        assert_eq!(change("user.created", serde_json::Value::Null), None);
    }
}

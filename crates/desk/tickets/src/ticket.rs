use catalog::{CategoryId, ChannelId, QueueId};
use kit::{Actor, CompanyId, Instant, Place, Role, UserId, Zone};
use rand::RngExt;
use serde::{Deserialize, Serialize};

use crate::TicketId;
use crate::status::{Act, Refusal, Standing, Status, transition};

/// How soon it should be dealt with, in the order of weight.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// When there is time.
    Low,
    /// In its turn.
    #[default]
    Normal,
    /// Before others.
    High,
    /// At once.
    Critical,
}

impl Priority {
    /// All of them, the least first.
    pub const ALL: [Priority; 4] = [
        Priority::Low,
        Priority::Normal,
        Priority::High,
        Priority::Critical,
    ];

    /// The published name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Priority::Low => "low",
            Priority::Normal => "normal",
            Priority::High => "high",
            Priority::Critical => "critical",
        }
    }

    /// The priority of a published name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Priority> {
        Priority::ALL.into_iter().find(|p| p.code() == code)
    }

    /// What is stored and sorted by: 1 to 4.
    #[must_use]
    pub fn weight(self) -> i32 {
        self as i32 + 1
    }

    /// The priority of a stored weight.
    #[must_use]
    pub fn from_weight(weight: i32) -> Priority {
        let same = |p: &Priority| p.weight() == weight;
        Priority::ALL.into_iter().find(same).unwrap_or_default()
    }
}

/// A request for help, from opening to closing.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    /// Which.
    pub id: TicketId,
    /// What people call it: `TCK-20261122-0A1B2C3D4E`, or the number it had elsewhere.
    pub protocol: String,
    /// In one line.
    pub title: String,
    /// In as many as it takes.
    pub description: String,
    /// Where it stands.
    pub status: Status,
    /// How soon it should be dealt with.
    pub priority: Priority,
    /// Who is to deal with it.
    pub queue: Option<QueueId>,
    /// What it is about, for counting.
    pub category: Option<CategoryId>,
    /// The category's name when the ticket was opened (S3-015).
    pub category_name: Option<String>,
    /// The subcategory's name when the ticket was opened.
    pub subcategory_name: Option<String>,
    /// By which way it came.
    pub channel: Option<ChannelId>,
    /// Whose it is.
    pub company: Option<CompanyId>,
    /// Who asked, if they can sign in.
    pub requester: Option<UserId>,
    /// Who works on it.
    pub assignee: Option<UserId>,
    /// Who escalated it last: they do not get it straight back.
    pub escalated_by: Option<UserId>,
    /// Who asked, if they cannot sign in.
    pub contact_name: Option<String>,
    /// Where to reach them.
    pub contact_info: Option<String>,
    /// What solved it.
    pub solution: Option<String>,
    /// Why it was closed.
    pub closed_reason: Option<String>,
    /// What kind of trouble it was.
    pub classification: Option<Classification>,
    /// What the technician has to say about it.
    pub evaluation: Option<String>,
    /// It was closed without an evaluation, which somebody still owes.
    pub evaluation_pending: bool,
    /// The first line of the last public message, for lists.
    pub last_line: Option<String>,
    /// When it was opened.
    pub created_at: Instant,
    /// When anything about it last changed, as far as the reader may know.
    pub updated_at: Instant,
    /// When anything that its requester may know last changed.
    pub public_at: Instant,
    /// When it was resolved.
    pub resolved_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Goes up with each change; a form brings back the one it was made from.
    pub version: i32,
}

/// What kind of trouble it turned out to be (S3-091).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Classification {
    /// A device.
    Hardware,
    /// A program.
    Software,
    /// The network.
    Network,
    /// An account or a permission.
    Access,
    /// It worked as meant.
    UserError,
    /// Somebody else's.
    ThirdParty,
    /// None of these.
    Other,
}

impl Classification {
    /// All of them.
    pub const ALL: [Classification; 7] = [
        Classification::Hardware,
        Classification::Software,
        Classification::Network,
        Classification::Access,
        Classification::UserError,
        Classification::ThirdParty,
        Classification::Other,
    ];

    /// The stored and published name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Classification::Hardware => "hardware",
            Classification::Software => "software",
            Classification::Network => "network",
            Classification::Access => "access",
            Classification::UserError => "user_error",
            Classification::ThirdParty => "third_party",
            Classification::Other => "other",
        }
    }

    /// The classification of a stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Classification> {
        Classification::ALL.into_iter().find(|c| c.code() == code)
    }
}

impl Ticket {
    /// What `actor` is to this ticket; `invited` when they are a participant.
    #[must_use]
    pub fn standing(&self, actor: &Actor, invited: bool) -> Standing {
        Standing::of(actor, self.assignee, invited)
    }

    /// The state after `act`, by the one table.
    ///
    /// # Errors
    /// As [`transition`].
    pub fn after(&self, act: Act, standing: Standing) -> Result<Status, Refusal> {
        transition(self.status, act, standing, self.assignee.is_some())
    }

    /// Whether `user` becomes its technician by acting on it (S4-052): a
    /// technician, nobody works on it, and it was not they who handed it on.
    #[must_use]
    pub fn falls_to(&self, actor: &Actor) -> Option<UserId> {
        let Actor::User(user) = actor else {
            return None;
        };
        let falls = user.role == Role::Tech
            && self.assignee.is_none()
            && self.escalated_by != Some(user.id);
        falls.then_some(user.id)
    }

    /// Where the technicians' list has it: 2 waits for a technician, 1 is being
    /// worked on, 0 is finished. Stored, so that the list is one walk of an index.
    #[must_use]
    pub fn block(&self) -> i32 {
        block(self.status, self.assignee.is_some())
    }

    /// Where it is, for whoever may not look everywhere.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            queue: self.queue.map(|id| id.0),
            company: self.company.map(|id| id.0),
        }
    }

    /// Who asked, by name, where the ticket itself knows it.
    #[must_use]
    pub fn contact(&self) -> Option<&str> {
        self.contact_name.as_deref()
    }
}

/// See [`Ticket::block`].
#[must_use]
pub fn block(status: Status, assigned: bool) -> i32 {
    match (status.is_active(), assigned) {
        (false, _) => 0,
        (true, true) => 1,
        (true, false) => 2,
    }
}

/// A new protocol: the day in the desk's zone and ten random hexadecimal digits,
/// so that it tells neither how many tickets there are nor what another one is
/// called (S4-010).
#[must_use]
pub fn new_protocol(zone: &Zone, now: Instant) -> String {
    let random = rand::rng().random::<u64>() & 0xff_ffff_ffff;
    format!("TCK-{}-{random:010X}", zone.compact_day(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protocol_has_the_day_and_ten_digits() {
        let zone = Zone::named("America/Sao_Paulo").unwrap();
        let protocol = new_protocol(&zone, Instant(1_767_225_600_000));
        assert_eq!(protocol.len(), 23);
        assert!(protocol.starts_with("TCK-20251231-"));
    }

    #[test]
    fn critical_weighs_more_than_low() {
        assert!(Priority::Critical.weight() > Priority::Low.weight());
        assert_eq!(
            Priority::from_weight(Priority::High.weight()),
            Priority::High
        );
    }
}

use std::sync::Arc;

use live::Place;
use search::Reader;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Actor, Change, CompanyId, UserId};

/// Where somebody of the staff may look: inside all that is said here. What is in no
/// queue, or nobody's, is outside for whoever has some of them. One's own work is no
/// exception, or a ticket handed to somebody would open what they may not see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// These queues; every place when there are none.
    pub queues: Vec<Uuid>,
    /// These companies; everybody's when there are none.
    pub companies: Vec<CompanyId>,
}

impl Limits {
    /// Whether nothing is said.
    #[must_use]
    pub fn are_none(&self) -> bool {
        self.queues.is_empty() && self.companies.is_empty()
    }

    /// Whether they leave this queue, or none.
    #[must_use]
    pub fn leave_queue(&self, queue: Option<Uuid>) -> bool {
        self.queues.is_empty() || queue.is_some_and(|id| self.queues.contains(&id))
    }

    /// Whether they leave this company, or nobody's.
    #[must_use]
    pub fn leave_company(&self, company: Option<CompanyId>) -> bool {
        self.companies.is_empty() || company.is_some_and(|id| self.companies.contains(&id))
    }
}

/// What somebody may see. Every read of what belongs to people goes through
/// one, and one cannot be made without an actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Nothing.
    Nothing,
    /// What is this person's own.
    Own(UserId),
    /// What the limits leave, as one of the desk's staff.
    Within(Arc<Limits>),
    /// Everything: the desk's staff.
    All,
}

impl Scope {
    /// What `actor` may see.
    #[must_use]
    pub fn of(actor: &Actor) -> Scope {
        match actor {
            Actor::Nobody => Scope::Nothing,
            Actor::System => Scope::All,
            Actor::User(user) => match (user.role.is_staff(), &user.limits) {
                (true, Some(limits)) => Scope::Within(limits.clone()),
                (true, None) => Scope::All,
                (false, _) => Scope::Own(user.id),
            },
        }
    }

    /// Whether what is internal to the desk may be seen.
    #[must_use]
    pub fn sees_internal(&self) -> bool {
        matches!(self, Scope::All | Scope::Within(_))
    }

    /// The limits, where there are any.
    #[must_use]
    pub fn limits(&self) -> Option<&Limits> {
        match self {
            Scope::Within(limits) => Some(limits),
            _ => None,
        }
    }

    /// Whether it reaches into a queue, as one of the staff.
    #[must_use]
    pub fn sees_queue(&self, queue: Option<Uuid>) -> bool {
        self.sees_internal() && self.limits().is_none_or(|l| l.leave_queue(queue))
    }

    /// Whether it reaches the people and things of a company, as one of the staff.
    #[must_use]
    pub fn sees_company(&self, company: Option<CompanyId>) -> bool {
        self.sees_internal() && self.limits().is_none_or(|l| l.leave_company(company))
    }

    /// Whether it reaches a place, as one of the staff.
    #[must_use]
    pub fn reaches(&self, place: Place) -> bool {
        self.sees_queue(place.queue) && self.sees_company(place.company.map(CompanyId))
    }

    /// Whether somebody with this scope may know that something changed.
    #[must_use]
    pub fn hears(&self, change: &Change) -> bool {
        match self {
            Scope::Own(user) => change.owner == Some(user.0),
            // What has no place is a list of the desk's own, or a company.
            _ if change.places.is_empty() => {
                self.sees_internal() && {
                    let company = change.company.map(CompanyId);
                    company.is_none() || self.sees_company(company)
                }
            }
            _ => change.places.iter().any(|place| self.reaches(*place)),
        }
    }

    /// As whom somebody with this scope asks the index. Things say by the tags `queue=`
    /// and `company=` where they belong: `any` for what is in no queue by its nature, and
    /// `desk` for what is the desk's own.
    #[must_use]
    pub fn reader(&self) -> Option<Reader> {
        match self {
            Scope::All => Some(Reader::Staff),
            Scope::Within(limits) => {
                let queues = limits.queues.iter().map(|id| format!("queue={id}"));
                let companies = limits.companies.iter().map(|id| format!("company={id}"));
                let mut tags: [Vec<String>; 2] = [queues.collect(), companies.collect()];
                for (some, always) in tags.iter_mut().zip(["queue=any", "company=desk"]) {
                    if !some.is_empty() {
                        some.push(always.to_owned());
                    }
                }
                let said = tags.into_iter().filter(|some| !some.is_empty());
                Some(Reader::Within(said.collect()))
            }
            Scope::Own(user) => Some(Reader::Owner(user.0)),
            Scope::Nothing => None,
        }
    }
}

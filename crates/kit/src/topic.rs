use std::collections::HashMap;

use futures::future::BoxFuture;
use live::Place;
use uuid::Uuid;

use crate::{App, Instant, Result, UserId};

/// A kind of thing whose changes open pages hear of.
#[derive(Clone, Copy)]
pub struct Topic {
    /// Its name on the stream, at the pages that show it and in `/sync/check`.
    pub name: &'static str,
    /// How the event kinds begin that change it, such as `ticket.`.
    pub events: &'static [&'static str],
    /// The kinds among them that only the desk hears of.
    pub internal: &'static [&'static str],
    /// Whose the changed things are, and where: a requester hears of their own. `None`
    /// when only the desk's staff hears.
    pub owners: Option<Owners>,
}

impl Topic {
    /// Whether an event of this kind changes it.
    #[must_use]
    pub fn is_changed_by(&self, kind: &str) -> bool {
        self.events.iter().any(|begin| kind.starts_with(begin))
    }
}

/// Things that come and go without a trace in the log, such as who looks at what.
/// Only the desk's staff hears of them.
#[derive(Clone, Copy)]
pub struct Passing {
    /// Its name on the stream.
    pub topic: &'static str,
    /// What moved since.
    pub moved: fn(&App, Instant) -> BoxFuture<'_, Result<Vec<live::Move>>>,
}

/// Finds whose each of some things is, and where it is.
pub type Owners = fn(&App, Vec<Uuid>) -> BoxFuture<'_, Result<HashMap<Uuid, Whose>>>;

/// Whose a thing is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whose {
    /// The requester who hears of it.
    pub owner: Option<UserId>,
    /// Where it is, for those of the staff who may not look everywhere.
    pub place: Place,
}

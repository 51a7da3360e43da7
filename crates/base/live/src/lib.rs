//! What changed, from whoever follows the log to whoever has a page open in this
//! process. It says *what* changed and never what it is now.

mod kept;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Notify, broadcast, watch};
use uuid::Uuid;

/// That something changed. Whoever wants to know more fetches the page again, and
/// the ordinary permissions decide what they see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The event's number.
    pub seq: i64,
    /// What kind of thing.
    pub topic: &'static str,
    /// Which thing.
    pub subject: Uuid,
    /// Who hears of it besides the desk's staff.
    pub owner: Option<Uuid>,
    /// Where it is, and where it was when the change took it elsewhere: those of the
    /// staff who may not look everywhere hear of it by one of these. None for what
    /// belongs to no place.
    pub places: Vec<Place>,
    /// The company that it concerns, where it belongs to no place.
    pub company: Option<Uuid>,
}

/// Where a thing belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The queue that it waits in.
    pub queue: Option<Uuid>,
    /// Whose it is.
    pub company: Option<Uuid>,
}

/// What pages that are open hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Something changed.
    Changed(Change),
    /// Something came or went that is not in the log; the desk's staff alone hears.
    Passed {
        /// What kind of thing.
        topic: &'static str,
        /// Which thing.
        subject: Uuid,
        /// Whose doing it was: they need not hear of it.
        actor: Uuid,
        /// Where the thing is.
        place: Place,
    },
}

/// A coming or going.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// Of which thing.
    pub of: Uuid,
    /// Whose doing it was.
    pub by: Uuid,
    /// Where the thing is.
    pub place: Place,
    /// What tells it from the others of the two.
    pub mark: String,
}

/// What this process has seen of the log, for the pages that are open on it.
pub struct Live {
    committed: Notify,
    head: watch::Sender<i64>,
    turn: tokio::sync::Mutex<()>,
    versions: Mutex<Versions>,
    news: broadcast::Sender<News>,
    /// What came and went lately and was told, with what tells one move from another.
    passed: Mutex<HashMap<&'static str, HashSet<Move>>>,
    closing: watch::Sender<bool>,
    kept: kept::Kept,
}

#[derive(Default)]
struct Versions {
    all: HashMap<&'static str, i64>,
    public: HashMap<&'static str, i64>,
}

/// A reader that falls so many changes behind starts again from the log.
const BACKLOG: usize = 1_024;

impl Default for Live {
    fn default() -> Live {
        Live {
            committed: Notify::new(),
            head: watch::Sender::new(-1),
            turn: tokio::sync::Mutex::default(),
            versions: Mutex::default(),
            news: broadcast::Sender::new(BACKLOG),
            passed: Mutex::default(),
            closing: watch::Sender::new(false),
            kept: kept::Kept::default(),
        }
    }
}

impl Live {
    /// Says that this process has committed something.
    pub fn committed(&self) {
        self.committed.notify_one();
    }

    /// Waits until this process commits something.
    pub async fn commit(&self) {
        self.committed.notified().await;
    }

    /// The number of the last event that was passed on; -1 before the first look.
    #[must_use]
    pub fn head(&self) -> i64 {
        *self.head.borrow()
    }

    /// Follows [`Live::head`].
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.head.subscribe()
    }

    /// Whoever passes things on holds this meanwhile: two at once would pass on
    /// the same.
    pub async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Passes on what changed, up to the event `head`.
    pub fn pass(&self, changes: Vec<Change>, head: i64) {
        let mut versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            versions.all.insert(change.topic, change.seq);
            if change.owner.is_some() {
                versions.public.insert(change.topic, change.seq);
            }
            // Nobody listens: nobody has a page open.
            drop(self.news.send(News::Changed(change)));
        }
        drop(versions);
        self.head.send_replace(head);
    }

    /// Passes on what came and went of a topic: `moved` is all of it within a while,
    /// and what was told the last time is not told again. Whoever hears it twice
    /// all the same only looks once more than they need.
    pub fn pass_by(&self, topic: &'static str, moved: HashSet<Move>) {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        let known = passed.entry(topic).or_default();
        let new = moved.difference(known);
        let new: HashSet<_> = new.map(|m| (m.of, m.by, m.place)).collect();
        *known = moved;
        for (subject, actor, place) in new {
            drop(self.news.send(News::Passed {
                topic,
                subject,
                actor,
                place,
            }));
        }
    }

    /// Whether anybody has a page open in this process.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.news.receiver_count() > 0
    }

    /// Begins with the topics' last changes as they were before this process.
    pub fn begin(&self, versions: HashMap<&'static str, i64>, head: i64) {
        *self.versions.lock().unwrap_or_else(PoisonError::into_inner) = Versions {
            public: versions.clone(),
            all: versions,
        };
        self.head.send_replace(head);
    }

    /// The number of each topic's last change; `internal` when those count, too,
    /// that no owner hears of.
    #[must_use]
    pub fn versions(&self, internal: bool) -> HashMap<&'static str, i64> {
        let versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        match internal {
            true => versions.all.clone(),
            false => versions.public.clone(),
        }
    }

    /// Ends every open stream: the process is about to stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Waits until [`Live::close`].
    pub fn closed(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut closing = self.closing.subscribe();
        async move { drop(closing.wait_for(|closing| *closing).await) }
    }

    /// What happens from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_and_goes_is_told_once() {
        let live = Live::default();
        assert!(!live.is_heard());
        let mut ear = live.listen();
        assert!(live.is_heard());
        let here = |user, state: &str| Move {
            of: Uuid::from_u128(7),
            by: Uuid::from_u128(user),
            place: Place::default(),
            mark: state.to_owned(),
        };
        let mut told = |moved: &[Move]| {
            live.pass_by("presence", moved.iter().cloned().collect());
            std::iter::from_fn(|| ear.try_recv().ok()).count()
        };
        assert_eq!(told(&[here(1, "looking")]), 1);
        assert_eq!(told(&[here(1, "looking")]), 0);
        assert_eq!(told(&[here(1, "writing"), here(2, "looking")]), 2);
        // Two moves of one on one thing are one piece of news.
        assert_eq!(told(&[here(2, "writing"), here(2, "gone")]), 1);
        // What is left of it a while later is no news.
        assert_eq!(told(&[here(2, "gone")]), 0);
        assert_eq!(told(&[]), 0);
    }
}

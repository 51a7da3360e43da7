//! What changed, from whoever follows the log to whoever has a page open in this
//! process. It says *what* changed and never what it is now.

use std::collections::HashMap;
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
}

/// What this process has seen of the log, for the pages that are open on it.
pub struct Live {
    committed: Notify,
    head: watch::Sender<i64>,
    turn: tokio::sync::Mutex<()>,
    versions: Mutex<Versions>,
    changes: broadcast::Sender<Change>,
    closing: watch::Sender<bool>,
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
            changes: broadcast::Sender::new(BACKLOG),
            closing: watch::Sender::new(false),
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
            drop(self.changes.send(change));
        }
        drop(versions);
        self.head.send_replace(head);
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

    /// What changes from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }
}

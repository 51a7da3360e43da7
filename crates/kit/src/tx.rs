use event_log::NewEvent;
use sea_orm::DatabaseTransaction;
use serde_json::Value;
use uuid::Uuid;

use crate::{Actor, CompanyId, Context, Error, Instant, Result};

/// An event, as a feature knows it: a kind with its data. Who did it, when and
/// from where is added by [`Tx::record`].
pub trait Record {
    /// Stable name, past tense, such as `ticket.closed`.
    fn kind(&self) -> &'static str;
    /// What it is about.
    fn subject(&self) -> Uuid;
    /// The company it concerns.
    fn company(&self) -> Option<CompanyId>;
    /// Ids and short old and new values; never a message's text, never a secret.
    fn data(&self) -> Value;
}

/// A transaction of one actor at one time. It ends in [`Tx::commit`], which
/// appends what was recorded; dropped, it changes nothing.
pub struct Tx {
    cx: Context,
    db: DatabaseTransaction,
    events: Vec<NewEvent>,
    counts: tally::Changes,
}

impl Tx {
    pub(crate) async fn begin(cx: Context) -> Result<Tx> {
        let db = cx.app.db.begin().await?;
        Ok(Tx {
            cx,
            db,
            events: Vec::new(),
            counts: tally::Changes::new(),
        })
    }

    /// Who acts, when.
    #[must_use]
    pub fn cx(&self) -> &Context {
        &self.cx
    }

    /// The instant of this act.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.cx.now
    }

    /// For the feature's store.
    #[must_use]
    pub fn db(&self) -> &DatabaseTransaction {
        &self.db
    }

    /// What follows was done by `actor` at `now`: an import tells a history that
    /// others made.
    pub fn act_as(&mut self, actor: Actor, now: Instant) {
        self.cx.actor = actor;
        self.cx.now = now;
    }

    /// Notes what happened; it is appended at the commit.
    pub fn record(&mut self, event: &impl Record) {
        self.events.push(NewEvent {
            kind: event.kind(),
            subject: event.subject(),
            company: event.company().map(|c| c.0),
            actor: self.cx.actor.id().map(|u| u.0),
            actor_kind: self.cx.actor.kind(),
            ip: self.cx.ip.map(|ip| ip.to_string()),
            at: self.cx.now,
            data: event.data(),
        });
    }

    /// Tells again what happened elsewhere or before, with its own actor and time.
    pub fn retell(&mut self, event: NewEvent) {
        self.events.push(event);
    }

    /// Adds to a number that is kept; it is written at the commit.
    pub fn count(&mut self, name: String, by: i64) {
        *self.counts.entry(name).or_default() += by;
    }

    /// Whether anything was recorded.
    #[must_use]
    pub fn has_recorded(&self) -> bool {
        !self.events.is_empty()
    }

    /// Appends what was recorded and commits.
    ///
    /// # Errors
    /// When nothing was recorded (use [`Tx::commit_silently`] and say why), or
    /// the database refuses.
    pub async fn commit(self) -> Result<()> {
        if self.events.is_empty() {
            return Err(Error::internal("a commit that recorded nothing"));
        }
        tally::add(&self.db, &self.counts).await?;
        event_log::append(&self.db, self.events).await?;
        self.cx.stage("audit");
        self.db.commit().await?;
        self.cx.stage("persistence");
        self.cx.app.live.committed();
        Ok(())
    }

    /// Commits what is no change of the desk; `why` is for the reader of the code.
    ///
    /// # Errors
    /// When something was recorded after all, or the database refuses.
    pub async fn commit_silently(self, why: &'static str) -> Result<()> {
        if !self.events.is_empty() {
            return Err(Error::internal(format!("not silent at all: {why}")));
        }
        tally::add(&self.db, &self.counts).await?;
        Ok(self.db.commit().await?)
    }
}

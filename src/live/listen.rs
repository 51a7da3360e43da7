//! One open page: what it is told, however it listens.

use std::time::Duration;

use futures::future::select;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, stream};
use kit::{Actor, App, Change, Context, News, Result, Scope, UserId};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use uuid::Uuid;

use super::ROUND;
use super::follow::{catch_up, changes};

/// A stream ends after so long, and the browser comes again with its session,
/// which may be over by then.
const LIFE: Duration = Duration::from_secs(10 * 60);
/// Whoever missed more than this fetches everything again.
const MOST_MISSED: i64 = 2_000;

/// From where a stream begins.
#[derive(Deserialize)]
pub struct From {
    /// The event that the page was made after.
    pub after: Option<i64>,
}

/// One thing that a page is told.
pub enum Told {
    /// Something changed.
    Change(Change),
    /// Something came or went that is not in the log.
    Passed { topic: &'static str, subject: Uuid },
    /// Too much was missed to be told: everything up to this event may be different.
    Reset(i64),
    /// Everything up to this event was told; the stream goes on from there.
    Here(i64),
}

impl Told {
    /// What kind of message it is.
    pub fn event(&self) -> &'static str {
        match self {
            Told::Change(_) => "change",
            Told::Passed { topic, .. } => topic,
            Told::Reset(_) => "reset",
            Told::Here(_) => "here",
        }
    }

    /// From where a reader who heard it goes on. What is not in the log moves nobody on.
    pub fn id(&self) -> Option<i64> {
        match self {
            Told::Change(change) => Some(change.seq),
            Told::Passed { .. } => None,
            Told::Reset(head) | Told::Here(head) => Some(*head),
        }
    }

    /// What it is about.
    pub fn data(&self) -> Option<Value> {
        match self {
            Told::Change(Change { topic, subject, .. }) | Told::Passed { topic, subject } => {
                Some(json!({ "topic": topic, "id": subject }))
            }
            Told::Reset(_) | Told::Here(_) => None,
        }
    }
}

/// What the reader is told from now on, or from the event on that their page was
/// made after. It ends when they must come again, as whoever they are by then.
pub async fn open(cx: &Context, after: Option<i64>) -> Result<BoxStream<'static, Told>> {
    // Listening first: what happens between reading the log and listening is heard twice, not never.
    let news = cx.app.live.listen();
    let missed = missed(&cx.app, after).await?;
    if changed_since_asked(cx).await? {
        return Ok(stream::empty().boxed());
    }
    let listener = Listener {
        scope: cx.scope(),
        me: cx.actor.id(),
        made_role: has_made_role(&cx.actor),
        news,
        heard: missed.head,
    };
    let mut first = match missed.changes {
        Some(changes) => {
            let mine = changes.into_iter().filter(|c| listener.scope.hears(c));
            mine.map(Told::Change).collect()
        }
        None => vec![Told::Reset(missed.head)],
    };
    // Where the reader stands now, so that they come again from here.
    first.push(Told::Here(missed.head));
    let end = select(
        Box::pin(tokio::time::sleep(LIFE)),
        Box::pin(cx.app.live.closed()),
    );
    let all = stream::iter(first).chain(listener.messages());
    Ok(all.take_until(end).boxed())
}

/// Whether the reader's own account, or a role that may be theirs, has changed since the
/// request was looked at: who they are was decided before the stream was listening.
async fn changed_since_asked(cx: &Context) -> Result<bool> {
    let events = event_log::after(cx.db(), cx.seq, ROUND).await?;
    let me = cx.actor.id().map(|me| me.0);
    let made_role = has_made_role(&cx.actor);
    let mine = |e: &event_log::Event| {
        let own = e.kind.starts_with("user.") && Some(e.subject) == me;
        own || made_role && e.kind.starts_with("role.")
    };
    Ok(cx.seq > 0 && events.iter().any(mine))
}

/// Whether what somebody may do is said by a role that was made here.
fn has_made_role(actor: &Actor) -> bool {
    actor.user().is_ok_and(|user| user.powers.is_some())
}

/// What somebody missed; `None` when it is too much to tell.
struct Missed {
    changes: Option<Vec<Change>>,
    head: i64,
}

async fn missed(app: &App, after: Option<i64>) -> Result<Missed> {
    catch_up(app).await?;
    let head = app.live.head();
    let mut after = after.unwrap_or(head).min(head);
    if head - after > MOST_MISSED {
        let changes = None;
        return Ok(Missed { changes, head });
    }
    let mut all = Vec::new();
    while after < head {
        let events = event_log::after(app.db.reader(), after, ROUND).await?;
        let Some(last) = events.last() else { break };
        after = last.seq;
        all.extend(changes(app, &events).await?);
    }
    Ok(Missed {
        changes: Some(all),
        head: after.max(head),
    })
}

/// One open stream.
struct Listener {
    scope: Scope,
    me: Option<UserId>,
    /// See [`has_made_role`].
    made_role: bool,
    news: Receiver<News>,
    /// The last event that was told already.
    heard: i64,
}

impl Listener {
    /// What they hear, until they fall behind or their own account changes: then
    /// they come again, as whoever they are by then.
    fn messages(self) -> impl Stream<Item = Told> + Send {
        stream::unfold(self, |mut this| async move {
            loop {
                match this.news.recv().await.ok()? {
                    News::Changed(change) if this.concerns_me(&change) => return None,
                    News::Changed(change) if this.hears(&change) => {
                        return Some((Told::Change(change), this));
                    }
                    News::Passed {
                        topic,
                        subject,
                        actor,
                        place,
                    } if this.scope.reaches(place) && !this.is_me(actor) => {
                        return Some((Told::Passed { topic, subject }, this));
                    }
                    _ => {}
                }
            }
        })
    }

    fn is_me(&self, user: Uuid) -> bool {
        self.me.is_some_and(|me| me.0 == user)
    }

    /// Whether who they are, or what they may, is another matter from now on.
    fn concerns_me(&self, change: &Change) -> bool {
        match change.topic {
            "users" => self.is_me(change.subject),
            "roles" => self.made_role,
            _ => false,
        }
    }

    fn hears(&self, change: &Change) -> bool {
        change.seq > self.heard && self.scope.hears(change)
    }
}

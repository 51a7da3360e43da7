//! Tells open pages what changed. Each process follows the log, whoever wrote
//! to it, and passes on *what* changed, never content; the page fetches itself
//! again, and the ordinary permissions decide what it shows.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::{Json, http::HeaderMap};
use event_log::Event;
use futures::future::select;
use futures::{Stream, StreamExt, stream};
use kit::{App, Change, Context, Query, Result, Scope, Topic, UserId};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::watch;
use uuid::Uuid;

use crate::features;

/// How often another node's commits are looked for; one's own are known at once.
const LOOK: Duration = Duration::from_millis(300);
/// An idle stream says something so often, because proxies cut what is silent (S3-129).
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A stream ends after so long, and the browser comes again with its session,
/// which may be over by then.
const LIFE: Duration = Duration::from_secs(10 * 60);
/// How soon a browser comes again after its stream ended, at the earliest.
const RETRY: Duration = Duration::from_secs(2);
/// So many events are read at once.
const ROUND: u64 = 500;
/// Whoever missed more than this fetches everything again.
const MOST_MISSED: i64 = 2_000;
/// Changes that lie further back than the window before this one count as one,
/// so that a start need not look further back for them, and all nodes still give
/// the same numbers.
const WINDOW: i64 = 10_000;

/// Follows the log until `stop` turns true.
pub async fn follow(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = catch_up(&app).await {
            tracing::warn!(?error, "open pages hear nothing for now");
        }
        tokio::select! {
            () = app.live.commit() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Passes on what is in the log and was not passed on yet.
///
/// # Errors
/// When the database refuses.
pub async fn catch_up(app: &App) -> Result<()> {
    let head = event_log::newest(app.db.reader()).await?;
    if app.live.head() == head {
        return Ok(());
    }
    let _turn = app.live.turn().await;
    if app.live.head() < 0 {
        return begin(app, head).await;
    }
    while app.live.head() < head {
        let events = event_log::after(app.db.reader(), app.live.head(), ROUND).await?;
        let Some(last) = events.last().map(|e| e.seq) else {
            return Ok(());
        };
        app.live.pass(changes(app, &events).await?, last);
    }
    Ok(())
}

async fn begin(app: &App, head: i64) -> Result<()> {
    let mut versions = HashMap::new();
    for (kind, seq) in event_log::last_of_kinds(app.db.reader(), floor(head)).await? {
        if let Some(topic) = topics().find(|t| t.is_changed_by(&kind)) {
            let version = versions.entry(topic.name).or_insert(seq);
            *version = seq.max(*version);
        }
    }
    app.live.begin(versions, head);
    Ok(())
}

fn floor(head: i64) -> i64 {
    ((head / WINDOW) - 1).max(0) * WINDOW
}

fn topics() -> impl Iterator<Item = &'static Topic> {
    features::ALL.iter().flat_map(|f| f.topics)
}

async fn changes(app: &App, events: &[Event]) -> Result<Vec<Change>> {
    let mut changes = Vec::with_capacity(events.len());
    let mut owners = HashMap::new();
    for topic in topics() {
        let of_topic = events.iter().filter(|e| topic.is_changed_by(&e.kind));
        let subjects: Vec<_> = of_topic.map(|e| e.subject).collect();
        if let (Some(find), false) = (topic.owners, subjects.is_empty()) {
            owners.extend(find(app, subjects).await?);
        }
    }
    let topics: Vec<Topic> = topics().copied().collect();
    for event in events {
        changes.extend(change(event, &topics, &owners));
    }
    Ok(changes)
}

/// What an event changed, if it belongs to one of `topics`. `owners` knows whose
/// the things are.
fn change(event: &Event, topics: &[Topic], owners: &HashMap<Uuid, UserId>) -> Option<Change> {
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

/// `/sync/check`: a number for each kind of thing, which goes up with every change
/// of one (S4-122).
pub async fn check(cx: Context) -> Result<Json<HashMap<&'static str, i64>>> {
    catch_up(&cx.app).await?;
    let staff = cx.scope().sees_internal();
    let known = cx.app.live.versions(staff);
    let floor = floor(cx.app.live.head());
    let told = topics().filter(|topic| staff || topic.owners.is_some());
    let number = |topic: &Topic| {
        let last = known.get(topic.name).copied().unwrap_or(0);
        (topic.name, last.max(floor))
    };
    Ok(Json(told.map(number).collect()))
}

/// From where a stream begins.
#[derive(Deserialize)]
pub struct From {
    /// The event that the page was made after.
    after: Option<i64>,
}

/// `/live`: what changes from now on, or from the event on that a page was made
/// after (`after`, or `Last-Event-ID` when the browser comes again).
pub async fn stream(cx: Context, headers: HeaderMap, Query(from): Query<From>) -> Result<Response> {
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok());
    let after = last.and_then(|id| id.parse().ok()).or(from.after);
    // Listening first: what happens between reading the log and listening is heard twice, not never.
    let news = cx.app.live.listen();
    let missed = missed(&cx.app, after).await?;
    if changed_since_asked(&cx).await? {
        // They come again, as whoever they are now.
        let nothing = stream::empty::<std::result::Result<Message, Infallible>>();
        return Ok(Sse::new(nothing).into_response());
    }
    let listener = Listener {
        scope: cx.scope(),
        me: cx.actor.id(),
        news,
        heard: missed.head,
    };
    let mut first = vec![Message::default().retry(retry(&cx)).comment("here")];
    match missed.changes {
        Some(changes) => {
            let mine = changes.iter().filter(|c| cx.scope().hears(c));
            first.extend(mine.map(message));
        }
        None => first.push(said("reset").id(missed.head.to_string())),
    }
    // Where the reader stands now, so that they come again from here.
    first.push(said("here").id(missed.head.to_string()));
    let messages = stream::iter(first)
        .chain(listener.messages())
        .map(Ok::<_, Infallible>)
        .take_until(Box::pin(select(
            Box::pin(tokio::time::sleep(LIFE)),
            Box::pin(cx.app.live.closed()),
        )));
    let mut response = Sse::new(messages)
        .keep_alive(
            KeepAlive::new()
                .interval(HEARTBEAT)
                .event(said("here").comment("still")),
        )
        .into_response();
    response.headers_mut().insert(
        "x-accel-buffering",
        axum::http::HeaderValue::from_static("no"),
    );
    Ok(response)
}

/// Whether the reader's own account has changed since the request was looked at:
/// who they are was decided before the stream was listening.
async fn changed_since_asked(cx: &Context) -> Result<bool> {
    let events = event_log::after(cx.db(), cx.seq, ROUND).await?;
    let me = cx.actor.id().map(|me| me.0);
    Ok(cx.seq > 0
        && events
            .iter()
            .any(|e| e.kind.starts_with("user.") && Some(e.subject) == me))
}

/// Not all at once, when many streams end together.
fn retry(cx: &Context) -> Duration {
    let some = cx.request_id.bytes().map(u64::from).sum::<u64>() * 37 % 4_000;
    RETRY + Duration::from_millis(some)
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
    news: Receiver<Change>,
    /// The last event that was told already.
    heard: i64,
}

impl Listener {
    /// What they hear, until they fall behind or their own account changes: then
    /// they come again, as whoever they are by then.
    fn messages(self) -> impl Stream<Item = Message> {
        stream::unfold(self, |mut this| async move {
            loop {
                let change = this.news.recv().await.ok()?;
                if change.topic == "users" && this.me.is_some_and(|me| me.0 == change.subject) {
                    return None;
                }
                if change.seq > this.heard && this.scope.hears(&change) {
                    return Some((message(&change), this));
                }
            }
        })
    }
}

/// What is told by its name alone: `reset`, or `here`, by which a page knows that its
/// stream still flows. A script does not see comments, nor events without data.
fn said(what: &str) -> Message {
    Message::default().event(what).data("-")
}

fn message(change: &Change) -> Message {
    let what = json!({ "topic": change.topic, "id": change.subject });
    Message::default()
        .id(change.seq.to_string())
        .event("change")
        .data(what.to_string())
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
                at: kit::Instant(0),
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

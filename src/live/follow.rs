//! Follows what happens, on this node or another, for the pages that are open here.

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use event_log::Event;
use kit::{App, Change, Context, Place, Result, Topic, Whose};
use tokio::sync::watch;
use uuid::Uuid;

use super::ROUND;
use crate::features;

/// How often another node's commits are looked for; one's own are known at once.
const LOOK: Duration = Duration::from_millis(300);
/// Commits that come so soon after each other are passed on together.
const TOGETHER: Duration = Duration::from_millis(15);
/// Changes that lie further back than the window before this one count as one,
/// so that a start need not look further back for them, and all nodes still give
/// the same numbers.
const WINDOW: i64 = 10_000;
/// What came or went is looked for so far back, in seconds: another node's clock
/// may be behind, and what was written first may be seen last.
const OVERLAP: i64 = 30;

/// Follows the log until `stop` turns true.
pub async fn follow(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = look(&app).await {
            tracing::warn!(?error, "open pages hear nothing for now");
        }
        let news = async {
            tokio::select! {
                () = app.live.commit() => tokio::time::sleep(TOGETHER).await,
                () = tokio::time::sleep(LOOK) => {}
            }
        };
        tokio::select! {
            () = news => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

async fn look(app: &App) -> Result<()> {
    catch_up(app).await?;
    pass_by(app).await
}

/// Passes on what is in the log and was not passed on yet.
///
/// # Errors
/// When the database refuses.
pub async fn catch_up(app: &App) -> Result<()> {
    let _turn = app.live.turn().await;
    if app.live.head() < 0 {
        let head = event_log::newest(app.db.reader()).await?;
        return begin(app, head).await;
    }
    loop {
        let events = event_log::after(app.db.reader(), app.live.head(), ROUND).await?;
        let Some(last) = events.last().map(|e| e.seq) else {
            return Ok(());
        };
        app.live.pass(changes(app, &events).await?, last);
        if (events.len() as u64) < ROUND {
            return Ok(());
        }
    }
}

/// Passes on who came and went lately. Nobody asks while nobody listens.
///
/// # Errors
/// When the database refuses.
pub async fn pass_by(app: &App) -> Result<()> {
    if !app.live.is_heard() {
        return Ok(());
    }
    let since = app.clock.now().plus_seconds(-OVERLAP);
    for passing in features::ALL.iter().flat_map(|f| f.passing) {
        let moved = (passing.moved)(app, since).await?;
        app.live.pass_by(passing.topic, moved.into_iter().collect());
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

pub(super) async fn changes(app: &App, events: &[Event]) -> Result<Vec<Change>> {
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
/// the things are, and where.
fn change(event: &Event, topics: &[Topic], owners: &HashMap<Uuid, Whose>) -> Option<Change> {
    let topic = topics.iter().find(|t| t.is_changed_by(&event.kind))?;
    let internal = topic.internal.contains(&event.kind.as_str()) || event.data["internal"] == true;
    let whose = owners.get(&event.subject).copied().unwrap_or_default();
    Some(Change {
        seq: event.seq,
        topic: topic.name,
        subject: event.subject,
        owner: whose.owner.filter(|_| !internal).map(|user| user.0),
        places: match topic.owners {
            Some(_) => places(event, whose.place),
            None => Vec::new(),
        },
        company: event.company,
    })
}

/// Where a thing is, and where it was if this event took it away from there: whoever
/// may look only there must hear that it has left.
fn places(event: &Event, now: Place) -> Vec<Place> {
    let left = |key: &str, now: Option<Uuid>| match event.data.get(key) {
        Some(before) => before.as_str().and_then(|id| id.parse().ok()),
        None => now,
    };
    let before = Place {
        queue: left("left_queue", now.queue),
        company: left("left_company", now.company),
    };
    let moved = before != now;
    std::iter::once(now)
        .chain(moved.then_some(before))
        .collect()
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

#[cfg(test)]
mod tests {
    use kit::{Scope, UserId};

    use super::*;

    #[test]
    fn a_requester_hears_of_their_own_and_never_of_what_is_internal() {
        let topics = [Topic {
            name: "tickets",
            events: &["ticket."],
            internal: &["ticket.participant_added"],
            owners: Some(|_, _| Box::pin(async { Ok(HashMap::new()) })),
        }];
        let (me, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let subject = Uuid::from_u128(3);
        let owner = Some(me);
        let place = Place {
            queue: Some(Uuid::from_u128(4)),
            company: None,
        };
        let owners = HashMap::from([(subject, Whose { owner, place })]);
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

    #[test]
    fn whoever_may_look_into_a_queue_hears_what_leaves_it_and_no_more() {
        let here = Place {
            queue: Some(Uuid::from_u128(4)),
            company: Some(Uuid::from_u128(5)),
        };
        let event = |data: serde_json::Value| Event {
            seq: 7,
            kind: "ticket.queue_changed".to_owned(),
            subject: Uuid::from_u128(3),
            company: None,
            actor: None,
            actor_kind: event_log::ActorKind::System,
            ip: None,
            at: kit::Instant(0),
            data,
        };
        let left = Uuid::from_u128(6);
        let moved = event(serde_json::json!({ "left_queue": left, "left_company": here.company }));
        let before = Place {
            queue: Some(left),
            ..here
        };
        assert_eq!(places(&moved, here), [here, before]);
        assert_eq!(places(&event(serde_json::json!({})), here), [here]);
        // It is elsewhere altogether by the time that this is looked at.
        let gone = Place {
            queue: Some(Uuid::from_u128(8)),
            company: None,
        };
        assert_eq!(places(&moved, gone), [gone, before]);
        let within = |queue| {
            Scope::Within(std::sync::Arc::new(kit::Limits {
                queues: vec![queue],
                companies: Vec::new(),
            }))
        };
        let change = |places| Change {
            seq: 7,
            topic: "tickets",
            subject: Uuid::from_u128(3),
            owner: None,
            places,
            company: None,
        };
        assert!(within(left).hears(&change(places(&moved, here))));
        assert!(!within(left).hears(&change(vec![here])));
        assert!(!within(left).hears(&change(vec![Place::default()])));
    }
}

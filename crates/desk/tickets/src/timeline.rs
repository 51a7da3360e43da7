//! A ticket's conversation: what was written and what happened, merged in time.
//! One read of the comments and one of the log, worded in the reader's language.

use std::collections::HashMap;
use std::sync::Arc;

use event_log::{ActorKind, Event};
use futures::TryFutureExt;
use futures::future::try_join3;
use kit::{Context, Instant, Result, Role, UserId};
use people::Person;
use serde_json::Value;

use crate::events::TicketEvent;
use crate::status::Status;
use crate::store::{attachments, comments};
use crate::ticket::Ticket;
use crate::{AttachmentId, CommentId};

/// Who wrote or did it.
#[derive(Clone, Debug)]
pub struct Author {
    /// The account; none for the program.
    pub id: Option<UserId>,
    /// The name.
    pub name: String,
    /// What they are now.
    pub role: Option<Role>,
    /// What they were then: the entry's colour.
    pub kind: ActorKind,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// Who.
    pub author: Author,
    /// What.
    pub what: What,
}

/// What an entry is.
#[derive(Clone, Debug)]
pub enum What {
    /// Something written.
    Message(Message),
    /// Something done.
    Event(Done),
}

/// Something written.
#[derive(Clone, Debug)]
pub struct Message {
    /// Which.
    pub id: CommentId,
    /// The text; empty when it was taken back.
    pub content: String,
    /// For the desk only.
    pub internal: bool,
    /// It was taken back.
    pub retracted: bool,
    /// The reader wrote it and may still take it back.
    pub retractable: bool,
    /// What came with it.
    pub files: Vec<File>,
}

/// Something done.
#[derive(Clone, Debug)]
pub struct Done {
    /// The name that the API knows it by, such as `RESOLVED`.
    pub name: &'static str,
    /// From which state, if it is about states.
    pub from: Option<Status>,
    /// To which state.
    pub to: Option<Status>,
    /// As a sentence, without its subject.
    pub sentence: String,
}

/// A file of a ticket.
#[derive(Clone, Debug)]
pub struct File {
    /// Which.
    pub id: AttachmentId,
    /// The name it had.
    pub name: String,
    /// In bytes.
    pub size: i64,
    /// What it is served as.
    pub media_type: String,
    /// Whether a browser may show it.
    pub inline: bool,
    /// With which message it came.
    pub comment: Option<CommentId>,
}

impl File {
    /// Whether it is a picture that can be shown in place.
    #[must_use]
    pub fn is_image(&self) -> bool {
        self.inline && self.media_type.starts_with("image/")
    }
}

impl From<attachments::Model> for File {
    fn from(row: attachments::Model) -> File {
        File {
            id: row.id,
            name: row.name,
            size: row.size,
            media_type: row.media_type,
            inline: row.inline,
            comment: row.comment_id,
        }
    }
}

/// A stretch of a ticket's timeline.
pub struct Timeline {
    /// Oldest first.
    pub entries: Vec<Entry>,
    /// Every file of the ticket that the reader may see.
    pub files: Vec<File>,
    /// There are earlier entries, before this.
    pub earlier: Option<Instant>,
}

/// So many entries of each kind are shown at once.
pub const STRETCH: u64 = 200;

/// The kinds that only the desk sees.
const INTERNAL: &[&str] = &["ticket.participant_added", "ticket.participant_removed"];

/// The newest stretch of a ticket's timeline, or the one before an instant. The
/// caller has found the ticket in the reader's scope.
///
/// # Errors
/// When the database refuses.
pub async fn timeline(cx: &Context, ticket: &Ticket, before: Option<Instant>) -> Result<Timeline> {
    let internal = cx.scope().sees_internal();
    let kinds: Vec<&str> = TicketEvent::KINDS
        .iter()
        .map(|(kind, _)| *kind)
        .filter(|kind| *kind != "ticket.commented" && (internal || !INTERNAL.contains(kind)))
        .collect();
    let wanted = comments::Wanted {
        internal,
        after: None,
        before,
        limit: STRETCH,
    };
    let comments = comments::of_ticket(cx.db(), ticket.id, wanted);
    let events = event_log::about(cx.db(), ticket.id.0, &kinds, before, STRETCH);
    let files = attachments::kept(cx, ticket.id);
    let events = events.map_err(kit::Error::from);
    let (comments, events, files) = try_join3(comments, events, files).await?;
    let files: Vec<File> = files.iter().cloned().map(File::from).collect();
    let people = people_of(cx, &comments, &events).await?;
    // Where a list was cut, the other must not reach further back.
    let cut =
        |len: usize, first: Option<Instant>| (len as u64 == STRETCH).then_some(first).flatten();
    let earlier = cut(comments.len(), comments.first().map(|c| c.created_at))
        .max(cut(events.len(), events.first().map(|e| e.at)));
    let mut entries: Vec<Entry> = comments
        .into_iter()
        .map(|row| message(cx, ticket, row, &files, &people))
        .chain(
            events
                .into_iter()
                // What concerns an internal note is the desk's own business, too.
                .filter(|e| internal || e.data["internal"] != true)
                .map(|e| done(cx, e, &people)),
        )
        .filter(|entry| earlier.is_none_or(|e| entry.at >= e))
        .collect();
    entries.sort_by_key(|entry| (entry.at, rank(&entry.what)));
    Ok(Timeline {
        entries,
        files,
        earlier,
    })
}

/// Within one act, opening comes first and what a message brought about last.
fn rank(what: &What) -> u8 {
    match what {
        What::Event(done) if done.name == "CREATED" => 0,
        What::Message(_) => 1,
        What::Event(_) => 2,
    }
}

async fn people_of(
    cx: &Context,
    comments: &[comments::Model],
    events: &[Event],
) -> Result<HashMap<UserId, Arc<Person>>> {
    let mentioned = ["assignee", "before", "user"];
    let ids = comments
        .iter()
        .filter_map(|c| c.author_id)
        .chain(events.iter().filter_map(|e| e.actor.map(UserId)))
        .chain(
            events
                .iter()
                .flat_map(|e| mentioned.iter().filter_map(|key| user_in(&e.data, key))),
        )
        .collect();
    people::named(cx, ids).await
}

fn user_in(data: &Value, key: &str) -> Option<UserId> {
    data[key].as_str()?.parse().ok()
}

fn author(
    cx: &Context,
    id: Option<UserId>,
    kind: ActorKind,
    people: &HashMap<UserId, Arc<Person>>,
) -> Author {
    let person = id.and_then(|id| people.get(&id));
    Author {
        id,
        name: person.map_or_else(|| cx.text("role-system", &[]), |p| p.name.clone()),
        role: person.map(|p| p.role),
        kind,
    }
}

pub(crate) fn message(
    cx: &Context,
    ticket: &Ticket,
    row: comments::Model,
    files: &[File],
    people: &HashMap<UserId, Arc<Person>>,
) -> Entry {
    let retracted = row.retracted_at.is_some();
    let until = row
        .created_at
        .plus_minutes(crate::commands::RETRACT_MINUTES);
    let mine = row.author_id.is_some() && row.author_id == cx.actor.id();
    Entry {
        at: row.created_at,
        author: author(
            cx,
            row.author_id,
            ActorKind::from_code(&row.author_kind),
            people,
        ),
        what: What::Message(Message {
            id: row.id,
            content: if retracted {
                String::new()
            } else {
                row.content
            },
            internal: row.internal,
            retracted,
            retractable: mine && !retracted && cx.now <= until && ticket.status != Status::Closed,
            files: files
                .iter()
                .filter(|f| f.comment == Some(row.id))
                .cloned()
                .collect(),
        }),
    }
}

fn done(cx: &Context, event: Event, people: &HashMap<UserId, Arc<Person>>) -> Entry {
    let status = |key: &str| event.data[key].as_str().and_then(Status::from_code);
    let name = TicketEvent::KINDS
        .iter()
        .find(|(kind, _)| *kind == event.kind)
        .map_or("OTHER", |(_, name)| *name);
    let done = Done {
        name,
        from: status("from"),
        to: status("to"),
        sentence: sentence(cx, &event, people),
    };
    Entry {
        at: event.at,
        author: author(cx, event.actor.map(UserId), event.actor_kind, people),
        what: What::Event(done),
    }
}

/// The event as a sentence without its subject: "assumiu o chamado".
fn sentence(cx: &Context, event: &Event, people: &HashMap<UserId, Arc<Person>>) -> String {
    let data = &event.data;
    let person = |key: &str| {
        let found = user_in(data, key).and_then(|id| people.get(&id));
        found.map_or_else(|| "—".to_owned(), |p| p.name.clone())
    };
    let text = |key: &str| data[key].as_str().unwrap_or("—").to_owned();
    let word = |key: &str| match data[key].as_str().and_then(Status::from_code) {
        Some(status) => status_word(cx, status),
        None => "—".to_owned(),
    };
    let staff = cx.scope().sees_internal();
    let key = match event.kind.as_str() {
        "ticket.assigned" if data["auto"] == true => "event-assigned-auto".to_owned(),
        "ticket.assigned" if user_in(data, "assignee").map(|u| u.0) == event.actor => {
            "event-taken".to_owned()
        }
        "ticket.closed" if data["by_requester"] == true => "event-confirmed".to_owned(),
        // Why the desk hands a ticket on is the desk's own business.
        "ticket.escalated" if !staff => "event-escalated-plain".to_owned(),
        kind => format!(
            "event-{}",
            kind.trim_start_matches("ticket.").replace('_', "-")
        ),
    };
    let (mut old, mut new) = (text("old"), text("new"));
    if event.kind == "ticket.priority_changed" {
        old = cx.text(&format!("priority-{old}"), &[]);
        new = cx.text(&format!("priority-{new}"), &[]);
    }
    let who = match event.kind.as_str() {
        "ticket.participant_added" | "ticket.participant_removed" => person("user"),
        "ticket.unassigned" => person("before"),
        _ => person("assignee"),
    };
    let fields = data["fields"].as_array().map(|fields| {
        let names = fields.iter().filter_map(|f| f.as_str());
        names
            .map(|f| cx.text(&format!("field-{}", f.replace('_', "-")), &[]))
            .collect::<Vec<_>>()
            .join(", ")
    });
    cx.text(
        &key,
        &[
            ("who", who.into()),
            ("from", word("from").into()),
            ("to", word("to").into()),
            ("old", old.into()),
            ("new", new.into()),
            ("reason", text("reason").into()),
            ("fields", fields.unwrap_or_default().into()),
        ],
    )
}

/// The word of a state in the installation's vocabulary and the reader's language.
pub fn status_word(cx: &Context, status: Status) -> String {
    let word = status.word(cx.app.settings.vocabulary);
    cx.text(&format!("status-{word}"), &[])
}

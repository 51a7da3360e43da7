use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use futures::future::try_join;
use kit::{Context, Error, Form, Instant, Page, Problems, Result, UserId, render_with};
use people::Person;
use ui::Components;

use super::choices::{self, Choice};
use super::{Marks, may_edit};
use crate::commands;
use crate::status::{Act, Standing, Status};
use crate::store::{participants, ticket as store};
use crate::ticket::Ticket;
use crate::timeline::{Entry, Timeline, What, timeline};

/// The ticket's page.
#[derive(Template)]
#[template(path = "ticket.html")]
struct Show {
    p: Page,
    body: Body,
}

/// The ticket: its conversation, and beside it where it stands, what can be done
/// now, and who is who. A page of its own, or beside a list.
#[derive(Template)]
#[template(path = "ticket-body.html")]
pub struct Body {
    p: Page,
    ticket: Ticket,
    staff: bool,
    standing: Standing,
    /// What was typed in the form that came back; empty otherwise.
    form: Form,
    /// Which form came back: `content`, `resolve`, `close` …
    which: &'static str,
    /// Why it came back with 409: a locale key, such as `conflict-stale`.
    conflict: Option<String>,
    timeline: Timeline,
    /// Only the entries of one kind: `staff`, `client`, `system`; empty is all.
    only: String,
    /// The way back to the newest entries, where earlier ones are shown.
    newest: Option<String>,
    people: HashMap<UserId, Arc<Person>>,
    participants: Arc<Vec<UserId>>,
    company: Option<Arc<String>>,
    queue: Option<String>,
    channel: Option<String>,
    staff_choices: Vec<Choice>,
    queue_choices: Vec<Choice>,
    priority_choices: Vec<Choice>,
    classifications: Vec<Choice>,
    file_bytes: usize,
}

/// The ticket alone, for the frame beside a list.
#[derive(Template)]
#[template(path = "framed.html")]
struct Framed {
    p: Page,
    body: Body,
}

/// Answers with the ticket alone. Half a page must not be kept for a whole one.
pub fn framed(cx: &Context, body: Body) -> Result<Response> {
    let p = Page::titled(cx, body.title().to_owned());
    let mut response = kit::render(&Framed { p, body })?;
    let never = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(CACHE_CONTROL, never);
    Ok(response)
}

/// Whether the answer goes into the frame beside a list, which has a page around
/// it already.
pub fn is_framed(headers: &HeaderMap) -> bool {
    headers
        .get("turbo-frame")
        .is_some_and(|frame| frame == "ticket")
}

pub async fn show(
    cx: Context,
    headers: HeaderMap,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let pairs = kit::query_pairs(query.as_deref().unwrap_or_default());
    let get = |name: &str| {
        pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    };
    let ticket = store::find(cx.db(), cx.scope(), &name).await?;
    let before = get("before").and_then(|v| v.parse().ok()).map(Instant);
    let mut body = Body::of(&cx, ticket, before).await?;
    body.only = get("only").unwrap_or_default().to_owned();
    // The board and the palette ask for an act that needs words first.
    body.which = ["resolve", "escalate", "close"]
        .into_iter()
        .find(|act| get("act") == Some(act))
        .unwrap_or_default();
    if is_framed(&headers) {
        return framed(&cx, body);
    }
    let p = Page::titled(&cx, body.title().to_owned());
    kit::render(&Show { p, body })
}

/// The page again with a form that was not accepted: nothing typed is lost.
pub async fn sent_back(
    cx: &Context,
    name: &str,
    which: &'static str,
    form: Form,
    error: Error,
) -> Result<Response> {
    let (problems, conflict) = match error {
        Error::Invalid(problems) => (problems, None),
        Error::Conflict(why) => (Problems::default(), Some(format!("conflict-{why}"))),
        error => return Err(error),
    };
    let status = match conflict {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut body = Body::named(cx, name).await?;
    body.form = form;
    body.which = which;
    body.conflict = conflict;
    body.p = body.p.with(problems);
    let p = Page::titled(cx, body.title().to_owned());
    render_with(status, &Show { p, body })
}

impl Body {
    /// The ticket with this id or protocol.
    pub async fn named(cx: &Context, name: &str) -> Result<Body> {
        let ticket = store::find(cx.db(), cx.scope(), name).await?;
        Body::of(cx, ticket, None).await
    }

    /// The same; `None` when there is none that the reader may see.
    pub async fn found(cx: &Context, name: &str) -> Result<Option<Body>> {
        match Body::named(cx, name).await {
            Ok(body) => Ok(Some(body)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn of(cx: &Context, ticket: Ticket, before: Option<Instant>) -> Result<Body> {
        let staff = cx.scope().sees_internal();
        let participants = async {
            match staff {
                true => participants::kept(cx, ticket.id).await,
                false => Ok(Arc::default()),
            }
        };
        let timeline = timeline(cx, &ticket, before);
        let (timeline, participants) = try_join(timeline, participants).await?;
        let me = cx.actor.id();
        let invited = participants.iter().any(|u| Some(*u) == me);
        let parties = [ticket.requester, ticket.assignee].into_iter().flatten();
        let ids = parties.chain(participants.iter().copied()).collect();
        let people = people::named(cx, ids).await?;
        let company = match ticket.company {
            Some(id) => companies::named(cx, vec![id]).await?.remove(&id),
            None => None,
        };
        let queue = match ticket.queue {
            Some(id) => super::queue_names(cx).await?.get(&id).cloned(),
            None => None,
        };
        let channel = match ticket.channel {
            Some(id) => super::channels(cx)
                .await?
                .iter()
                .find(|c| c.id == id)
                .map(|c| c.name.clone()),
            None => None,
        };
        let mut body = Body {
            p: Page::titled(cx, format!("{} · {}", ticket.protocol, ticket.title)),
            standing: ticket.standing(&cx.actor, invited),
            staff,
            form: Form::default(),
            which: "",
            conflict: None,
            timeline,
            only: String::new(),
            newest: before.map(|_| ui::first_page(&cx.path)),
            people,
            participants,
            company,
            queue,
            channel,
            staff_choices: Vec::new(),
            queue_choices: Vec::new(),
            priority_choices: Vec::new(),
            classifications: Vec::new(),
            file_bytes: cx.app.settings.file_bytes,
            ticket,
        };
        if staff {
            body.staff_choices = choices::staff(cx, "choose").await?;
            body.queue_choices = choices::queues(cx, "queue-next").await?;
            body.priority_choices = choices::priorities(cx);
            body.classifications = choices::classifications(cx);
        }
        Ok(body)
    }

    /// What the page that shows it is called.
    pub fn title(&self) -> &str {
        &self.p.title
    }

    /// Whether `act` is possible now: the same table that the commands obey.
    fn can(&self, act: Act) -> bool {
        self.ticket.after(act, self.standing).is_ok()
    }

    fn can_take(&self) -> bool {
        self.can(Act::Take)
    }

    fn can_assign(&self) -> bool {
        self.can(Act::Assign)
    }

    fn can_transfer(&self) -> bool {
        self.can(Act::Transfer) && self.ticket.assignee.is_some()
    }

    fn can_wait(&self) -> bool {
        self.can(Act::Wait)
    }

    fn can_resume(&self) -> bool {
        self.can(Act::Resume)
    }

    fn can_escalate(&self) -> bool {
        self.can(Act::Escalate)
    }

    fn can_resolve(&self) -> bool {
        self.can(Act::Resolve)
    }

    fn can_close(&self) -> bool {
        self.can(Act::Close)
    }

    fn can_confirm(&self) -> bool {
        self.can(Act::Confirm)
    }

    fn can_reopen(&self) -> bool {
        self.can(Act::Reopen)
    }

    /// Whether queue, priority, text and helpers may be changed.
    fn can_change(&self) -> bool {
        may_edit(&self.p)
            && self.ticket.status != Status::Closed
            && !matches!(self.standing, Standing::Other | Standing::Requester)
    }

    /// Whether the reader may write on it.
    fn can_write(&self) -> bool {
        self.ticket.status != Status::Closed && self.standing != Standing::Other
    }

    /// An invited technician writes to the desk unless they say otherwise (1.4).
    fn internal_first(&self) -> bool {
        match self.form.get("kind") {
            "" => self.standing == Standing::Participant,
            kind => kind == "internal",
        }
    }

    /// The states that a reply may set the ticket to, with their words.
    fn reply_states(&self) -> Vec<(&'static str, String)> {
        let mut states = Vec::new();
        let mut offer = |able: bool, status: Status| {
            if able {
                states.push((status.code(), self.word(&status)));
            }
        };
        if self.staff {
            offer(self.can_wait(), Status::Waiting);
            offer(self.can_resume() || self.can_take(), Status::InProgress);
            offer(self.can_resolve(), Status::Resolved);
        }
        states
    }

    /// The word of a state.
    fn word(&self, status: &Status) -> String {
        crate::timeline::status_word(self.p.cx(), *status)
    }

    /// `Rede › Wi-Fi`.
    fn category(&self) -> Option<String> {
        commands::category_text(&self.ticket)
    }

    /// A person on this page.
    fn person(&self, id: &Option<UserId>) -> Option<&Person> {
        self.people.get(&(*id)?).map(Arc::as_ref)
    }

    /// Who asked, by name.
    fn requester_name(&self) -> Option<&str> {
        self.person(&self.ticket.requester)
            .map(|p| p.name.as_str())
            .or(self.ticket.contact())
    }

    /// The entries that are shown: all, or one kind's.
    fn entries(&self) -> Vec<&Entry> {
        let shown = |e: &&Entry| self.only.is_empty() || e.author.kind.code() == self.only;
        self.timeline.entries.iter().filter(shown).collect()
    }

    /// The files that came with the opening itself.
    fn opening_files(&self) -> Vec<&crate::timeline::File> {
        self.timeline
            .files
            .iter()
            .filter(|f| f.comment.is_none())
            .collect()
    }

    /// Where the conversation ends for a requester: how far it has come, 0 to 3.
    fn step(&self) -> usize {
        match self.ticket.status {
            Status::Open | Status::Escalated => 0,
            Status::InProgress | Status::Waiting | Status::Scheduled => 1,
            Status::Resolved => 2,
            Status::Closed => 3,
        }
    }

    /// The form `which` came back: its panel stands open.
    fn is_back(&self, which: &str) -> bool {
        self.which == which
    }

    /// What was typed into `name` of the form that came back.
    fn typed(&self, which: &str, name: &str) -> &str {
        if self.which == which {
            self.form.get(name)
        } else {
            ""
        }
    }

    /// Where this page is.
    fn path(&self) -> String {
        super::path(&self.ticket)
    }
}

//! How tickets are found: by what they are about, what was said, who asked and
//! what they are called (S1-027, S4-106).

use std::collections::HashMap;

use event_log::Event;
use kit::{App, CompanyId, Context, Indexed, Reading, Result, Scope, UserId};
use search::{Document, Found, Hit, Wanted};
use uuid::Uuid;

use crate::TicketId;
use crate::filter::{AssigneeFilter, Filter, View};
use crate::status::Status;
use crate::store::{comments, list, ticket as store};
use crate::ticket::Ticket;

pub const INDEXED: Indexed = Indexed {
    kind: "ticket",
    next: |app, after| {
        Box::pin(store::next_ids(
            app.db.reader(),
            store::Named::Anything,
            after,
        ))
    },
    touched,
    documents: |app, ids| Box::pin(documents(app, ids)),
    hits: |cx, ids| Box::pin(hits(cx, ids)),
};

/// A ticket is found otherwise since its own events, and since its company or its
/// requester is called otherwise.
fn touched<'a>(app: &'a App, event: &'a Event, after: Option<Uuid>) -> Reading<'a, Uuid> {
    Box::pin(async move {
        let renamed = || {
            let fields = event.data["fields"].as_array();
            let names = ["name", "trade_name", "email"];
            fields.is_some_and(|all| all.iter().any(|f| names.iter().any(|n| f == n)))
        };
        let whose = match &*event.kind {
            "company.updated" if renamed() => store::Named::Company(CompanyId(event.subject)),
            "user.updated" if renamed() => store::Named::Requester(UserId(event.subject)),
            kind if kind.starts_with("ticket.") && after.is_none() => {
                return Ok(vec![event.subject]);
            }
            _ => return Ok(Vec::new()),
        };
        store::next_ids(app.db.reader(), whose, after).await
    })
}

async fn documents(app: &App, ids: Vec<Uuid>) -> Result<Vec<Document>> {
    let db = app.db.reader();
    let tickets = store::some(db, Scope::of(&kit::Actor::System), ids).await?;
    let mut said: HashMap<TicketId, Vec<comments::Model>> = HashMap::new();
    let ids = tickets.iter().map(|t| t.id).collect();
    for comment in comments::of_tickets(db, Scope::of(&kit::Actor::System), ids).await? {
        said.entry(comment.ticket_id).or_default().push(comment);
    }
    let requesters = tickets.iter().filter_map(|t| t.requester).collect();
    let people = people::cards(db, requesters).await?;
    let companies = tickets.iter().filter_map(|t| t.company).collect();
    let companies = companies::names_of(db, companies).await?;
    let channels = catalog::channels(db).await?;
    let document = |ticket: Ticket| {
        let mut text = Words::default();
        let mut internal = Words::default();
        text.add(Some(&ticket.description));
        text.add(ticket.solution.as_ref());
        text.add(ticket.category_name.as_ref());
        text.add(ticket.subcategory_name.as_ref());
        text.add(ticket.contact_name.as_ref());
        text.add(ticket.contact_info.as_ref());
        text.add(ticket.company.and_then(|id| companies.get(&id)));
        if let Some(person) = ticket.requester.and_then(|id| people.get(&id)) {
            text.add(Some(&person.name));
            text.add(Some(&person.email));
        }
        let channel = channels.iter().find(|c| Some(c.id) == ticket.channel);
        text.add(channel.map(|c| &c.name));
        internal.add(ticket.evaluation.as_ref());
        internal.add(ticket.closed_reason.as_ref());
        for comment in said.get(&ticket.id).into_iter().flatten() {
            match comment.internal {
                true => internal.add(Some(&comment.content)),
                false => text.add(Some(&comment.content)),
            }
        }
        Document {
            kind: INDEXED.kind,
            id: ticket.id.0,
            codes: [Some(ticket.protocol.clone()), ticket.contact_info.clone()]
                .into_iter()
                .flatten()
                .collect(),
            text: text.0,
            internal: internal.0,
            tags: tags(&ticket),
            owner: ticket.requester.map(|id| id.0),
            at: ticket.created_at.0,
            title: ticket.title,
        }
    };
    Ok(tickets.into_iter().map(document).collect())
}

#[derive(Default)]
struct Words(String);

impl Words {
    fn add(&mut self, text: Option<&String>) {
        if let Some(text) = text {
            self.0.push_str(text);
            self.0.push('\n');
        }
    }
}

/// What a ticket is filtered by.
fn tags(ticket: &Ticket) -> Vec<String> {
    let mut tags = vec![
        format!("status={}", ticket.status.code()),
        format!("priority={}", ticket.priority.code()),
        format!("block={}", ticket.block()),
        match ticket.assignee {
            Some(id) => format!("assignee={id}"),
            None => "assignee=none".to_owned(),
        },
    ];
    tags.extend(ticket.queue.map(|id| format!("queue={id}")));
    tags.extend(ticket.company.map(|id| format!("company={id}")));
    tags.extend(
        ticket
            .category_name
            .as_ref()
            .map(|name| format!("category={name}")),
    );
    tags
}

/// The same filters as a question to the index, which decides who finds what.
pub async fn find(
    cx: &Context,
    words: &str,
    filter: &Filter,
    stretch: Stretch,
) -> Result<Option<Found>> {
    let one = |tag: String| vec![tag];
    let me = cx.actor.id();
    let mut tags = Vec::new();
    let assigned = |user: Option<UserId>| match user {
        Some(id) => format!("assignee={id}"),
        None => "assignee=nobody-asks".to_owned(),
    };
    let status = |s: Status| format!("status={}", s.code());
    match filter.view {
        View::All => {}
        View::Active => tags.push(vec!["block=1".to_owned(), "block=2".to_owned()]),
        View::Mine => tags.extend([one(assigned(me)), one("block=1".to_owned())]),
        View::Unassigned => tags.push(one("block=2".to_owned())),
        View::Working => tags.push(one("block=1".to_owned())),
        View::Waiting => tags.push(one(status(Status::Waiting))),
        View::Escalated => tags.push(one(status(Status::Escalated))),
        View::Resolved => tags.push(one(status(Status::Resolved))),
    }
    if !filter.statuses.is_empty() {
        tags.push(filter.statuses.iter().map(|s| status(*s)).collect());
    }
    match filter.assignee {
        None => {}
        Some(AssigneeFilter::Nobody) => tags.push(one("assignee=none".to_owned())),
        Some(AssigneeFilter::Me) => tags.push(one(assigned(me))),
        Some(AssigneeFilter::User(user)) => tags.push(one(assigned(Some(user)))),
    }
    tags.extend(filter.queue.map(|id| one(format!("queue={id}"))));
    tags.extend(filter.company.map(|id| one(format!("company={id}"))));
    tags.extend(
        filter
            .priority
            .map(|p| one(format!("priority={}", p.code()))),
    );
    tags.extend(
        filter
            .category
            .as_ref()
            .map(|name| one(format!("category={name}"))),
    );
    let Some(reader) = cx.scope().reader() else {
        return Ok(Some(Found::default()));
    };
    let wanted = Wanted {
        reader,
        words: words.to_owned(),
        kind: Some(INDEXED.kind),
        tags,
        from: filter.from.map(|at| at.0),
        until: filter.until.map(|at| at.0),
        newest: stretch.newest,
        offset: stretch.offset,
        limit: stretch.limit,
    };
    kit::find(&cx.app, wanted).await
}

/// Which stretch of what was found.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// How many to leave out.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
    /// The newest first.
    pub newest: bool,
}

async fn hits(cx: &Context, ids: Vec<Uuid>) -> Result<Vec<Hit>> {
    let ids: Vec<TicketId> = ids.into_iter().map(TicketId).collect();
    let tickets = list::tickets(cx, &ids).await?;
    let companies = tickets.iter().filter_map(|t| t.company).collect();
    let companies = companies::names_of(cx.db(), companies).await?;
    let hit = |ticket: Ticket| {
        let company = ticket.company.and_then(|id| companies.get(&id).cloned());
        let word = crate::timeline::status_word(cx, ticket.status);
        let about = [Some(ticket.protocol.clone()), Some(word), company];
        Hit {
            id: ticket.id.0,
            title: ticket.title,
            about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            path: format!("/tickets/{}", ticket.protocol),
            icon: "ticket",
        }
    };
    Ok(tickets.into_iter().map(hit).collect())
}

//! `/api/v1/tickets`: the same commands in JSON.

pub mod acts;
pub mod files;
pub mod talk;
pub mod tickets;

use catalog::{ChannelId, QueueId};
use kit::{CompanyId, Context, Instant, Json, Result, Role, UserId, Zone};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::TicketId;
use crate::status::Status;
use crate::ticket::{Priority, Ticket};

#[derive(OpenApi)]
#[openapi(
    paths(
        tickets::index, tickets::create, tickets::show,
        acts::assign, acts::resolve, acts::close, acts::reopen, acts::escalate, acts::transfer,
        talk::comments, talk::comment, talk::timeline,
        files::index, files::create, files::show,
    ),
    tags((name = "tickets"), (name = "comments"), (name = "timeline"), (name = "attachments"))
)]
struct Contract;

pub(crate) fn contract() -> utoipa::openapi::OpenApi {
    Contract::openapi()
}

/// A name with its id.
#[derive(Serialize, ToSchema)]
pub struct Named {
    id: uuid::Uuid,
    name: String,
}

/// A person with what they are.
#[derive(Serialize, ToSchema)]
pub struct PersonJson {
    #[schema(value_type = uuid::Uuid)]
    id: UserId,
    name: String,
    role: Role,
}

/// A ticket.
#[derive(Serialize, ToSchema)]
pub struct TicketJson {
    #[schema(value_type = uuid::Uuid)]
    id: TicketId,
    #[schema(example = "TCK-20261122-0A1B2C3D4E")]
    protocol: String,
    title: String,
    description: String,
    status: Status,
    /// open, in_progress, resolved or closed: derived from the status.
    phase: &'static str,
    priority: Priority,
    queue: Option<Named>,
    /// The category's name when the ticket was opened.
    category: Option<String>,
    subcategory: Option<String>,
    channel: Option<Named>,
    company: Option<Named>,
    requester: Option<PersonJson>,
    assignee: Option<PersonJson>,
    contact_name: Option<String>,
    contact_info: Option<String>,
    solution: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    #[schema(format = DateTime)]
    resolved_at: Option<String>,
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// Goes up with each change.
    version: i32,
}

/// The tickets in JSON, with the names behind their ids: a read for each kind of
/// thing, however many tickets there are.
pub(crate) async fn to_json(cx: &Context, tickets: Vec<Ticket>) -> Result<Vec<TicketJson>> {
    let ids = tickets
        .iter()
        .flat_map(|t| [t.requester, t.assignee])
        .flatten()
        .collect();
    let people = people::named(cx, ids).await?;
    let queues = crate::pages::queue_names(cx).await?;
    let channels = crate::pages::channels(cx).await?;
    let ids = tickets.iter().filter_map(|t| t.company).collect();
    let companies = companies::named(cx, ids).await?;
    let person = |id: Option<UserId>| {
        people.get(&id?).map(|p| PersonJson {
            id: p.id,
            name: p.name.clone(),
            role: p.role,
        })
    };
    let queue = |id: Option<QueueId>| {
        let name = queues.get(&id?)?.clone();
        Some(Named { id: id?.0, name })
    };
    let channel = |id: Option<ChannelId>| {
        let found = channels.iter().find(|c| Some(c.id) == id)?;
        Some(Named {
            id: found.id.0,
            name: found.name.clone(),
        })
    };
    let company = |id: Option<CompanyId>| {
        let name = companies.get(&id?)?.to_string();
        Some(Named { id: id?.0, name })
    };
    let time = |at: Option<Instant>| at.map(Zone::rfc3339);
    let json = |ticket: Ticket| TicketJson {
        id: ticket.id,
        phase: ticket.status.phase(),
        status: ticket.status,
        priority: ticket.priority,
        queue: queue(ticket.queue),
        category: ticket.category_name,
        subcategory: ticket.subcategory_name,
        channel: channel(ticket.channel),
        company: company(ticket.company),
        requester: person(ticket.requester),
        assignee: person(ticket.assignee),
        contact_name: ticket.contact_name,
        contact_info: ticket.contact_info,
        solution: ticket.solution,
        created_at: Zone::rfc3339(ticket.created_at),
        updated_at: Zone::rfc3339(ticket.updated_at),
        resolved_at: time(ticket.resolved_at),
        closed_at: time(ticket.closed_at),
        version: ticket.version,
        protocol: ticket.protocol,
        title: ticket.title,
        description: ticket.description,
    };
    Ok(tickets.into_iter().map(json).collect())
}

/// One ticket in JSON.
pub(crate) async fn one(cx: &Context, ticket: Ticket) -> Result<Json<TicketJson>> {
    let mut all = to_json(cx, vec![ticket]).await?;
    all.pop().map(Json).ok_or(kit::Error::NotFound)
}

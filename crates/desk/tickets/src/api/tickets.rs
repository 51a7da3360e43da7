use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use catalog::{CategoryId, ChannelId, QueueId};
use kit::{CompanyId, Context, Cursor, Error, Json, PAGE, Result, UserId};
use people::contract::Errors;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{TicketJson, one, to_json};
use crate::commands::{self, Opening};
use crate::filter::{Filter, View};
use crate::status::Status;
use crate::store::list::{self, From};
use crate::store::ticket as store;
use crate::ticket::Priority;

#[derive(Serialize, ToSchema)]
pub struct TicketList {
    items: Vec<TicketJson>,
    /// What to send as `cursor` for the next page, or null at the end.
    next_cursor: Option<String>,
}

/// Parameters of the list; they are combined.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // read from the raw query, with the list page's own reader
pub struct ListQuery {
    #[param(inline)]
    status: Option<Status>,
    /// open, in_progress, resolved or closed.
    #[param(pattern = "^(open|in_progress|resolved|closed)$")]
    phase: Option<String>,
    queue: Option<uuid::Uuid>,
    /// A user's id, `none` or `me`.
    #[param(pattern = "^(none|me|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")]
    assignee: Option<String>,
    /// A category's name, as saved on the ticket.
    category: Option<String>,
    /// Opened on or after this day, in the caller's zone.
    #[param(format = Date)]
    from: Option<String>,
    /// Opened on or before this day.
    #[param(format = Date)]
    to: Option<String>,
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A new ticket. From a requester, everything but the first seven fields is
/// not looked at.
#[derive(Deserialize, ToSchema)]
pub struct NewTicket {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    #[schema(min_length = 1, max_length = 20000)]
    description: String,
    #[schema(value_type = Option<uuid::Uuid>)]
    category: Option<CategoryId>,
    #[schema(value_type = Option<uuid::Uuid>)]
    subcategory: Option<CategoryId>,
    #[schema(value_type = Option<uuid::Uuid>)]
    queue: Option<QueueId>,
    #[schema(inline)]
    priority: Option<Priority>,
    #[schema(value_type = Option<uuid::Uuid>)]
    channel: Option<ChannelId>,
    #[schema(value_type = Option<uuid::Uuid>)]
    company: Option<CompanyId>,
    #[schema(value_type = Option<uuid::Uuid>)]
    requester: Option<UserId>,
    #[schema(value_type = Option<uuid::Uuid>)]
    assignee: Option<UserId>,
    #[schema(max_length = 160)]
    contact_name: Option<String>,
    #[schema(max_length = 160)]
    contact_info: Option<String>,
    #[schema(inline)]
    status: Option<Status>,
}

/// The tickets that the caller may see, newest first.
#[utoipa::path(
    get, path = "/api/v1/tickets", tag = "tickets", params(ListQuery), security(("bearer" = [])),
    responses(
        (status = 200, body = TicketList), (status = 401, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn index(cx: Context, RawQuery(query): RawQuery) -> Result<Json<TicketList>> {
    let pairs = kit::query_pairs(query.as_deref().unwrap_or_default());
    let filter = Filter::parse(&cx, &pairs, View::All)?;
    let get = |name: &str| {
        pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    };
    let limit = match get("limit") {
        None => PAGE,
        Some(text) => match text.parse() {
            Ok(n @ 1..=100) => n,
            _ => return Err(Error::field("limit", "limit")),
        },
    };
    let from = match get("cursor") {
        None => From::Row(0),
        Some(text) => {
            let cursor: Cursor = text
                .parse()
                .map_err(|()| Error::field("cursor", "cursor"))?;
            From::After(cursor)
        }
    };
    let (lines, next) = list::page(&cx, &filter, &from, limit).await?;
    let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
    let tickets = list::tickets(&cx, &ids).await?;
    Ok(Json(TicketList {
        items: to_json(&cx, tickets).await?,
        next_cursor: next.map(|c| c.to_string()),
    }))
}

/// Open a ticket.
#[utoipa::path(
    post, path = "/api/v1/tickets", tag = "tickets", request_body = NewTicket,
    security(("bearer" = [])),
    responses(
        (status = 201, body = TicketJson), (status = 400, body = Errors), (status = 401, body = Errors),
        (status = 413, body = Errors), (status = 415, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn create(cx: Context, Json(new): Json<NewTicket>) -> Result<Response> {
    let opening = Opening {
        title: new.title,
        description: new.description,
        category: new.category,
        subcategory: new.subcategory,
        queue: new.queue,
        priority: new.priority,
        channel: new.channel,
        company: new.company,
        requester: new
            .requester
            .or_else(|| in_own_name(&cx, &new.company, &new.contact_name)),
        assignee: new.assignee,
        contact_name: new.contact_name,
        contact_info: new.contact_info,
        status: new.status,
        files: Vec::new(),
        protocol: None,
    };
    let mut tx = cx.begin().await?;
    let ticket = commands::open(&mut tx, opening).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, one(&cx, ticket).await?).into_response())
}

/// S2's technicians open tickets without naming anybody: they ask for themselves.
fn in_own_name(
    cx: &Context,
    company: &Option<CompanyId>,
    contact: &Option<String>,
) -> Option<UserId> {
    match (company, contact) {
        (None, None) => cx.actor.id(),
        _ => None,
    }
}

/// One ticket, by id or protocol.
#[utoipa::path(
    get, path = "/api/v1/tickets/{ticket}", tag = "tickets", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    responses((status = 200, body = TicketJson), (status = 401, body = Errors), (status = 404, body = Errors))
)]
pub async fn show(cx: Context, Path(name): Path<String>) -> Result<Json<TicketJson>> {
    let ticket = store::find(cx.db(), cx.scope(), &name).await?;
    one(&cx, ticket).await
}

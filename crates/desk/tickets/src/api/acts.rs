//! What moves a ticket on. Assign, resolve and close are as strict as S2's
//! (1.3), and answer 400 where S2 did.

use axum::extract::Path;
use bytes::Bytes;
use catalog::QueueId;
use kit::{Context, Error, Json, Result, Tx, UserId};
use people::contract::Errors;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::{TicketJson, one};
use crate::commands::{self, Closing, Target};
use crate::store::ticket as store;
use crate::ticket::Ticket;

#[derive(Deserialize, Default, ToSchema)]
#[serde(default)]
pub struct Assignment {
    /// Who is to work on it, for a supervisor to say; oneself otherwise.
    #[schema(value_type = Option<uuid::Uuid>)]
    assignee: Option<UserId>,
}

#[derive(Deserialize, ToSchema)]
pub struct Solution {
    #[schema(min_length = 1, max_length = 20000)]
    solution: String,
}

/// Nothing, as the requester; all three, as staff.
#[derive(Deserialize, Default, ToSchema)]
#[serde(default)]
pub struct ClosingJson {
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// hardware, software, network, access, user_error, third_party or other.
    classification: Option<String>,
    #[schema(max_length = 20000)]
    evaluation: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub struct Escalation {
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// The next level's first queue when it is left out.
    #[schema(value_type = Option<uuid::Uuid>)]
    queue: Option<QueueId>,
}

#[derive(Deserialize, ToSchema)]
pub struct Transfer {
    #[schema(value_type = uuid::Uuid)]
    assignee: UserId,
}

/// Take a ticket, or have somebody take it.
#[utoipa::path(
    patch, path = "/api/v1/tickets/{ticket}/assign", tag = "tickets", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    request_body(content = Option<Assignment>),
    responses(
        (status = 200, body = TicketJson),
        (status = 400, body = Errors, description = "Not in phase open, or not JSON"),
        (status = 401, body = Errors), (status = 403, body = Errors), (status = 404, body = Errors),
        (status = 413, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn assign(
    cx: Context,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Json<TicketJson>> {
    let given: Assignment = optional(&body)?;
    let mut tx = cx.begin().await?;
    in_phase(&tx, &name, "open").await?;
    let target = Target::from(name.as_str());
    let done = match given.assignee {
        Some(user) if cx.actor.id() != Some(user) => commands::assign(&mut tx, &target, user).await,
        _ => commands::take(&mut tx, &target).await,
    };
    commit(&cx, tx, done.map_err(as_s2)?).await
}

/// Give a solution.
#[utoipa::path(
    patch, path = "/api/v1/tickets/{ticket}/resolve", tag = "tickets", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    request_body = Solution,
    responses(
        (status = 200, body = TicketJson),
        (status = 400, body = Errors, description = "Not in phase in_progress, or not JSON"),
        (status = 401, body = Errors), (status = 403, body = Errors), (status = 404, body = Errors),
        (status = 413, body = Errors), (status = 415, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn resolve(
    cx: Context,
    Path(name): Path<String>,
    Json(given): Json<Solution>,
) -> Result<Json<TicketJson>> {
    let mut tx = cx.begin().await?;
    in_phase(&tx, &name, "in_progress").await?;
    let done = commands::resolve(&mut tx, &Target::from(name.as_str()), &given.solution).await;
    commit(&cx, tx, done.map_err(as_s2)?).await
}

/// Close a ticket: as its requester once it is resolved, or as staff with reason,
/// classification and evaluation.
#[utoipa::path(
    patch, path = "/api/v1/tickets/{ticket}/close", tag = "tickets", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    request_body(content = Option<ClosingJson>),
    responses(
        (status = 200, body = TicketJson),
        (status = 400, body = Errors, description = "Not in this state, or not JSON"),
        (status = 401, body = Errors), (status = 403, body = Errors), (status = 404, body = Errors),
        (status = 413, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn close(cx: Context, Path(name): Path<String>, body: Bytes) -> Result<Json<TicketJson>> {
    let given: ClosingJson = optional(&body)?;
    let target = Target::from(name.as_str());
    let mut tx = cx.begin().await?;
    let done = if cx.actor.is_staff() {
        let closing = Closing {
            reason: given.reason.unwrap_or_default(),
            classification: given.classification.unwrap_or_default(),
            evaluation: given.evaluation.unwrap_or_default(),
        };
        commands::close(&mut tx, &target, closing).await
    } else {
        commands::confirm(&mut tx, &target).await
    };
    commit(&cx, tx, done.map_err(as_s2)?).await
}

/// Take a ticket up again.
#[utoipa::path(
    post, path = "/api/v1/tickets/{ticket}/reopen", tag = "tickets", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    responses(
        (status = 200, body = TicketJson), (status = 401, body = Errors), (status = 403, body = Errors),
        (status = 404, body = Errors), (status = 409, body = Errors),
    )
)]
pub async fn reopen(cx: Context, Path(name): Path<String>) -> Result<Json<TicketJson>> {
    let mut tx = cx.begin().await?;
    let ticket = commands::reopen(&mut tx, &Target::from(name.as_str())).await?;
    commit(&cx, tx, ticket).await
}

/// Hand a ticket to the next level.
#[utoipa::path(
    post, path = "/api/v1/tickets/{ticket}/escalate", tag = "tickets", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    request_body = Escalation,
    responses(
        (status = 200, body = TicketJson), (status = 400, body = Errors), (status = 401, body = Errors),
        (status = 403, body = Errors), (status = 404, body = Errors), (status = 409, body = Errors),
        (status = 413, body = Errors), (status = 415, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn escalate(
    cx: Context,
    Path(name): Path<String>,
    Json(given): Json<Escalation>,
) -> Result<Json<TicketJson>> {
    let mut tx = cx.begin().await?;
    let target = Target::from(name.as_str());
    let ticket = commands::escalate(&mut tx, &target, &given.reason, given.queue).await?;
    commit(&cx, tx, ticket).await
}

/// Hand a ticket to another technician.
#[utoipa::path(
    post, path = "/api/v1/tickets/{ticket}/transfer", tag = "tickets", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    request_body = Transfer,
    responses(
        (status = 200, body = TicketJson), (status = 400, body = Errors), (status = 401, body = Errors),
        (status = 403, body = Errors), (status = 404, body = Errors), (status = 409, body = Errors),
        (status = 413, body = Errors), (status = 415, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn transfer(
    cx: Context,
    Path(name): Path<String>,
    Json(given): Json<Transfer>,
) -> Result<Json<TicketJson>> {
    let mut tx = cx.begin().await?;
    let target = Target::from(name.as_str());
    let ticket = commands::transfer(&mut tx, &target, given.assignee).await?;
    commit(&cx, tx, ticket).await
}

async fn commit(cx: &Context, tx: Tx, ticket: Ticket) -> Result<Json<TicketJson>> {
    tx.commit().await?;
    one(cx, ticket).await
}

/// S2 lets these calls work in one phase only.
async fn in_phase(tx: &Tx, name: &str, phase: &str) -> Result<()> {
    let ticket = store::find_for_update(tx, name).await?;
    if ticket.status.phase() == phase {
        Ok(())
    } else {
        Err(Error::BadRequest("state"))
    }
}

/// S2 answers 400 in the wrong state, where others answer 409.
fn as_s2(error: Error) -> Error {
    match error {
        Error::Conflict(_) => Error::BadRequest("state"),
        other => other,
    }
}

/// A body that may be missing: S2's clients send none.
fn optional<T: DeserializeOwned + Default>(body: &Bytes) -> Result<T> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(T::default());
    }
    match serde_json::from_slice::<Option<T>>(body) {
        Ok(value) => Ok(value.unwrap_or_default()),
        Err(e) if e.is_data() => Err(Error::field("", "shape")),
        Err(_) => Err(Error::BadRequest("json")),
    }
}

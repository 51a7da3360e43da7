use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::{Context, Json, Result, Role, UserId, Zone};
use people::contract::Errors;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::commands::{self, NewComment, Target};
use crate::status::Status;
use crate::store::{comments as comment_store, ticket as store};
use crate::timeline::{Author, Entry, What, timeline as read};
use crate::{CommentId, TicketId};

#[derive(Deserialize, ToSchema)]
pub struct CommentBody {
    #[schema(min_length = 1, max_length = 20000)]
    content: String,
    /// For the desk only; from a requester it is not looked at.
    #[serde(default)]
    internal: bool,
}

#[derive(Serialize, ToSchema)]
pub struct CommentJson {
    #[schema(value_type = uuid::Uuid)]
    id: CommentId,
    #[schema(value_type = uuid::Uuid)]
    ticket_id: TicketId,
    #[schema(value_type = Option<uuid::Uuid>)]
    user_id: Option<UserId>,
    content: String,
    internal: bool,
    retracted: bool,
    #[schema(format = DateTime)]
    created_at: String,
}

#[derive(Serialize, ToSchema)]
pub struct CommentList {
    items: Vec<CommentJson>,
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct AuthorJson {
    #[schema(value_type = Option<uuid::Uuid>)]
    id: Option<UserId>,
    name: String,
    role: Option<Role>,
    /// staff, client or system.
    kind: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct TimelineItem {
    /// comment or event.
    #[serde(rename = "type")]
    kind: &'static str,
    /// CREATED, ASSIGNED, RESOLVED …; COMMENTED for a comment.
    event_type: &'static str,
    author: AuthorJson,
    from_status: Option<Status>,
    to_status: Option<Status>,
    /// What was written, or the event as a sentence.
    content: String,
    internal: bool,
    #[schema(format = DateTime)]
    created_at: String,
}

#[derive(Serialize, ToSchema)]
pub struct TimelineJson {
    items: Vec<TimelineItem>,
    /// Always null today: a ticket's timeline comes whole up to 200 entries of each kind.
    next_cursor: Option<String>,
}

/// What was written on a ticket, oldest first.
#[utoipa::path(
    get, path = "/api/v1/tickets/{ticket}/comments", tag = "comments", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    responses((status = 200, body = CommentList), (status = 401, body = Errors), (status = 404, body = Errors))
)]
pub async fn comments(cx: Context, Path(name): Path<String>) -> Result<Json<CommentList>> {
    let ticket = store::find(cx.db(), cx.scope(), &name).await?;
    let wanted = comment_store::Wanted {
        internal: cx.scope().sees_internal(),
        after: None,
        before: None,
        limit: 1_000,
    };
    let rows = comment_store::of_ticket(cx.db(), ticket.id, wanted).await?;
    Ok(Json(CommentList {
        items: rows.into_iter().map(json).collect(),
        next_cursor: None,
    }))
}

/// Write on a ticket.
#[utoipa::path(
    post, path = "/api/v1/tickets/{ticket}/comments", tag = "comments", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    request_body = CommentBody,
    responses(
        (status = 201, body = CommentJson), (status = 400, body = Errors), (status = 401, body = Errors),
        (status = 403, body = Errors), (status = 404, body = Errors),
        (status = 409, body = Errors, description = "The ticket is closed"),
        (status = 413, body = Errors), (status = 415, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn comment(
    cx: Context,
    Path(name): Path<String>,
    Json(body): Json<CommentBody>,
) -> Result<Response> {
    let new = NewComment {
        content: body.content,
        internal: body.internal,
        ..NewComment::default()
    };
    let mut tx = cx.begin().await?;
    let (ticket, id) = commands::comment(&mut tx, &Target::from(name.as_str()), new).await?;
    tx.commit().await?;
    let row = comment_store::find(cx.db(), ticket.id, id).await?;
    let row = row.ok_or(kit::Error::NotFound)?;
    Ok((StatusCode::CREATED, Json(json(row))).into_response())
}

fn json(row: comment_store::Model) -> CommentJson {
    let retracted = row.retracted_at.is_some();
    CommentJson {
        id: row.id,
        ticket_id: row.ticket_id,
        user_id: row.author_id,
        content: if retracted {
            String::new()
        } else {
            row.content
        },
        internal: row.internal,
        retracted,
        created_at: Zone::rfc3339(row.created_at),
    }
}

/// What was written and what happened, merged in time, oldest first.
#[utoipa::path(
    get, path = "/api/v1/tickets/{ticket}/timeline", tag = "timeline", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    responses((status = 200, body = TimelineJson), (status = 401, body = Errors), (status = 404, body = Errors))
)]
pub async fn timeline(cx: Context, Path(name): Path<String>) -> Result<Json<TimelineJson>> {
    let ticket = store::find(cx.db(), cx.scope(), &name).await?;
    let timeline = read(&cx, &ticket, None).await?;
    Ok(Json(TimelineJson {
        items: timeline.entries.into_iter().map(item).collect(),
        next_cursor: None,
    }))
}

fn item(entry: Entry) -> TimelineItem {
    let created_at = Zone::rfc3339(entry.at);
    let author = author(entry.author);
    match entry.what {
        What::Message(message) => TimelineItem {
            kind: "comment",
            event_type: "COMMENTED",
            author,
            from_status: None,
            to_status: None,
            content: message.content,
            internal: message.internal,
            created_at,
        },
        What::Event(done) => TimelineItem {
            kind: "event",
            event_type: done.name,
            author,
            from_status: done.from,
            to_status: done.to,
            content: done.sentence,
            internal: false,
            created_at,
        },
    }
}

fn author(author: Author) -> AuthorJson {
    AuthorJson {
        id: author.id,
        name: author.name,
        role: author.role,
        kind: author.kind.code(),
    }
}

use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use kit::{App, Context, Json, Result, Upload};
use people::contract::Errors;
use serde::Serialize;
use utoipa::ToSchema;

use crate::AttachmentId;
use crate::commands::{self, NewComment, Target};
use crate::store::{attachments, ticket as store};
use crate::timeline::File;

#[derive(Serialize, ToSchema)]
pub struct FileJson {
    #[schema(value_type = uuid::Uuid)]
    id: AttachmentId,
    name: String,
    media_type: String,
    /// In bytes.
    size: i64,
}

#[derive(Serialize, ToSchema)]
pub struct FileList {
    items: Vec<FileJson>,
    next_cursor: Option<String>,
}

/// Files to send, all in fields called `files`.
#[derive(ToSchema)]
#[allow(dead_code)] // documents the multipart body
pub struct Files {
    #[schema(value_type = Vec<String>, format = Binary)]
    files: Vec<String>,
}

/// A ticket's files, oldest first.
#[utoipa::path(
    get, path = "/api/v1/tickets/{ticket}/attachments", tag = "attachments", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    responses((status = 200, body = FileList), (status = 401, body = Errors), (status = 404, body = Errors))
)]
pub async fn index(cx: Context, Path(name): Path<String>) -> Result<Json<FileList>> {
    let ticket = store::find(cx.db(), cx.scope(), &name).await?;
    let rows = attachments::of_ticket(cx.db(), cx.scope(), ticket.id).await?;
    Ok(Json(FileList {
        items: rows.into_iter().map(File::from).map(json).collect(),
        next_cursor: None,
    }))
}

/// Attach files to a ticket: they come as a message without text.
#[utoipa::path(
    post, path = "/api/v1/tickets/{ticket}/attachments", tag = "attachments", security(("bearer" = [])),
    params(("ticket" = String, Path, description = "Id or protocol")),
    request_body(content = Files, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = FileList), (status = 400, body = Errors), (status = 401, body = Errors),
        (status = 403, body = Errors), (status = 404, body = Errors),
        (status = 409, body = Errors, description = "The ticket is closed"),
        (status = 413, body = Errors), (status = 415, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn create(
    cx: Context,
    State(app): State<App>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response> {
    // Whether there is such a ticket comes before what was sent to it.
    store::find(cx.db(), cx.scope(), &name).await?;
    let files = Upload::all(request, &app).await?;
    if files.is_empty() {
        return Err(kit::Error::field("files", "required"));
    }
    let new = NewComment {
        files,
        ..NewComment::default()
    };
    let mut tx = cx.begin().await?;
    let (ticket, comment) = commands::comment(&mut tx, &Target::from(name.as_str()), new).await?;
    tx.commit().await?;
    let rows = attachments::of_ticket(cx.db(), cx.scope(), ticket.id).await?;
    let new = rows
        .into_iter()
        .filter(|row| row.comment_id == Some(comment));
    let list = FileList {
        items: new.map(File::from).map(json).collect(),
        next_cursor: None,
    };
    Ok((StatusCode::CREATED, Json(list)).into_response())
}

/// A file's content.
#[utoipa::path(
    get, path = "/api/v1/tickets/{ticket}/attachments/{attachment}", tag = "attachments",
    security(("bearer" = [])),
    params(
        ("ticket" = String, Path, description = "Id or protocol"),
        ("attachment" = String, Path, description = "The file's id"),
    ),
    responses(
        (status = 200, description = "The file, as what it is", content_type = "*/*"),
        (status = 401, body = Errors), (status = 404, body = Errors),
    )
)]
pub async fn show(
    cx: Context,
    method: Method,
    Path((ticket, id)): Path<(String, String)>,
) -> Result<Response> {
    crate::pages::files::send(&cx, &method, &ticket, &id, false).await
}

fn json(file: File) -> FileJson {
    FileJson {
        id: file.id,
        name: file.name,
        media_type: file.media_type,
        size: file.size,
    }
}

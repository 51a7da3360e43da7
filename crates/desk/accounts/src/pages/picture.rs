use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use kit::{Context, Error, Form, Problems, Result, Upload, UserId, new_id};

use super::profile::answered;
use crate::pictures::{self, path};

/// A picture is so large at most, in bytes.
const MOST: usize = 1_000_000;

pub async fn change(cx: Context, headers: HeaderMap, mut form: Form) -> Result<Response> {
    let done = async {
        form.refuse_large_files(cx.app.settings.file_bytes)?;
        let file = form.files.pop();
        let key = match (file, form.ticked("remove")) {
            (_, true) => None,
            (Some(file), _) => Some(keep(&cx, file).await?),
            (None, _) => return Err(Error::field("files", "required")),
        };
        let mut tx = cx.begin().await?;
        if let Some(before) = people::set_picture(&mut tx, key).await? {
            pictures::remove(&tx, &before).await?;
        }
        tx.commit().await?;
        Ok("saved")
    };
    let done = done.await;
    answered(&cx, &headers, "picture", form, done).await
}

/// Keeps a picture under a name of its own, so that whoever removes another's cannot
/// remove this one.
async fn keep(cx: &Context, file: Upload) -> Result<String> {
    let mut problems = Problems::default();
    let kind = storage::sniff(&file.name, &file.content);
    let kind = kind
        .ok()
        .filter(|kind| kind.media_type.starts_with("image/"));
    if kind.is_none() {
        problems.add("files", "picture").about = Some(file.name.clone());
    }
    if file.content.len() > MOST {
        let problem = problems.add("files", "file-too-large");
        problem.limit = i64::try_from(MOST / 1_000_000).ok();
        problem.about = Some(file.name.clone());
    }
    problems.done()?;
    let ending = kind.map_or("", |kind| kind.ending);
    let name = format!("{}.{ending}", new_id(cx.now).simple());
    cx.app.storage.put(&path(&name), file.content).await?;
    Ok(name)
}

/// A colleague's picture, one's own, or that of the desk's staff.
pub async fn show(cx: Context, Path((user, name)): Path<(String, String)>) -> Result<Response> {
    let id: UserId = user.parse().map_err(|_| Error::NotFound)?;
    let person = people::named(&cx, vec![id]).await?.remove(&id);
    let person = person.ok_or(Error::NotFound)?;
    let seen = cx.scope().sees_company(person.company)
        || person.role.is_staff()
        || cx.actor.id() == Some(id);
    if !seen || person.picture.as_deref() != Some(&name) {
        return Err(Error::NotFound);
    }
    let content: Bytes = cx.app.storage.get(&path(&name)).await?;
    let kind = storage::sniff(&name, &content).map_err(|_| Error::NotFound)?;
    let headers = [
        (CONTENT_TYPE, kind.media_type.to_owned()),
        (
            CACHE_CONTROL,
            "private, max-age=31536000, immutable".to_owned(),
        ),
    ];
    Ok((headers, content).into_response())
}

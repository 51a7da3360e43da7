//! A ticket's files. Always as an attachment, except raster images and PDF,
//! which may be viewed; never anything that could run.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use kit::{Context, Error, Result};

use crate::AttachmentId;
use crate::events::Downloaded;
use crate::store::{attachments, ticket as store};

pub async fn download(
    cx: Context,
    method: Method,
    Path((ticket, id)): Path<(String, String)>,
) -> Result<Response> {
    send(&cx, &method, &ticket, &id, false).await
}

pub async fn view(
    cx: Context,
    method: Method,
    Path((ticket, id)): Path<(String, String)>,
) -> Result<Response> {
    send(&cx, &method, &ticket, &id, true).await
}

/// A file of a ticket that the reader may see; inline only when they asked for
/// it and its kind is harmless. Whoever takes one is recorded before it leaves (S4-248);
/// a picture that a page shows is not taken.
pub async fn send(
    cx: &Context,
    method: &Method,
    ticket: &str,
    id: &str,
    view: bool,
) -> Result<Response> {
    let ticket = store::find(cx.db(), cx.scope(), ticket).await?;
    let id: AttachmentId = id.parse().map_err(|_| Error::NotFound)?;
    let file = attachments::find(cx.db(), cx.scope(), ticket.id, id)
        .await?
        .ok_or(Error::NotFound)?;
    let content = cx.app.storage.get(&file.path).await?;
    let inline = view && file.inline;
    let shown = inline && file.media_type.starts_with("image/");
    if !shown && method == Method::GET {
        let mut tx = cx.begin().await?;
        tx.record(&Downloaded {
            ticket: ticket.id,
            company: ticket.company,
            file: file.id,
            name: file.name.clone(),
        });
        tx.commit().await?;
    }
    let text = |value: String| HeaderValue::from_str(&value).map_err(Error::internal);
    let mut headers = HeaderMap::new();
    // Text is UTF-8 or read as such: nothing is guessed.
    let charset = if file.media_type == "text/plain" {
        "; charset=utf-8"
    } else {
        ""
    };
    headers.insert(
        header::CONTENT_TYPE,
        text(format!("{}{charset}", file.media_type))?,
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        text(disposition(inline, &file.name))?,
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // A browser's PDF viewer does not open in a sandbox; a PDF cannot act as a page.
    let csp = match file.media_type.as_str() {
        "application/pdf" => "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'",
        _ => "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    };
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(csp),
    );
    // What the browser takes from its own store, nobody sees taken.
    let keep = match shown {
        true => "private, max-age=3600",
        false => "private, no-store",
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    Ok((headers, content).into_response())
}

/// The name in ASCII for old clients and in UTF-8 for the others (RFC 6266).
fn disposition(inline: bool, name: &str) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|c| match c {
            ' ' | '.' | '-' | '_' | '(' | ')' => c,
            c if c.is_ascii_alphanumeric() => c,
            _ => '_',
        })
        .collect();
    let encoded = kit::percent_encode(name);
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_with_accents_and_quotes_survives_the_header() {
        assert_eq!(
            disposition(false, "nota \"1\" ção.pdf"),
            "attachment; filename=\"nota _1_ __o.pdf\"; \
             filename*=UTF-8''nota%20%221%22%20%C3%A7%C3%A3o.pdf"
        );
    }
}

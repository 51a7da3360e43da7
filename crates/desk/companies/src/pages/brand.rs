//! `/brand/{slug}/{file}`: a company's style sheet, logo and favicon. Public, because the
//! sign-in page wears them; they tell nothing that stands not on that page.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use kit::{Context, Error, Result, redirect};

use crate::faces::{self, Face};

pub async fn serve(cx: Context, Path((slug, file)): Path<(String, String)>) -> Result<Response> {
    let faces = faces::faces(&cx.app, cx.seq.max(cx.app.live.head())).await?;
    let face = faces.at(&slug).ok_or(Error::NotFound)?;
    let query = cx.path.split_once('?').map(|(_, query)| query);
    match file.as_str() {
        "logo" => picture(&cx, face.logo.as_ref(), query).await,
        "icon" => picture(&cx, face.icon.as_ref(), query).await,
        sheet => style(face, &slug, sheet),
    }
}

/// One that is gone from the disk is shown as the product's own (S3-197).
async fn picture(
    cx: &Context,
    kept: Option<&(String, String)>,
    query: Option<&str>,
) -> Result<Response> {
    let fallback = || redirect((cx.app.asset)("favicon.svg"));
    let Some((key, media_type)) = kept else {
        return Ok(fallback());
    };
    let Ok(content) = cx.app.storage.get(key).await else {
        tracing::warn!(%key, "a brand's picture is missing");
        return Ok(fallback());
    };
    let hash = storage::fingerprint(&content);
    let named = query.is_some_and(|q| q.strip_prefix("v=").is_some_and(|v| hash.starts_with(v)));
    let mut response = sent(content, media_type, named)?;
    // A letter that is read in another site's pages shows it, too.
    let anywhere = HeaderValue::from_static("cross-origin");
    let headers = response.headers_mut();
    headers.insert("cross-origin-resource-policy", anywhere);
    Ok(response)
}

fn style(face: &Face, slug: &str, sheet: &str) -> Result<Response> {
    if !sheet.ends_with(".css") || face.css.is_empty() {
        return Err(Error::NotFound);
    }
    let named = face.style() == format!("/brand/{slug}/{sheet}");
    let content = Bytes::from(face.css.clone());
    sent(content, "text/css; charset=utf-8", named)
}

/// For ever, when the address names the content, which is `named`. Private: a cookie may
/// go with it.
fn sent(content: Bytes, media_type: &str, named: bool) -> Result<Response> {
    let cache = match named {
        true => "private, max-age=31536000, immutable",
        false => "private, no-cache",
    };
    let mut headers = HeaderMap::new();
    let media_type = HeaderValue::from_str(media_type).map_err(Error::internal)?;
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok((headers, content).into_response())
}

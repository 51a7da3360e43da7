//! Conditional answers (S3-038, RFC 9110 section 13): whoever has a page already
//! and nothing happened since, is told so with a 304 before anything is read.
//!
//! The tag is made of the log's newest number, read from the database with whoever
//! asks and not remembered, so that it holds whichever node asks; of who reads, in
//! which language, zone and looks; and of the minute, because pages say "5 minutes ago".
//! It is taken before the page is made: what happens meanwhile makes it old.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use kit::{Actor, Context};

use crate::router::changes;
use crate::shield::is_api;

/// What a signed-in reader's answer is tagged with.
#[must_use]
pub fn tag(cx: &mut Context, request: &Request) -> Option<HeaderValue> {
    let Actor::User(user) = &cx.actor else {
        return None;
    };
    let uri = request.uri();
    let path = uri.path();
    if cx.seq == 0 || cx.flash.is_some() || is_passing(path) || changes(request) {
        return None;
    }
    // A frame asks for half of a page by the page's own address; and what an act on
    // many did is no event when it did nothing.
    let done = uri.query().is_some_and(|q| q.contains("done="));
    if done || request.headers().contains_key("turbo-frame") {
        return None;
    }
    let user = user.id;
    // What is searched for comes from the index, which follows the log at its own
    // pace: the page is as old as that, and asks again until it has caught up.
    let head = cx.seq;
    let searches = path.starts_with("/search") || uri.query().is_some_and(|q| q.contains("q="));
    if searches {
        cx.seq = cx.seq.min(cx.app.index.read_to().max(0));
    }
    // A program has no forms, and without a cookie a new secret each time.
    let forms = if is_api(path) { "" } else { &*cx.csrf };
    let made_of = format!(
        "{head} {} {user} {forms} {} {} {:?} {} {}",
        cx.seq,
        cx.locale.tag(),
        cx.zone.name(),
        cx.looks,
        cx.now.millis() / 60_000,
        ui::asset("app.css"),
    );
    let tag = cx.app.key.sign_hex("etag", made_of.as_bytes());
    HeaderValue::from_str(&format!("W/\"{}\"", &tag[..32])).ok()
}

/// Whether what is answered there moves without the log: as a reading of the log does,
/// which the audit shows while it goes on.
fn is_passing(path: &str) -> bool {
    matches!(path, "/live" | "/live/ws" | "/admin/audit") || path.ends_with("/presence")
}

/// The answer to whoever has the page of this tag.
#[must_use]
pub fn unchanged(request: &Request, tag: &HeaderValue) -> Option<Response> {
    let known = request.headers().get_all(header::IF_NONE_MATCH).iter();
    let tag = tag.to_str().ok()?;
    let mut tags = known
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','));
    // A proxy that compresses may have made it strong or weak: they compare alike.
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    tags.any(|t| plain(t) == plain(tag))
        .then(|| StatusCode::NOT_MODIFIED.into_response())
}

/// Puts the tag onto a page or an API's answer.
pub fn put(response: &mut Response, tag: HeaderValue) {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let is_page = kind.starts_with("text/html") || kind.starts_with("application/json");
    let is_kept = response.status() == StatusCode::NOT_MODIFIED
        || (response.status() == StatusCode::OK && is_page);
    if is_kept {
        let headers = response.headers_mut();
        headers.insert(header::ETAG, tag);
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("private, no-cache"));
    }
}

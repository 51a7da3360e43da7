//! The one layer that words refusals: a page with ways out, or
//! `{"errors":[{"code","detail","field"}]}` for programs.

use std::any::Any;

use askama::Template;
use axum::extract::Request;
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kit::{Context, Error, Key, Page, percent_encode, query_pairs, redirect, render_with};
use serde::Serialize;
use ui::Components;

use crate::shield::{is_api, opens_socket};

#[derive(Template)]
#[template(path = "error.html")]
struct ForPeople {
    p: Page,
    code: u16,
    about: String,
    kept: Option<Kept>,
}

#[derive(Template)]
#[template(path = "error-public.html")]
struct ForAnybody {
    p: Page,
    code: u16,
    about: String,
    kept: Option<Kept>,
}

/// A form that was not looked at, to be sent again as it was.
struct Kept {
    action: String,
    fields: Vec<(String, String)>,
    /// It had a password, which is not sent back: it is to be typed again.
    password: bool,
}

/// A form of more bytes is not sent back.
const KEPT: usize = 100_000;

#[derive(Serialize)]
struct Refusal {
    errors: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    code: String,
    detail: String,
    field: Option<String>,
}

/// Words whatever the handlers refused.
pub async fn word(cx: Context, request: Request, next: Next) -> Response {
    // Whoever opens a socket cannot be led to a page.
    let api = is_api(request.uri().path()) || opens_socket(request.headers());
    let head = request.method() == axum::http::Method::HEAD;
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<Error>() {
        return answer(&cx, error, api);
    }
    // What axum itself refused has a status and no body of ours.
    let status = response.status();
    let ours =
        response.headers().contains_key(header::CONTENT_TYPE) && !is_plain_text(response.headers());
    if head || ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut worded = match status {
        StatusCode::NOT_FOUND => answer(&cx, Error::NotFound, api),
        StatusCode::PAYLOAD_TOO_LARGE => answer(&cx, Error::TooLarge, api),
        StatusCode::BAD_REQUEST => answer(&cx, Error::BadRequest("request"), api),
        other => page_or_json(&cx, other, Vec::new(), api),
    };
    if let Some(allow) = allow {
        worded.headers_mut().insert(header::ALLOW, allow);
    }
    worded
}

fn is_plain_text(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("text/plain"))
}

/// The answer to a refusal.
#[must_use]
pub fn answer(cx: &Context, error: Error, api: bool) -> Response {
    if let Error::Internal(report) = &error {
        tracing::error!(request = %cx.request_id, %report, "internal error");
    }
    if !api && matches!(error, Error::SignIn) {
        let next = match cx.path.as_ref() {
            "/" | "/dashboard" => String::new(),
            path => format!("?next={}", percent_encode(path)),
        };
        return redirect(&format!("/auth/login{next}"));
    }
    let items = items(cx, &error);
    let mut response = page_or_json(cx, error.status(), items, api);
    advise(&mut response, &error);
    response
}

/// When it makes sense to come again, and how.
fn advise(response: &mut Response, error: &Error) {
    let headers = response.headers_mut();
    match error {
        Error::SignIn => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Error::TooMany(seconds) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds.max(&1)));
        }
        Error::Unavailable => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(5));
        }
        _ => {}
    }
}

/// The page for whoever asked too often. What they typed comes back with it, ready
/// to be sent again.
pub async fn too_many(cx: &Context, seconds: i64, request: Request) -> Response {
    let error = Error::TooMany(seconds);
    let about = items(cx, &error).remove(0).detail;
    let kept = kept(cx, request).await;
    let mut response = page(cx, error.status(), about, kept);
    advise(&mut response, &error);
    response
}

async fn kept(cx: &Context, request: Request) -> Option<Kept> {
    let kind = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return None;
    }
    let action = request.uri().path_and_query()?.to_string();
    let body = axum::body::to_bytes(request.into_body(), KEPT).await.ok()?;
    let mut fields = query_pairs(std::str::from_utf8(&body).ok()?);
    // A page of another site could otherwise put its own words into a form of ours.
    let is_ours = |(name, value): &(String, String)| name == "csrf" && Key::same(value, &cx.csrf);
    if !fields.iter().any(is_ours) {
        return None;
    }
    let passwords = fields.iter().filter(|(name, _)| name.contains("password"));
    let password = match passwords.map(|(name, _)| name.as_str()).collect::<Vec<_>>()[..] {
        [] => false,
        ["password"] => true,
        // To choose a new one belongs on the form's own page.
        _ => return None,
    };
    fields.retain(|(name, _)| name != "csrf" && name != "password");
    Some(Kept {
        action,
        fields,
        password,
    })
}

fn items(cx: &Context, error: &Error) -> Vec<Item> {
    let one = |code: String, key: &str| {
        vec![Item {
            code,
            detail: cx.text(key, &[]),
            field: None,
        }]
    };
    match error {
        Error::Invalid(problems) => problems
            .0
            .iter()
            .map(|p| Item {
                code: p.code.to_owned(),
                detail: cx.word(p),
                field: Some(p.field.clone()).filter(|f| !f.is_empty()),
            })
            .collect(),
        Error::Forbidden(why) => one(format!("forbidden-{why}"), &format!("refused-{why}")),
        Error::Conflict(why) => one(format!("conflict-{why}"), &format!("conflict-{why}")),
        Error::BadRequest(why) => one(format!("bad-{why}"), &format!("bad-{why}")),
        Error::SignIn => one("unauthorized".to_owned(), "unauthorized"),
        Error::TooMany(seconds) => vec![Item {
            code: "error-429".to_owned(),
            detail: wait(cx, *seconds),
            field: None,
        }],
        other => {
            let status = other.status().as_u16();
            one(format!("error-{status}"), &format!("error-{status}"))
        }
    }
}

/// How long to wait, in the unit that says it best.
fn wait(cx: &Context, seconds: i64) -> String {
    match seconds {
        ..=90 => cx.text("wait-seconds", &[("count", seconds.max(1).into())]),
        _ => cx.text("wait-minutes", &[("count", ((seconds + 59) / 60).into())]),
    }
}

fn page_or_json(cx: &Context, status: StatusCode, items: Vec<Item>, api: bool) -> Response {
    let code = status.as_u16();
    if api {
        let mut errors = items;
        if errors.is_empty() {
            errors.push(Item {
                code: format!("error-{code}"),
                detail: cx.text(&format!("error-{code}"), &[]),
                field: None,
            });
        }
        return (status, axum::Json(Refusal { errors })).into_response();
    }
    // A refusal that has its own sentence says it; any other is described.
    let own = items
        .into_iter()
        .next()
        .filter(|i| code == 429 || i.code != format!("error-{code}"));
    let about = own.map_or_else(
        || cx.text(&format!("error-{code}-about"), &[]),
        |i| i.detail,
    );
    page(cx, status, about, None)
}

fn page(cx: &Context, status: StatusCode, about: String, kept: Option<Kept>) -> Response {
    let code = status.as_u16();
    let p = Page::new(cx, &format!("error-{code}"));
    let rendered = if cx.actor.user().is_ok() {
        let page = ForPeople {
            p,
            code,
            about,
            kept,
        };
        render_with(status, &page)
    } else {
        let page = ForAnybody {
            p,
            code,
            about,
            kept,
        };
        render_with(status, &page)
    };
    rendered.unwrap_or_else(|_| status.into_response())
}

/// A panic is our fault like any other: logged once, answered with the page.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let report = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic");
    Error::internal(format!("panic: {report}")).into_response()
}

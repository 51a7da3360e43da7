//! The one layer that words refusals: a page with ways out, or
//! `{"errors":[{"code","detail","field"}]}` for programs.

use std::any::Any;

use askama::Template;
use axum::extract::Request;
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kit::{Context, Error, Page, percent_encode, redirect, render_with};
use serde::Serialize;
use ui::Components;

use crate::shield::{is_api, opens_socket};

#[derive(Template)]
#[template(path = "error.html")]
struct ForPeople {
    p: Page,
    code: u16,
    about: String,
}

#[derive(Template)]
#[template(path = "error-public.html")]
struct ForAnybody {
    p: Page,
    code: u16,
    about: String,
}

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
    let headers = response.headers_mut();
    match error {
        Error::SignIn => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Error::TooMany(seconds) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        Error::Unavailable => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(5));
        }
        _ => {}
    }
    response
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
        other => {
            let status = other.status().as_u16();
            one(format!("error-{status}"), &format!("error-{status}"))
        }
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
        .filter(|i| i.code != format!("error-{code}"));
    let about = own.map_or_else(
        || cx.text(&format!("error-{code}-about"), &[]),
        |i| i.detail,
    );
    let p = Page::new(cx, &format!("error-{code}"));
    let rendered = if cx.actor.user().is_ok() {
        render_with(status, &ForPeople { p, code, about })
    } else {
        render_with(status, &ForAnybody { p, code, about })
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

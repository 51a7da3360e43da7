//! The front door's own pages: the landing page and the health check.

use askama::Template;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::{Context, Page, Registration, Result, Zone, redirect, render};
use sea_orm::ConnectionTrait;
use serde_json::json;
use ui::Components;

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing {
    p: Page,
    /// Whether people make their own accounts here.
    registers: bool,
}

/// What it is, and the way in.
pub async fn landing(cx: Context) -> Result<Response> {
    if cx.actor.user().is_ok() {
        return Ok(redirect("/dashboard"));
    }
    render(&Landing {
        p: Page::new(&cx, "landing-title"),
        registers: cx.app.settings.registration != Registration::Off,
    })
}

/// Whether the desk works: the database answers. Nothing more is told.
pub async fn health(cx: Context) -> Response {
    let well = cx.db().execute_unprepared("SELECT 1").await.is_ok();
    let (status, word) = match well {
        true => (StatusCode::OK, "ok"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    let body = json!({ "status": word, "time": Zone::rfc3339(cx.now) });
    (status, Json(body)).into_response()
}

/// For browsers that ask for it whatever the page says.
pub async fn favicon(cx: Context) -> Response {
    match cx.brand.icon.as_str() {
        "" => redirect(ui::asset("favicon.svg")),
        icon => redirect(icon),
    }
}

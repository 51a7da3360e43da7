use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Result, render, render_with};
use ui::Components;

use super::auth::{device, with_session};
use crate::setup;

#[derive(Template)]
#[template(path = "setup.html")]
struct Setup {
    p: Page,
    form: Form,
}

pub async fn show(cx: Context, Path(token): Path<String>) -> Result<Response> {
    if !setup::is_open(&cx, &token).await? {
        return Err(Error::NotFound);
    }
    render(&Setup {
        p: Page::new(&cx, "setup"),
        form: Form::default(),
    })
}

pub async fn create(
    cx: Context,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response> {
    let input = (form.get("name"), form.get("email"), form.get("password"));
    match setup::use_link(&cx, &token, input, device(&headers)).await {
        Ok(session) => with_session(&session, "/dashboard"),
        Err(Error::Invalid(problems)) => render_with(
            problems.status(),
            &Setup {
                p: Page::new(&cx, "setup").with(problems),
                form,
            },
        ),
        Err(error) => Err(error),
    }
}

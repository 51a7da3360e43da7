//! What is done with people's data: the text that anybody may read, and the reader's own
//! agreement to it (S3-274, S3-275).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use companies::Privacy;
use kit::{Context, Error, Form, Page, Query, Result, redirect_done, render, render_with};
use serde::Deserialize;
use ui::Components;

use crate::consent::{self, Consent};

/// Where one's own is.
pub const PAGE: &str = "/lgpd";

#[derive(Template)]
#[template(path = "lgpd-public.html")]
struct Public {
    p: Page,
    text: Option<Privacy>,
}

#[derive(Template)]
#[template(path = "lgpd.html")]
struct Own {
    p: Page,
    text: Option<Privacy>,
    given: Option<Consent>,
    /// The company wants it before anything else.
    owed: bool,
    /// There is a newer version than the one that was agreed to just now.
    newer: bool,
    /// Where to go on to.
    next: String,
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// The same for everybody, signed in or not.
pub async fn public(cx: Context, Path(place): Path<String>) -> Result<Response> {
    let company = companies::place_of(&cx, &place).await?;
    let (id, name) = company.unzip();
    let title = match name {
        Some(name) => cx.text("lgpd-of", &[("name", name.into())]),
        None => cx.text("lgpd", &[]),
    };
    render(&Public {
        text: companies::privacy(cx.db(), id).await?,
        p: Page::titled(&cx, title),
    })
}

pub async fn show(cx: Context, Query(query): Query<Next>) -> Result<Response> {
    page(&cx, &query.next, false).await
}

/// Agrees to the version that was read, and to no other.
pub async fn accept(cx: Context, form: Form) -> Result<Response> {
    let user = cx.actor.user()?;
    let (id, company) = (user.id, user.company);
    let text = companies::privacy(cx.db(), company).await?;
    let text = text.ok_or(Error::NotFound)?;
    if form.get("version") != text.mark.to_string() {
        return page(&cx, form.get("next"), true).await;
    }
    let mut tx = cx.begin().await?;
    // Another version came in this very moment: nothing was agreed to.
    if consent::holding(tx.db(), company).await? != text.mark {
        drop(tx);
        return page(&cx, form.get("next"), true).await;
    }
    consent::give(&mut tx, id, text.mark).await?;
    match tx.has_recorded() {
        true => tx.commit().await?,
        false => tx.commit_silently("they had agreed before").await?,
    }
    let next = match form.some("next") {
        Some(next) => people::own_path(next),
        None => PAGE,
    };
    Ok(redirect_done(next, "consent-given"))
}

async fn page(cx: &Context, next: &str, newer: bool) -> Result<Response> {
    let user = cx.actor.user()?;
    let text = companies::privacy(cx.db(), user.company).await?;
    let given = match &text {
        Some(text) => consent::newest(cx, user.id, text.mark.owner).await?,
        None => None,
    };
    let own = Own {
        owed: consent::consent_owed(cx).await?,
        p: Page::new(cx, "lgpd"),
        next: next.to_owned(),
        text,
        given,
        newer,
    };
    match newer {
        true => render_with(StatusCode::CONFLICT, &own),
        false => render(&own),
    }
}

impl Own {
    /// Whether they agreed to the version that is shown.
    fn is_accepted(&self, text: &Privacy) -> bool {
        self.given.as_ref().is_some_and(|g| g.mark == text.mark)
    }
}

/// "Version 2, of 14/01/2026": for the templates.
fn version(p: &Page, text: &Privacy) -> String {
    let date = p.date(&text.at);
    let number = text.mark.version.into();
    p.cx()
        .text("lgpd-version", &[("number", number), ("date", date.into())])
}

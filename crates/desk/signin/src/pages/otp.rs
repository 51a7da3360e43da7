//! `/auth/otp`: what is shown beside the password (S3-280).

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, redirect, redirect_done, render_with};
use people::device;
use ui::Components;

use crate::factors::{Factors, mail_leaves};
use crate::pending::{self, Pending};
use crate::{passkeys, verify};

/// Where it is.
pub const HERE: &str = "/auth/otp";

#[derive(Template)]
#[template(path = "otp.html")]
struct Otp {
    p: Page,
    has: Factors,
    /// Whose sign-in it is.
    email: String,
    /// A code is on its way, or has come.
    sent: bool,
    /// Whether codes may come by mail here.
    mail: bool,
    /// Whether there can be passkeys here.
    passkeys: bool,
    refused: Option<String>,
}

pub async fn show(cx: Context, headers: HeaderMap) -> Result<Response> {
    let Some(pending) = pending::find(&cx, &headers).await? else {
        return Ok(redirect("/auth/login"));
    };
    page(&cx, pending, Problems::default(), None).await
}

pub async fn check(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let Some(pending) = pending::find(&cx, &headers).await? else {
        return Ok(redirect("/auth/login"));
    };
    match verify::finish(&cx, &pending, form.get("code"), device(&headers)).await {
        Ok(session) => come_in(&session, &pending.row.next),
        Err(Error::SignIn) => Ok(redirect("/auth/login")),
        Err(Error::Invalid(problems)) => page(&cx, pending, problems, None).await,
        Err(error) => {
            let error = people::noted(&cx, &pending.person, error).await;
            let refused = super::said(&cx, error)?;
            page(&cx, pending, Problems::default(), Some(refused)).await
        }
    }
}

/// Sends a code by mail, or another one.
pub async fn send(cx: Context, headers: HeaderMap, _form: Form) -> Result<Response> {
    let Some(pending) = pending::find(&cx, &headers).await? else {
        return Ok(redirect("/auth/login"));
    };
    if !Factors::of(cx.db(), pending.person.id).await?.email {
        return Err(Error::NotFound);
    }
    let mut tx = cx.begin().await?;
    let asked = match pending::hold(&mut tx, &pending).await {
        Ok(()) => pending::ask_code(&tx, pending.row.id).await,
        Err(error) => Err(error),
    };
    let done = match asked {
        Ok(true) => "code-sent",
        Ok(false) => "code-too-soon",
        Err(Error::SignIn) => return Ok(redirect("/auth/login")),
        Err(error) => return Err(error),
    };
    tx.commit_silently("a code is no change of the desk")
        .await?;
    Ok(redirect_done(HERE, done))
}

/// The session begins, and what led to it is over.
pub fn come_in(session: &str, next: &str) -> Result<Response> {
    let mut response = people::with_session(session, people::own_path(next))?;
    people::set_cookie(&mut response, &pending::no_cookie())?;
    Ok(response)
}

/// The page, and what was refused.
pub async fn page(
    cx: &Context,
    pending: Pending,
    problems: Problems,
    refused: Option<(StatusCode, String)>,
) -> Result<Response> {
    let has = Factors::of(cx.db(), pending.person.id).await?;
    if !has.any() {
        return Ok(redirect("/auth/factor"));
    }
    let (status, refused) = match refused {
        Some((status, text)) => (status, Some(text)),
        None => (problems.status(), None),
    };
    let otp = Otp {
        p: Page::new(cx, "otp").with(problems),
        has,
        email: pending.person.email,
        sent: pending.row.code_asked_at.is_some(),
        mail: mail_leaves(cx),
        passkeys: passkeys::possible(&cx.app),
        refused,
    };
    render_with(status, &otp)
}

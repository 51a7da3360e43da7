//! `/auth/factor`: whoever must show something beside the password and has nothing yet
//! gets it here, before the session begins.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use kit::{
    Context, Error, Form, Page, Problems, Result, redirect, redirect_done, render, render_with,
};
use people::device;
use ui::Components;

use super::factor::Shown;
use super::{never_kept, otp};
use crate::factors::{self, Factors, Whose, mail_leaves};
use crate::passkeys;
use crate::pending::{self, Pending};
use crate::unproved::{self, Holder};

/// Where it is.
const HERE: &str = "/auth/factor";

#[derive(Template)]
#[template(path = "setup.html")]
struct Setup {
    p: Page,
    email: String,
    mail: bool,
    /// Whether there can be passkeys here.
    passkeys: bool,
    /// What was typed as the name of one.
    passkey_name: String,
}

#[derive(Template)]
#[template(path = "totp-public.html")]
struct NewTotp {
    p: Page,
    shown: Shown,
    action: &'static str,
}

#[derive(Template)]
#[template(path = "passkey-public.html")]
struct NewPasskey {
    p: Page,
    challenge: String,
    options: String,
    action: &'static str,
}

#[derive(Template)]
#[template(path = "codes-public.html")]
struct Codes {
    p: Page,
    codes: Vec<String>,
    next: String,
}

pub async fn show(cx: Context, headers: HeaderMap) -> Result<Response> {
    match without(&cx, &headers).await? {
        Ok(pending) => page(&cx, &pending, Problems::default(), ""),
        Err(to) => Ok(to),
    }
}

/// Codes by mail: the first one proves that they come.
pub async fn email(cx: Context, headers: HeaderMap, _form: Form) -> Result<Response> {
    let pending = match without(&cx, &headers).await? {
        Ok(pending) => pending,
        Err(to) => return Ok(to),
    };
    if !mail_leaves(&cx) {
        return Err(Error::Conflict("factor-no-mail"));
    }
    let mut tx = cx.begin().await?;
    pending::hold(&mut tx, &pending).await?;
    factors::set_email(&mut tx, whose(&pending), true).await?;
    // Every sign-in that was not finished is over by that, so another one begins.
    let person = people::person(tx.db(), pending.person.id).await?;
    let person = person.ok_or(Error::SignIn)?;
    let by = pending.row.vouched_by.as_deref();
    let (id, token) = pending::begin(&tx, &person, &pending.row.next, by).await?;
    pending::ask_code(&tx, id).await?;
    tx.commit().await?;
    let mut response = redirect(otp::HERE);
    people::set_cookie(&mut response, &pending::cookie(&token))?;
    Ok(response)
}

pub async fn begin_totp(cx: Context, headers: HeaderMap, _form: Form) -> Result<Response> {
    let pending = match without(&cx, &headers).await? {
        Ok(pending) => pending,
        Err(to) => return Ok(to),
    };
    let mut tx = cx.begin().await?;
    pending::hold(&mut tx, &pending).await?;
    unproved::begin(&tx, pending.person.id, holder(&pending)).await?;
    tx.commit_silently("a key that no code has proved changes nothing")
        .await?;
    Ok(redirect("/auth/factor/totp"))
}

pub async fn totp(cx: Context, headers: HeaderMap) -> Result<Response> {
    match without(&cx, &headers).await? {
        Ok(pending) => totp_page(&cx, &pending, Problems::default()).await,
        Err(to) => Ok(to),
    }
}

pub async fn confirm_totp(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let pending = match without(&cx, &headers).await? {
        Ok(pending) => pending,
        Err(to) => return Ok(to),
    };
    let mut tx = cx.begin().await?;
    pending::hold(&mut tx, &pending).await?;
    let (whose, holder) = (whose(&pending), holder(&pending));
    match factors::confirm_totp(&mut tx, whose, holder, form.get("code")).await {
        Ok(()) => come_in(&cx, tx, &pending, &headers).await,
        Err(Error::Invalid(problems)) => {
            drop(tx);
            totp_page(&cx, &pending, problems).await
        }
        Err(Error::NotFound) => Ok(redirect_done(HERE, "totp-over")),
        Err(error) => Err(error),
    }
}

pub async fn begin_passkey(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let pending = match without(&cx, &headers).await? {
        Ok(pending) => pending,
        Err(to) => return Ok(to),
    };
    let tx = cx.begin().await?;
    match passkeys::ask_new(&tx, &pending.person, form.get("passkey_name")).await {
        Ok(asked) => {
            tx.commit_silently("a challenge is no change of the desk")
                .await?;
            render(&NewPasskey {
                p: Page::new(&cx, "passkey-new"),
                challenge: asked.token,
                options: asked.options.to_string(),
                action: "/auth/factor/passkey/finish",
            })
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            page(&cx, &pending, problems, form.get("passkey_name"))
        }
        Err(error) => Err(error),
    }
}

pub async fn passkey(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let pending = match without(&cx, &headers).await? {
        Ok(pending) => pending,
        Err(to) => return Ok(to),
    };
    let mut tx = cx.begin().await?;
    pending::hold(&mut tx, &pending).await?;
    let (challenge, answer) = (form.get("challenge"), form.get("credential"));
    passkeys::add(&mut tx, whose(&pending), challenge, answer).await?;
    come_in(&cx, tx, &pending, &headers).await
}

/// The sign-in of this browser, if there is nothing to show beside the password. Whoever
/// has something must show it: a password alone adds nothing to it.
async fn without(cx: &Context, headers: &HeaderMap) -> Result<Result<Pending, Response>> {
    let Some(pending) = pending::find(cx, headers).await? else {
        return Ok(Err(redirect("/auth/login")));
    };
    match Factors::of(cx.db(), pending.person.id).await?.any() {
        true => Ok(Err(redirect(otp::HERE))),
        false => Ok(Ok(pending)),
    }
}

fn whose(pending: &Pending) -> Whose<'static> {
    Whose {
        user: pending.person.id,
        but: None,
    }
}

fn holder(pending: &Pending) -> Holder<'static> {
    Holder::Pending(pending.row.id)
}

/// The session begins, and the page shows the recovery codes once.
async fn come_in(
    cx: &Context,
    mut tx: kit::Tx,
    pending: &Pending,
    headers: &HeaderMap,
) -> Result<Response> {
    let codes = factors::first_codes(&mut tx, pending.person.id).await?;
    // What they sign in by has just changed.
    let person = people::person(tx.db(), pending.person.id).await?;
    let person = person.ok_or(Error::SignIn)?;
    let by = pending.row.vouched_by.as_deref();
    let session = match people::start_by(&mut tx, &person, device(headers), by).await {
        Ok(session) => session,
        Err(error) => {
            drop(tx);
            return Err(people::noted(cx, &person, error).await);
        }
    };
    tx.commit().await?;
    let next = people::own_path(&pending.row.next);
    let come = otp::come_in(&session, next)?;
    if codes.is_empty() {
        return Ok(come);
    }
    let page = Codes {
        p: Page::new(cx, "recovery-codes"),
        codes,
        next: next.to_owned(),
    };
    let mut response = never_kept(render(&page)?);
    for cookie in come.headers().get_all(axum::http::header::SET_COOKIE) {
        response
            .headers_mut()
            .append(axum::http::header::SET_COOKIE, cookie.clone());
    }
    Ok(response)
}

fn page(
    cx: &Context,
    pending: &Pending,
    problems: Problems,
    passkey_name: &str,
) -> Result<Response> {
    let status = problems.status();
    let setup = Setup {
        p: Page::new(cx, "factor-setup").with(problems),
        email: pending.person.email.clone(),
        mail: mail_leaves(cx),
        passkeys: passkeys::possible(&cx.app),
        passkey_name: passkey_name.to_owned(),
    };
    render_with(status, &setup)
}

async fn totp_page(cx: &Context, pending: &Pending, problems: Problems) -> Result<Response> {
    let user = pending.person.id;
    let key = unproved::key(&cx.app, cx.db(), user, holder(pending), cx.now).await?;
    let Some(key) = key else {
        return Ok(redirect_done(HERE, "totp-over"));
    };
    let status = problems.status();
    let p = Page::new(cx, "totp").with(problems);
    let page = NewTotp {
        shown: Shown::of(&p, &pending.person.email, &key)?,
        p,
        action: "/auth/factor/totp/confirm",
    };
    render_with(status, &page)
}

//! Below `/meu-perfil/security`: one thing more to sign in by, or one less.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, redirect, redirect_done, render_with};
use people::session_cookie;
use ui::Components;

use super::never_kept;
use super::security::{self, HERE};
use crate::factors::{self, Whose};
use crate::totp::{self, Picture};
use crate::unproved::{self, Holder};
use crate::{PasskeyId, passkeys, proof};

/// The key of an app, to be proved by a code of it.
pub struct Shown {
    /// In groups.
    pub key: String,
    /// What opens an app on the same device.
    pub url: String,
    /// The same to be read by its camera.
    pub picture: Picture,
}

impl Shown {
    /// What is shown of a key.
    ///
    /// # Errors
    /// When it makes no picture.
    pub fn of(p: &Page, email: &str, key: &str) -> Result<Shown> {
        let url = totp::url(p.desk_name(), email, key);
        Ok(Shown {
            key: totp::in_groups(key),
            picture: totp::picture(&url)?,
            url,
        })
    }
}

#[derive(Template)]
#[template(path = "totp.html")]
struct NewTotp {
    p: Page,
    shown: Shown,
    /// Where the form goes.
    action: &'static str,
}

#[derive(Template)]
#[template(path = "passkey.html")]
struct NewPasskey {
    p: Page,
    challenge: String,
    /// What the script asks the device, as JSON.
    options: String,
    action: &'static str,
}

#[derive(Template)]
#[template(path = "codes.html")]
struct Codes {
    p: Page,
    codes: Vec<String>,
    next: String,
}

pub async fn email(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let on = form.ticked("on");
    let Some(session) = proved(&cx, &headers).await? else {
        return Ok(first());
    };
    let mut tx = cx.begin().await?;
    let whose = mine(&cx, &session)?;
    if !factors::set_email(&mut tx, whose, on).await? {
        return Ok(redirect(HERE));
    }
    if !on {
        tx.commit().await?;
        return Ok(redirect_done(HERE, "factor-removed"));
    }
    let codes = factors::first_codes(&mut tx, whose.user).await?;
    tx.commit().await?;
    done(&cx, codes)
}

pub async fn begin_totp(cx: Context, headers: HeaderMap, _form: Form) -> Result<Response> {
    let Some(session) = proved(&cx, &headers).await? else {
        return Ok(first());
    };
    let tx = cx.begin().await?;
    unproved::begin(&tx, cx.actor.user()?.id, Holder::Session(&session)).await?;
    tx.commit_silently("a key that no code has proved changes nothing")
        .await?;
    Ok(redirect("/meu-perfil/security/totp"))
}

pub async fn totp(cx: Context, headers: HeaderMap) -> Result<Response> {
    match proved(&cx, &headers).await? {
        Some(session) => totp_page(&cx, &session, Problems::default()).await,
        None => Ok(first()),
    }
}

pub async fn confirm_totp(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let Some(session) = proved(&cx, &headers).await? else {
        return Ok(first());
    };
    let mut tx = cx.begin().await?;
    let whose = mine(&cx, &session)?;
    let holder = Holder::Session(&session);
    match factors::confirm_totp(&mut tx, whose, holder, form.get("code")).await {
        Ok(()) => {
            let codes = factors::first_codes(&mut tx, whose.user).await?;
            tx.commit().await?;
            done(&cx, codes)
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            totp_page(&cx, &session, problems).await
        }
        Err(Error::NotFound) => Ok(redirect_done(HERE, "totp-over")),
        Err(error) => Err(error),
    }
}

async fn totp_page(cx: &Context, session: &str, problems: Problems) -> Result<Response> {
    let user = cx.actor.user()?;
    let holder = Holder::Session(session);
    let key = unproved::key(&cx.app, cx.db(), user.id, holder, cx.now).await?;
    let Some(key) = key else {
        return Ok(redirect_done(HERE, "totp-over"));
    };
    let status = problems.status();
    let p = Page::new(cx, "totp").with(problems);
    let page = NewTotp {
        shown: Shown::of(&p, &user.email, &key)?,
        p,
        action: "/meu-perfil/security/totp/confirm",
    };
    Ok(never_kept(render_with(status, &page)?))
}

pub async fn remove_totp(cx: Context, headers: HeaderMap, _form: Form) -> Result<Response> {
    let Some(session) = proved(&cx, &headers).await? else {
        return Ok(first());
    };
    let mut tx = cx.begin().await?;
    if factors::remove_totp(&mut tx, mine(&cx, &session)?).await? {
        tx.commit().await?;
    }
    Ok(redirect_done(HERE, "factor-removed"))
}

/// Recovery codes anew: shown here, and never again.
pub async fn codes(cx: Context, headers: HeaderMap, _form: Form) -> Result<Response> {
    let Some(session) = proved(&cx, &headers).await? else {
        return Ok(first());
    };
    let mut tx = cx.begin().await?;
    let codes = factors::renew_codes(&mut tx, mine(&cx, &session)?).await?;
    tx.commit().await?;
    done(&cx, codes)
}

/// Answers with what a script asks the device.
pub async fn begin_passkey(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    if proved(&cx, &headers).await?.is_none() {
        return Ok(first());
    }
    let me = people::person(cx.db(), cx.actor.user()?.id).await?;
    let me = me.ok_or(Error::SignIn)?;
    let tx = cx.begin().await?;
    match passkeys::ask_new(&tx, &me, form.get("passkey_name")).await {
        Ok(asked) => {
            tx.commit_silently("a challenge is no change of the desk")
                .await?;
            let page = NewPasskey {
                p: Page::new(&cx, "passkey-new"),
                challenge: asked.token,
                options: asked.options.to_string(),
                action: "/meu-perfil/security/passkey/finish",
            };
            Ok(never_kept(kit::render(&page)?))
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            security::page(&cx, &headers, problems, form.get("passkey_name")).await
        }
        Err(error) => Err(error),
    }
}

pub async fn passkey(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let Some(session) = proved(&cx, &headers).await? else {
        return Ok(first());
    };
    let mut tx = cx.begin().await?;
    let whose = mine(&cx, &session)?;
    let (challenge, answer) = (form.get("challenge"), form.get("credential"));
    passkeys::add(&mut tx, whose, challenge, answer).await?;
    let codes = factors::first_codes(&mut tx, whose.user).await?;
    tx.commit().await?;
    done(&cx, codes)
}

pub async fn remove_passkey(
    cx: Context,
    headers: HeaderMap,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response> {
    let Some(session) = proved(&cx, &headers).await? else {
        return Ok(first());
    };
    let id: PasskeyId = id.parse().map_err(|_| Error::NotFound)?;
    let mut tx = cx.begin().await?;
    factors::remove_passkey(&mut tx, mine(&cx, &session)?, id).await?;
    tx.commit().await?;
    Ok(redirect_done(HERE, "factor-removed"))
}

/// The session's cookie, of whoever has lately shown who they are.
async fn proved(cx: &Context, headers: &HeaderMap) -> Result<Option<String>> {
    match proof::holds(cx, headers).await? {
        true => Ok(session_cookie(headers)),
        false => Ok(None),
    }
}

/// What is to be done first.
fn first() -> Response {
    redirect_done(HERE, "prove-first")
}

fn mine<'a>(cx: &Context, session: &'a str) -> Result<Whose<'a>> {
    Ok(Whose {
        user: cx.actor.user()?.id,
        but: Some(session),
    })
}

/// Shows codes that were just made, or says that it is done.
fn done(cx: &Context, codes: Vec<String>) -> Result<Response> {
    if codes.is_empty() {
        return Ok(redirect_done(HERE, "factor-added"));
    }
    let page = Codes {
        p: Page::new(cx, "recovery-codes"),
        codes,
        next: HERE.to_owned(),
    };
    Ok(never_kept(kit::render(&page)?))
}

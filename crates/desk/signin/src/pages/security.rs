//! `/meu-perfil/security`: what one signs in by beside the password.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, redirect_done, render_with};
use people::session_cookie;
use ui::Components;

use crate::factors::{Factors, mail_leaves};
use crate::{passkeys, proof, rules};

/// Where it is.
pub const HERE: &str = "/meu-perfil/security";

#[derive(Template)]
#[template(path = "security.html")]
struct Security {
    p: Page,
    has: Factors,
    email: String,
    /// Whether something may be changed: who sits there has just shown who they are.
    open: bool,
    /// Whether there is a password to show it with.
    password: bool,
    /// Whether the role must have something.
    must: bool,
    mail: bool,
    /// Whether there can be passkeys here.
    passkeys: bool,
    /// What was typed as the name of one.
    passkey_name: String,
    /// Whether somebody else vouches for people here.
    vouched: bool,
}

pub async fn show(cx: Context, headers: HeaderMap) -> Result<Response> {
    page(&cx, &headers, Problems::default(), "").await
}

/// The password once more: what follows may be changed for a while.
pub async fn prove(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let word = form.get("password_now");
    match people::prove(&cx, "password_now", word, &headers).await {
        Ok(()) => {
            let session = session_cookie(&headers).unwrap_or_default();
            let mut response = redirect_done(HERE, "proved");
            people::set_cookie(&mut response, &proof::cookie(&cx, &session))?;
            Ok(response)
        }
        Err(Error::Invalid(problems)) => page(&cx, &headers, problems, "").await,
        Err(error) => Err(error),
    }
}

/// The page, with what was wrong, and what was typed as the name of a passkey.
pub async fn page(
    cx: &Context,
    headers: &HeaderMap,
    problems: Problems,
    passkey_name: &str,
) -> Result<Response> {
    let me = people::person(cx.db(), cx.actor.user()?.id).await?;
    let me = me.ok_or(Error::SignIn)?;
    let status = problems.status();
    let security = Security {
        p: Page::new(cx, "security").with(problems),
        has: Factors::of(cx.db(), me.id).await?,
        open: proof::holds(cx, headers).await?,
        password: people::has_password(cx).await?,
        must: rules::must(cx.db(), &me).await?,
        mail: mail_leaves(cx),
        passkeys: passkeys::possible(&cx.app),
        passkey_name: passkey_name.to_owned(),
        vouched: !sso::buttons(cx).await?.is_empty(),
        email: me.email,
    };
    render_with(status, &security)
}

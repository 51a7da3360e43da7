use askama::Template;
use axum::http::header::{HeaderMap, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use kit::{
    Context, Error, Form, Locale, Page, Query, Registration, Result, redirect, render, render_with,
};
use serde::Deserialize;
use ui::Components;

use crate::preferences::{Preferences, prefer};
use crate::sessions;

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    p: Page,
    email: String,
    next: String,
    refused: Option<String>,
    /// The password was right, and the address is yet to be confirmed.
    unconfirmed: bool,
    /// Whether people make their own accounts here.
    registers: bool,
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

pub async fn login(cx: Context, Query(query): Query<Next>) -> Result<Response> {
    if cx.actor.user().is_ok() {
        return Ok(redirect("/dashboard"));
    }
    render(&Login {
        p: Page::new(&cx, "sign-in"),
        email: String::new(),
        next: own_path(&query.next).to_owned(),
        refused: None,
        unconfirmed: false,
        registers: registers(&cx),
    })
}

pub async fn sign_in(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let next = own_path(form.get("next"));
    let result = sessions::sign_in(
        &cx,
        form.get("email"),
        form.get("password"),
        device(&headers),
    )
    .await;
    let (status, refused) = match result {
        Ok(signed_in) => return with_session(&signed_in.token, next),
        Err(Error::Invalid(_)) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            cx.text("credentials", &[]),
        ),
        Err(Error::TooMany(seconds)) => {
            let minutes = (seconds + 59) / 60;
            let text = cx.text("locked", &[("count", minutes.into())]);
            (StatusCode::TOO_MANY_REQUESTS, text)
        }
        Err(Error::Conflict(why)) => (
            StatusCode::CONFLICT,
            cx.text(&format!("conflict-{why}"), &[]),
        ),
        Err(Error::Forbidden(why)) => (
            StatusCode::FORBIDDEN,
            cx.text(&format!("refused-{why}"), &[]),
        ),
        Err(error) => return Err(error),
    };
    render_with(
        status,
        &Login {
            p: Page::new(&cx, "sign-in"),
            email: form.get("email").to_owned(),
            next: next.to_owned(),
            refused: Some(refused),
            unconfirmed: status == StatusCode::CONFLICT,
            registers: registers(&cx),
        },
    )
}

fn registers(cx: &Context) -> bool {
    cx.app.settings.registration != Registration::Off
}

pub async fn logout(cx: Context, headers: HeaderMap, _form: Form) -> Result<Response> {
    if let Some(token) = session_cookie(&headers) {
        sessions::sign_out(&cx, &token).await?;
    }
    let mut response = redirect("/auth/login");
    set_cookie(
        &mut response,
        "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
    )?;
    Ok(response)
}

/// Remembers the reader's language: at their account, or else in a cookie.
pub async fn language(cx: Context, form: Form) -> Result<Response> {
    let mut response = redirect(own_path(form.get("back")));
    if let Some(locale) = Locale::from_tag(form.get("language")) {
        if cx.actor.user().is_ok() {
            let mut tx = cx.begin().await?;
            let new = Preferences {
                locale: Some(Some(locale)),
                ..Preferences::default()
            };
            prefer(&mut tx, new).await?;
            tx.commit_silently("a language is no change of the desk")
                .await?;
        }
        let cookie = format!(
            "language={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax",
            locale.tag()
        );
        set_cookie(&mut response, &cookie)?;
    }
    Ok(response)
}

/// Sends the browser on with its new session.
///
/// # Errors
/// When the token is no cookie's value.
pub fn with_session(token: &str, next: &str) -> Result<Response> {
    let mut response = redirect(next);
    let cookie = format!("session={token}; Path=/; HttpOnly; SameSite=Lax");
    set_cookie(&mut response, &cookie)?;
    Ok(response)
}

/// The browser, as it calls itself.
#[must_use]
pub fn device(headers: &HeaderMap) -> &str {
    headers
        .get(USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
}

pub(super) fn set_cookie(response: &mut Response, cookie: &str) -> Result<()> {
    let value = HeaderValue::from_str(cookie).map_err(Error::internal)?;
    response.headers_mut().append(SET_COOKIE, value);
    Ok(())
}

/// The session cookie's value.
#[must_use]
pub fn session_cookie(headers: &HeaderMap) -> Option<String> {
    kit::cookie(headers, "session").map(str::to_owned)
}

/// A path of our own to go on to; anything else is the dashboard (S3-276).
#[must_use]
pub fn own_path(next: &str) -> &str {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\n', '\r', '\t'])
        && !next.starts_with("/auth/");
    if own { next } else { "/dashboard" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn after_signing_in_nobody_is_led_to_another_site() {
        assert_eq!(own_path("/tickets?view=mine"), "/tickets?view=mine");
        for bad in [
            "",
            "//evil",
            "/\\evil",
            "https://evil",
            "evil",
            "/\tevil",
            "/auth/logout",
        ] {
            assert_eq!(own_path(bad), "/dashboard", "{bad}");
        }
    }
}

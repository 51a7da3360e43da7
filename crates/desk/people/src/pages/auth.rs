//! What a browser brings and is given: cookies, its own name, where it goes on to.

use axum::http::HeaderValue;
use axum::http::header::{HeaderMap, SET_COOKIE, USER_AGENT};
use axum::response::Response;
use kit::{Context, Error, Form, Locale, Result, redirect};

use crate::preferences::{Preferences, prefer};

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

/// Gives the browser one more cookie.
///
/// # Errors
/// When it is none.
pub fn set_cookie(response: &mut Response, cookie: &str) -> Result<()> {
    let value = HeaderValue::from_str(cookie).map_err(Error::internal)?;
    response.headers_mut().append(SET_COOKIE, value);
    Ok(())
}

/// The session cookie's value.
#[must_use]
pub fn session_cookie(headers: &HeaderMap) -> Option<String> {
    kit::cookie(headers, "session").map(str::to_owned)
}

/// A longer way on than so many bytes is none.
const NEXT: usize = 2_000;

/// A path of our own to go on to; anything else is the dashboard (S3-276).
#[must_use]
pub fn own_path(next: &str) -> &str {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.contains(char::is_control)
        && next.len() <= NEXT
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
            "/\u{1}",
            "/auth/logout",
        ] {
            assert_eq!(own_path(bad), "/dashboard", "{bad}");
        }
    }
}

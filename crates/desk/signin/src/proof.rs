//! Before somebody changes what they sign in by, they show once more who they are. It
//! counts for a while, in this session.

use axum::http::HeaderMap;
use kit::{App, Context, Instant, Key, Result};
use people::JUST_NOW_MINUTES;

const COOKIE: &str = "proof";

/// Whether who sits there has shown it lately. Who has no password shows it by having
/// come in lately.
///
/// # Errors
/// When the database refuses.
pub async fn holds(cx: &Context, headers: &HeaderMap) -> Result<bool> {
    let Some(session) = people::session_cookie(headers) else {
        return Ok(false);
    };
    if let Some(given) = kit::cookie(headers, COOKIE) {
        let until = given.split('.').next().and_then(|until| until.parse().ok());
        let until = Instant(until.unwrap_or_default());
        if cx.now < until && Key::same(given, &value(&cx.app, &session, until)) {
            return Ok(true);
        }
    }
    if people::has_password(cx).await? {
        return Ok(false);
    }
    people::came_just_now(cx, headers).await
}

/// The cookie of whoever has shown it now.
pub fn cookie(cx: &Context, session: &str) -> String {
    let value = value(&cx.app, session, cx.now.plus_minutes(JUST_NOW_MINUTES));
    let seconds = JUST_NOW_MINUTES * 60;
    format!("{COOKIE}={value}; Path=/meu-perfil; Max-Age={seconds}; HttpOnly; SameSite=Lax")
}

fn value(app: &App, session: &str, until: Instant) -> String {
    let until = until.millis();
    let signature = app
        .key
        .sign_hex("proof", format!("{until} {session}").as_bytes());
    format!("{until}.{signature}")
}

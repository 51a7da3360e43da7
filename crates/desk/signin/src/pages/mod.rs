//! `/auth`, `/meu-perfil/security` and what an administrator says of it.

pub mod factor;
pub mod login;
pub mod otp;
pub mod passkey;
pub mod rules;
pub mod security;
pub mod setup;
pub mod user;
pub mod vouched;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::response::Response;
use kit::{Context, Error, Result};

/// The same answer, kept nowhere: it shows what is shown once.
fn never_kept(mut response: Response) -> Response {
    let never = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(CACHE_CONTROL, never);
    response
}

/// What a page says of a refusal that is no fault of the program, and its status.
fn said(cx: &Context, error: Error) -> Result<(StatusCode, String)> {
    let text = match &error {
        Error::Invalid(problems) => problems.0.first().map(|p| cx.word(p)).unwrap_or_default(),
        Error::TooMany(seconds) => {
            let minutes = (seconds + 59) / 60;
            cx.text("locked", &[("count", minutes.into())])
        }
        Error::Conflict(why) => cx.text(&format!("conflict-{why}"), &[]),
        Error::Forbidden(why) => cx.text(&format!("refused-{why}"), &[]),
        _ => return Err(error),
    };
    Ok((error.status(), text))
}

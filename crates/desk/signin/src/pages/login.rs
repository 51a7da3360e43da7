use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use companies::Visited;
use kit::{Context, Form, Page, Query, Registration, Result, redirect, render_with};
use people::{device, own_path, session_cookie};
use serde::Deserialize;
use ui::Components;

use crate::{enter, passkeys};

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    p: Page,
    email: String,
    next: String,
    refused: Option<String>,
    /// The address may be yet to be confirmed. That is said to everybody who is refused:
    /// whoever has just registered must not learn whether there was an account before.
    unconfirmed: bool,
    /// Whether people make their own accounts here.
    registers: bool,
    /// Whether there can be passkeys here.
    passkeys: bool,
    /// Where else people may come from.
    providers: Vec<sso::Button>,
    /// Whose door this is, where it is one company's.
    door: Option<Visited>,
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

pub async fn show(cx: Context, Query(query): Query<Next>) -> Result<Response> {
    if cx.actor.user().is_ok() {
        return Ok(redirect("/dashboard"));
    }
    page(&cx, "", own_path(&query.next), None).await
}

pub async fn sign_in(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let next = own_path(form.get("next"));
    let browser = device(&headers);
    let (email, word) = (form.get("email"), form.get("password"));
    let entered = async {
        let person = people::credentials(&cx, email, word, browser).await?;
        let mut tx = cx.begin().await?;
        let entry = enter(&mut tx, &person, browser, next).await?;
        tx.commit().await?;
        Ok(entry)
    };
    match entered.await {
        Ok(entry) => entry.response(next),
        Err(error) => {
            let refused = super::said(&cx, error)?;
            page(&cx, email, next, Some(refused)).await
        }
    }
}

pub async fn sign_out(cx: Context, headers: HeaderMap, _form: Form) -> Result<Response> {
    if let Some(token) = session_cookie(&headers) {
        people::sign_out(&cx, &token).await?;
    }
    let mut response = redirect("/auth/login");
    people::set_cookie(
        &mut response,
        "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
    )?;
    Ok(response)
}

/// The page, and what was refused.
pub async fn page(
    cx: &Context,
    email: &str,
    next: &str,
    refused: Option<(StatusCode, String)>,
) -> Result<Response> {
    let (status, refused) = match refused {
        Some((status, text)) => (status, Some(text)),
        None => (StatusCode::OK, None),
    };
    let login = Login {
        p: Page::new(cx, "sign-in"),
        email: email.to_owned(),
        next: next.to_owned(),
        unconfirmed: cx.app.mail.server().is_some()
            && cx.app.settings.registration != Registration::Off
            && matches!(
                status,
                StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
            )
            && !email.is_empty(),
        refused,
        registers: cx.app.settings.registration != Registration::Off,
        passkeys: passkeys::possible(&cx.app),
        providers: sso::buttons(cx).await?,
        door: companies::visited(cx).await?,
    };
    render_with(status, &login)
}

//! Choosing a password with a link from one's mailbox: another one, or the first.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use kit::{Actor, Context, Error, Form, Page, Problems, Result, redirect_done, render_with};
use people::{NewPassword, device};
use signin::Entry;
use ui::Components;

use super::sent::over;
use crate::links::{self, Purpose};

/// Where whoever is in begins.
const HOME: &str = "/dashboard";

#[derive(Template)]
#[template(path = "password.html")]
struct Password {
    p: Page,
    /// The ends of the locale keys: `reset` or `invite`.
    about: &'static str,
    /// Whose account it is, for password managers.
    email: String,
}

pub async fn reset(cx: Context, Path(token): Path<String>) -> Result<Response> {
    show(&cx, Purpose::Reset, &token, Problems::default()).await
}

pub async fn invited(cx: Context, Path(token): Path<String>) -> Result<Response> {
    show(&cx, Purpose::Invite, &token, Problems::default()).await
}

pub async fn reset_to(cx: Context, Path(token): Path<String>, form: Form) -> Result<Response> {
    let chosen = choose(&cx, Purpose::Reset, &token, &form, None).await;
    answered(&cx, Purpose::Reset, &token, chosen).await
}

pub async fn accept(
    cx: Context,
    headers: HeaderMap,
    Path(token): Path<String>,
    form: Form,
) -> Result<Response> {
    let device = Some(device(&headers));
    let chosen = choose(&cx, Purpose::Invite, &token, &form, device).await;
    answered(&cx, Purpose::Invite, &token, chosen).await
}

/// Sets the password and uses the link up; lets them in where a device is named.
async fn choose(
    cx: &Context,
    purpose: Purpose,
    token: &str,
    form: &Form,
    device: Option<&str>,
) -> Result<Option<Entry>> {
    // Hashing is slow on purpose: a link that is made up must not cost it.
    let (_, person) = links::good(cx, cx.db(), purpose, token).await?;
    let (word, again) = (form.get("password"), form.get("password_again"));
    let new = NewPassword::check(cx, &person, word, again).await?;
    let mut tx = cx.begin().await?;
    let link = links::use_up(&mut tx, purpose, token).await?;
    tx.act_as(Actor::System, cx.now);
    let person = people::set_password(&mut tx, link.user_id, new).await?;
    links::end_all(&tx, link.user_id).await?;
    // A link from a mailbox is one thing; whoever must show two shows the other, too.
    let entry = match device {
        Some(device) => match signin::enter(&mut tx, &person, device, HOME).await {
            Ok(entry) => Some(entry),
            Err(error) => {
                drop(tx);
                return Err(people::noted(cx, &person, error).await);
            }
        },
        None => None,
    };
    tx.commit().await?;
    Ok(entry)
}

async fn answered(
    cx: &Context,
    purpose: Purpose,
    token: &str,
    chosen: Result<Option<Entry>>,
) -> Result<Response> {
    match chosen {
        Ok(Some(entry)) => entry.response(HOME),
        Ok(None) => Ok(redirect_done("/auth/login", "password-set")),
        Err(Error::Invalid(problems)) => show(cx, purpose, token, problems).await,
        Err(Error::NotFound) => over(cx, gone(purpose)),
        Err(error) => Err(error),
    }
}

async fn show(cx: &Context, purpose: Purpose, token: &str, problems: Problems) -> Result<Response> {
    let (_, person) = match links::good(cx, cx.db(), purpose, token).await {
        Ok(found) => found,
        Err(Error::NotFound) => return over(cx, gone(purpose)),
        Err(error) => return Err(error),
    };
    let status = problems.status();
    let about = purpose.code();
    let password = Password {
        p: Page::titled(cx, cx.text(&format!("password-{about}"), &[])).with(problems),
        about,
        email: person.email,
    };
    render_with(status, &password)
}

fn gone(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Invite => "invite-over",
        _ => "reset-over",
    }
}

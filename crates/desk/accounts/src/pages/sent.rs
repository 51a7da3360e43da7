use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::{Actor, Context, Error, Form, Page, Query, Result, redirect, redirect_done, render};
use serde::Deserialize;
use ui::Components;

use crate::letters;
use crate::links::{self, Purpose};

/// A letter is on its way, or a link that is worth nothing.
#[derive(Template)]
#[template(path = "sent.html")]
struct Sent {
    p: Page,
    /// Which letter: the ends of the locale keys.
    about: &'static str,
    /// Whether another one can be asked for.
    again: bool,
}

#[derive(Deserialize)]
pub struct For {
    #[serde(default, rename = "for")]
    purpose: String,
}

/// Says the same whoever asked, and for which address.
pub async fn show(cx: Context, Query(query): Query<For>) -> Result<Response> {
    let purpose = Purpose::from_code(&query.purpose).ok_or(Error::NotFound)?;
    render(&Sent {
        p: Page::new(&cx, "letter-sent"),
        about: purpose.code(),
        again: purpose == Purpose::Confirm,
    })
}

/// Another letter to confirm an address with.
pub async fn again(cx: Context, form: Form) -> Result<Response> {
    if let Ok(email) = people::address(form.get("email")) {
        let tx = cx.begin().await?;
        letters::asked(&tx, &email, Purpose::Confirm).await?;
        tx.commit_silently("a letter is no change of the desk")
            .await?;
    }
    Ok(redirect("/auth/sent?for=confirm"))
}

/// The link in the letter: of a new account, or of another address for one.
pub async fn confirm(cx: Context, Path(token): Path<String>) -> Result<Response> {
    for purpose in [Purpose::Confirm, Purpose::Email] {
        let mut tx = cx.begin().await?;
        let link = match links::use_up(&mut tx, purpose, &token).await {
            Ok(link) => link,
            Err(Error::NotFound) => continue,
            Err(error) => return Err(error),
        };
        // The mailbox speaks, whoever is signed in here.
        tx.act_as(Actor::System, cx.now);
        match people::confirm(&mut tx, link.user_id, link.email).await {
            Ok(_) => {}
            // Somebody else has the new address by now.
            Err(Error::Invalid(_) | Error::NotFound) => break,
            Err(error) => return Err(error),
        }
        match tx.has_recorded() {
            true => tx.commit().await?,
            false => tx.commit_silently("it was confirmed already").await?,
        }
        let to = match cx.actor.user() {
            Ok(_) => "/meu-perfil",
            Err(_) => "/auth/login",
        };
        return Ok(redirect_done(to, "address-confirmed"));
    }
    over(&cx, "confirm-over")
}

/// A link that is worth nothing: no form, and what to do instead.
pub fn over(cx: &Context, about: &'static str) -> Result<Response> {
    let sent = Sent {
        p: Page::new(cx, "link-over"),
        about,
        again: about == "confirm-over",
    };
    kit::render_with(axum::http::StatusCode::NOT_FOUND, &sent)
}

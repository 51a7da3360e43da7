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

/// The one button that confirms an address.
#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm {
    p: Page,
    /// The ends of the locale keys.
    about: &'static str,
    email: String,
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

/// What a link that confirms an address is for: a new account, or another address.
const CONFIRMING: [Purpose; 2] = [Purpose::Confirm, Purpose::Email];

/// The link in the letter. What scans mail opens links, so opening it changes nothing:
/// its page has one button.
pub async fn confirm(cx: Context, Path(token): Path<String>) -> Result<Response> {
    for purpose in CONFIRMING {
        let (link, person) = match links::good(&cx, cx.db(), purpose, &token).await {
            Ok(found) => found,
            Err(Error::NotFound) => continue,
            Err(error) => return Err(error),
        };
        return render(&Confirm {
            p: Page::new(&cx, "confirm-address"),
            about: purpose.code(),
            email: link.email.unwrap_or(person.email),
        });
    }
    over(&cx, "confirm-over")
}

/// The button on that page.
pub async fn confirmed(cx: Context, Path(token): Path<String>, _form: Form) -> Result<Response> {
    for purpose in CONFIRMING {
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
            // Somebody else has the new address by now, or the company takes it no more.
            Err(Error::Invalid(_) | Error::NotFound) => break,
            Err(error) => return Err(error),
        }
        // Whatever else was sent went to the address of before, or is of no use now.
        links::end(&tx, link.user_id).await?;
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

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Result, UserId, redirect_done, render};
use people::Person;
use ui::Components;

use crate::events::AccountEvent;
use crate::letters;
use crate::links::{self, Purpose};
use crate::register::mail_leaves;
use crate::store::links as store;

/// An invitation for somebody who has an account and no password yet, or has lost it.
#[derive(Template)]
#[template(path = "invite.html")]
struct Invite {
    p: Page,
    person: Person,
    /// The link that is good now, for who passes it on in another way, and until when.
    link: Option<(String, kit::Instant)>,
    mail: bool,
}

pub async fn show(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let person = found(&cx, &id).await?;
    let row = store::of(cx.db(), person.id, Purpose::Invite.code()).await?;
    let row = row.filter(|row| cx.now < row.expires_at);
    render(&Invite {
        p: Page::titled(
            &cx,
            cx.text("invite-title", &[("name", person.name.as_str().into())]),
        ),
        link: row.map(|row| {
            (
                links::url(&cx.app, Purpose::Invite, row.id, &person),
                row.expires_at,
            )
        }),
        mail: mail_leaves(&cx),
        person,
    })
}

pub async fn make(cx: Context, Path(id): Path<String>, _form: Form) -> Result<Response> {
    let person = found(&cx, &id).await?;
    if !person.active {
        return Err(Error::Conflict("not-active"));
    }
    let mut tx = cx.begin().await?;
    let link = links::make(&mut tx, Purpose::Invite, person.id, None).await?;
    let done = match mail_leaves(&cx) {
        true => {
            letters::send_link(&tx, link).await?;
            "invited"
        }
        false => "invite-made",
    };
    tx.record(&AccountEvent::Invited(person.id));
    tx.commit().await?;
    Ok(redirect_done(
        &format!("/admin/users/{}/invite", person.id),
        done,
    ))
}

async fn found(cx: &Context, id: &str) -> Result<Person> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    // By it a password is chosen without the old one.
    if cx.actor.id() == Some(id) {
        return Err(Error::Conflict("invite-oneself"));
    }
    people::person(cx.db(), id).await?.ok_or(Error::NotFound)
}

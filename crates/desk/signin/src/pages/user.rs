//! `/admin/users/{user}/security`: what an administrator does for somebody else, who
//! may have lost what they sign in by. Nothing secret is shown here.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Result, UserId, redirect, redirect_done, render};
use people::Person;
use ui::Components;

use crate::factors::{self, Factors, Whose, mail_leaves};
use crate::rules;

#[derive(Template)]
#[template(path = "user-security.html")]
struct User {
    p: Page,
    person: Person,
    has: Factors,
    must: bool,
    mail: bool,
}

pub async fn show(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let person = found(&cx, &id).await?;
    let title = cx.text("user-security", &[("name", person.name.as_str().into())]);
    render(&User {
        p: Page::titled(&cx, title),
        has: Factors::of(cx.db(), person.id).await?,
        must: rules::must(cx.db(), &person).await?,
        mail: mail_leaves(&cx),
        person,
    })
}

/// Codes by mail, or no more (S3-177).
pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let person = found(&cx, &id).await?;
    if let Some(elsewhere) = own(&cx, &person) {
        return Ok(elsewhere);
    }
    let mut tx = cx.begin().await?;
    if factors::set_email(&mut tx, whose(&person), form.ticked("email")).await? {
        tx.commit().await?;
    }
    Ok(redirect_done(&page(person.id), "saved"))
}

/// Everything is lost: they begin anew with their password.
pub async fn reset(cx: Context, Path(id): Path<String>, _form: Form) -> Result<Response> {
    let person = found(&cx, &id).await?;
    if let Some(elsewhere) = own(&cx, &person) {
        return Ok(elsewhere);
    }
    let mut tx = cx.begin().await?;
    if factors::reset(&mut tx, whose(&person)).await? {
        tx.commit().await?;
    }
    Ok(redirect_done(&page(person.id), "factors-reset"))
}

/// What is an administrator's own they change where they prove themselves, as anybody.
fn own(cx: &Context, person: &Person) -> Option<Response> {
    (cx.actor.id() == Some(person.id)).then(|| redirect(super::security::HERE))
}

fn whose(person: &Person) -> Whose<'static> {
    Whose {
        user: person.id,
        but: None,
    }
}

fn page(id: UserId) -> String {
    format!("/admin/users/{id}/security")
}

async fn found(cx: &Context, id: &str) -> Result<Person> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    people::person(cx.db(), id).await?.ok_or(Error::NotFound)
}

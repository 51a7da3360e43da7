use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, render_with};
use ui::Components;

use super::choices::{TicketChoices, is};
use crate::commands::{self, Correction, Target};
use crate::store::ticket as store;
use crate::ticket::Ticket;

#[derive(Template)]
#[template(path = "edit.html")]
struct Edit {
    p: Page,
    ticket: Ticket,
    form: Form,
    choices: TicketChoices,
    /// Somebody else changed it meanwhile; what was typed stands in the form.
    stale: bool,
}

pub async fn edit(cx: Context, Path(name): Path<String>) -> Result<Response> {
    let ticket = store::find(cx.db(), cx.scope(), &name).await?;
    let id = |id: Option<String>| id.unwrap_or_default();
    let category = match ticket.category {
        Some(id) => catalog::category(cx.db(), id).await?,
        None => None,
    };
    let (top, sub) = match &category {
        Some(c) if c.parent.is_some() => (c.parent, Some(c.id)),
        Some(c) => (Some(c.id), None),
        None => (None, None),
    };
    let form = Form::default()
        .with("title", &ticket.title)
        .with("description", &ticket.description)
        .with("category", id(top.map(|c| c.to_string())))
        .with("subcategory", id(sub.map(|c| c.to_string())))
        .with("company", id(ticket.company.map(|c| c.to_string())))
        .with("requester", id(ticket.requester.map(|c| c.to_string())))
        .with("contact_name", id(ticket.contact_name.clone()))
        .with("contact_info", id(ticket.contact_info.clone()));
    page(&cx, ticket, form, Problems::default(), StatusCode::OK).await
}

pub async fn update(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    let ticket = store::find(cx.db(), cx.scope(), &name).await?;
    let mut tx = cx.begin().await?;
    let target = Target {
        ticket: name,
        version: form.get("version").parse().ok(),
    };
    let changed = match correction(&form) {
        Ok(correction) => commands::edit(&mut tx, &target, correction).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok((ticket, changed)) => {
            if changed {
                tx.commit().await?;
            }
            Ok(super::led_on(&cx, &ticket, "saved"))
        }
        Err(Error::Invalid(problems)) => {
            page(
                &cx,
                ticket,
                form,
                problems,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        Err(Error::Conflict("stale")) => {
            page(&cx, ticket, form, Problems::default(), StatusCode::CONFLICT).await
        }
        Err(error) => Err(error),
    }
}

async fn page(
    cx: &Context,
    ticket: Ticket,
    form: Form,
    problems: Problems,
    status: StatusCode,
) -> Result<Response> {
    let edit = Edit {
        p: Page::new(cx, "ticket-edit").with(problems),
        choices: TicketChoices::of(cx).await?,
        stale: status == StatusCode::CONFLICT,
        ticket,
        form,
    };
    render_with(status, &edit)
}

fn correction(form: &Form) -> Result<Correction> {
    let mut problems = Problems::default();
    let some = |name| form.some(name).map(str::to_owned);
    let correction = Correction {
        title: form.get("title").to_owned(),
        description: form.get("description").to_owned(),
        category: form.id("category", &mut problems),
        subcategory: form.id("subcategory", &mut problems),
        company: form.id("company", &mut problems),
        requester: form.id("requester", &mut problems),
        contact_name: some("contact_name"),
        contact_info: some("contact_info"),
    };
    problems.done()?;
    Ok(correction)
}

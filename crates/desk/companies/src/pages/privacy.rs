//! What a company, or the desk, tells people about their data, in a page of its own: it
//! is long, and each change is a version.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kit::{
    CompanyId, Context, Error, Form, Instant, Page, Problems, Result, redirect_done, render_with,
};
use ui::Components;

use super::found;
use crate::commands;
use crate::store::{faces::DESK, privacy as store};
use crate::{CONFIG, LIST};

#[derive(Template)]
#[template(path = "privacy.html")]
struct Privacy {
    p: Page,
    /// The page that this one belongs to, and its name.
    back: (String, String),
    /// Where anybody reads it.
    public: String,
    text: String,
    /// The version that was shown.
    after: i32,
    /// All of them, the newest first.
    versions: Vec<(String, Instant)>,
    /// Whether there is one to be had elsewhere when this one is empty.
    of_company: bool,
}

/// Whose text it is.
struct Owner {
    company: Option<CompanyId>,
    back: (String, String),
}

pub async fn of_company(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let owner = company(&cx, &id).await?;
    page(&cx, owner, None, StatusCode::OK, Problems::default()).await
}

pub async fn set_of_company(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let owner = company(&cx, &id).await?;
    save(&cx, owner, form).await
}

pub async fn of_desk(cx: Context) -> Result<Response> {
    let owner = desk(&cx);
    page(&cx, owner, None, StatusCode::OK, Problems::default()).await
}

pub async fn set_of_desk(cx: Context, form: Form) -> Result<Response> {
    let owner = desk(&cx);
    save(&cx, owner, form).await
}

async fn company(cx: &Context, id: &str) -> Result<Owner> {
    let company = found(cx, id).await?;
    Ok(Owner {
        company: Some(company.id),
        back: (format!("{LIST}/{}", company.id), company.name),
    })
}

fn desk(cx: &Context) -> Owner {
    Owner {
        company: None,
        back: (CONFIG.to_owned(), cx.text("desk", &[])),
    }
}

async fn save(cx: &Context, owner: Owner, form: Form) -> Result<Response> {
    let after = form.get("after").parse().unwrap_or_default();
    let mut tx = cx.begin().await?;
    let done = commands::set_privacy(&mut tx, owner.company, after, form.get("privacy")).await;
    let (status, problems) = match done {
        Ok(true) => {
            tx.commit().await?;
            return Ok(redirect_done(&format!("{}/privacy", owner.back.0), "saved"));
        }
        Ok(false) => return Ok(redirect_done(&format!("{}/privacy", owner.back.0), "saved")),
        Err(Error::Invalid(problems)) => (problems.status(), problems),
        // What was typed stands there still, beside the versions that came meanwhile.
        Err(Error::Conflict(_)) => {
            let mut problems = Problems::default();
            problems.add("privacy", "privacy-newer");
            (StatusCode::CONFLICT, problems)
        }
        Err(error) => return Err(error),
    };
    drop(tx);
    page(cx, owner, Some(form), status, problems).await
}

async fn page(
    cx: &Context,
    owner: Owner,
    typed: Option<Form>,
    status: StatusCode,
    problems: Problems,
) -> Result<Response> {
    let id = owner.company.unwrap_or(DESK);
    let newest = store::newest(cx.db(), id).await?;
    let after = newest.as_ref().map_or(0, |newest| newest.version);
    let text = match typed {
        Some(form) => form.get("privacy").to_owned(),
        None => newest.and_then(|newest| newest.body).unwrap_or_default(),
    };
    let versions = store::versions(cx.db(), id).await?;
    let place = owner.company.map_or("desk".to_owned(), |id| id.to_string());
    let privacy = Privacy {
        p: Page::new(cx, "privacy-text").with(problems),
        public: format!("/lgpd/public/{place}"),
        of_company: owner.company.is_some(),
        back: owner.back,
        text,
        after,
        versions: versions
            .into_iter()
            .map(|(number, at)| {
                let number = [("count", number.into())];
                (cx.text("privacy-text-version", &number), at)
            })
            .collect(),
    };
    render_with(status, &privacy)
}

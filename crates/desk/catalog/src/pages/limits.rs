//! `/admin/users/{user}/limits`: into which queues and companies somebody may look.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::{CompanyId, Context, Error, Form, Page, Problems, Result, redirect_done, render_with};
use people::Person;
use ui::Components;

use crate::QueueId;
use crate::limits::{Choices, limit, person};

#[derive(Template)]
#[template(path = "limits.html")]
struct Edit {
    p: Page,
    /// The person's own page.
    back: String,
    queues: Vec<Choice>,
    companies: Vec<Choice>,
}

/// A box to tick.
struct Choice {
    id: String,
    name: String,
    ticked: bool,
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let person = person(&cx, &id).await?;
    limitable(&person)?;
    let mut form = Form::default();
    for id in person.limits.iter().flat_map(|limits| &limits.queues) {
        form = form.with("queues", id.to_string());
    }
    for id in person.limits.iter().flat_map(|limits| &limits.companies) {
        form = form.with("companies", id.to_string());
    }
    page(&cx, person, &form, Problems::default()).await
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let person = person(&cx, &id).await?;
    let (Some(queues), Some(companies)) = (ids(&form, "queues"), ids(&form, "companies")) else {
        return page(&cx, person, &form, Problems::of("queues", "unknown")).await;
    };
    let mut tx = cx.begin().await?;
    match limit(&mut tx, person.id, queues, companies).await {
        Ok(changed) => {
            if changed {
                tx.commit().await?;
            }
            Ok(redirect_done(&back(&person), "saved"))
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            page(&cx, person, &form, problems).await
        }
        Err(error) => Err(error),
    }
}

/// Requesters and administrators have no such page.
fn limitable(person: &Person) -> Result<()> {
    match people::BASES.contains(&person.role) {
        true => Ok(()),
        false => Err(Error::Conflict("not-limited")),
    }
}

fn back(person: &Person) -> String {
    format!("/admin/users/{}", person.id)
}

fn ids<T: std::str::FromStr>(form: &Form, name: &str) -> Option<Vec<T>> {
    form.all(name).map(|id| id.parse().ok()).collect()
}

async fn page(cx: &Context, person: Person, form: &Form, problems: Problems) -> Result<Response> {
    let status = problems.status();
    let chosen: Vec<CompanyId> = form.all("companies").flat_map(str::parse).collect();
    let choices = Choices::of(cx, &chosen).await?;
    let ticked = |name: &str, id: &str| form.all(name).any(|value| value == id);
    let queue = |(id, name): (QueueId, String)| Choice {
        ticked: ticked("queues", &id.to_string()),
        id: id.to_string(),
        name,
    };
    let company = |(id, name): (CompanyId, String)| Choice {
        ticked: ticked("companies", &id.to_string()),
        id: id.to_string(),
        name,
    };
    let mut companies: Vec<Choice> = choices.companies.into_iter().map(company).collect();
    // What is chosen stands first: among hundreds nobody would find it.
    companies.sort_by_key(|choice| !choice.ticked);
    let queues = choices.queues.into_iter().map(|q| (q.id, q.name));
    let title = cx.text("limits-of", &[("name", person.name.as_str().into())]);
    let edit = Edit {
        p: Page::titled(cx, title).with(problems),
        back: back(&person),
        queues: queues.map(queue).collect(),
        companies,
    };
    render_with(status, &edit)
}

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kit::{
    CompanyId, Context, Cursor, Error, Form, Page, Problems, Query, Result, Role, UserId,
    redirect_done, render, render_with,
};
use serde::Deserialize;
use ui::Components;

use crate::person::{Person, PersonInput};
use crate::{accounts, store};

#[derive(Template)]
#[template(path = "users.html")]
struct Index {
    p: Page,
    people: Vec<Person>,
    companies: HashMap<CompanyId, String>,
    q: String,
    /// Where the list begins, on every page but that one.
    first: Option<String>,
    next: Option<Cursor>,
}

#[derive(Template)]
#[template(path = "user.html")]
struct Edit {
    p: Page,
    form: Form,
    roles: Vec<(String, String)>,
    companies: Vec<(String, String)>,
    new: bool,
}

#[derive(Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    q: String,
    after: Option<String>,
}

pub async fn index(cx: Context, Query(query): Query<ListQuery>) -> Result<Response> {
    let after: Option<Cursor> = query.after.and_then(|text| text.parse().ok());
    let q: String = query.q.trim().chars().take(100).collect();
    let (people, next) = store::list(cx.db(), &q, after.as_ref(), None).await?;
    render(&Index {
        p: Page::new(&cx, "users"),
        people,
        companies: companies::names(cx.db()).await?.into_iter().collect(),
        q,
        first: after.map(|_| ui::first_page(&cx.path)),
        next,
    })
}

pub async fn new(cx: Context) -> Result<Response> {
    let form = Form::default().with("role", "client").with("active", "on");
    page(&cx, form, None, Problems::default(), StatusCode::OK).await
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    match save(&cx, None, &form).await {
        Ok(Some(id)) if form.get("password").is_empty() => {
            Ok(redirect_done(&format!("/admin/users/{id}/invite"), "saved"))
        }
        Ok(_) => Ok(redirect_done("/admin/users", "saved")),
        Err(Error::Invalid(problems)) => {
            page(&cx, form, None, problems, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error),
    }
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let person = found(&cx, &id).await?;
    let mut form = Form::default()
        .with("name", &person.name)
        .with("email", &person.email)
        .with("role", person.role.code())
        .with(
            "company_id",
            person.company.map_or(String::new(), |c| c.to_string()),
        );
    if person.active {
        form = form.with("active", "on");
    }
    page(
        &cx,
        form,
        Some(person.name),
        Problems::default(),
        StatusCode::OK,
    )
    .await
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let person = found(&cx, &id).await?;
    match save(&cx, Some(person.id), &form).await {
        Ok(_) => Ok(redirect_done("/admin/users", "saved")),
        Err(Error::Invalid(problems)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(&cx, form, Some(person.name), problems, status).await
        }
        Err(error) => Err(error),
    }
}

/// Makes an account (`id` is `None`), which is answered with, or changes one.
async fn save(cx: &Context, id: Option<UserId>, form: &Form) -> Result<Option<UserId>> {
    let input = input(form)?.check(false).await?;
    let mut tx = cx.begin().await?;
    let made = match id {
        None => Some(accounts::create(&mut tx, input).await?.id),
        Some(id) => {
            if !accounts::update(&mut tx, id, input).await? {
                return Ok(None);
            }
            None
        }
    };
    tx.commit().await?;
    Ok(made)
}

async fn page(
    cx: &Context,
    form: Form,
    name: Option<String>,
    problems: Problems,
    status: StatusCode,
) -> Result<Response> {
    let new = name.is_none();
    let title = name.unwrap_or_else(|| cx.text("user-new", &[]));
    let roles = Role::ALL
        .iter()
        .map(|r| {
            (
                r.code().to_owned(),
                cx.text(&format!("role-{}", r.code()), &[]),
            )
        })
        .collect();
    let mut companies = vec![(String::new(), cx.text("company-none", &[]))];
    for (id, name) in companies::names(cx.db()).await? {
        companies.push((id.to_string(), name));
    }
    let p = Page::titled(cx, title).with(problems);
    let edit = Edit {
        p,
        form,
        roles,
        companies,
        new,
    };
    render_with(status, &edit)
}

fn input(form: &Form) -> Result<PersonInput> {
    let mut problems = Problems::default();
    let company = form.id("company_id", &mut problems);
    let role = Role::from_code(form.get("role"));
    if role.is_none() {
        problems.add("role", "unknown");
    }
    problems.done()?;
    Ok(PersonInput {
        name: form.get("name").to_owned(),
        email: form.get("email").to_owned(),
        role: role.unwrap_or(Role::Client),
        company,
        active: form.ticked("active"),
        password: form.get("password").to_owned(),
    })
}

async fn found(cx: &Context, id: &str) -> Result<Person> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    store::person(cx.db(), id).await?.ok_or(Error::NotFound)
}

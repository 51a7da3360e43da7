use std::collections::HashSet;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use companies::{PrivacyMark, Visited};
use kit::{Context, Error, Form, Page, Problems, Result, Role, redirect, render_with};
use people::device;
use ui::Components;

use crate::register::{Registration, is_taken, mail_leaves, register};

#[derive(Template)]
#[template(path = "register.html")]
struct Register {
    p: Page,
    form: Form,
    companies: Vec<(String, String)>,
    /// The companies that want agreement: where their texts are, and their names.
    texts: Vec<(String, String)>,
    /// Which versions of them hold now.
    marks: HashSet<PrivacyMark>,
    /// Whose door this is, where it is one company's.
    door: Option<Visited>,
}

pub async fn show(cx: Context) -> Result<Response> {
    if cx.actor.user().is_ok() {
        return Ok(redirect("/dashboard"));
    }
    people::own_role(&cx)?;
    let door = companies::visited(&cx).await?;
    let company = door.map_or_else(String::new, |door| door.id.to_string());
    let form = Form::default().with("company_id", company);
    page(&cx, form, Problems::default()).await
}

pub async fn create(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let mut problems = Problems::default();
    let company = form.id("company_id", &mut problems);
    let new = Registration {
        name: form.get("name").to_owned(),
        email: form.get("email").to_owned(),
        company,
        password: form.get("password").to_owned(),
        consent: form.ticked("consent"),
        shown: Some(form.all("version").flat_map(str::parse).collect()),
    };
    let done = match problems.done() {
        Ok(()) => register(&cx, new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(person) if !person.confirmed => Ok(redirect("/auth/sent?for=confirm")),
        Ok(person) => {
            let mut tx = cx.begin().await?;
            let entry = signin::enter(&mut tx, &person, device(&headers), "/dashboard").await?;
            tx.commit().await?;
            entry.response("/dashboard")
        }
        // Here the second time answers as the first one did.
        Err(Error::Invalid(problems)) if is_taken(&problems) && mail_leaves(&cx) => {
            Ok(redirect("/auth/sent?for=confirm"))
        }
        Err(Error::Invalid(problems)) => page(&cx, form, problems).await,
        Err(error) => Err(error),
    }
}

async fn page(cx: &Context, form: Form, problems: Problems) -> Result<Response> {
    let status = problems.status();
    let open = match people::own_role(cx)? {
        Role::Client => companies::open_for_registration(cx.db(), mail_leaves(cx)).await?,
        _ => Vec::new(),
    };
    let asking = open.iter().filter(|company| company.consent.is_some());
    let texts: Vec<_> = asking.map(|c| (c.slug.clone(), c.name.clone())).collect();
    let marks = open.iter().filter_map(|company| company.consent).collect();
    let mut companies = Vec::new();
    if !open.is_empty() {
        companies.push((String::new(), cx.text("register-company-none", &[])));
        companies.extend(open.into_iter().map(|c| (c.id.to_string(), c.name)));
    }
    let register = Register {
        p: Page::new(cx, "register").with(problems),
        form,
        companies,
        texts,
        marks,
        door: companies::visited(cx).await?,
    };
    render_with(status, &register)
}

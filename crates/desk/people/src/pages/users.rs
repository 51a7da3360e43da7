use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::{
    CompanyId, Context, Cursor, Error, Form, Limits, Page, Problems, Query, Result, Role, UserId,
    redirect_done, render, render_with, with_query,
};
use serde::Deserialize;
use ui::Components;

use crate::person::{Person, PersonInput};
use crate::{BASES, RoleId, accounts, give_role, store};

#[derive(Template)]
#[template(path = "users.html")]
struct Index {
    p: Page,
    people: Vec<Person>,
    companies: HashMap<CompanyId, String>,
    /// The roles made here, by what they are called.
    roles: HashMap<RoleId, String>,
    q: String,
    /// Where the list begins, on every page but that one.
    first: Option<String>,
    next: Option<String>,
}

impl Index {
    /// What the role made here is called that somebody has.
    fn made_role(&self, person: &Person) -> Option<&String> {
        self.roles.get(&person.custom?)
    }
}

#[derive(Template)]
#[template(path = "user.html")]
struct Edit {
    p: Page,
    form: Form,
    roles: Vec<(String, String)>,
    companies: Vec<(String, String)>,
    new: bool,
    /// Whether it is the reader's own account.
    own: bool,
    /// Of whoever can be limited: to what they are.
    limits: Option<String>,
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
    let on = |next: Cursor| with_query("/admin/users", &[("q", &q), ("after", &next.to_string())]);
    let next = next.map(on);
    let made = store::roles::list(cx.db()).await?;
    render(&Index {
        p: Page::new(&cx, "users"),
        people,
        companies: companies::names(cx.db()).await?.into_iter().collect(),
        roles: made.into_iter().map(|role| (role.id, role.name)).collect(),
        q,
        first: after.map(|_| ui::first_page(&cx.path)),
        next,
    })
}

pub async fn new(cx: Context) -> Result<Response> {
    let form = Form::default().with("role", "client").with("active", "on");
    page(&cx, form, None, Problems::default()).await
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    match save(&cx, None, &form).await {
        Ok(Some(id)) if form.get("password").is_empty() => {
            Ok(redirect_done(&format!("/admin/users/{id}/invite"), "saved"))
        }
        Ok(_) => Ok(redirect_done("/admin/users", "saved")),
        Err(Error::Invalid(problems)) => page(&cx, form, None, problems).await,
        Err(error) => Err(error),
    }
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let person = found(&cx, &id).await?;
    let mut form = Form::default()
        .with("name", &person.name)
        .with("email", &person.email)
        .with("role", role(&person))
        .with(
            "company_id",
            person.company.map_or(String::new(), |c| c.to_string()),
        );
    if person.active {
        form = form.with("active", "on");
    }
    page(&cx, form, Some(person), Problems::default()).await
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let person = found(&cx, &id).await?;
    match save(&cx, Some(person.id), &form).await {
        Ok(_) => Ok(redirect_done("/admin/users", "saved")),
        Err(Error::Invalid(problems)) => page(&cx, form, Some(person), problems).await,
        Err(error) => Err(error),
    }
}

/// "2 queues · 1 company".
fn said(cx: &Context, limits: Option<&Limits>) -> String {
    let Some(limits) = limits else {
        return cx.text("user-limits-none", &[]);
    };
    let text = |key, count: usize| {
        let number = i64::try_from(count).unwrap_or(i64::MAX);
        (count > 0).then(|| cx.text(key, &[("count", number.into())]))
    };
    let both = [
        text("user-limits-queues", limits.queues.len()),
        text("user-limits-companies", limits.companies.len()),
    ];
    both.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The choice in the form that stands for somebody's role.
fn role(person: &Person) -> String {
    let own = || person.role.code().to_owned();
    person.custom.map_or_else(own, |id| id.to_string())
}

/// Makes an account (`id` is `None`), which is answered with, or changes one.
async fn save(cx: &Context, id: Option<UserId>, form: &Form) -> Result<Option<UserId>> {
    let (input, role) = input(cx, form).await?;
    let input = input.check(cx, false).await?;
    let mut tx = cx.begin().await?;
    let made = match id {
        None => Some(accounts::create(&mut tx, input).await?.id),
        Some(id) => {
            accounts::update(&mut tx, id, input).await?;
            None
        }
    };
    if let Some(id) = made.or(id) {
        give_role(&mut tx, id, role).await?;
    }
    if tx.has_recorded() {
        tx.commit().await?;
    }
    Ok(made)
}

async fn page(
    cx: &Context,
    form: Form,
    person: Option<Person>,
    problems: Problems,
) -> Result<Response> {
    let status = problems.status();
    let new = person.is_none();
    let own = person.as_ref().is_some_and(|p| cx.actor.id() == Some(p.id));
    let limits = person.as_ref().filter(|p| BASES.contains(&p.role));
    let limits = limits.map(|p| said(cx, p.limits.as_deref()));
    let title = person.map_or_else(|| cx.text("user-new", &[]), |p| p.name);
    let word = |role: Role| cx.text(&format!("role-{}", role.code()), &[]);
    let mut roles: Vec<(String, String)> = Role::ALL
        .iter()
        .map(|r| (r.code().to_owned(), word(*r)))
        .collect();
    let made = store::roles::list(cx.db()).await?.into_iter();
    roles.extend(made.filter(|role| role.active).map(|role| {
        let text = format!("{} ({})", role.name, word(role.base));
        (role.id.to_string(), text)
    }));
    let mut companies = vec![(String::new(), cx.text("company-none", &[]))];
    for (id, name) in companies::names(cx.db()).await? {
        companies.push((id.to_string(), name));
    }
    companies.extend(archived(cx, &form, &companies).await?);
    let p = Page::titled(cx, title).with(problems);
    let edit = Edit {
        p,
        form,
        roles,
        companies,
        new,
        own,
        limits,
    };
    render_with(status, &edit)
}

/// The company of somebody whose company takes no new people: without it among the
/// choices, saving their name would take it away from them.
async fn archived(
    cx: &Context,
    form: &Form,
    choices: &[(String, String)],
) -> Result<Option<(String, String)>> {
    let kept = form.get("company_id");
    let Ok(id) = kept.parse::<CompanyId>() else {
        return Ok(None);
    };
    if choices.iter().any(|(choice, _)| choice == kept) {
        return Ok(None);
    }
    let name = companies::names_of(cx.db(), vec![id]).await?.remove(&id);
    let shown = |name: String| {
        let text = cx.text("company-archived", &[("name", name.as_str().into())]);
        (id.to_string(), text)
    };
    Ok(name.map(shown))
}

/// What was typed, and the role made here that was chosen: then it says what they are.
async fn input(cx: &Context, form: &Form) -> Result<(PersonInput, Option<RoleId>)> {
    let mut problems = Problems::default();
    let company = form.id("company_id", &mut problems);
    let mut role = Role::from_code(form.get("role"));
    let custom: Option<RoleId> = form.get("role").parse().ok();
    if let Some(id) = custom {
        role = store::roles::find(cx.db(), id).await?.map(|made| made.base);
    }
    if role.is_none() {
        problems.add("role", "unknown");
    }
    problems.done()?;
    let input = PersonInput {
        name: form.get("name").to_owned(),
        email: form.get("email").to_owned(),
        role: role.unwrap_or(Role::Client),
        company,
        active: form.ticked("active"),
        password: form.get("password").to_owned(),
    };
    Ok((input, custom))
}

async fn found(cx: &Context, id: &str) -> Result<Person> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    store::person(cx.db(), id).await?.ok_or(Error::NotFound)
}

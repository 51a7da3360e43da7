use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, UserId, render, render_with};
use people::Person;
use ui::Components;

use super::saved;
use crate::QueueId;
use crate::queue::{Queue, QueueInput, save_queue};
use crate::store::queues as store;

pub const LIST: &str = "/admin/queues";

#[derive(Template)]
#[template(path = "queues.html")]
struct Index {
    p: Page,
    queues: Vec<Queue>,
    sizes: HashMap<QueueId, i64>,
}

impl Index {
    /// Whoever may look into some queues only would not see another one.
    fn may_make(&self) -> bool {
        self.p.cx().scope().sees_queue(None)
    }
}

#[derive(Template)]
#[template(path = "queue.html")]
struct Edit {
    p: Page,
    form: Form,
    levels: Vec<(String, String)>,
    staff: Vec<Person>,
    members: Vec<String>,
}

pub async fn index(cx: Context) -> Result<Response> {
    render(&Index {
        p: Page::new(&cx, "queues"),
        queues: seen(&cx, store::list(cx.db()).await?),
        sizes: store::sizes(cx.db()).await?,
    })
}

pub async fn new(cx: Context) -> Result<Response> {
    // Whoever is limited to some would not see what they made.
    if !cx.scope().sees_queue(None) {
        return Err(Error::Forbidden("limits"));
    }
    let form = Form::default().with("level", "1").with("active", "on");
    page(&cx, form, "queue-new", Problems::default()).await
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    let mut tx = cx.begin().await?;
    let result = match input(&form) {
        Ok(input) => save_queue(&mut tx, None, input).await,
        Err(error) => Err(error),
    };
    match saved(tx, result, LIST).await? {
        Ok(response) => Ok(response),
        Err(problems) => page(&cx, form, "queue-new", problems).await,
    }
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let queue = found(&cx, &id).await?;
    let mut form = Form::default()
        .with("name", queue.name)
        .with("email", queue.email.unwrap_or_default())
        .with("level", queue.level.to_string());
    if queue.active {
        form = form.with("active", "on");
    }
    for member in store::members(cx.db(), queue.id).await? {
        form = form.with("members", member.to_string());
    }
    page(&cx, form, "queue-edit", Problems::default()).await
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let queue = found(&cx, &id).await?;
    let mut tx = cx.begin().await?;
    let result = match input(&form) {
        Ok(input) => save_queue(&mut tx, Some(queue.id), input).await,
        Err(error) => Err(error),
    };
    match saved(tx, result, LIST).await? {
        Ok(response) => Ok(response),
        Err(problems) => page(&cx, form, "queue-edit", problems).await,
    }
}

async fn page(cx: &Context, form: Form, title: &str, problems: Problems) -> Result<Response> {
    let status = problems.status();
    let edit = Edit {
        p: Page::new(cx, title).with(problems),
        levels: (1..=3).map(|n| (n.to_string(), n.to_string())).collect(),
        staff: people::staff(cx.db()).await?,
        members: form.all("members").map(str::to_owned).collect(),
        form,
    };
    render_with(status, &edit)
}

fn input(form: &Form) -> Result<QueueInput> {
    let members: std::result::Result<Vec<UserId>, _> =
        form.all("members").map(str::parse).collect();
    Ok(QueueInput {
        name: form.get("name").to_owned(),
        email: form.some("email").map(str::to_owned),
        level: form.get("level").parse().unwrap_or_default(),
        active: form.ticked("active"),
        members: members.map_err(|_| Error::field("members", "unknown"))?,
    })
}

async fn found(cx: &Context, id: &str) -> Result<Queue> {
    let id: QueueId = id.parse().map_err(|_| Error::NotFound)?;
    let found = store::find(cx.db(), id).await?;
    // What is not theirs is not found, also for a supervisor with limits.
    let found = found.filter(|queue| cx.scope().sees_queue(Some(queue.id.0)));
    found.ok_or(Error::NotFound)
}

fn seen(cx: &Context, mut queues: Vec<Queue>) -> Vec<Queue> {
    let scope = cx.scope();
    queues.retain(|queue| scope.sees_queue(Some(queue.id.0)));
    queues
}

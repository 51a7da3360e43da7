use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, redirect_done, render_with};
use ui::Components;

use super::choices::{TicketChoices, is};
use crate::commands::{self, Opening};
use crate::status::Status;
use crate::ticket::Priority;

#[derive(Template)]
#[template(path = "new.html")]
struct New {
    p: Page,
    staff: bool,
    form: Form,
    choices: TicketChoices,
    /// Whether the folded part stands open: something in it is set or wrong.
    unfolded: bool,
    /// The largest file, in bytes.
    file_bytes: usize,
}

pub async fn new(cx: Context, RawQuery(query): RawQuery) -> Result<Response> {
    let mut form = Form::default()
        .with("priority", "normal")
        .with("status", "open");
    // A related ticket begins with what the closed one said.
    for (name, value) in kit::query_pairs(query.as_deref().unwrap_or_default()) {
        if matches!(name.as_str(), "title" | "description") {
            form = form.with(&name, value.chars().take(2_000).collect::<String>());
        }
    }
    page(&cx, form, Problems::default()).await
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    // The form keeps them: a page that comes back says that they must be chosen again.
    let files = form.files.clone();
    let opened = match opening(&cx, &form, files) {
        Ok(opening) => {
            let mut tx = cx.begin().await?;
            match commands::open(&mut tx, opening).await {
                Ok(ticket) => tx.commit().await.map(|()| ticket),
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    };
    match opened {
        Ok(ticket) => Ok(redirect_done(&super::path(&ticket), "ticket-opened")),
        Err(Error::Invalid(problems)) => page(&cx, form, problems).await,
        Err(error) => Err(error),
    }
}

async fn page(cx: &Context, form: Form, problems: Problems) -> Result<Response> {
    let status = problems.status();
    let folded = ["category", "subcategory", "queue", "priority"];
    let unfolded = folded.iter().any(|name| problems.at(name).is_some())
        || form.some("queue").is_some()
        || form.some("category").is_some();
    let new = New {
        p: Page::new(cx, "ticket-new").with(problems),
        staff: cx.scope().sees_internal(),
        choices: TicketChoices::of(cx).await?,
        unfolded,
        form,
        file_bytes: cx.app.settings.file_bytes,
    };
    render_with(status, &new)
}

fn opening(cx: &Context, form: &Form, files: Vec<kit::Upload>) -> Result<Opening> {
    form.refuse_large_files(cx.app.settings.file_bytes)?;
    let mut problems = Problems::default();
    let status = form.some("status").map(Status::from_code);
    if status == Some(None) {
        problems.add("status", "unknown");
    }
    let priority = form.some("priority").map(Priority::from_code);
    if priority == Some(None) {
        problems.add("priority", "unknown");
    }
    let some = |name| form.some(name).map(str::to_owned);
    let opening = Opening {
        title: form.get("title").to_owned(),
        description: form.get("description").to_owned(),
        category: form.id("category", &mut problems),
        subcategory: form.id("subcategory", &mut problems),
        queue: form.id("queue", &mut problems),
        priority: priority.flatten(),
        channel: form.id("channel", &mut problems),
        company: form.id("company", &mut problems),
        requester: form.id("requester", &mut problems),
        assignee: form.id("assignee", &mut problems),
        contact_name: some("contact_name"),
        contact_info: some("contact_info"),
        status: status.flatten(),
        files,
        protocol: None,
    };
    // A requester's forged fields are not looked at, so they cannot be wrong.
    if !cx.scope().sees_internal() {
        problems.0.retain(|p| is_for_requester(&p.field));
    }
    problems.done()?;
    Ok(opening)
}

fn is_for_requester(field: &str) -> bool {
    matches!(field, "category" | "subcategory" | "queue" | "priority")
}

//! The forms of a ticket's page. Each does one thing and leads back to the page;
//! one that is not accepted comes back with what was typed.

use axum::extract::Path;
use axum::response::Response;
use kit::{Context, Error, Form, Problems, Result, UserId, redirect, redirect_done};

use super::list;
use super::show::sent_back;
use crate::CommentId;
use crate::commands::{self, Closing, NewComment, Target};
use crate::status::Status;
use crate::store::ticket as store;
use crate::ticket::{Priority, Ticket};

fn target(name: &str, form: &Form) -> Target {
    Target {
        ticket: name.to_owned(),
        version: form.get("version").parse().ok(),
    }
}

/// Commits what went well and leads back to the page; what did not, comes back.
macro_rules! act {
    ($cx:ident, $name:ident, $form:ident, $which:literal, $done:literal, |$tx:ident| $body:expr) => {{
        let mut $tx = $cx.begin().await?;
        let result: Result<Ticket> = async { $body }.await;
        match result {
            Ok(ticket) => {
                $tx.commit().await?;
                Ok(super::led_on(&$cx, &ticket, $done))
            }
            Err(error) => {
                drop($tx);
                sent_back(&$cx, &$name, $which, $form, error).await
            }
        }
    }};
}

pub async fn comment(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    // The form keeps them: a page that comes back says that they must be chosen again.
    let files = form.files.clone();
    let mut tx = cx.begin().await?;
    let result = match new_comment(&cx, &form, files) {
        Ok(new) => commands::comment(&mut tx, &target(&name, &form), new).await,
        Err(error) => Err(error),
    };
    match result {
        Ok((ticket, id)) => {
            tx.commit().await?;
            Ok(redirect_done(
                &format!("{}#m-{id}", super::path(&ticket)),
                "comment-sent",
            ))
        }
        Err(error) => {
            drop(tx);
            sent_back(&cx, &name, "content", form, error).await
        }
    }
}

fn new_comment(cx: &Context, form: &Form, files: Vec<kit::Upload>) -> Result<NewComment> {
    form.refuse_large_files(cx.app.settings.file_bytes)?;
    let then = match form.some("then").or(form.some("status")) {
        None => None,
        Some(code) => Some(Status::from_code(code).ok_or(Error::field("then", "unknown"))?),
    };
    Ok(NewComment {
        content: form.get("content").to_owned(),
        internal: form.get("kind") == "internal" || form.ticked("internal"),
        files,
        then,
    })
}

pub async fn assign(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    act!(cx, name, form, "assign", "ticket-assigned", |tx| {
        let target = target(&name, &form);
        match user(&form, "assignee")? {
            Some(user) if cx.actor.id() != Some(user) => {
                commands::assign(&mut tx, &target, user).await
            }
            _ => commands::take(&mut tx, &target).await,
        }
    })
}

pub async fn transfer(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    act!(cx, name, form, "transfer", "ticket-assigned", |tx| {
        let user = user(&form, "assignee")?.ok_or(Error::field("assignee", "required"))?;
        commands::transfer(&mut tx, &target(&name, &form), user).await
    })
}

pub async fn wait(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    act!(cx, name, form, "wait", "ticket-saved", |tx| {
        commands::wait(&mut tx, &target(&name, &form)).await
    })
}

pub async fn resume(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    act!(cx, name, form, "resume", "ticket-saved", |tx| {
        commands::resume(&mut tx, &target(&name, &form)).await
    })
}

pub async fn escalate(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    act!(cx, name, form, "escalate", "ticket-escalated", |tx| {
        let mut problems = Problems::default();
        let queue = form.id("queue", &mut problems);
        problems.done()?;
        commands::escalate(&mut tx, &target(&name, &form), form.get("reason"), queue).await
    })
}

pub async fn resolve(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    act!(cx, name, form, "resolve", "ticket-resolved", |tx| {
        commands::resolve(&mut tx, &target(&name, &form), form.get("solution")).await
    })
}

/// The requester confirms without a form; staff fill one in.
pub async fn close(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    act!(cx, name, form, "close", "ticket-closed", |tx| {
        let target = target(&name, &form);
        if !cx.actor.is_staff() {
            return commands::confirm(&mut tx, &target).await;
        }
        let closing = Closing {
            reason: form.get("reason").to_owned(),
            classification: form.get("classification").to_owned(),
            evaluation: form.get("evaluation").to_owned(),
        };
        commands::close(&mut tx, &target, closing).await
    })
}

/// Moves it to another column of the board. What needs words first leads to the
/// ticket with its form unfolded.
pub async fn move_to(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    let to = Status::from_code(form.get("to")).ok_or(Error::field("to", "unknown"))?;
    if matches!(to, Status::Resolved | Status::Escalated | Status::Closed) {
        let ticket = store::find(cx.db(), cx.scope(), &name).await?;
        let act = match to {
            Status::Resolved => "resolve",
            Status::Escalated => "escalate",
            _ => "close",
        };
        let path = format!("{}?act={act}#side-now", super::path(&ticket));
        return Ok(redirect(&path));
    }
    let mut tx = cx.begin().await?;
    let from = Status::from_code(form.get("from"));
    match commands::move_to(&mut tx, &target(&name, &form), from, to).await {
        Ok(_) => {
            if tx.has_recorded() {
                tx.commit().await?;
            }
            let pairs = kit::query_pairs(form.get("query"));
            Ok(redirect_done(&list::url(&pairs, &[]), "ticket-saved"))
        }
        Err(error) => {
            drop(tx);
            sent_back(&cx, &name, "move", form, error).await
        }
    }
}

pub async fn reopen(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    act!(cx, name, form, "reopen", "ticket-reopened", |tx| {
        commands::reopen(&mut tx, &target(&name, &form)).await
    })
}

pub async fn queue(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    let mut tx = cx.begin().await?;
    let mut problems = Problems::default();
    let result = match form.id("queue", &mut problems) {
        Some(queue) => commands::set_queue(&mut tx, &target(&name, &form), Some(queue)).await,
        None => Err(Error::field("queue", "required")),
    };
    changed(cx, tx, &name, "queue", form, result).await
}

pub async fn priority(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    let mut tx = cx.begin().await?;
    let result = match Priority::from_code(form.get("priority")) {
        Some(priority) => commands::set_priority(&mut tx, &target(&name, &form), priority).await,
        None => Err(Error::field("priority", "unknown")),
    };
    changed(cx, tx, &name, "priority", form, result).await
}

/// As [`act!`], for a change that may change nothing.
async fn changed(
    cx: Context,
    tx: kit::Tx,
    name: &str,
    which: &'static str,
    form: Form,
    result: Result<(Ticket, bool)>,
) -> Result<Response> {
    match result {
        Ok((ticket, changed)) => {
            if changed {
                tx.commit().await?;
            }
            Ok(super::led_on(&cx, &ticket, "ticket-saved"))
        }
        Err(error) => {
            drop(tx);
            sent_back(&cx, name, which, form, error).await
        }
    }
}

pub async fn add_participant(
    cx: Context,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response> {
    act!(cx, name, form, "participant", "participant-added", |tx| {
        let user = user(&form, "participant")?.ok_or(Error::field("participant", "required"))?;
        commands::add_participant(&mut tx, &target(&name, &form), user).await
    })
}

pub async fn remove_participant(
    cx: Context,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response> {
    act!(cx, name, form, "participant", "participant-removed", |tx| {
        let user = user(&form, "participant")?.ok_or(Error::field("participant", "required"))?;
        commands::remove_participant(&mut tx, &target(&name, &form), user).await
    })
}

pub async fn retract(
    cx: Context,
    Path((name, comment)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    let comment: CommentId = comment.parse().map_err(|_| Error::NotFound)?;
    let ticket = store::find(cx.db(), cx.scope(), &name).await?;
    let mut tx = cx.begin().await?;
    match commands::retract(&mut tx, &Target::from(name.as_str()), comment).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect_done(&super::path(&ticket), "comment-retracted"))
        }
        Err(error) => {
            drop(tx);
            sent_back(&cx, &name, "retract", form, error).await
        }
    }
}

fn user(form: &Form, name: &'static str) -> Result<Option<UserId>> {
    let mut problems = Problems::default();
    let user = form.id(name, &mut problems);
    problems.done()?;
    Ok(user)
}

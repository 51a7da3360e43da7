//! One act on the tickets that were chosen in the list, and undoing it.

use axum::extract::Path;
use axum::response::Response;
use kit::{Context, Error, Form, Problems, Result, redirect};

use super::{sent_back, url};
use crate::UndoId;
use crate::commands::{self, Each};
use crate::store::undos;
use crate::ticket::Priority;

/// What an act on many tickets did, as the list tells it.
pub struct Notice {
    /// "12 chamados assumidos".
    pub text: String,
    /// The tickets that were left alone, and why.
    pub refused: Vec<(String, String)>,
    /// What can be undone.
    pub undo: Option<UndoId>,
}

impl Notice {
    /// The notice of the reader's own act `id`; `None` when it is old or no act.
    pub async fn of(cx: &Context, id: Option<&str>) -> Result<Option<Notice>> {
        let Some(id) = id.and_then(|id| id.parse().ok()) else {
            return Ok(None);
        };
        let Some(act) = undos::find(cx, id).await? else {
            return Ok(None);
        };
        let count = i64::try_from(act.outcome.changed.len()).unwrap_or_default();
        let key = match (act.undone, count) {
            (true, _) => "bulk-undone".to_owned(),
            (false, 0) => "bulk-nothing".to_owned(),
            (false, _) => format!("bulk-did-{}", act.code),
        };
        let refused = act.outcome.refused.iter();
        Ok(Some(Notice {
            text: cx.text(&key, &[("count", count.into())]),
            refused: refused
                .map(|(protocol, why)| (protocol.clone(), cx.text(why, &[])))
                .collect(),
            undo: act.can_be_undone(cx.now).then_some(act.id),
        }))
    }
}

/// `POST /tickets/bulk`.
pub async fn act(cx: Context, form: Form) -> Result<Response> {
    let names: Vec<String> = form.all("ticket").map(str::to_owned).collect();
    let mut tx = cx.begin().await?;
    let result = match each(&form) {
        Ok(each) => commands::bulk(&mut tx, &names, &each).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(id) => {
            commit(tx).await?;
            Ok(back(&form, id))
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let query = form.get("query").to_owned();
            sent_back(cx, &query, "bulk", form, problems).await
        }
        Err(error) => Err(error),
    }
}

/// `POST /tickets/bulk/{act}/undo`.
pub async fn undo(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id: UndoId = id.parse().map_err(|_| Error::NotFound)?;
    let mut tx = cx.begin().await?;
    commands::undo(&mut tx, id).await?;
    commit(tx).await?;
    Ok(back(&form, id))
}

async fn commit(tx: kit::Tx) -> Result<()> {
    match tx.has_recorded() {
        true => tx.commit().await,
        false => {
            tx.commit_silently("no ticket was changed, and the notice says so")
                .await
        }
    }
}

/// Back to the list as it was, with the notice of what was done.
fn back(form: &Form, id: UndoId) -> Response {
    let pairs = kit::query_pairs(form.get("query"));
    redirect(&url(&pairs, &[("done", &id.to_string())]))
}

fn each(form: &Form) -> Result<Each> {
    let mut problems = Problems::default();
    let needed = |problems: &mut Problems, name: &str| {
        if form.some(name).is_none() {
            problems.add(name, "required");
        }
    };
    let each = match form.get("act") {
        "take" => Some(Each::Take),
        "wait" => Some(Each::Wait),
        "resume" => Some(Each::Resume),
        "resolve" => {
            needed(&mut problems, "solution");
            Some(Each::Resolve(form.get("solution").to_owned()))
        }
        "assign" => {
            needed(&mut problems, "set_assignee");
            form.id("set_assignee", &mut problems).map(Each::Assign)
        }
        "queue" => {
            needed(&mut problems, "set_queue");
            form.id("set_queue", &mut problems).map(Each::Queue)
        }
        "priority" => {
            let priority = Priority::from_code(form.get("set_priority"));
            if priority.is_none() {
                problems.add("set_priority", "required");
            }
            priority.map(Each::Priority)
        }
        _ => return Err(Error::field("act", "unknown")),
    };
    problems.done()?;
    each.ok_or_else(|| Error::field("act", "unknown"))
}

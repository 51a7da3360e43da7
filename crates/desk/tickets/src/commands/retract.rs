use jobs::{Handler, NewJob};
use kit::{App, Error, Result, Tx};
use serde_json::json;

use super::comment::first_line;
use super::hold::{Hold, Target};
use crate::CommentId;
use crate::events::TicketEvent;
use crate::policy::COMMENT;
use crate::status::Status;
use crate::store::{attachments, comments};

/// So long after writing, one may take it back.
pub const RETRACT_MINUTES: i64 = 10;

/// The job that removes a retracted comment's files.
pub const REMOVE_FILES: &str = "tickets.remove_files";

/// Takes back what one wrote: its text is no longer shown and its files are
/// removed; that something stood there stays visible.
///
/// # Errors
/// [`Error::NotFound`] for another's, [`Error::Conflict`] when it is too late.
pub async fn retract(tx: &mut Tx, target: &Target, id: CommentId) -> Result<()> {
    tx.cx().require(&COMMENT)?;
    let mut hold = Hold::of(tx, target).await?;
    let comment = comments::find(tx.db(), hold.ticket.id, id)
        .await?
        .filter(|c| c.author_id.is_some() && c.author_id == tx.cx().actor.id())
        .ok_or(Error::NotFound)?;
    if hold.ticket.status == Status::Closed {
        return Err(Error::Conflict("closed"));
    }
    let until = comment.created_at.plus_minutes(RETRACT_MINUTES);
    if comment.retracted_at.is_some() || tx.now() > until {
        return Err(Error::Conflict("too-late-to-retract"));
    }
    comments::retract(tx, id).await?;
    let paths = attachments::remove_of_comment(tx, id).await?;
    if !paths.is_empty() {
        let job = NewJob {
            kind: REMOVE_FILES,
            payload: json!({ "paths": paths }),
            run_at: tx.now(),
            key: format!("{REMOVE_FILES}:{id}"),
        };
        jobs::enqueue(tx.db(), job, tx.now()).await?;
    }
    if hold.ticket.last_line == Some(first_line(&comment.content)) {
        hold.ticket.last_line = None;
    }
    let internal = comment.internal;
    tx.record(
        &TicketEvent::Retracted {
            comment: id,
            internal,
        }
        .of(&hold.ticket),
    );
    match internal {
        true => hold.keep_internally(tx).await?,
        false => hold.keep(tx).await?,
    };
    Ok(())
}

/// Carries out [`REMOVE_FILES`]; a file that is gone already is fine.
pub fn remover(app: &App) -> Handler {
    kit::handler(app, REMOVE_FILES, |app, payload| async move {
        let paths = payload["paths"].as_array().cloned().unwrap_or_default();
        for path in paths.iter().filter_map(|p| p.as_str()) {
            app.storage.remove(path).await.map_err(|e| e.to_string())?;
        }
        Ok(())
    })
}

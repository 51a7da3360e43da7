use kit::{Error, Problems, Result, Tx, Upload, new_id};

use super::TEXT;
use super::attach::{attach, check_files};
use super::hold::{Hold, Target};
use super::move_to::move_held;
use crate::CommentId;
use crate::events::TicketEvent;
use crate::policy::COMMENT;
use crate::status::{Act, Standing, Status};
use crate::store::comments::{self, Model};
use crate::ticket::Ticket;

/// What is written on a ticket.
#[derive(Clone, Debug, Default)]
pub struct NewComment {
    /// The text.
    pub content: String,
    /// For the desk only. From a requester it is not looked at (1.4).
    pub internal: bool,
    /// Files that go with it.
    pub files: Vec<Upload>,
    /// The state that the ticket is set to with the same act (S1-044): waiting,
    /// in progress, or resolved with this text as the solution.
    pub then: Option<Status>,
}

/// Writes on a ticket; text, files and state are applied together or not at all.
///
/// # Errors
/// [`Error::Conflict`] on a closed ticket, [`Error::Forbidden`] for a technician
/// when another one works on it.
pub async fn comment(tx: &mut Tx, target: &Target, new: NewComment) -> Result<(Ticket, CommentId)> {
    tx.cx().require(&COMMENT)?;
    // Writing does not overwrite anything, so an old page may still write; only
    // a change of state is refused when it started from an old version.
    let relaxed = Target {
        ticket: target.ticket.clone(),
        version: target.version.filter(|_| new.then.is_some()),
    };
    let mut hold = Hold::of(tx, &relaxed).await?;
    if hold.ticket.status == Status::Closed {
        return Err(Error::Conflict("closed"));
    }
    if hold.standing == Standing::Other {
        return Err(Error::Forbidden("other-technician"));
    }
    let mut problems = Problems::default();
    let kinds = check_files(&mut problems, &new.files);
    let least = usize::from(new.files.is_empty());
    let content = problems.text("content", &new.content, least..=TEXT);
    problems.done()?;
    let internal = new.internal && hold.standing != Standing::Requester;
    // A note for the desk must not become the solution that everybody reads.
    let then = new.then.filter(|_| !internal);
    let id = CommentId(new_id(tx.now()));
    comments::insert(
        tx,
        Model {
            id,
            ticket_id: hold.ticket.id,
            author_id: tx.cx().actor.id(),
            author_kind: tx.cx().actor.kind().code().to_owned(),
            internal,
            content: content.clone(),
            created_at: tx.now(),
            retracted_at: None,
        },
    )
    .await?;
    attach(tx, &hold.ticket, Some(id), internal, new.files, &kinds).await?;
    tx.record(
        &TicketEvent::Commented {
            comment: id,
            internal,
        }
        .of(&hold.ticket),
    );
    if !internal && !content.is_empty() {
        hold.ticket.last_line = Some(first_line(&content));
    }
    let before = hold.ticket.assignee;
    hold.falls_to_actor(tx);
    if internal && hold.ticket.assignee == before {
        return Ok((hold.keep_internally(tx).await?, id));
    }
    if hold.standing == Standing::Requester && hold.ticket.status == Status::Waiting {
        // The answer that the desk waited for.
        let to = crate::status::transition(
            Status::Waiting,
            Act::Resume,
            Standing::Lead,
            hold.ticket.assignee.is_some(),
        )?;
        hold.move_to(tx, to);
    }
    if let Some(then) = then {
        move_held(tx, &mut hold, then, Some(&content)).await?;
    }
    Ok((hold.keep(tx).await?, id))
}

/// What a list shows of a message.
pub(super) fn first_line(content: &str) -> String {
    let line = content.lines().next().unwrap_or_default();
    line.chars().take(160).collect()
}

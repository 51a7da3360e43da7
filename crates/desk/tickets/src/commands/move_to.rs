use kit::{Error, Result, Tx};

use super::hold::{Hold, Target};
use super::reopen::reopen_held;
use super::resolve::resolve_held;
use super::wait::{resume_held, wait_held};
use crate::policy::WORK;
use crate::status::{Act, Status};
use crate::ticket::Ticket;

/// Moves a ticket to a state by the act that leads there, as the board does; `from`
/// is where the mover saw it, since the same move does something else to a ticket
/// that was closed meanwhile.
///
/// # Errors
/// By the table of transitions; [`Error::Conflict`] when it stands elsewhere by now;
/// [`Error::Invalid`] for a state that needs more than a move, as a solution or a
/// reason.
pub async fn move_to(
    tx: &mut Tx,
    target: &Target,
    from: Option<Status>,
    to: Status,
) -> Result<Ticket> {
    tx.cx().require(&WORK)?;
    let mut hold = Hold::of(tx, target).await?;
    if from.is_some_and(|from| from != hold.ticket.status) {
        return Err(Error::Conflict("stale"));
    }
    move_held(tx, &mut hold, to, None).await?;
    hold.keep(tx).await
}

/// The same on a ticket that is held; `solution` where one was written.
pub(super) async fn move_held(
    tx: &mut Tx,
    hold: &mut Hold,
    to: Status,
    solution: Option<&str>,
) -> Result<()> {
    let from = hold.ticket.status;
    match (to, solution) {
        (to, _) if to == from => Ok(()),
        (Status::Waiting, _) => wait_held(tx, hold),
        (Status::Resolved, Some(solution)) => resolve_held(tx, hold, solution),
        (Status::Open, Some(_)) => Err(Error::field("then", "unknown")),
        (Status::Open, None) if hold.after(act_to(from, to))? != to => {
            Err(Error::Conflict("state"))
        }
        (Status::Open | Status::InProgress, _) => match act_to(from, to) {
            Act::Resume => resume_held(tx, hold),
            Act::Reopen => reopen_held(tx, hold).await,
            // A supervisor who writes does not become the technician by it.
            _ => {
                hold.after(Act::Take)?;
                let me = tx.cx().actor.user()?.id;
                hold.give(tx, me, false);
                Ok(())
            }
        },
        _ => Err(Error::field("then", "unknown")),
    }
}

/// The act that leads from one state to another.
pub(crate) fn act_to(from: Status, to: Status) -> Act {
    match (from, to) {
        (_, Status::Waiting) => Act::Wait,
        (_, Status::Resolved) => Act::Resolve,
        (_, Status::Escalated) => Act::Escalate,
        (_, Status::Closed) => Act::Close,
        (Status::Waiting, _) => Act::Resume,
        (Status::Resolved | Status::Closed, _) => Act::Reopen,
        _ => Act::Take,
    }
}

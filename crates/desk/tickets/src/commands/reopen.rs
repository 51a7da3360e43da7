use kit::{Result, Tx};

use super::hold::{Hold, Target};
use crate::events::TicketEvent;
use crate::policy::CLOSE;
use crate::status::Act;
use crate::ticket::Ticket;

/// Takes a ticket up again: the requester while it is resolved, staff always.
///
/// # Errors
/// By the table of transitions.
pub async fn reopen(tx: &mut Tx, target: &Target) -> Result<Ticket> {
    tx.cx().require(&CLOSE)?;
    let mut hold = Hold::of(tx, target).await?;
    reopen_held(tx, &mut hold).await?;
    hold.keep(tx).await
}

pub(super) async fn reopen_held(tx: &mut Tx, hold: &mut Hold) -> Result<()> {
    let from = hold.ticket.status;
    let to = hold.after(Act::Reopen)?;
    let ticket = &mut hold.ticket;
    ticket.status = to;
    ticket.resolved_at = None;
    ticket.closed_at = None;
    ticket.closed_reason = None;
    ticket.evaluation_pending = false;
    tx.record(&TicketEvent::Reopened { from, to }.of(&hold.ticket));
    // Whoever solved it may have left since.
    hold.release(tx).await?;
    Ok(())
}

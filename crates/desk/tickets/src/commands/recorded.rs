use kit::{Result, Tx, UserId};

use super::hold::{Hold, Target};
use crate::events::TicketEvent;
use crate::policy::ASSIGN;
use crate::status::Status;
use crate::ticket::Ticket;

/// Brings a ticket to where another system had it, when that system allowed what
/// the table here does not: work without a technician, a technician on a ticket
/// that nobody has begun. For an import, after the ordinary commands.
///
/// # Errors
/// When the database refuses.
pub async fn recorded(
    tx: &mut Tx,
    target: &Target,
    status: Status,
    assignee: Option<UserId>,
) -> Result<(Ticket, bool)> {
    tx.cx().require(&ASSIGN)?;
    let mut hold = Hold::of(tx, target).await?;
    match bring(tx, &mut hold, status, assignee) {
        true => Ok((hold.keep(tx).await?, true)),
        false => Ok((hold.ticket, false)),
    }
}

/// Brings a held ticket to a state and a technician that were so once, with the
/// events that say it; `false` when it is there already.
pub(super) fn bring(
    tx: &mut Tx,
    hold: &mut Hold,
    status: Status,
    assignee: Option<UserId>,
) -> bool {
    let mut changed = false;
    if hold.ticket.assignee != assignee {
        changed = true;
        let before = std::mem::replace(&mut hold.ticket.assignee, assignee);
        let at = hold.ticket.status;
        let event = match assignee {
            None => TicketEvent::Unassigned { before },
            Some(assignee) => TicketEvent::Assigned {
                from: at,
                to: at,
                assignee,
                before,
                auto: false,
            },
        };
        tx.record(&event.of(&hold.ticket));
    }
    if hold.ticket.status != status {
        changed = true;
        hold.move_to(tx, status);
    }
    changed
}

use kit::{Problems, Result, Tx};

use super::hold::{Hold, Target};
use super::{REASON, TEXT};
use crate::events::TicketEvent;
use crate::policy::{CLOSE, WORK};
use crate::status::Act;
use crate::ticket::{Classification, Ticket};

/// What staff say when they close a ticket; all three are needed (S3-091).
#[derive(Clone, Debug, Default)]
pub struct Closing {
    /// Why.
    pub reason: String,
    /// What kind of trouble it was: a [`Classification`]'s name.
    pub classification: String,
    /// What the technician has to say about it.
    pub evaluation: String,
}

/// Closes a ticket, as its technician or a supervisor.
///
/// # Errors
/// By the table of transitions; [`kit::Error::Invalid`] at each field that lacks.
pub async fn close(tx: &mut Tx, target: &Target, closing: Closing) -> Result<Ticket> {
    tx.cx().require(&WORK)?;
    let mut hold = Hold::of(tx, target).await?;
    hold.after(Act::Close)?;
    let mut problems = Problems::default();
    let reason = problems.text("reason", &closing.reason, 1..=REASON);
    let classification = Classification::from_code(closing.classification.trim());
    if classification.is_none() {
        let empty = closing.classification.trim().is_empty();
        problems.add("classification", if empty { "required" } else { "unknown" });
    }
    let evaluation = problems.text("evaluation", &closing.evaluation, 1..=TEXT);
    problems.done()?;
    hold.falls_to_actor(tx);
    let from = hold.ticket.status;
    let ticket = &mut hold.ticket;
    ticket.status = ticket.after(Act::Close, hold.standing)?;
    ticket.closed_reason = Some(reason);
    ticket.classification = classification;
    ticket.evaluation = Some(evaluation);
    ticket.evaluation_pending = false;
    ticket.closed_at = Some(tx.now());
    // Closed in one step: it was resolved at the same moment.
    ticket.resolved_at = ticket.resolved_at.or(Some(tx.now()));
    tx.record(
        &TicketEvent::Closed {
            from,
            by_requester: false,
        }
        .of(&hold.ticket),
    );
    hold.keep(tx).await
}

/// Confirms the solution: the requester closes the ticket, and the technician's
/// evaluation is owed (1.3).
///
/// # Errors
/// By the table of transitions.
pub async fn confirm(tx: &mut Tx, target: &Target) -> Result<Ticket> {
    tx.cx().require(&CLOSE)?;
    let mut hold = Hold::of(tx, target).await?;
    let from = hold.ticket.status;
    hold.ticket.status = hold.after(Act::Confirm)?;
    hold.ticket.closed_at = Some(tx.now());
    hold.ticket.evaluation_pending = true;
    tx.record(
        &TicketEvent::Closed {
            from,
            by_requester: true,
        }
        .of(&hold.ticket),
    );
    hold.keep(tx).await
}

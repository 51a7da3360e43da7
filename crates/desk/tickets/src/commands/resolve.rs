use kit::{Problems, Result, Tx};

use super::TEXT;
use super::hold::{Hold, Target};
use crate::events::TicketEvent;
use crate::policy::WORK;
use crate::status::Act;
use crate::ticket::Ticket;

/// Gives a solution.
///
/// # Errors
/// By the table of transitions; a solution must be given (S2-045).
pub async fn resolve(tx: &mut Tx, target: &Target, solution: &str) -> Result<Ticket> {
    tx.cx().require(&WORK)?;
    let mut hold = Hold::of(tx, target).await?;
    resolve_held(tx, &mut hold, solution)?;
    hold.keep(tx).await
}

pub(super) fn resolve_held(tx: &mut Tx, hold: &mut Hold, solution: &str) -> Result<()> {
    hold.after(Act::Resolve)?;
    let mut problems = Problems::default();
    let solution = problems.text("solution", solution, 1..=TEXT);
    problems.done()?;
    hold.falls_to_actor(tx);
    let from = hold.ticket.status;
    hold.ticket.status = hold.after(Act::Resolve)?;
    hold.ticket.solution = Some(solution);
    hold.ticket.resolved_at = Some(tx.now());
    tx.record(&TicketEvent::Resolved { from }.of(&hold.ticket));
    Ok(())
}

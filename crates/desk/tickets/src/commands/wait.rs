use kit::{Result, Tx};

use super::hold::{Hold, Target};
use crate::policy::WORK;
use crate::status::Act;
use crate::ticket::Ticket;

/// Waits for somebody outside the desk.
///
/// # Errors
/// By the table of transitions.
pub async fn wait(tx: &mut Tx, target: &Target) -> Result<Ticket> {
    tx.cx().require(&WORK)?;
    let mut hold = Hold::of(tx, target).await?;
    wait_held(tx, &mut hold)?;
    hold.keep(tx).await
}

/// Goes on after waiting.
///
/// # Errors
/// By the table of transitions.
pub async fn resume(tx: &mut Tx, target: &Target) -> Result<Ticket> {
    tx.cx().require(&WORK)?;
    let mut hold = Hold::of(tx, target).await?;
    resume_held(tx, &mut hold)?;
    hold.keep(tx).await
}

pub(super) fn wait_held(tx: &mut Tx, hold: &mut Hold) -> Result<()> {
    hold.after(Act::Wait)?;
    hold.falls_to_actor(tx);
    let to = hold.after(Act::Wait)?;
    hold.move_to(tx, to);
    Ok(())
}

pub(super) fn resume_held(tx: &mut Tx, hold: &mut Hold) -> Result<()> {
    hold.after(Act::Resume)?;
    hold.falls_to_actor(tx);
    let to = hold.after(Act::Resume)?;
    hold.move_to(tx, to);
    Ok(())
}

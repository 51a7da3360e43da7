use kit::{Error, Place, Result, Tx, UserId};

use super::hold::{Hold, Target};
use crate::events::TicketEvent;
use crate::policy::{ASSIGN, WORK};
use crate::status::Act;
use crate::ticket::Ticket;

/// Takes a ticket: the actor works on it.
///
/// # Errors
/// By the table of transitions.
pub async fn take(tx: &mut Tx, target: &Target) -> Result<Ticket> {
    tx.cx().require(&WORK)?;
    let mut hold = Hold::of(tx, target).await?;
    hold.after(Act::Take)?;
    let me = tx.cx().actor.user()?.id;
    hold.give(tx, me, false);
    hold.keep(tx).await
}

/// Has somebody of the staff work on a ticket, as a supervisor.
///
/// # Errors
/// By the table of transitions; [`Error::Invalid`] when it is nobody of the staff.
pub async fn assign(tx: &mut Tx, target: &Target, user: UserId) -> Result<Ticket> {
    tx.cx().require(&ASSIGN)?;
    let mut hold = Hold::of(tx, target).await?;
    hold.after(Act::Assign)?;
    staff_only(tx, user, hold.ticket.place()).await?;
    if hold.ticket.assignee == Some(user) {
        return Err(Error::field("assignee", "same-assignee"));
    }
    hold.give(tx, user, false);
    hold.keep(tx).await
}

/// Hands a ticket to another technician; its state stays (S3-054).
///
/// # Errors
/// By the table of transitions; [`Error::Invalid`] when it is nobody of the staff.
pub async fn transfer(tx: &mut Tx, target: &Target, user: UserId) -> Result<Ticket> {
    tx.cx().require(&WORK)?;
    let mut hold = Hold::of(tx, target).await?;
    hold.after(Act::Transfer)?;
    staff_only(tx, user, hold.ticket.place()).await?;
    if hold.ticket.assignee == Some(user) {
        return Err(Error::field("assignee", "same-assignee"));
    }
    let before = hold.ticket.assignee.replace(user);
    let event = TicketEvent::Transferred {
        status: hold.ticket.status,
        assignee: user,
        before,
    };
    tx.record(&event.of(&hold.ticket));
    hold.keep(tx).await
}

/// Somebody of the staff who may look at what they are given: it would lie with them
/// unseen otherwise.
pub(super) async fn staff_only(tx: &Tx, user: UserId, place: Place) -> Result<()> {
    let person = people::person(tx.db(), user).await?;
    match person.filter(|p| p.role.is_staff() && p.active) {
        Some(person) if person.reaches(place) => Ok(()),
        Some(_) => Err(Error::field("assignee", "out-of-reach")),
        None => Err(Error::field("assignee", "unknown")),
    }
}

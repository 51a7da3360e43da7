use kit::{Error, Result, Tx, UserId};

use super::assign::staff_only;
use super::hold::{Hold, Target};
use crate::events::TicketEvent;
use crate::policy::WORK;
use crate::status::{Standing, Status};
use crate::store::participants as store;
use crate::ticket::Ticket;

/// Invites somebody of the staff to a ticket (S3-055).
///
/// # Errors
/// [`Error::Invalid`] when it is nobody of the staff or they are on it already.
pub async fn add_participant(tx: &mut Tx, target: &Target, user: UserId) -> Result<Ticket> {
    let hold = held(tx, target).await?;
    let place = hold.ticket.place();
    staff_only(tx, user, place)
        .await
        .map_err(|error| match error {
            Error::Invalid(problems) => Error::field("participant", problems.0[0].code),
            error => error,
        })?;
    let already = hold.ticket.assignee == Some(user);
    if already || !store::insert(tx, hold.ticket.id, user).await? {
        return Err(Error::field("participant", "already-there"));
    }
    tx.record(&TicketEvent::ParticipantAdded(user).of(&hold.ticket));
    hold.keep(tx).await
}

/// Takes somebody off a ticket (S3-056).
///
/// # Errors
/// [`Error::NotFound`] when they are not on it.
pub async fn remove_participant(tx: &mut Tx, target: &Target, user: UserId) -> Result<Ticket> {
    let hold = held(tx, target).await?;
    if !store::delete(tx, hold.ticket.id, user).await? {
        return Err(Error::NotFound);
    }
    tx.record(&TicketEvent::ParticipantRemoved(user).of(&hold.ticket));
    hold.keep(tx).await
}

/// Whoever may work on the ticket says who helps.
async fn held(tx: &Tx, target: &Target) -> Result<Hold> {
    tx.cx().require(&WORK)?;
    let hold = Hold::of(tx, target).await?;
    match hold.standing {
        Standing::Other | Standing::Participant => {
            return Err(Error::Forbidden("other-technician"));
        }
        Standing::Requester => return Err(Error::Forbidden("role")),
        Standing::Free | Standing::Assignee | Standing::Lead => {}
    }
    if hold.ticket.status == Status::Closed {
        return Err(Error::Conflict("closed"));
    }
    Ok(hold)
}

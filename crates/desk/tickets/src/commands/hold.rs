use kit::{Error, Result, Tx, UserId};

use super::recorded::bring;
use crate::events::TicketEvent;
use crate::status::{Act, Standing, Status};
use crate::store::{participants, ticket as store};
use crate::tallies;
use crate::ticket::Ticket;

/// Which ticket a command is about, and from which version of it the sender
/// started; a version that is no longer current is refused.
#[derive(Clone, Debug)]
pub struct Target {
    /// The id or the protocol.
    pub ticket: String,
    /// The version that the form was made from; the API may leave it out.
    pub version: Option<i32>,
}

impl From<&str> for Target {
    fn from(name: &str) -> Target {
        Target {
            ticket: name.to_owned(),
            version: None,
        }
    }
}

impl From<&Ticket> for Target {
    fn from(ticket: &Ticket) -> Target {
        Target::from(ticket.id.to_string().as_str())
    }
}

/// A ticket that is held while a command works on it.
pub(crate) struct Hold {
    pub ticket: Ticket,
    pub standing: Standing,
    /// Where it counted when it was found.
    counted: tallies::Place,
}

impl Hold {
    /// Finds the ticket in the actor's scope and holds it until the commit.
    pub async fn of(tx: &Tx, target: &Target) -> Result<Hold> {
        let ticket = store::find_for_update(tx, &target.ticket).await?;
        if target
            .version
            .is_some_and(|version| version != ticket.version)
        {
            return Err(Error::Conflict("stale"));
        }
        let mut standing = ticket.standing(&tx.cx().actor, false);
        if standing == Standing::Other {
            let invited = participants::of_ticket(tx.db(), ticket.id).await?;
            let me = tx.cx().actor.id();
            standing = ticket.standing(&tx.cx().actor, invited.iter().any(|u| Some(*u) == me));
        }
        Ok(Hold {
            counted: tallies::place(&ticket),
            ticket,
            standing,
        })
    }

    /// The state after `act`, or why not.
    pub fn after(&self, act: Act) -> Result<Status> {
        Ok(self.ticket.after(act, self.standing)?)
    }

    /// A technician who acts on a ticket that nobody works on becomes its
    /// technician (S4-052), unless it was they who handed it on.
    pub fn falls_to_actor(&mut self, tx: &mut Tx) {
        if let Some(me) = self.ticket.falls_to(&tx.cx().actor) {
            self.give(tx, me, true);
        }
    }

    /// Has `user` work on it from now on.
    pub fn give(&mut self, tx: &mut Tx, user: UserId, auto: bool) {
        let from = self.ticket.status;
        let before = self.ticket.assignee.replace(user);
        if matches!(from, Status::Open | Status::Escalated) {
            self.ticket.status = Status::InProgress;
        }
        self.standing = self.ticket.standing(&tx.cx().actor, false);
        let event = TicketEvent::Assigned {
            from,
            to: self.ticket.status,
            assignee: user,
            before,
            auto,
        };
        tx.record(&event.of(&self.ticket));
    }

    /// Nobody works on it any longer, if whoever did has left or may not look where it is
    /// now: it would lie with them unseen. One that is solved stays with whoever solved
    /// it. `false` when nothing changes.
    pub async fn release(&mut self, tx: &mut Tx) -> Result<bool> {
        let Some(user) = self.ticket.assignee else {
            return Ok(false);
        };
        if !self.ticket.status.is_active() {
            return Ok(false);
        }
        let person = people::person(tx.db(), user).await?;
        if person.is_some_and(|p| p.active && p.role.is_staff() && p.reaches(self.ticket.place())) {
            return Ok(false);
        }
        let status = match self.ticket.status {
            Status::InProgress => Status::Open,
            status => status,
        };
        Ok(bring(tx, self, status, None))
    }

    /// Moves it to a state by a plain change, with its event.
    pub fn move_to(&mut self, tx: &mut Tx, to: Status) {
        let from = std::mem::replace(&mut self.ticket.status, to);
        tx.record(&TicketEvent::StatusChanged { from, to }.of(&self.ticket));
    }

    /// Writes it.
    pub async fn keep(mut self, tx: &mut Tx) -> Result<Ticket> {
        tallies::note(tx, Some(self.counted), Some(tallies::place(&self.ticket)));
        store::save(tx, &mut self.ticket, true).await?;
        Ok(self.ticket)
    }

    /// Writes it after something that only the desk knows of.
    pub async fn keep_internally(mut self, tx: &mut Tx) -> Result<Ticket> {
        tallies::note(tx, Some(self.counted), Some(tallies::place(&self.ticket)));
        store::save(tx, &mut self.ticket, false).await?;
        Ok(self.ticket)
    }
}

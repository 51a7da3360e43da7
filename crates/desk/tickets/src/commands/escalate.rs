use catalog::QueueId;
use kit::{Error, Problems, Result, Tx};

use super::REASON;
use super::hold::{Hold, Target};
use crate::events::{Change, TicketEvent};
use crate::policy::WORK;
use crate::status::Act;
use crate::ticket::Ticket;

/// Hands a ticket to the next level: to `queue`, or to the first one of a higher
/// level. Nobody works on it afterwards, and whoever handed it on does not get
/// it straight back (S4-053).
///
/// # Errors
/// By the table of transitions; [`Error::Invalid`] without a reason or a level above.
pub async fn escalate(
    tx: &mut Tx,
    target: &Target,
    reason: &str,
    queue: Option<QueueId>,
) -> Result<Ticket> {
    tx.cx().require(&WORK)?;
    let mut hold = Hold::of(tx, target).await?;
    let to = hold.after(Act::Escalate)?;
    let mut problems = Problems::default();
    let reason = problems.text("reason", reason, 1..=REASON);
    let old = match hold.ticket.queue {
        Some(id) => catalog::queue(tx.db(), id).await?,
        None => None,
    };
    let new = match queue {
        Some(id) => catalog::queue(tx.db(), id).await?.filter(|q| q.active),
        None => catalog::above(tx.db(), old.as_ref().map_or(1, |q| q.level)).await?,
    };
    if new.is_none() {
        problems.add(
            "queue",
            if queue.is_some() {
                "unknown"
            } else {
                "no-level-above"
            },
        );
    }
    problems.done()?;
    let new = new.ok_or_else(|| Error::field("queue", "unknown"))?;
    let from = hold.ticket.status;
    let before = hold.ticket.assignee.take();
    hold.ticket.status = to;
    hold.ticket.escalated_by = tx.cx().actor.id();
    let left = hold.ticket.place();
    hold.ticket.queue = Some(new.id);
    let name = |q: &catalog::Queue| format!("{} (N{})", q.name, q.level);
    let queues = Change {
        from: old.as_ref().map(name),
        to: Some(name(&new)),
    };
    let event = TicketEvent::Escalated {
        from,
        reason,
        queues,
        before,
    };
    tx.record(&event.of(&hold.ticket).leaving(left));
    hold.keep(tx).await
}

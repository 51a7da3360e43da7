//! One act on many tickets at once, and the way back.

use catalog::QueueId;
use kit::{Error, Instant, Result, Tx, UserId, new_id};
use serde::{Deserialize, Serialize};

use super::hold::{Hold, Target};
use super::recorded::bring;
use super::{assign, resolve, resume, set_priority, set_queue, take, wait};
use crate::events::{Change, TicketEvent};
use crate::policy::WORK;
use crate::status::Status;
use crate::store::{ticket as store, undos};
use crate::ticket::{Priority, Ticket};
use crate::{TicketId, UndoId};

/// So many tickets at once: more would keep others from writing.
pub const BULK: usize = 100;
/// An act can be undone for so long; later, too much has been built on it.
pub const UNDO_MINUTES: i64 = 10;

/// What is done to each of them.
#[derive(Clone, Debug)]
pub enum Each {
    /// Work on it oneself.
    Take,
    /// Have somebody work on it.
    Assign(UserId),
    /// Put it into a queue.
    Queue(QueueId),
    /// Make it more or less urgent.
    Priority(Priority),
    /// Wait for somebody outside.
    Wait,
    /// Go on.
    Resume,
    /// Give all of them this solution.
    Resolve(String),
}

impl Each {
    /// The stored name, at the end of its locale key.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Each::Take => "take",
            Each::Assign(_) => "assign",
            Each::Queue(_) => "queue",
            Each::Priority(_) => "priority",
            Each::Wait => "wait",
            Each::Resume => "resume",
            Each::Resolve(_) => "resolve",
        }
    }
}

/// What became of an act on many.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// The tickets that it changed, as they were before.
    pub changed: Vec<Before>,
    /// How many were so already.
    pub same: usize,
    /// Those that were left alone, by protocol, and the locale key of why.
    pub refused: Vec<(String, String)>,
}

/// How a ticket was before an act.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Before {
    ticket: TicketId,
    protocol: String,
    /// The version after the act: whoever came later is not undone.
    version: i32,
    status: Status,
    assignee: Option<UserId>,
    escalated_by: Option<UserId>,
    queue: Option<QueueId>,
    priority: Priority,
    resolved_at: Option<Instant>,
    /// What solved it before, or was thought to.
    solution: Option<String>,
}

/// Does the same to each of these tickets. What a rule refuses is left alone and
/// told; what is done is done in one transaction with the way back.
///
/// # Errors
/// [`Error::Invalid`] for none or too many, or for what no ticket can be set to.
pub async fn bulk(tx: &mut Tx, names: &[String], each: &Each) -> Result<UndoId> {
    tx.cx().require(&WORK)?;
    if names.is_empty() {
        return Err(Error::field("ticket", "choose-tickets"));
    }
    if names.len() > BULK {
        return Err(Error::field("ticket", "too-many-tickets"));
    }
    // Always in one order, so that two at once do not wait for each other.
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    let mut outcome = Outcome::default();
    for name in names {
        match one(tx, &name, each).await {
            Ok(Some(before)) => outcome.changed.push(before),
            Ok(None) => outcome.same += 1,
            Err(error) => {
                // No protocol is longer, whatever was sent.
                let named = name.chars().take(40).collect();
                outcome.refused.push((named, why(error)?));
            }
        }
    }
    let id = UndoId(new_id(tx.now()));
    undos::insert(tx, id, each.code(), &outcome).await?;
    Ok(id)
}

async fn one(tx: &mut Tx, name: &str, each: &Each) -> Result<Option<Before>> {
    let old = store::find(tx.db(), tx.cx().scope(), name).await?;
    // Whoever changes it between this look and the act must not be undone later.
    let target = Target {
        ticket: old.id.to_string(),
        version: Some(old.version),
    };
    let (new, changed) = match each {
        Each::Take if old.assignee == tx.cx().actor.id() => (old.clone(), false),
        Each::Take => (take(tx, &target).await?, true),
        Each::Assign(user) if old.assignee == Some(*user) => (old.clone(), false),
        Each::Assign(user) => (assign(tx, &target, *user).await?, true),
        Each::Queue(queue) => set_queue(tx, &target, Some(*queue)).await?,
        Each::Priority(priority) => set_priority(tx, &target, *priority).await?,
        Each::Wait => (wait(tx, &target).await?, true),
        Each::Resume => (resume(tx, &target).await?, true),
        Each::Resolve(solution) => (resolve(tx, &target, solution).await?, true),
    };
    Ok(changed.then(|| before(old, &new)))
}

fn before(old: Ticket, new: &Ticket) -> Before {
    Before {
        ticket: old.id,
        protocol: old.protocol,
        version: new.version,
        status: old.status,
        assignee: old.assignee,
        escalated_by: old.escalated_by,
        queue: old.queue,
        priority: old.priority,
        resolved_at: old.resolved_at,
        solution: old.solution,
    }
}

/// The locale key of why a ticket was left alone; what is wrong with the act
/// itself, or with the database, ends the whole.
fn why(error: Error) -> Result<String> {
    match error {
        Error::NotFound => Ok("bulk-gone".to_owned()),
        Error::Forbidden(reason) => Ok(format!("refused-{reason}")),
        Error::Conflict(reason) => Ok(format!("conflict-{reason}")),
        // Who is to have it may look at the others, perhaps.
        Error::Invalid(problems)
            if problems
                .at("assignee")
                .is_some_and(|p| p.code == "out-of-reach") =>
        {
            Ok("problem-out-of-reach".to_owned())
        }
        error => Err(error),
    }
}

/// Puts everything back that an act on many changed and nobody changed since.
///
/// # Errors
/// [`Error::NotFound`] for somebody else's act; [`Error::Conflict`] when it is
/// undone already or too long ago.
pub async fn undo(tx: &mut Tx, id: UndoId) -> Result<()> {
    tx.cx().require(&WORK)?;
    let act = undos::find_for_update(tx, id).await?;
    if !act.can_be_undone(tx.now()) {
        return Err(Error::Conflict("undo"));
    }
    let mut left = Outcome::default();
    for before in act.outcome.changed {
        let protocol = before.protocol.clone();
        match put_back(tx, &before).await {
            Ok(()) => left.changed.push(before),
            Err(error) => left.refused.push((protocol, why(error)?)),
        }
    }
    undos::undone(tx, id, &left).await
}

async fn put_back(tx: &mut Tx, before: &Before) -> Result<()> {
    let target = Target {
        ticket: before.ticket.to_string(),
        version: Some(before.version),
    };
    let mut hold = Hold::of(tx, &target).await?;
    bring(tx, &mut hold, before.status, before.assignee);
    let ticket = &mut hold.ticket;
    ticket.escalated_by = before.escalated_by;
    ticket.resolved_at = before.resolved_at;
    ticket.solution.clone_from(&before.solution);
    if ticket.priority != before.priority {
        let from = std::mem::replace(&mut ticket.priority, before.priority);
        let change = Change {
            from: Some(from.code().to_owned()),
            to: Some(before.priority.code().to_owned()),
        };
        tx.record(&TicketEvent::PriorityChanged(change).of(&hold.ticket));
    }
    if hold.ticket.queue != before.queue {
        let names = catalog::queue_names(tx.db()).await?;
        let name = |id: Option<QueueId>| names.get(&id?).cloned();
        let change = Change {
            from: name(hold.ticket.queue),
            to: name(before.queue),
        };
        let left = hold.ticket.place();
        hold.ticket.queue = before.queue;
        let event = TicketEvent::QueueChanged(change).of(&hold.ticket);
        tx.record(&event.leaving(left));
    }
    // They may have left meanwhile, or may not look there any more.
    hold.release(tx).await?;
    hold.keep(tx).await?;
    Ok(())
}

use catalog::{CategoryId, QueueId};
use kit::{CompanyId, Error, Problems, Result, Tx, UserId};

use super::hold::{Hold, Target};
use super::open::{Named, categories};
use super::{TEXT, TITLE};
use crate::events::{Change, TicketEvent};
use crate::policy::{EDIT, WORK};
use crate::status::{Standing, Status};
use crate::ticket::{Priority, Ticket};

/// What a ticket is corrected to.
#[derive(Clone, Debug, Default)]
pub struct Correction {
    /// In one line.
    pub title: String,
    /// In as many as it takes.
    pub description: String,
    /// What it is about.
    pub category: Option<CategoryId>,
    /// More exactly.
    pub subcategory: Option<CategoryId>,
    /// Whose it is.
    pub company: Option<CompanyId>,
    /// Who asked, if they can sign in.
    pub requester: Option<UserId>,
    /// Who asked, if they cannot.
    pub contact_name: Option<String>,
    /// Where to reach them.
    pub contact_info: Option<String>,
}

/// Corrects a ticket; nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Invalid`] at each field that will not do, [`Error::Conflict`] when closed.
pub async fn edit(tx: &mut Tx, target: &Target, mut new: Correction) -> Result<(Ticket, bool)> {
    tx.cx().require(&EDIT)?;
    let mut hold = workable(tx, target).await?;
    let mut problems = Problems::default();
    let title = problems.text("title", &new.title, 1..=TITLE);
    let description = problems.text("description", &new.description, 1..=TEXT);
    let contact_name = problems.line("contact_name", new.contact_name.as_deref(), 160);
    let contact_info = problems.line("contact_info", new.contact_info.as_deref(), 160);
    // A category that was archived or renamed since stays as it was.
    let kept = new.subcategory.or(new.category) == hold.ticket.category;
    let named = match kept {
        true => None,
        false => {
            Some(categories(tx, &mut new.category, &mut new.subcategory, &mut problems).await?)
        }
    };
    if new.requester.is_none() && new.company.is_none() && contact_name.is_none() {
        problems.add("contact_name", "somebody");
    }
    parties(tx, &hold.ticket, &new, &mut problems).await?;
    problems.done()?;
    let before = hold.ticket.place();
    let ticket = &mut hold.ticket;
    let mut fields = Vec::new();
    set(&mut fields, "title", &mut ticket.title, title);
    set(
        &mut fields,
        "description",
        &mut ticket.description,
        description,
    );
    set(&mut fields, "company", &mut ticket.company, new.company);
    set(
        &mut fields,
        "requester",
        &mut ticket.requester,
        new.requester,
    );
    set(
        &mut fields,
        "contact_name",
        &mut ticket.contact_name,
        contact_name,
    );
    set(
        &mut fields,
        "contact_info",
        &mut ticket.contact_info,
        contact_info,
    );
    let mut changed = !fields.is_empty();
    if changed {
        let mut event = TicketEvent::Edited(fields).of(ticket);
        if ticket.place() != before {
            event = event.leaving(before);
        }
        tx.record(&event);
    }
    if let Some(named) = named {
        changed |= recategorise(tx, ticket, new.subcategory.or(new.category), named);
    }
    if ticket.place() != before {
        hold.release(tx).await?;
    }
    match changed {
        true => Ok((hold.keep(tx).await?, true)),
        false => Ok((hold.ticket, false)),
    }
}

/// Says what a ticket is about, anew.
///
/// # Errors
/// [`Error::Invalid`] for a category that is unknown or not above the subcategory.
pub async fn set_category(
    tx: &mut Tx,
    target: &Target,
    mut category: Option<CategoryId>,
    mut subcategory: Option<CategoryId>,
) -> Result<(Ticket, bool)> {
    tx.cx().require(&WORK)?;
    let mut hold = workable(tx, target).await?;
    let mut problems = Problems::default();
    let named = categories(tx, &mut category, &mut subcategory, &mut problems).await?;
    problems.done()?;
    match recategorise(tx, &mut hold.ticket, subcategory.or(category), named) {
        true => Ok((hold.keep(tx).await?, true)),
        false => Ok((hold.ticket, false)),
    }
}

fn recategorise(tx: &mut Tx, ticket: &mut Ticket, id: Option<CategoryId>, named: Named) -> bool {
    let from = category_text(ticket);
    ticket.category = id;
    ticket.category_name = named.category;
    ticket.subcategory_name = named.subcategory;
    let to = category_text(ticket);
    let changed = from != to;
    if changed {
        tx.record(&TicketEvent::CategoryChanged(Change { from, to }).of(ticket));
    }
    changed
}

fn set<T: PartialEq>(fields: &mut Vec<&'static str>, name: &'static str, old: &mut T, new: T) {
    if *old != new {
        *old = new;
        fields.push(name);
    }
}

/// `Rede › Wi-Fi`, as the ticket keeps it.
pub(crate) fn category_text(ticket: &Ticket) -> Option<String> {
    let category = ticket.category_name.clone()?;
    Some(match &ticket.subcategory_name {
        Some(sub) => format!("{category} › {sub}"),
        None => category,
    })
}

async fn parties(tx: &Tx, old: &Ticket, new: &Correction, problems: &mut Problems) -> Result<()> {
    let scope = tx.cx().scope();
    match new.company {
        company if company == old.company => {}
        None if !scope.sees_company(None) => _ = problems.add("company", "required"),
        None => {}
        // What the actor may not see is there no more than what there is not.
        Some(id) => {
            let seen = scope.sees_company(Some(id));
            if !seen || companies::find(tx.db(), id).await?.is_none() {
                problems.add("company", "unknown");
            }
        }
    }
    if let Some(id) = new.requester.filter(|id| old.requester != Some(*id)) {
        let person = people::person(tx.db(), id).await?;
        if !person.is_some_and(|p| p.role.is_staff() || scope.sees_company(p.company)) {
            problems.add("requester", "unknown");
        }
    }
    Ok(())
}

/// Puts a ticket into another queue (S3-059), or into none: also into one where the
/// actor may not look, which is what handing it on is for. Then they see it no more.
///
/// # Errors
/// [`Error::Invalid`] for a queue that is unknown or archived.
pub async fn set_queue(
    tx: &mut Tx,
    target: &Target,
    queue: Option<QueueId>,
) -> Result<(Ticket, bool)> {
    tx.cx().require(&WORK)?;
    let mut hold = workable(tx, target).await?;
    let new = match queue {
        None => None,
        Some(id) => Some(
            catalog::queue(tx.db(), id)
                .await?
                .filter(|q| q.active)
                .ok_or_else(|| Error::field("queue", "unknown"))?,
        ),
    };
    if hold.ticket.queue == queue {
        return Ok((hold.ticket, false));
    }
    let from = match hold.ticket.queue {
        Some(id) => catalog::queue(tx.db(), id).await?.map(|q| q.name),
        None => None,
    };
    let before = hold.ticket.place();
    hold.ticket.queue = queue;
    let to = new.map(|q| q.name);
    let event = TicketEvent::QueueChanged(Change { from, to }).of(&hold.ticket);
    tx.record(&event.leaving(before));
    hold.release(tx).await?;
    Ok((hold.keep(tx).await?, true))
}

/// Makes a ticket more or less urgent.
///
/// # Errors
/// [`Error::Conflict`] when it is closed.
pub async fn set_priority(
    tx: &mut Tx,
    target: &Target,
    priority: Priority,
) -> Result<(Ticket, bool)> {
    tx.cx().require(&WORK)?;
    let mut hold = workable(tx, target).await?;
    if hold.ticket.priority == priority {
        return Ok((hold.ticket, false));
    }
    let from = std::mem::replace(&mut hold.ticket.priority, priority);
    let change = Change {
        from: Some(from.code().to_owned()),
        to: Some(priority.code().to_owned()),
    };
    tx.record(&TicketEvent::PriorityChanged(change).of(&hold.ticket));
    Ok((hold.keep(tx).await?, true))
}

/// A ticket that may be changed by whoever asks: any of the staff while nobody
/// or they themselves work on it, and a supervisor always.
async fn workable(tx: &Tx, target: &Target) -> Result<Hold> {
    let hold = Hold::of(tx, target).await?;
    if hold.ticket.status == Status::Closed {
        return Err(Error::Conflict("closed"));
    }
    match hold.standing {
        Standing::Requester => Err(Error::Forbidden("role")),
        Standing::Other => Err(Error::Forbidden("other-technician")),
        Standing::Free | Standing::Assignee | Standing::Participant | Standing::Lead => Ok(hold),
    }
}

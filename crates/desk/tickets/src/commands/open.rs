use catalog::{CategoryId, ChannelId, QueueId};
use kit::{CompanyId, Error, Place, Problems, Result, Scope, Tx, Upload, UserId, new_id};

use super::assign::staff_only;
use super::attach::{attach, check_files};
use super::{TEXT, TITLE};
use crate::TicketId;
use crate::events::TicketEvent;
use crate::policy::OPEN;
use crate::status::Status;
use crate::store::ticket as store;
use crate::tallies;
use crate::ticket::{Priority, Ticket, new_protocol};

/// What is said when a ticket is opened. A requester's own word counts for
/// title, description, category, queue, priority and files; the rest is staff's
/// to say and is not looked at otherwise.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// In one line.
    pub title: String,
    /// In as many as it takes.
    pub description: String,
    /// What it is about.
    pub category: Option<CategoryId>,
    /// More exactly.
    pub subcategory: Option<CategoryId>,
    /// Who is to deal with it.
    pub queue: Option<QueueId>,
    /// How soon.
    pub priority: Option<Priority>,
    /// By which way it came.
    pub channel: Option<ChannelId>,
    /// Whose it is.
    pub company: Option<CompanyId>,
    /// Who asked, if they can sign in.
    pub requester: Option<UserId>,
    /// Who works on it.
    pub assignee: Option<UserId>,
    /// Who asked, if they cannot sign in.
    pub contact_name: Option<String>,
    /// Where to reach them.
    pub contact_info: Option<String>,
    /// Open, in progress or resolved (S0-006).
    pub status: Option<Status>,
    /// Files that show what is meant.
    pub files: Vec<Upload>,
    /// The number it had in another system; a new protocol otherwise.
    pub protocol: Option<String>,
}

/// Opens a ticket.
///
/// # Errors
/// [`kit::Error::Invalid`] at each field that will not do.
pub async fn open(tx: &mut Tx, mut opening: Opening) -> Result<Ticket> {
    tx.cx().require(&OPEN)?;
    let staff = tx.cx().scope().sees_internal();
    if !staff {
        leave_to_staff(tx, &mut opening);
    }
    let mut problems = Problems::default();
    let title = problems.text("title", &opening.title, 1..=TITLE);
    let description = problems.text("description", &opening.description, 1..=TEXT);
    let contact_name = problems.line("contact_name", opening.contact_name.as_deref(), 160);
    let contact_info = problems.line("contact_info", opening.contact_info.as_deref(), 160);
    let kinds = check_files(&mut problems, &opening.files);
    let named = Named::of(tx, &mut opening, &mut problems).await?;
    if staff && opening.requester.is_none() && opening.company.is_none() && contact_name.is_none() {
        problems.add("contact_name", "somebody");
    }
    if matches!(
        opening.status,
        Some(Status::Waiting | Status::Scheduled | Status::Escalated | Status::Closed)
    ) {
        problems.add("status", "unknown");
    }
    problems.done()?;

    let assignee = opening.assignee.or_else(|| {
        let begun = matches!(opening.status, Some(Status::InProgress | Status::Resolved));
        tx.cx().actor.id().filter(|_| begun)
    });
    let status = match opening.status {
        None | Some(Status::Open) if assignee.is_some() => Status::InProgress,
        None => Status::Open,
        Some(status) => status,
    };
    let now = tx.now();
    let ticket = Ticket {
        id: TicketId(new_id(now)),
        protocol: opening
            .protocol
            .unwrap_or_else(|| new_protocol(&tx.cx().app.zone, now)),
        title,
        last_line: None,
        solution: (status == Status::Resolved).then(|| description.clone()),
        description,
        status,
        priority: opening.priority.unwrap_or_default(),
        queue: opening.queue,
        category: opening.subcategory.or(opening.category),
        category_name: named.category,
        subcategory_name: named.subcategory,
        channel: opening.channel,
        company: opening.company,
        requester: opening.requester,
        assignee,
        escalated_by: None,
        contact_name,
        contact_info,
        closed_reason: None,
        classification: None,
        evaluation: None,
        evaluation_pending: false,
        created_at: now,
        updated_at: now,
        public_at: now,
        resolved_at: (status == Status::Resolved).then_some(now),
        closed_at: None,
        version: 1,
    };
    store::insert(tx, &ticket).await?;
    tallies::note(tx, None, Some(tallies::place(&ticket)));
    attach(tx, &ticket, None, false, opening.files, &kinds).await?;
    record(tx, &ticket);
    Ok(ticket)
}

/// A ticket begins open; what staff said beyond that are events of their own.
fn record(tx: &mut Tx, ticket: &Ticket) {
    tx.record(
        &TicketEvent::Created {
            status: Status::Open,
        }
        .of(ticket),
    );
    if let Some(assignee) = ticket.assignee {
        let event = TicketEvent::Assigned {
            from: Status::Open,
            to: Status::InProgress,
            assignee,
            before: None,
            auto: false,
        };
        tx.record(&event.of(ticket));
    }
    if ticket.status == Status::Resolved {
        let from = Status::InProgress;
        tx.record(&TicketEvent::Resolved { from }.of(ticket));
    }
}

/// A requester opens for themselves: anything else that was sent is not looked
/// at (S0-005, S0-006).
fn leave_to_staff(tx: &Tx, opening: &mut Opening) {
    let user = tx.cx().actor.user().ok();
    opening.requester = user.map(|u| u.id);
    opening.company = user.and_then(|u| u.company);
    opening.channel = None;
    opening.assignee = None;
    opening.contact_name = None;
    opening.contact_info = None;
    opening.status = None;
    opening.protocol = None;
}

/// The names that a ticket keeps of its category.
#[derive(Default)]
pub(super) struct Named {
    pub category: Option<String>,
    pub subcategory: Option<String>,
}

impl Named {
    /// Looks up everything that the opening names; what is unknown or archived
    /// is a problem at its field.
    async fn of(tx: &Tx, opening: &mut Opening, problems: &mut Problems) -> Result<Named> {
        let named = categories(
            tx,
            &mut opening.category,
            &mut opening.subcategory,
            problems,
        )
        .await?;
        if let Some(id) = opening.queue
            && catalog::queue(tx.db(), id).await?.is_none_or(|q| !q.active)
        {
            problems.add("queue", "unknown");
        }
        if let Some(id) = opening.channel
            && catalog::channel(tx.db(), id)
                .await?
                .is_none_or(|c| !c.active)
        {
            problems.add("channel", "unknown");
        }
        if opening.channel.is_none() {
            let channels = catalog::channels(tx.db());
            let channels = tx.cx().kept("channels", "channels", channels).await?;
            let portal = channels.iter().find(|c| c.portal);
            opening.channel = portal.map(|c| c.id);
        }
        let scope = tx.cx().scope();
        if let Some(id) = opening.requester {
            let person = people::person(tx.db(), id).await?;
            let limited = scope.limits().is_some();
            // What the actor may not see is there no more than what there is not.
            let seen =
                person.filter(|p| !limited || p.role.is_staff() || scope.sees_company(p.company));
            match seen {
                Some(person) => opening.company = opening.company.or(person.company),
                None => _ = problems.add("requester", "unknown"),
            }
        }
        inside(&scope, opening, problems);
        if let Some(id) = opening.company.filter(|_| problems.at("company").is_none()) {
            match companies::find(tx.db(), id).await? {
                Some(company) if company.active => {}
                Some(_) => _ = problems.add("company", "company-inactive"),
                None => _ = problems.add("company", "unknown"),
            }
        }
        if let Some(id) = opening.assignee {
            let place = Place {
                queue: opening.queue.map(|id| id.0),
                company: opening.company.map(|id| id.0),
            };
            match staff_only(tx, id, place).await {
                Err(Error::Invalid(wrong)) => problems.0.extend(wrong.0),
                done => done?,
            }
        }
        Ok(named)
    }
}

/// Whoever may not look everywhere opens where they may.
fn inside(scope: &Scope, opening: &Opening, problems: &mut Problems) {
    if scope.limits().is_none() {
        return;
    }
    let queue = opening.queue.map(|id| id.0);
    for (field, given, seen) in [
        ("queue", queue.is_some(), scope.sees_queue(queue)),
        (
            "company",
            opening.company.is_some(),
            scope.sees_company(opening.company),
        ),
    ] {
        if !seen && problems.at(field).is_none() {
            problems.add(field, if given { "unknown" } else { "required" });
        }
    }
}

/// A subcategory alone says its category; one of another category is a problem.
pub(super) async fn categories(
    tx: &Tx,
    category: &mut Option<CategoryId>,
    subcategory: &mut Option<CategoryId>,
    problems: &mut Problems,
) -> Result<Named> {
    let mut named = Named::default();
    if let Some(id) = *subcategory {
        match catalog::category(tx.db(), id).await? {
            Some(sub)
                if sub.active
                    && sub.parent.is_some()
                    && category.is_none_or(|c| Some(c) == sub.parent) =>
            {
                *category = sub.parent;
                named.subcategory = Some(sub.name);
            }
            _ => _ = problems.add("subcategory", "unknown"),
        }
    }
    if let Some(id) = *category {
        match catalog::category(tx.db(), id).await? {
            Some(top) if top.active && top.parent.is_none() => named.category = Some(top.name),
            _ => _ = problems.add("category", "unknown"),
        }
    }
    Ok(named)
}

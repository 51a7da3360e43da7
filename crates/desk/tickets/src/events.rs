use kit::{CompanyId, Place, Record, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::status::Status;
use crate::{AttachmentId, CommentId, Ticket, TicketId};

/// What happens to tickets. Each holds ids and short values; the sentence is
/// made when it is read, in the reader's language. The fields are what their
/// names say: states, technicians and names before and after.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum TicketEvent {
    /// It was opened.
    Created { status: Status },
    /// Somebody works on it now; `auto` by acting on it.
    Assigned {
        from: Status,
        to: Status,
        assignee: UserId,
        before: Option<UserId>,
        auto: bool,
    },
    /// It was handed to another technician.
    Transferred {
        status: Status,
        assignee: UserId,
        before: Option<UserId>,
    },
    /// Nobody works on it any longer: an import tells this, and a ticket that was put
    /// where its technician may not look.
    Unassigned { before: Option<UserId> },
    /// It waits, or goes on.
    StatusChanged { from: Status, to: Status },
    /// It was handed to the next level.
    Escalated {
        from: Status,
        reason: String,
        queues: Change,
        before: Option<UserId>,
    },
    /// A solution was given.
    Resolved { from: Status },
    /// It is over.
    Closed { from: Status, by_requester: bool },
    /// It was taken up again.
    Reopened { from: Status, to: Status },
    /// It was put into another queue.
    QueueChanged(Change),
    /// It became more or less urgent.
    PriorityChanged(Change),
    /// It is about something else.
    CategoryChanged(Change),
    /// Its text or its parties were corrected: which fields.
    Edited(Vec<&'static str>),
    /// Somebody wrote on it.
    Commented { comment: CommentId, internal: bool },
    /// Somebody took back what they wrote.
    Retracted { comment: CommentId, internal: bool },
    /// A technician was invited.
    ParticipantAdded(UserId),
    /// An invited technician left.
    ParticipantRemoved(UserId),
}

/// From what to what, by name.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The name before, if there was one.
    pub from: Option<String>,
    /// The name after, if there is one.
    pub to: Option<String>,
}

impl TicketEvent {
    /// This, of a certain ticket.
    #[must_use]
    pub fn of(self, ticket: &Ticket) -> Happened {
        Happened {
            ticket: ticket.id,
            company: ticket.company,
            event: self,
            left: None,
        }
    }

    /// Every kind there is, with the name that the API and S2 know it by.
    pub const KINDS: &[(&'static str, &'static str)] = &[
        ("ticket.created", "CREATED"),
        ("ticket.assigned", "ASSIGNED"),
        ("ticket.transferred", "TRANSFERRED"),
        ("ticket.unassigned", "UNASSIGNED"),
        ("ticket.status_changed", "STATUS_CHANGED"),
        ("ticket.escalated", "ESCALATED"),
        ("ticket.resolved", "RESOLVED"),
        ("ticket.closed", "CLOSED"),
        ("ticket.reopened", "REOPENED"),
        ("ticket.queue_changed", "QUEUE_CHANGED"),
        ("ticket.priority_changed", "PRIORITY_CHANGED"),
        ("ticket.category_changed", "CATEGORY_CHANGED"),
        ("ticket.edited", "EDITED"),
        ("ticket.commented", "COMMENTED"),
        ("ticket.retracted", "RETRACTED"),
        ("ticket.participant_added", "PARTICIPANT_ADDED"),
        ("ticket.participant_removed", "PARTICIPANT_REMOVED"),
    ];
}

/// A ticket's event, ready to be recorded.
pub struct Happened {
    ticket: TicketId,
    company: Option<CompanyId>,
    event: TicketEvent,
    left: Option<Place>,
}

impl Happened {
    /// It was here before: whoever may look only there must hear that it left. Queue and
    /// company are both kept, whichever changed: what happens next may change the other.
    #[must_use]
    pub fn leaving(mut self, place: Place) -> Happened {
        self.left = Some(place);
        self
    }
}

impl Record for Happened {
    fn kind(&self) -> &'static str {
        match self.event {
            TicketEvent::Created { .. } => "ticket.created",
            TicketEvent::Assigned { .. } => "ticket.assigned",
            TicketEvent::Transferred { .. } => "ticket.transferred",
            TicketEvent::Unassigned { .. } => "ticket.unassigned",
            TicketEvent::StatusChanged { .. } => "ticket.status_changed",
            TicketEvent::Escalated { .. } => "ticket.escalated",
            TicketEvent::Resolved { .. } => "ticket.resolved",
            TicketEvent::Closed { .. } => "ticket.closed",
            TicketEvent::Reopened { .. } => "ticket.reopened",
            TicketEvent::QueueChanged(_) => "ticket.queue_changed",
            TicketEvent::PriorityChanged(_) => "ticket.priority_changed",
            TicketEvent::CategoryChanged(_) => "ticket.category_changed",
            TicketEvent::Edited(_) => "ticket.edited",
            TicketEvent::Commented { .. } => "ticket.commented",
            TicketEvent::Retracted { .. } => "ticket.retracted",
            TicketEvent::ParticipantAdded(_) => "ticket.participant_added",
            TicketEvent::ParticipantRemoved(_) => "ticket.participant_removed",
        }
    }

    fn subject(&self) -> Uuid {
        self.ticket.0
    }

    fn company(&self) -> Option<CompanyId> {
        self.company
    }

    fn data(&self) -> Value {
        let mut data = self.event.data();
        if let Some(left) = self.left {
            data["left_queue"] = json!(left.queue);
            data["left_company"] = json!(left.company);
        }
        data
    }
}

impl TicketEvent {
    fn data(&self) -> Value {
        match self {
            TicketEvent::Created { status } => json!({ "to": status }),
            TicketEvent::Assigned {
                from,
                to,
                assignee,
                before,
                auto,
            } => {
                json!({ "from": from, "to": to, "assignee": assignee, "before": before, "auto": auto })
            }
            TicketEvent::Transferred {
                status,
                assignee,
                before,
            } => {
                json!({ "from": status, "to": status, "assignee": assignee, "before": before })
            }
            TicketEvent::Unassigned { before } => json!({ "before": before }),
            TicketEvent::StatusChanged { from, to } | TicketEvent::Reopened { from, to } => {
                json!({ "from": from, "to": to })
            }
            TicketEvent::Escalated {
                from,
                reason,
                queues,
                before,
            } => json!({
                "from": from, "to": Status::Escalated, "reason": reason,
                "old": queues.from, "new": queues.to, "before": before,
            }),
            TicketEvent::Resolved { from } => json!({ "from": from, "to": Status::Resolved }),
            TicketEvent::Closed { from, by_requester } => {
                json!({ "from": from, "to": Status::Closed, "by_requester": by_requester })
            }
            TicketEvent::QueueChanged(change)
            | TicketEvent::PriorityChanged(change)
            | TicketEvent::CategoryChanged(change) => {
                json!({ "old": change.from, "new": change.to })
            }
            TicketEvent::Edited(fields) => json!({ "fields": fields }),
            TicketEvent::Commented { comment, internal } => {
                json!({ "comment": comment, "internal": internal })
            }
            TicketEvent::Retracted { comment, internal } => {
                json!({ "comment": comment, "internal": internal })
            }
            TicketEvent::ParticipantAdded(user) | TicketEvent::ParticipantRemoved(user) => {
                json!({ "user": user })
            }
        }
    }
}

/// Somebody took a file of a ticket with them. Nothing that happens to the ticket: its
/// kind belongs to no topic, so no page that shows the ticket is fetched again, and to
/// none of [`TicketEvent::KINDS`], so the ticket's timeline does not tell it.
pub(crate) struct Downloaded {
    pub ticket: TicketId,
    pub company: Option<CompanyId>,
    pub file: AttachmentId,
    pub name: String,
}

impl Record for Downloaded {
    fn kind(&self) -> &'static str {
        "attachment.downloaded"
    }

    fn subject(&self) -> Uuid {
        self.ticket.0
    }

    fn company(&self) -> Option<CompanyId> {
        self.company
    }

    fn data(&self) -> Value {
        json!({ "file": self.file, "name": self.name })
    }
}

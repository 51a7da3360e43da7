//! The seven states, the one table of transitions between them, and the words
//! that an installation shows them with (requirements 1.3).

use kit::{Actor, Role, UserId, Vocabulary};
use serde::{Deserialize, Serialize};

/// Where a ticket stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for a technician.
    Open,
    /// A technician works on it.
    InProgress,
    /// The desk waits for somebody else.
    Waiting,
    /// A visit is planned.
    Scheduled,
    /// Waits for a technician of the next level.
    Escalated,
    /// A solution was given; the requester may confirm it.
    Resolved,
    /// Over.
    Closed,
}

impl Status {
    /// All of them, in the order of a ticket's life.
    pub const ALL: [Status; 7] = [
        Status::Open,
        Status::InProgress,
        Status::Waiting,
        Status::Scheduled,
        Status::Escalated,
        Status::Resolved,
        Status::Closed,
    ];

    /// The stored and published name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::InProgress => "in_progress",
            Status::Waiting => "waiting",
            Status::Scheduled => "scheduled",
            Status::Escalated => "escalated",
            Status::Resolved => "resolved",
            Status::Closed => "closed",
        }
    }

    /// The state of a stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The coarse state that S2 knows; derived, never stored.
    #[must_use]
    pub fn phase(self) -> &'static str {
        match self {
            Status::Open | Status::Escalated => "open",
            Status::InProgress | Status::Waiting | Status::Scheduled => "in_progress",
            Status::Resolved => "resolved",
            Status::Closed => "closed",
        }
    }

    /// The states of a phase; none for a name that is no phase.
    #[must_use]
    pub fn of_phase(phase: &str) -> Vec<Status> {
        let of = |s: &Status| s.phase() == phase;
        Status::ALL.into_iter().filter(of).collect()
    }

    /// Whether the desk still has work with it.
    #[must_use]
    pub fn is_active(self) -> bool {
        !matches!(self, Status::Resolved | Status::Closed)
    }

    /// The word that this state is shown with: the end of a locale key.
    #[must_use]
    pub fn word(self, vocabulary: Vocabulary) -> &'static str {
        use Status::{Closed, Escalated, InProgress, Open, Resolved, Scheduled, Waiting};
        match (vocabulary, self) {
            (Vocabulary::Full, _) => self.code(),
            (Vocabulary::Simple, Open | Escalated) => "open",
            (Vocabulary::Simple, InProgress | Waiting | Scheduled) => "in_progress",
            (Vocabulary::Simple, Resolved | Closed) => "resolved",
            (Vocabulary::Triage, Open | InProgress | Escalated) => "open",
            (Vocabulary::Triage, Waiting | Scheduled) => "waiting",
            (Vocabulary::Triage, Resolved | Closed) => "closed",
            (Vocabulary::ServiceDesk, Open | Escalated) => "new",
            (Vocabulary::ServiceDesk, InProgress | Scheduled) => "attending",
            (Vocabulary::ServiceDesk, other) => other.code(),
            (Vocabulary::FieldService, Open | InProgress) => "open",
            (Vocabulary::FieldService, Waiting) => "pending",
            (Vocabulary::FieldService, Resolved | Closed) => "closed",
            (Vocabulary::FieldService, other) => other.code(),
        }
    }

    /// One state for each word of the vocabulary, in order: what a filter offers.
    #[must_use]
    pub fn choices(vocabulary: Vocabulary) -> Vec<Status> {
        let mut seen = Vec::new();
        Status::ALL
            .into_iter()
            .filter(|s| {
                let word = s.word(vocabulary);
                let new = !seen.contains(&word);
                seen.push(word);
                new
            })
            .collect()
    }

    /// Every state that is shown with the same word as this one.
    #[must_use]
    pub fn alike(self, vocabulary: Vocabulary) -> Vec<Status> {
        let same = |s: &Status| s.word(vocabulary) == self.word(vocabulary);
        Status::ALL.into_iter().filter(same).collect()
    }
}

/// What somebody does to a ticket that may change its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Work on it oneself.
    Take,
    /// Have somebody work on it.
    Assign,
    /// Wait for somebody outside the desk.
    Wait,
    /// Go on after waiting.
    Resume,
    /// Hand it to the next level.
    Escalate,
    /// Give a solution.
    Resolve,
    /// Close it with reason, classification and evaluation.
    Close,
    /// Confirm the solution: the requester closes it.
    Confirm,
    /// Take it up again.
    Reopen,
    /// Hand it to another technician.
    Transfer,
}

/// What the actor is to the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The one who asked.
    Requester,
    /// A technician, and nobody works on it.
    Free,
    /// The technician who works on it.
    Assignee,
    /// A technician who was invited.
    Participant,
    /// A technician, and another one works on it.
    Other,
    /// A supervisor, an administrator, or the program itself.
    Lead,
}

impl Standing {
    /// What `actor` is to a ticket that `assignee` works on; `invited` when they
    /// are a participant.
    #[must_use]
    pub fn of(actor: &Actor, assignee: Option<UserId>, invited: bool) -> Standing {
        let Actor::User(user) = actor else {
            return Standing::Lead;
        };
        match user.role {
            Role::Client => Standing::Requester,
            Role::Supervisor | Role::Admin => Standing::Lead,
            Role::Tech if assignee == Some(user.id) => Standing::Assignee,
            Role::Tech if assignee.is_none() => Standing::Free,
            Role::Tech if invited => Standing::Participant,
            Role::Tech => Standing::Other,
        }
    }
}

/// Why an act is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not by this person: 403, with the reason's locale key.
    Forbidden(&'static str),
    /// Not in this state: 409.
    State,
}

impl From<Refusal> for kit::Error {
    fn from(refusal: Refusal) -> kit::Error {
        match refusal {
            Refusal::Forbidden(reason) => kit::Error::Forbidden(reason),
            Refusal::State => kit::Error::Conflict("state"),
        }
    }
}

/// The one table of transitions: the state after `act`, or why not. Pages offer
/// what it allows, commands obey it, the API answers with it.
///
/// `assigned` is whether somebody will be working on it after the act.
///
/// # Errors
/// Says whether it is the person or the state.
pub fn transition(
    from: Status,
    act: Act,
    standing: Standing,
    assigned: bool,
) -> Result<Status, Refusal> {
    use Act::{Assign, Close, Confirm, Escalate, Reopen, Resolve, Resume, Take, Transfer, Wait};
    use Status::{Closed, Escalated, InProgress, Open, Resolved, Scheduled, Waiting};
    allowed(act, standing, from)?;
    Ok(match (act, from) {
        (Take, Open | Escalated) => InProgress,
        (Assign, Open | Escalated) => InProgress,
        (Assign | Transfer, InProgress | Waiting | Scheduled) => from,
        (Wait, Open | InProgress | Escalated) => Waiting,
        (Resume, Waiting) if assigned => InProgress,
        (Resume, Waiting) => Open,
        (Escalate, Open | InProgress | Waiting | Scheduled) => Escalated,
        (Resolve, Open | InProgress | Waiting | Scheduled) => Resolved,
        (Close, Resolved | InProgress | Waiting | Scheduled) => Closed,
        (Confirm, Resolved) => Closed,
        (Reopen, Resolved | Closed) if assigned => InProgress,
        (Reopen, Resolved | Closed) => Open,
        _ => return Err(Refusal::State),
    })
}

/// Whether somebody of this standing may do this at all.
fn allowed(act: Act, standing: Standing, from: Status) -> Result<(), Refusal> {
    use Standing::{Assignee, Free, Lead, Other, Participant, Requester};
    let refused = Refusal::Forbidden;
    match (act, standing) {
        // Who asked may confirm, and may say "that did not solve it"; a closed
        // ticket is reopened by staff (S3-047).
        (Act::Confirm, Requester) => Ok(()),
        (Act::Reopen, Requester) if from != Status::Closed => Ok(()),
        (_, Requester) => Err(refused("role")),
        (Act::Confirm, _) => Err(refused("role")),
        (_, Lead) => Ok(()),
        // Who takes a ticket that somebody has is too late, not forbidden.
        (Act::Take, Other | Participant | Assignee) => Err(Refusal::State),
        (Act::Assign, _) => Err(refused("role")),
        (Act::Reopen, _) => Ok(()),
        (_, Free | Assignee) => Ok(()),
        (_, Participant | Other) => Err(refused("other-technician")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_goes_from_opening_to_closing() {
        let mut status = Status::Open;
        for (act, standing) in [
            (Act::Take, Standing::Free),
            (Act::Wait, Standing::Assignee),
            (Act::Resume, Standing::Assignee),
            (Act::Resolve, Standing::Assignee),
            (Act::Reopen, Standing::Requester),
            (Act::Resolve, Standing::Assignee),
            (Act::Confirm, Standing::Requester),
        ] {
            status = transition(status, act, standing, true).unwrap();
        }
        assert_eq!(status, Status::Closed);
    }

    #[test]
    fn nothing_leads_into_scheduled_before_visits_exist() {
        for from in Status::ALL.into_iter().filter(|s| *s != Status::Scheduled) {
            for act in ACTS {
                let to = transition(from, act, Standing::Lead, true);
                assert_ne!(to, Ok(Status::Scheduled), "{from:?} {act:?}");
            }
        }
    }

    #[test]
    fn a_closed_ticket_takes_nothing_but_reopening_by_staff() {
        for act in ACTS.into_iter().filter(|a| *a != Act::Reopen) {
            assert!(
                transition(Status::Closed, act, Standing::Lead, true).is_err(),
                "{act:?}"
            );
        }
        let again = |standing| transition(Status::Closed, Act::Reopen, standing, true);
        assert_eq!(again(Standing::Assignee), Ok(Status::InProgress));
        assert_eq!(again(Standing::Requester), Err(Refusal::Forbidden("role")));
        let unassigned = transition(Status::Closed, Act::Reopen, Standing::Lead, false);
        assert_eq!(unassigned, Ok(Status::Open));
    }

    #[test]
    fn a_technician_leaves_alone_what_another_works_on() {
        for act in [
            Act::Resolve,
            Act::Close,
            Act::Escalate,
            Act::Wait,
            Act::Transfer,
        ] {
            let refused = Err(Refusal::Forbidden("other-technician"));
            assert_eq!(
                transition(Status::InProgress, act, Standing::Other, true),
                refused
            );
            assert_eq!(
                transition(Status::InProgress, act, Standing::Participant, true),
                refused
            );
            assert!(transition(Status::InProgress, act, Standing::Lead, true).is_ok());
        }
    }

    #[test]
    fn each_vocabulary_shows_exactly_its_words() {
        let words = |v| {
            Status::choices(v)
                .into_iter()
                .map(|s| s.word(v))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            words(Vocabulary::Simple),
            ["open", "in_progress", "resolved"]
        );
        assert_eq!(words(Vocabulary::Triage), ["open", "waiting", "closed"]);
        assert_eq!(words(Vocabulary::Full).len(), 7);
        assert_eq!(Status::Waiting.word(Vocabulary::Simple), "in_progress");
        assert_eq!(
            Status::Closed.alike(Vocabulary::Simple),
            [Status::Resolved, Status::Closed]
        );
    }

    const ACTS: [Act; 10] = [
        Act::Take,
        Act::Assign,
        Act::Wait,
        Act::Resume,
        Act::Escalate,
        Act::Resolve,
        Act::Close,
        Act::Confirm,
        Act::Reopen,
        Act::Transfer,
    ];
}

use event_log::{Broken, Verdict};
use kit::{CompanyId, Record};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::CheckId;

/// What is done with the log itself.
#[derive(Clone, Debug)]
pub(crate) enum AuditEvent {
    /// Rows left the desk as a table: which, by the filter's names and values.
    Exported(Uuid, Map<String, Value>),
    /// Somebody wants to know whether the log is whole.
    VerifyAsked(CheckId),
    /// It was read to its end, or to the first row that is not as it was written.
    Verified(CheckId, Verdict),
}

impl Record for AuditEvent {
    fn kind(&self) -> &'static str {
        match self {
            AuditEvent::Exported(..) => "audit.exported",
            AuditEvent::VerifyAsked(_) => "audit.verify_asked",
            AuditEvent::Verified(..) => "audit.verified",
        }
    }

    fn subject(&self) -> Uuid {
        match self {
            AuditEvent::Exported(id, _) => *id,
            AuditEvent::VerifyAsked(id) | AuditEvent::Verified(id, _) => id.0,
        }
    }

    fn company(&self) -> Option<CompanyId> {
        None
    }

    fn data(&self) -> Value {
        match self {
            AuditEvent::Exported(_, filter) => json!({ "filter": filter }),
            AuditEvent::VerifyAsked(_) => json!({}),
            AuditEvent::Verified(_, Verdict::Whole(events)) => {
                json!({ "whole": true, "events": events })
            }
            AuditEvent::Verified(_, Verdict::Broken(broken)) => {
                json!({ "whole": false, "broken": first_broken(broken) })
            }
        }
    }
}

/// The number of the first row that is missing or not as it was written.
pub(crate) fn first_broken(broken: &Broken) -> i64 {
    match broken {
        Broken::Missing(seq) | Broken::Edited(seq) => *seq,
        // Rows are missing at the end, or there is one too many, or the head was edited.
        Broken::End { expected, found } => (found + 1).min(*expected).max(1),
    }
}

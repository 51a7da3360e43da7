use kit::{CompanyId, Record, Role, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

/// What happens to accounts.
#[derive(Clone, Debug)]
pub enum UserEvent {
    /// An account was made.
    Created(UserId, Role, Option<CompanyId>),
    /// Some of its fields were changed.
    Updated(UserId, Vec<&'static str>),
    /// Somebody signed in, with this browser; who vouched for them, if somebody else did.
    SignedIn(UserId, String, Option<String>),
    /// They may look only into these queues and companies; without any, everywhere.
    Limited(UserId, Vec<String>, Vec<String>),
    /// Somebody signed out.
    SignedOut(UserId),
    /// A wrong password for a known account, which is now locked or not, from this
    /// browser.
    SignInFailed(UserId, bool, String),
}

impl Record for UserEvent {
    fn kind(&self) -> &'static str {
        match self {
            UserEvent::Created(..) => "user.created",
            UserEvent::Updated(..) | UserEvent::Limited(..) => "user.updated",
            UserEvent::SignedIn(..) => "user.signed_in",
            UserEvent::SignedOut(_) => "user.signed_out",
            UserEvent::SignInFailed(..) => "user.sign_in_failed",
        }
    }

    fn subject(&self) -> Uuid {
        match self {
            UserEvent::Created(id, ..)
            | UserEvent::Updated(id, _)
            | UserEvent::Limited(id, ..)
            | UserEvent::SignedIn(id, ..)
            | UserEvent::SignedOut(id)
            | UserEvent::SignInFailed(id, ..) => id.0,
        }
    }

    fn company(&self) -> Option<CompanyId> {
        match self {
            UserEvent::Created(_, _, company) => *company,
            _ => None,
        }
    }

    fn data(&self) -> Value {
        match self {
            UserEvent::Created(_, role, _) => json!({ "role": role }),
            UserEvent::Updated(_, fields) => json!({ "fields": fields }),
            UserEvent::Limited(_, queues, companies) => json!({
                "fields": ["limits"], "queues": first(queues), "companies": first(companies),
            }),
            UserEvent::SignInFailed(_, locked, device) => {
                json!({ "locked": locked, "device": short(device) })
            }
            UserEvent::SignedIn(_, device, None) => json!({ "device": short(device) }),
            UserEvent::SignedIn(_, device, Some(by)) => {
                json!({ "device": short(device), "by": by })
            }
            UserEvent::SignedOut(_) => json!({}),
        }
    }
}

/// An event is short, however many there are.
fn first(names: &[String]) -> &[String] {
    &names[..names.len().min(100)]
}

/// A browser's own name is as long as it likes.
fn short(device: &str) -> String {
    device.chars().take(200).collect()
}

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
    /// Somebody signed in, with this browser.
    SignedIn(UserId, String),
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
            UserEvent::Updated(..) => "user.updated",
            UserEvent::SignedIn(..) => "user.signed_in",
            UserEvent::SignedOut(_) => "user.signed_out",
            UserEvent::SignInFailed(..) => "user.sign_in_failed",
        }
    }

    fn subject(&self) -> Uuid {
        match self {
            UserEvent::Created(id, ..)
            | UserEvent::Updated(id, _)
            | UserEvent::SignedIn(id, _)
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
            UserEvent::SignInFailed(_, locked, device) => {
                json!({ "locked": locked, "device": short(device) })
            }
            UserEvent::SignedIn(_, device) => json!({ "device": short(device) }),
            UserEvent::SignedOut(_) => json!({}),
        }
    }
}

/// A browser's own name is as long as it likes.
fn short(device: &str) -> String {
    device.chars().take(200).collect()
}

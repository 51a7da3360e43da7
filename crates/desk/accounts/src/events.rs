use companies::PrivacyMark;
use kit::{CompanyId, Record, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

/// What is asked for around an account; what becomes of it is the account's own event.
#[derive(Clone, Debug)]
pub enum AccountEvent {
    /// Somebody asked for a new password for this account.
    ResetAsked(UserId),
    /// Another address is to be confirmed.
    EmailAsked(UserId),
    /// An administrator made an invitation.
    Invited(UserId),
    /// Somebody agreed to a text about their data.
    Consented(UserId, PrivacyMark),
    /// Somebody made a token of this name.
    TokenMade(UserId, String),
    /// Somebody took their token of this name away.
    TokenRevoked(UserId, String),
}

impl Record for AccountEvent {
    fn kind(&self) -> &'static str {
        match self {
            AccountEvent::ResetAsked(_) => "user.reset_asked",
            AccountEvent::EmailAsked(_) => "user.email_asked",
            AccountEvent::Invited(_) => "user.invited",
            AccountEvent::Consented(..) => "user.consented",
            AccountEvent::TokenMade(..) => "user.token_made",
            AccountEvent::TokenRevoked(..) => "user.token_revoked",
        }
    }

    fn subject(&self) -> Uuid {
        match self {
            AccountEvent::ResetAsked(id)
            | AccountEvent::EmailAsked(id)
            | AccountEvent::Invited(id)
            | AccountEvent::Consented(id, _)
            | AccountEvent::TokenMade(id, _)
            | AccountEvent::TokenRevoked(id, _) => id.0,
        }
    }

    /// Whose text was agreed to; the desk's is nobody's.
    fn company(&self) -> Option<CompanyId> {
        match self {
            AccountEvent::Consented(_, mark) if !mark.owner.0.is_nil() => Some(mark.owner),
            _ => None,
        }
    }

    fn data(&self) -> Value {
        match self {
            AccountEvent::TokenMade(_, name) | AccountEvent::TokenRevoked(_, name) => {
                json!({ "name": name })
            }
            AccountEvent::Consented(_, mark) => {
                json!({ "version": mark.version })
            }
            _ => json!({}),
        }
    }
}

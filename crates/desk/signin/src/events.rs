use kit::{CompanyId, Record, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

/// One of the things that somebody shows beside their password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// A code that comes by mail.
    Email,
    /// A code that an app makes.
    Totp,
    /// A key that a device keeps.
    Passkey,
}

impl Factor {
    /// Its name in events, and the end of locale keys.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Factor::Email => "email",
            Factor::Totp => "totp",
            Factor::Passkey => "passkey",
        }
    }
}

/// What happens to what people sign in by.
#[derive(Clone, Debug)]
pub enum FactorEvent {
    /// The password was right, and something else is asked for.
    Asked(UserId),
    /// Somebody has one thing more to show; a passkey has a name.
    Added(UserId, Factor, Option<String>),
    /// One is gone.
    Removed(UserId, Factor, Option<String>),
    /// An administrator took all of them away.
    Reset(UserId),
    /// Recovery codes were made anew.
    CodesMade(UserId),
    /// One was used; so many are left.
    CodeUsed(UserId, u64),
    /// A passkey of this name has counted back: there may be two of it.
    PasskeyRefused(UserId, String),
    /// These roles must show something beside the password from now on: what people are,
    /// and the names of those made here.
    Rules(Vec<String>, Vec<String>),
}

impl Record for FactorEvent {
    fn kind(&self) -> &'static str {
        match self {
            FactorEvent::Asked(_) => "user.second_factor_asked",
            FactorEvent::Added(..) => "user.factor_added",
            FactorEvent::Removed(..) => "user.factor_removed",
            FactorEvent::Reset(_) => "user.factors_reset",
            FactorEvent::CodesMade(_) => "user.recovery_codes_made",
            FactorEvent::CodeUsed(..) => "user.recovery_code_used",
            FactorEvent::PasskeyRefused(..) => "user.passkey_refused",
            FactorEvent::Rules(..) => "signin.rules_changed",
        }
    }

    fn subject(&self) -> Uuid {
        match self {
            FactorEvent::Asked(id)
            | FactorEvent::Added(id, ..)
            | FactorEvent::Removed(id, ..)
            | FactorEvent::Reset(id)
            | FactorEvent::CodesMade(id)
            | FactorEvent::CodeUsed(id, _)
            | FactorEvent::PasskeyRefused(id, _) => id.0,
            FactorEvent::Rules(..) => Uuid::nil(),
        }
    }

    fn company(&self) -> Option<CompanyId> {
        None
    }

    fn data(&self) -> Value {
        match self {
            FactorEvent::Added(_, factor, name) | FactorEvent::Removed(_, factor, name) => {
                match name {
                    Some(name) => json!({ "factor": factor.code(), "name": name }),
                    None => json!({ "factor": factor.code() }),
                }
            }
            FactorEvent::CodeUsed(_, left) => json!({ "left": left }),
            FactorEvent::PasskeyRefused(_, name) => json!({ "name": name }),
            FactorEvent::Rules(roles, made) if made.is_empty() => json!({ "roles": roles }),
            FactorEvent::Rules(roles, made) => json!({ "roles": roles, "custom_roles": made }),
            FactorEvent::Asked(_) | FactorEvent::Reset(_) | FactorEvent::CodesMade(_) => json!({}),
        }
    }
}

use kit::{CompanyId, Record, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Provider, ProviderId};

/// What happens around single sign-on; that somebody signed in is the account's event.
#[derive(Clone, Debug)]
pub enum SsoEvent {
    /// A provider was made.
    Created(ProviderId, String),
    /// Some of a provider's fields were changed.
    Updated(ProviderId, Vec<&'static str>),
    /// A provider vouches for this account from now on.
    Linked(UserId, String),
    /// And from now on not any more.
    Unlinked(UserId, String),
    /// Somebody whom a provider sent was not let in: who, if it is somebody here, the
    /// provider's name, the reason.
    Refused(Uuid, String, &'static str),
}

impl SsoEvent {
    /// A provider was made.
    pub(crate) fn created(provider: &Provider) -> SsoEvent {
        SsoEvent::Created(provider.id, provider.name.clone())
    }
}

impl Record for SsoEvent {
    fn kind(&self) -> &'static str {
        match self {
            SsoEvent::Created(..) => "sso.provider_created",
            SsoEvent::Updated(..) => "sso.provider_updated",
            SsoEvent::Linked(..) => "sso.linked",
            SsoEvent::Unlinked(..) => "sso.unlinked",
            SsoEvent::Refused(..) => "sso.refused",
        }
    }

    fn subject(&self) -> Uuid {
        match self {
            SsoEvent::Created(id, _) | SsoEvent::Updated(id, _) => id.0,
            SsoEvent::Linked(id, _) | SsoEvent::Unlinked(id, _) => id.0,
            SsoEvent::Refused(id, ..) => *id,
        }
    }

    fn company(&self) -> Option<CompanyId> {
        None
    }

    fn data(&self) -> Value {
        match self {
            SsoEvent::Created(_, name) => json!({ "name": name }),
            SsoEvent::Updated(_, fields) => json!({ "fields": fields }),
            SsoEvent::Linked(_, by) | SsoEvent::Unlinked(_, by) => json!({ "by": by }),
            SsoEvent::Refused(_, by, why) => json!({ "by": by, "why": why }),
        }
    }
}

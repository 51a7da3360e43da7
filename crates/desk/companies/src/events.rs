use kit::{CompanyId, Record};
use serde_json::{Value, json};
use uuid::Uuid;

/// What happens to companies, and to the desk's own name and signs.
#[derive(Clone, Debug)]
pub enum CompanyEvent {
    /// A company was made.
    Created(CompanyId, String),
    /// Some of its fields were changed.
    Updated(CompanyId, Vec<&'static str>),
    /// What a company (or the desk, for `None`) tells people about their data has a new
    /// version.
    Privacy(Option<CompanyId>, i32),
    /// Some of what the desk says of itself was changed.
    Desk(Vec<&'static str>),
    /// Somebody of a company was refused at the sign-in, because of the address that
    /// they came from. Of no topic: nothing that is shown changed, and whoever tries
    /// again and again must not wake every page.
    Refused(CompanyId, Uuid),
}

impl Record for CompanyEvent {
    fn kind(&self) -> &'static str {
        match self {
            CompanyEvent::Created(..) => "company.created",
            CompanyEvent::Updated(..) => "company.updated",
            CompanyEvent::Desk(_) => "desk.updated",
            CompanyEvent::Privacy(Some(_), _) => "company.privacy_saved",
            CompanyEvent::Privacy(None, _) => "desk.privacy_saved",
            CompanyEvent::Refused(..) => "access.refused",
        }
    }

    fn subject(&self) -> Uuid {
        match self {
            CompanyEvent::Created(id, _) | CompanyEvent::Updated(id, _) => id.0,
            CompanyEvent::Privacy(Some(id), _) => id.0,
            CompanyEvent::Desk(_) | CompanyEvent::Privacy(None, _) => Uuid::nil(),
            CompanyEvent::Refused(_, person) => *person,
        }
    }

    fn company(&self) -> Option<CompanyId> {
        match self {
            CompanyEvent::Created(id, _)
            | CompanyEvent::Updated(id, _)
            | CompanyEvent::Refused(id, _) => Some(*id),
            CompanyEvent::Privacy(company, _) => *company,
            CompanyEvent::Desk(_) => None,
        }
    }

    fn data(&self) -> Value {
        match self {
            CompanyEvent::Created(_, name) => json!({ "name": name }),
            CompanyEvent::Updated(_, fields) | CompanyEvent::Desk(fields) => {
                json!({ "fields": fields })
            }
            CompanyEvent::Privacy(_, version) => json!({ "version": version }),
            CompanyEvent::Refused(..) => json!({}),
        }
    }
}

use kit::{CompanyId, Record};
use serde_json::{Value, json};
use uuid::Uuid;

/// What happens to companies.
#[derive(Clone, Debug)]
pub enum CompanyEvent {
    /// A company was made.
    Created(CompanyId, String),
    /// Some of its fields were changed.
    Updated(CompanyId, Vec<&'static str>),
}

impl Record for CompanyEvent {
    fn kind(&self) -> &'static str {
        match self {
            CompanyEvent::Created(..) => "company.created",
            CompanyEvent::Updated(..) => "company.updated",
        }
    }

    fn subject(&self) -> Uuid {
        let (CompanyEvent::Created(id, _) | CompanyEvent::Updated(id, _)) = self;
        id.0
    }

    fn company(&self) -> Option<CompanyId> {
        let (CompanyEvent::Created(id, _) | CompanyEvent::Updated(id, _)) = self;
        Some(*id)
    }

    fn data(&self) -> Value {
        match self {
            CompanyEvent::Created(_, name) => json!({ "name": name }),
            CompanyEvent::Updated(_, fields) => json!({ "fields": fields }),
        }
    }
}

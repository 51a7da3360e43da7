use kit::{CompanyId, Record};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Answer;

/// What happens to canned answers. The text is not told, and of somebody's own
/// not even the title: nobody else reads it.
#[derive(Clone, Debug)]
pub enum AnswerEvent {
    /// There is a new one.
    Created(Answer),
    /// One was changed, archived, shared or taken back.
    Updated(Answer),
}

impl AnswerEvent {
    fn answer(&self) -> &Answer {
        let (AnswerEvent::Created(answer) | AnswerEvent::Updated(answer)) = self;
        answer
    }
}

impl Record for AnswerEvent {
    fn kind(&self) -> &'static str {
        match self {
            AnswerEvent::Created(_) => "answer.created",
            AnswerEvent::Updated(_) => "answer.updated",
        }
    }

    fn subject(&self) -> Uuid {
        self.answer().id.0
    }

    fn company(&self) -> Option<CompanyId> {
        None
    }

    fn data(&self) -> Value {
        let answer = self.answer();
        match answer.is_shared() {
            true => json!({ "shared": true, "title": answer.title, "active": answer.active }),
            false => json!({ "shared": false, "active": answer.active }),
        }
    }
}

use kit::{CompanyId, Record};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{CategoryId, ChannelId, QueueId};

/// What happens to the catalogue: a list entry was made or changed, and is now
/// called so and active or not.
#[derive(Clone, Debug)]
pub enum CatalogEvent {
    /// A queue or its members.
    QueueSaved(QueueId, String, bool),
    /// A category.
    CategorySaved(CategoryId, String, bool),
    /// A channel.
    ChannelSaved(ChannelId, String, bool),
}

impl Record for CatalogEvent {
    fn kind(&self) -> &'static str {
        match self {
            CatalogEvent::QueueSaved(..) => "queue.saved",
            CatalogEvent::CategorySaved(..) => "category.saved",
            CatalogEvent::ChannelSaved(..) => "channel.saved",
        }
    }

    fn subject(&self) -> Uuid {
        match self {
            CatalogEvent::QueueSaved(id, ..) => id.0,
            CatalogEvent::CategorySaved(id, ..) => id.0,
            CatalogEvent::ChannelSaved(id, ..) => id.0,
        }
    }

    fn company(&self) -> Option<CompanyId> {
        None
    }

    fn data(&self) -> Value {
        let (CatalogEvent::QueueSaved(_, name, active)
        | CatalogEvent::CategorySaved(_, name, active)
        | CatalogEvent::ChannelSaved(_, name, active)) = self;
        json!({ "name": name, "active": active })
    }
}

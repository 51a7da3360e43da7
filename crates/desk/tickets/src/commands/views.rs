//! Saved views: a list's filters, order and looks under a name, for oneself or
//! for the whole desk.

use kit::{Problems, Record, Result, Tx, new_id};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ViewId;
use crate::policy::{SHARE_VIEWS, WORK};
use crate::store::views::{self as store, Model};

/// What a view is saved as.
#[derive(Clone, Debug, Default)]
pub struct NewView {
    /// What it is called.
    pub name: String,
    /// Whether the whole desk has it.
    pub shared: bool,
    /// The list's query, as in its URL.
    pub query: String,
}

/// What happens to saved views.
enum ViewEvent {
    Saved(ViewId, String, bool),
    Removed(ViewId, String, bool),
}

impl Record for ViewEvent {
    fn kind(&self) -> &'static str {
        match self {
            ViewEvent::Saved(..) => "view.saved",
            ViewEvent::Removed(..) => "view.removed",
        }
    }

    fn subject(&self) -> Uuid {
        let (ViewEvent::Saved(id, ..) | ViewEvent::Removed(id, ..)) = self;
        id.0
    }

    fn company(&self) -> Option<kit::CompanyId> {
        None
    }

    fn data(&self) -> Value {
        let (ViewEvent::Saved(_, name, shared) | ViewEvent::Removed(_, name, shared)) = self;
        json!({ "name": name, "shared": shared })
    }
}

/// Saves a view, a new one or one that is there.
///
/// # Errors
/// [`kit::Error::Invalid`] at `view_name`; [`kit::Error::Forbidden`] for whoever may not
/// share, or does not own it.
pub async fn save_view(tx: &mut Tx, id: Option<ViewId>, new: NewView) -> Result<ViewId> {
    tx.cx().require(&WORK)?;
    if new.shared {
        tx.cx().require(&SHARE_VIEWS)?;
    }
    let mut problems = Problems::default();
    let name = problems.text("view_name", &new.name, 1..=60);
    if new.query.len() > 1_000 {
        problems.add("view_name", "view-too-long");
    }
    if id.is_none() && store::own(tx).await? >= store::MOST {
        problems.add("view_name", "too-many-views");
    }
    problems.done()?;
    let row = match id {
        Some(id) => Model {
            name,
            shared: new.shared,
            query: new.query,
            ..own(tx, id).await?
        },
        None => Model {
            id: ViewId(new_id(tx.now())),
            owner_id: tx.cx().actor.user()?.id,
            name,
            shared: new.shared,
            query: new.query,
            created_at: tx.now(),
        },
    };
    let event = ViewEvent::Saved(row.id, row.name.clone(), row.shared);
    let saved = row.id;
    match id {
        Some(_) => store::update(tx, row).await?,
        None => store::insert(tx, row).await?,
    }
    tx.record(&event);
    Ok(saved)
}

/// Takes a view away.
///
/// # Errors
/// As [`save_view`].
pub async fn remove_view(tx: &mut Tx, id: ViewId) -> Result<()> {
    tx.cx().require(&WORK)?;
    let view = own(tx, id).await?;
    store::delete(tx, id).await?;
    tx.record(&ViewEvent::Removed(id, view.name, view.shared));
    Ok(())
}

/// A view that the actor may change: one of their own, or a shared one as whoever
/// may share.
async fn own(tx: &Tx, id: ViewId) -> Result<Model> {
    let view = store::find(tx, id).await?;
    if tx.cx().actor.id() != Some(view.owner_id) {
        tx.cx().require(&SHARE_VIEWS)?;
    }
    Ok(view)
}

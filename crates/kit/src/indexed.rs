use event_log::Event;
use futures::future::BoxFuture;
use search::{Document, Found, Hit, SearchError, Wanted};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::{App, Context, Error, Result};

/// Some things, read from the database.
pub type Reading<'a, T> = BoxFuture<'a, Result<Vec<T>>>;

/// A kind of thing that people search for.
#[derive(Clone, Copy)]
pub struct Indexed {
    /// The kind of its documents.
    pub kind: &'static str,
    /// The next of all such things after an id, in the order of ids; none at the end.
    pub next: fn(&App, Option<Uuid>) -> Reading<'_, Uuid>,
    /// The next of the things, after an id, that are found otherwise since an event.
    pub touched: for<'a> fn(&'a App, &'a Event, Option<Uuid>) -> Reading<'a, Uuid>,
    /// Those of the things that there are, as they are found now.
    pub documents: fn(&App, Vec<Uuid>) -> Reading<'_, Document>,
    /// What the reader is shown of those that they may see.
    pub hits: fn(&Context, Vec<Uuid>) -> Reading<'_, Hit>,
}

/// Asks the index; `None` while there is none, which is when it is being made.
///
/// # Errors
/// When it fails otherwise.
pub async fn find(app: &App, wanted: Wanted) -> Result<Option<Found>> {
    let index = app.index.clone();
    let found = spawn_blocking(move || index.find(&wanted)).await;
    match found.map_err(Error::internal)? {
        Ok(found) => Ok(Some(found)),
        Err(SearchError::Missing(_)) => Ok(None),
        Err(error) => Err(Error::internal(error)),
    }
}

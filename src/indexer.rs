//! Keeps the search index up to date with the log, and makes it again when it is
//! missing, damaged or asked for. Each process has its own, so each does this.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use event_log::Event;
use kit::{App, Context, Error, Indexed, Record, Result};
use search::{Document, Index, Place, Rebuild, SearchError};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::features;

/// Between two rounds, at least: a commit of the index costs nearly the same for one
/// change and for a hundred. What happens after a rest is found at once.
const REST: Duration = Duration::from_millis(250);
/// So many times as long as a round took is the rest after it, so that indexing takes
/// a small part of the machine however much happens …
const PATIENCE: u32 = 16;
/// … and this at most.
const LONGEST: Duration = Duration::from_secs(1);
/// How often to look when nothing is heard of.
const LOOK: Duration = Duration::from_secs(15);
/// How long to wait after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// So many events are dealt with in one round.
const ROUND: u64 = 500;
/// So many things are read together.
const AT_ONCE: usize = 500;

/// Somebody asked for the index to be made again.
pub struct ReplayAsked;

const REPLAY: &str = "search.replay_asked";

impl Record for ReplayAsked {
    fn kind(&self) -> &'static str {
        REPLAY
    }
    fn subject(&self) -> Uuid {
        Uuid::nil()
    }
    fn company(&self) -> Option<kit::CompanyId> {
        None
    }
    fn data(&self) -> Value {
        Value::Null
    }
}

/// Asks every process that serves this desk to make its index again, the ones
/// that are started later included.
///
/// # Errors
/// When the database refuses.
pub async fn ask_for_replay(app: &App) -> Result<()> {
    let mut tx = Context::system(app).begin().await?;
    tx.record(&ReplayAsked);
    tx.commit().await
}

/// Follows the log until `stop` turns true.
pub async fn follow(app: App, mut stop: watch::Receiver<bool>) {
    let mut head = app.live.watch();
    loop {
        // Before looking: what comes meanwhile is looked at again.
        head.mark_unchanged();
        let begun = Instant::now();
        let rest = match catch_up(&app).await {
            Ok(()) => {
                let rest = (begun.elapsed() * PATIENCE).clamp(REST, LONGEST);
                tokio::select! {
                    // Gone only together with the process.
                    news = head.changed() => drop(news),
                    // What was found damaged meanwhile is no event.
                    () = tokio::time::sleep(LOOK) => {}
                    _ = stop.wait_for(|stop| *stop) => return,
                }
                rest
            }
            Err(error) => {
                tracing::warn!(?error, "the search index falls behind");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Brings the index up to the log's end.
///
/// # Errors
/// When the database or the disk refuses.
pub async fn catch_up(app: &App) -> Result<()> {
    loop {
        let place = match on_disk(&app.index, |index| index.place()).await {
            Ok(place) => place,
            Err(SearchError::Missing(why)) => {
                tracing::info!(why, "the search index is made");
                return rebuild(app).await;
            }
            Err(error) => return Err(Error::internal(error)),
        };
        // Another database, or one restored from a backup.
        if event_log::mark(app.db.reader(), place.seq)
            .await?
            .as_deref()
            != Some(&place.mark)
        {
            tracing::info!("the search index belongs to another history and is made again");
            return rebuild(app).await;
        }
        let events = event_log::after(app.db.reader(), place.seq, ROUND).await?;
        let Some(last) = events.last() else {
            return Ok(());
        };
        if events.iter().any(|event| event.kind == REPLAY) {
            tracing::info!("the search index is made again, as asked");
            return rebuild(app).await;
        }
        let place = place_at(app, last.seq).await?;
        // What came meanwhile waits for the next round: a commit for each few would
        // never end on a busy day.
        let caught_up = (events.len() as u64) < ROUND;
        if !apply(app, &events, place).await? || caught_up {
            return Ok(());
        }
    }
}

/// `false` when another process keeps the index. Each thing is read once, however
/// much happened to it, and many are read together; a renamed company's tickets a
/// stretch at a time. All of it is committed with the place.
async fn apply(app: &App, events: &[Event], place: Place) -> Result<bool> {
    for indexed in all() {
        let mut ids = BTreeSet::new();
        for event in events {
            let mut after = None;
            loop {
                let some = (indexed.touched)(app, event, after).await?;
                let Some(last) = some.last() else { break };
                after = Some(*last);
                ids.extend(some);
                if ids.len() >= AT_ONCE && !put(app, indexed, std::mem::take(&mut ids)).await? {
                    return Ok(false);
                }
            }
        }
        if !ids.is_empty() && !put(app, indexed, ids).await? {
            return Ok(false);
        }
    }
    let committed = on_disk(&app.index, move |index| index.commit(&place)).await;
    written(app, committed)
}

/// Puts these things into the index as they are now; those that are gone leave it.
async fn put(app: &App, indexed: &'static Indexed, ids: BTreeSet<Uuid>) -> Result<bool> {
    let documents = (indexed.documents)(app, ids.iter().copied().collect()).await?;
    let there: BTreeSet<Uuid> = documents.iter().map(|d| d.id).collect();
    let missing = ids.difference(&there);
    let gone: Vec<_> = missing.map(|id| (indexed.kind, *id)).collect();
    let put = on_disk(&app.index, move |index| index.put(&gone, documents)).await;
    written(app, put)
}

/// Whether it was written; damage that is found here is mended by the next round.
fn written(app: &App, done: std::result::Result<(), SearchError>) -> Result<bool> {
    match done {
        Ok(()) => Ok(true),
        Err(SearchError::Elsewhere) => Ok(false),
        Err(error) => {
            if matches!(error, SearchError::Missing(_)) {
                app.index.discard();
            }
            Err(Error::internal(error))
        }
    }
}

/// Makes the index anew, while the one before goes on answering.
async fn rebuild(app: &App) -> Result<()> {
    // What happens meanwhile is written afterwards.
    let head = event_log::newest(app.db.reader()).await?;
    let place = place_at(app, head).await?;
    let mut rebuild = on_disk(&app.index, |index| index.rebuild())
        .await
        .map_err(Error::internal)?;
    for indexed in all() {
        let mut after = None;
        loop {
            let ids = (indexed.next)(app, after).await?;
            let Some(last) = ids.last() else { break };
            after = Some(*last);
            let documents = (indexed.documents)(app, ids).await?;
            rebuild = add(rebuild, documents).await?;
        }
    }
    spawn_blocking(move || rebuild.finish(&place))
        .await
        .map_err(Error::internal)?
        .map_err(Error::internal)
}

async fn add(mut rebuild: Rebuild, documents: Vec<Document>) -> Result<Rebuild> {
    let added = spawn_blocking(move || rebuild.add(documents).map(|()| rebuild)).await;
    added.map_err(Error::internal)?.map_err(Error::internal)
}

async fn place_at(app: &App, seq: i64) -> Result<Place> {
    let mark = event_log::mark(app.db.reader(), seq).await?;
    let mark = mark.ok_or_else(|| Error::internal(format!("event {seq} is gone")))?;
    Ok(Place { seq, mark })
}

async fn on_disk<T: Send + 'static>(
    index: &Arc<Index>,
    act: impl FnOnce(&Arc<Index>) -> std::result::Result<T, SearchError> + Send + 'static,
) -> std::result::Result<T, SearchError> {
    let index = index.clone();
    let done = spawn_blocking(move || act(&index)).await;
    done.map_err(|e| SearchError::Failed(e.to_string()))?
}

/// Every kind of thing that is searched for, in the order in which hits are shown.
pub fn all() -> impl Iterator<Item = &'static Indexed> {
    features::ALL.iter().rev().flat_map(|f| f.indexed)
}

//! Pictures that nobody shows any more are removed from the disk: by a job of the
//! transaction that replaced them, and those whose commit never came once a week.

use futures::TryStreamExt;
use jobs::{Failure, Handler, NewJob, Schedule};
use kit::{App, Error, Result, Tx};
use serde_json::{Value, json};

use crate::store::faces;

/// Where they are kept.
pub const FILES: &str = "brand";

/// `{"key"}`: each upload has a key of its own, so nothing else can stand there.
const REMOVE: &str = "companies.remove_picture";

/// Looks through all of them.
pub const SWEEP: Schedule = Schedule {
    kind: "companies.sweep_pictures",
    every_minutes: 7 * 24 * 60,
};
/// A younger file may still get its commit.
const AGE_MINUTES: i64 = 24 * 60;
/// So many are looked up with one read.
const AT_ONCE: usize = 500;

/// Lets a picture be removed when this transaction commits.
pub async fn remove(tx: &Tx, key: &str) -> Result<()> {
    let job = NewJob {
        kind: REMOVE,
        payload: json!({ "key": key }),
        run_at: tx.now(),
        key: format!("{REMOVE} {key}"),
    };
    Ok(jobs::enqueue(tx.db(), job, tx.now()).await?)
}

pub fn handlers(app: &App) -> Vec<Handler> {
    vec![
        kit::handler(app, REMOVE, one),
        kit::handler(
            app,
            SWEEP.kind,
            |app, _| async move { Ok(sweep(&app).await?) },
        ),
    ]
}

async fn one(app: App, payload: Value) -> Result<(), Failure> {
    let key = payload["key"].as_str().unwrap_or_default().to_owned();
    Ok(unless_shown(&app, vec![key]).await?)
}

async fn sweep(app: &App) -> Result<()> {
    let before = app.clock.now().plus_minutes(-AGE_MINUTES);
    let mut some = app
        .storage
        .written_before(FILES, before.0)
        .try_chunks(AT_ONCE);
    while let Some(keys) = some.try_next().await.map_err(Error::internal)? {
        unless_shown(app, keys).await?;
    }
    Ok(())
}

async fn unless_shown(app: &App, keys: Vec<String>) -> Result<()> {
    let known = faces::known(app.db.reader(), &keys).await?;
    for key in keys.iter().filter(|key| !known.contains(*key)) {
        app.storage.remove(key).await.map_err(Error::internal)?;
    }
    Ok(())
}

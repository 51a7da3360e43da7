//! People's pictures: each upload is a file of its own, and one that nobody shows any
//! more is removed from the disk.

use futures::TryStreamExt;
use jobs::{Failure, Handler, NewJob, Schedule};
use kit::{App, Error, Result, Tx};
use serde_json::{Value, json};

/// Where they are kept.
const FILES: &str = "pictures";

/// `{"name"}`.
const REMOVE: &str = "accounts.remove_picture";

/// Files are written before the commit that names them. One whose commit never came is
/// nobody's and is removed, once a week.
pub const SWEEP: Schedule = Schedule {
    kind: "accounts.sweep_pictures",
    every_minutes: 7 * 24 * 60,
};
/// A younger file may still get its commit.
const AGE_MINUTES: i64 = 24 * 60;
/// So many are looked up with one read.
const AT_ONCE: usize = 500;

/// Where a picture is kept.
pub fn path(name: &str) -> String {
    format!("{FILES}/{name}")
}

/// Lets a picture be removed when this transaction commits.
///
/// # Errors
/// When the database refuses.
pub async fn remove(tx: &Tx, name: &str) -> Result<()> {
    let job = NewJob {
        kind: REMOVE,
        payload: json!({ "name": name }),
        run_at: tx.now(),
        key: format!("{REMOVE} {name} {}", kit::new_id(tx.now())),
    };
    Ok(jobs::enqueue(tx.db(), job, tx.now()).await?)
}

pub(crate) fn handlers(app: &App) -> [Handler; 2] {
    [
        kit::handler(app, REMOVE, one),
        kit::handler(
            app,
            SWEEP.kind,
            |app, _| async move { Ok(sweep(&app).await?) },
        ),
    ]
}

async fn one(app: App, payload: Value) -> Result<(), Failure> {
    let name = payload["name"].as_str().unwrap_or_default().to_owned();
    Ok(unless_shown(&app, vec![name]).await?)
}

async fn sweep(app: &App) -> Result<()> {
    let before = app.clock.now().plus_minutes(-AGE_MINUTES);
    let files = app.storage.written_before(FILES, before.0);
    let mut some = files.try_chunks(AT_ONCE);
    while let Some(paths) = some.try_next().await.map_err(Error::internal)? {
        let name = |path: &String| path.rsplit('/').next().unwrap_or_default().to_owned();
        unless_shown(app, paths.iter().map(name).collect()).await?;
    }
    Ok(())
}

/// Before every upload was a file of its own, people with the same picture shared one.
async fn unless_shown(app: &App, names: Vec<String>) -> Result<()> {
    let shown = people::shown_pictures(app.db.reader(), names.clone()).await?;
    for name in names.iter().filter(|name| !shown.contains(*name)) {
        let removed = app.storage.remove(&path(name)).await;
        removed.map_err(Error::internal)?;
    }
    Ok(())
}

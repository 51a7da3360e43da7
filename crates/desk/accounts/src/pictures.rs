//! People's pictures: each upload is a file of its own, and one that nobody shows any
//! more is removed from the disk.

use std::collections::HashSet;

use jobs::{Handler, NewJob, Schedule};
use kit::{App, Result, Tx};
use serde_json::json;

/// Where they are kept.
const FILES: &str = "pictures";

/// `{"name"}`.
const REMOVE: &str = "accounts.remove_picture";

/// Looks for those whose commit never came.
pub const SWEEP: Schedule = Schedule {
    kind: "accounts.sweep_pictures",
    every_minutes: 7 * 24 * 60,
};

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
        kit::handler(app, REMOVE, |app, payload| async move {
            let key = path(payload["name"].as_str().unwrap_or_default());
            let shown = |keys| shown(&app, keys);
            Ok(app.storage.remove_unknown(vec![key], shown).await?)
        }),
        kit::handler(app, SWEEP.kind, |app, _| async move {
            let shown = |keys| shown(&app, keys);
            Ok(app.storage.sweep(FILES, app.clock.now().0, shown).await?)
        }),
    ]
}

/// Those of these files that are somebody's picture. Before every upload was a file of
/// its own, people with the same picture shared one.
async fn shown(app: &App, keys: Vec<String>) -> Result<HashSet<String>> {
    let name = |key: &String| key.rsplit('/').next().unwrap_or_default().to_owned();
    let names = keys.iter().map(name).collect();
    let names = people::shown_pictures(app.db.reader(), names).await?;
    Ok(names.iter().map(|name| path(name)).collect())
}

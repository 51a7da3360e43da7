//! Pictures that nobody shows any more are removed from the disk: by a job of the
//! transaction that replaced them, and those whose commit never came once a week.

use jobs::{Handler, NewJob, Schedule};
use kit::{App, Result, Tx};
use serde_json::json;

use crate::store::faces;

/// Where they are kept.
pub const FILES: &str = "brand";

/// `{"key"}`: each upload has a key of its own, so nothing else can stand there.
const REMOVE: &str = "companies.remove_picture";

/// Looks for those whose commit never came.
pub const SWEEP: Schedule = Schedule {
    kind: "companies.sweep_pictures",
    every_minutes: 7 * 24 * 60,
};

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
        kit::handler(app, REMOVE, |app, payload| async move {
            let key = payload["key"].as_str().unwrap_or_default().to_owned();
            let known = |keys| faces::known(app.db.reader(), keys);
            Ok(app.storage.remove_unknown(vec![key], known).await?)
        }),
        kit::handler(app, SWEEP.kind, |app, _| async move {
            let known = |keys| faces::known(app.db.reader(), keys);
            Ok(app.storage.sweep(FILES, app.clock.now().0, known).await?)
        }),
    ]
}

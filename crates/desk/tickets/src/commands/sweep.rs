use futures::TryStreamExt;
use jobs::{Handler, Schedule};
use kit::{App, Error, Result};

use super::attach::FILES;
use crate::store::attachments;

/// Files are written before the commit that names them. One whose commit never
/// came belongs to nobody and is removed, once a week.
pub const SWEEP_FILES: Schedule = Schedule {
    kind: "tickets.sweep_files",
    every_minutes: 7 * 24 * 60,
};
/// A younger file may still get its commit.
const AGE_MINUTES: i64 = 24 * 60;
/// So many files are looked up with one read.
const AT_ONCE: usize = 500;

/// Carries out [`SWEEP_FILES`].
pub fn sweeper(app: &App) -> Handler {
    kit::handler(app, SWEEP_FILES.kind, |app, _| async move {
        Ok(sweep(&app).await?)
    })
}

async fn sweep(app: &App) -> Result<()> {
    let before = app.clock.now().plus_minutes(-AGE_MINUTES);
    let files = app.storage.written_before(FILES, before.0);
    let mut some = files.try_chunks(AT_ONCE);
    while let Some(paths) = some.try_next().await.map_err(Error::internal)? {
        let known = attachments::known(app.db.reader(), &paths).await?;
        for path in paths.iter().filter(|path| !known.contains(*path)) {
            tracing::info!(path, "a file without its commit is removed");
            app.storage.remove(path).await.map_err(Error::internal)?;
        }
    }
    Ok(())
}

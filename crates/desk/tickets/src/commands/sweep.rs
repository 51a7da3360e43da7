use jobs::{Handler, Schedule};
use kit::App;

use super::attach::FILES;
use crate::store::attachments;

/// Looks for files whose commit never came.
pub const SWEEP_FILES: Schedule = Schedule {
    kind: "tickets.sweep_files",
    every_minutes: 7 * 24 * 60,
};

/// Carries out [`SWEEP_FILES`].
pub fn sweeper(app: &App) -> Handler {
    kit::handler(app, SWEEP_FILES.kind, |app, _| async move {
        let known = |paths| attachments::known(app.db.reader(), paths);
        Ok(app.storage.sweep(FILES, app.clock.now().0, known).await?)
    })
}

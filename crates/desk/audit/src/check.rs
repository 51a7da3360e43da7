//! Is the log what was written? It is read from its beginning to its end, in
//! stretches, each a job of its own: other work is done in between, and a process that
//! dies takes nothing with it.

use event_log::Walk;
use jobs::{Handler, NewJob};
use kit::{App, Context, Result, Tx, new_id};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::events::AuditEvent;
use crate::store::{self, Model};
use crate::{CheckId, READ};

const VERIFY: &str = "audit.verify";
/// So many rows are read in one job: a second or two.
const STRETCH: u64 = 100_000;

/// Whether a reading goes on: there is a job that will read its next stretch. One whose
/// job was given up has died, and the next one need not wait for it.
pub(crate) async fn is_running(db: &impl ConnectionTrait, check: &Model) -> Result<bool> {
    match check.finished_at {
        Some(_) => Ok(false),
        None => Ok(jobs::goes_on(db, &job_key(check.id)).await?),
    }
}

fn job_key(id: CheckId) -> String {
    format!("{VERIFY}:{id}:")
}

/// Begins to read the whole log. Nothing happens while somebody else's reading goes on:
/// its answer is as good.
///
/// # Errors
/// [`kit::Error::Forbidden`] for whoever may not read it.
pub(crate) async fn ask(tx: &mut Tx) -> Result<bool> {
    tx.cx().require(&READ)?;
    let last = store::newest(tx.db()).await?;
    if let Some(check) = last
        && is_running(tx.db(), &check).await?
    {
        return Ok(false);
    }
    let id = CheckId(new_id(tx.now()));
    let walk = Walk::begin(tx.db()).await?;
    go_on(tx, id, walk.seq).await?;
    store::insert(tx, id, walk).await?;
    tx.record(&AuditEvent::VerifyAsked(id));
    Ok(true)
}

/// Plans the next stretch of a reading.
async fn go_on(tx: &Tx, id: CheckId, from: i64) -> Result<()> {
    let job = NewJob {
        kind: VERIFY,
        payload: json!({ "check": id }),
        run_at: tx.now(),
        key: format!("{}{from}", job_key(id)),
    };
    Ok(jobs::enqueue(tx.db(), job, tx.now()).await?)
}

/// Carries out [`VERIFY`].
pub(crate) fn verifier(app: &App) -> Handler {
    kit::handler(app, VERIFY, |app, payload| async move {
        Ok(stretch(&app, &payload).await?)
    })
}

async fn stretch(app: &App, payload: &Value) -> Result<()> {
    let cx = Context::system(app);
    let id = payload["check"].as_str().and_then(|id| id.parse().ok());
    let Some(id) = id else { return Ok(()) };
    let check = store::find(cx.db(), id).await?;
    // A job may come twice: what is finished stays as it is.
    let Some(check) = check.filter(|check| check.finished_at.is_none()) else {
        return Ok(());
    };
    let mut walk = check.walk();
    let found = walk.on(cx.db(), STRETCH).await?;
    let mut tx = cx.begin().await?;
    store::keep(&tx, id, &walk, found.as_ref()).await?;
    match found {
        None => {
            go_on(&tx, id, walk.seq).await?;
            tx.commit_silently("how far a reading of the log has come is no history")
                .await
        }
        Some(verdict) => {
            tx.record(&AuditEvent::Verified(id, verdict));
            tx.commit().await
        }
    }
}

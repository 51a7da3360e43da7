//! Work that must happen, though not now: rows in the database, written in the
//! transaction that needs them, carried out at least once.
//!
//! A job waits, is claimed for a while (a lease, so that a dead process's jobs
//! are taken over), and ends as done or, after its last try, dead. Nothing is
//! swallowed: the state, the number of tries and the last error stay readable.

mod entity;
mod migrations;

pub use migrations::MIGRATIONS;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use db::sea_orm::sea_query::{LockBehavior, LockType, OnConflict};
use db::sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition,
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, IntoActiveModel, Order,
    QueryFilter, QueryOrder, QuerySelect,
};
use db::{Db, Instant};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::Value;
use uuid::Uuid;

use entity::job::{self, Column};

/// A job that is about to be written.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which handler carries it out.
    pub kind: &'static str,
    /// What the handler needs: ids, never a secret.
    pub payload: Value,
    /// Not before this.
    pub run_at: Instant,
    /// Two jobs with the same key are one: the idempotency key.
    pub key: String,
}

/// What carries out the jobs of one kind.
#[derive(Clone)]
pub struct Handler {
    /// The kind of jobs.
    pub kind: &'static str,
    /// Does it; called again with the same payload when it failed or the process died.
    pub run: Arc<dyn Fn(Value) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>,
}

/// Why a job failed: `.map_err(|e| format!("{e:?}").into())` means to try again.
#[derive(Clone, Debug)]
pub struct Failure {
    words: String,
    hopeless: bool,
}

impl Failure {
    /// A failure that stays one, however often it is tried.
    #[must_use]
    pub fn hopeless(words: String) -> Failure {
        Failure {
            words,
            hopeless: true,
        }
    }

    /// Whether another try cannot help.
    #[must_use]
    pub fn is_hopeless(&self) -> bool {
        self.hopeless
    }
}

impl From<String> for Failure {
    fn from(words: String) -> Failure {
        Failure {
            words,
            hopeless: false,
        }
    }
}

impl From<&str> for Failure {
    fn from(words: &str) -> Failure {
        words.to_owned().into()
    }
}

/// A job that comes again and again.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// The kind of job it makes.
    pub kind: &'static str,
    /// How long from one to the next.
    pub every_minutes: i64,
}

/// How a job stands, as the administration shows it.
#[derive(Clone, Debug)]
pub struct Job {
    /// Which handler carries it out.
    pub kind: String,
    /// `waiting`, `running`, `done` or `dead`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

/// A job is given up after so many tries.
pub const TRIES: i32 = 8;
/// So long a process may work on a job before another may take it over.
const LEASE_MINUTES: i64 = 10;

/// Writes a job; nothing happens when one with its key exists.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue(tx: &DatabaseTransaction, new: NewJob, now: Instant) -> Result<(), DbErr> {
    job::Entity::insert(job::ActiveModel {
        id: Set(Uuid::now_v7()),
        kind: Set(new.kind.to_owned()),
        unique_key: Set(new.key),
        payload: Set(new.payload.to_string()),
        state: Set("waiting".to_owned()),
        run_at: Set(new.run_at),
        attempts: Set(0),
        last_error: Set(None),
        created_at: Set(now),
        finished_at: Set(None),
    })
    .on_conflict(
        OnConflict::column(Column::UniqueKey)
            .do_nothing_on([Column::Id])
            .to_owned(),
    )
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// Writes the job of each schedule for the present interval. The key holds the
/// interval's number, so that it is written once however many nodes do this.
///
/// # Errors
/// When the database refuses.
pub async fn plan(db: &Db, schedules: &[Schedule], now: Instant) -> Result<(), DbErr> {
    for schedule in schedules {
        let slot = now.millis() / (schedule.every_minutes.max(1) * 60_000);
        let key = format!("schedule:{}:{slot}", schedule.kind);
        let known = job::Entity::find()
            .filter(Column::UniqueKey.eq(&key))
            .select_only()
            .column(Column::Id)
            .into_tuple::<Uuid>()
            .one(db.reader())
            .await?;
        if known.is_none() {
            let tx = db.begin().await?;
            let job = NewJob {
                kind: schedule.kind,
                payload: Value::Null,
                run_at: now,
                key,
            };
            enqueue(&tx, job, now).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Carries out the next job that is due; `false` when there is none.
///
/// # Errors
/// When the database refuses; an error of the job itself is kept on its row.
pub async fn run_one(db: &Db, handlers: &[Handler], now: Instant) -> Result<bool, DbErr> {
    let Some(job) = claim(db, handlers, now).await? else {
        return Ok(false);
    };
    let Some(handler) = handlers.iter().find(|h| h.kind == job.kind) else {
        return Ok(false);
    };
    let payload = serde_json::from_str(&job.payload).unwrap_or(Value::Null);
    // A panic fails this job, not the work of all others.
    let result = AssertUnwindSafe((handler.run)(payload))
        .catch_unwind()
        .await;
    let result = result.unwrap_or_else(|_| Err("it panicked".into()));
    let (kind, attempts) = (job.kind.clone(), job.attempts);
    let mut end = job::ActiveModel::new();
    match result {
        Ok(()) => {
            end.state = Set("done".to_owned());
            end.finished_at = Set(Some(now));
            end.last_error = Set(None);
        }
        Err(failure) => {
            tracing::warn!(kind, attempts, error = failure.words, "job failed");
            end.last_error = Set(Some(failure.words));
            if failure.hopeless || attempts >= TRIES {
                end.state = Set("dead".to_owned());
                end.finished_at = Set(Some(now));
            } else {
                end.state = Set("waiting".to_owned());
                // 1, 4, 9, 16 … minutes: patient with what is down for long.
                end.run_at = Set(now.plus_minutes(i64::from(attempts * attempts)));
            }
        }
    }
    let tx = db.begin().await?;
    // A lease that ran out meanwhile may be another's: each claim counts a try, so the
    // number of this one tells whether the run is still ours to end.
    let ended = job::Entity::update_many()
        .set(end)
        .filter(Column::Id.eq(job.id))
        .filter(Column::State.eq("running"))
        .filter(Column::Attempts.eq(attempts))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    if ended.rows_affected == 0 {
        tracing::warn!(kind, attempts, "another took this job over");
    }
    Ok(true)
}

/// Whether a job whose key begins so waits or runs: one that will be carried out, or
/// taken over when its process died.
///
/// # Errors
/// When the database refuses.
pub async fn goes_on<C: ConnectionTrait>(db: &C, key: &str) -> Result<bool, DbErr> {
    let found = job::Entity::find()
        .filter(Column::UniqueKey.starts_with(key))
        .filter(Column::State.is_in(["waiting", "running"]))
        .select_only()
        .column(Column::Id)
        .into_tuple::<Uuid>();
    Ok(found.one(db).await?.is_some())
}

async fn claim(db: &Db, handlers: &[Handler], now: Instant) -> Result<Option<job::Model>, DbErr> {
    let due = Condition::all()
        .add(Column::State.is_in(["waiting", "running"]))
        .add(Column::RunAt.lte(now))
        .add(Column::Kind.is_in(handlers.iter().map(|h| h.kind)));
    let next = || {
        job::Entity::find()
            .filter(due.clone())
            .order_by(Column::RunAt, Order::Asc)
            .limit(1)
    };
    // Look before locking: on SQLite the lock is the whole database.
    if next().one(db.reader()).await?.is_none() {
        return Ok(None);
    }
    let tx = db.begin().await?;
    let query = match db.backend() {
        DbBackend::Sqlite => next(),
        _ => next().lock_with_behavior(LockType::Update, LockBehavior::SkipLocked),
    };
    let Some(found) = query.one(&tx).await? else {
        return Ok(None);
    };
    let attempts = found.attempts + 1;
    let mut claimed = found.into_active_model();
    if attempts > TRIES {
        // It took its process with it each time.
        claimed.state = Set("dead".to_owned());
        claimed.finished_at = Set(Some(now));
        claimed.last_error = Set(Some("it never came back".to_owned()));
        claimed.update(&tx).await?;
        tx.commit().await?;
        return Ok(None);
    }
    claimed.state = Set("running".to_owned());
    claimed.attempts = Set(attempts);
    // While it runs, `run_at` is when its lease ends.
    claimed.run_at = Set(now.plus_minutes(LEASE_MINUTES));
    let claimed = claimed.update(&tx).await?;
    tx.commit().await?;
    Ok(Some(claimed))
}

/// The newest jobs, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn recent<C: ConnectionTrait>(db: &C, limit: u64) -> Result<Vec<Job>, DbErr> {
    let rows = job::Entity::find()
        .order_by(Column::Id, Order::Desc)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Job {
            kind: row.kind,
            state: row.state,
            attempts: row.attempts,
            last_error: row.last_error,
        })
        .collect())
}

/// Forgets the jobs that were done before `before`; the dead stay.
///
/// # Errors
/// When the database refuses.
pub async fn forget_done(tx: &DatabaseTransaction, before: Instant) -> Result<u64, DbErr> {
    let gone = job::Entity::delete_many()
        .filter(Column::State.eq("done"))
        .filter(Column::FinishedAt.lt(before))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}

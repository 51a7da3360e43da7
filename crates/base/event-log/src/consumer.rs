//! Readers that follow the log and keep rows of their own.
//!
//! A consumer's rows and its place in the log are written in one transaction,
//! so each event is applied exactly once. An event that fails is tried again
//! later; after the last try it becomes a dead letter and the consumer goes on.

use std::sync::Arc;

use db::sea_orm::sea_query::{LockType, OnConflict};
use db::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use db::{Db, Instant};
use futures::future::BoxFuture;

use crate::entity::{dead, offset};
use crate::{Event, after, newest};

/// What a consumer does with one event, inside the transaction that moves its place.
pub type Apply = Arc<
    dyn for<'a> Fn(&'a DatabaseTransaction, &'a Event) -> BoxFuture<'a, Result<(), String>>
        + Send
        + Sync,
>;

/// A reader of the log with rows of its own.
#[derive(Clone)]
pub struct Consumer {
    /// Stable name; its place in the log is kept under it.
    pub name: &'static str,
    /// What it does with each event.
    pub apply: Apply,
}

/// Where a consumer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The consumer's name.
    pub consumer: String,
    /// The number of the last event it has dealt with.
    pub seq: i64,
    /// How many events lie before it.
    pub behind: i64,
}

/// After so many tries an event becomes a dead letter.
const TRIES: i32 = 5;
/// Events looked at in one round.
const ROUND: u64 = 200;

/// Lets `consumer` deal with what is there and returns how many events it
/// passed. Returns 0 when there is nothing, or when it waits to try again.
///
/// # Errors
/// When the database refuses; an error of the consumer itself is kept, not returned.
pub async fn run(db: &Db, consumer: &Consumer, now: Instant) -> Result<usize, DbErr> {
    let mut done = 0;
    loop {
        let place = place(db, consumer.name).await?;
        if place.retry_at > now && place.attempts > 0 {
            return Ok(done);
        }
        let events = after(db.reader(), place.seq, ROUND).await?;
        if events.is_empty() {
            return Ok(done);
        }
        for event in &events {
            match step(db, consumer, event, now).await? {
                Step::Passed => done += 1,
                Step::Waits => return Ok(done),
            }
        }
    }
}

enum Step {
    Passed,
    Waits,
}

async fn step(db: &Db, consumer: &Consumer, event: &Event, now: Instant) -> Result<Step, DbErr> {
    let tx = db.begin().await?;
    let Some(place) = locked(&tx, consumer.name).await? else {
        return Ok(Step::Waits);
    };
    // Another node got here first.
    if place.seq != event.seq - 1 {
        return Ok(Step::Passed);
    }
    let error = match (consumer.apply)(&tx, event).await {
        Ok(()) => {
            move_to(&tx, place, event.seq).await?;
            tx.commit().await?;
            return Ok(Step::Passed);
        }
        Err(error) => error,
    };
    // What the consumer wrote before it failed must not stay.
    tx.rollback().await?;
    let tx = db.begin().await?;
    let Some(place) = locked(&tx, consumer.name).await? else {
        return Ok(Step::Waits);
    };
    if place.seq != event.seq - 1 {
        return Ok(Step::Passed);
    }
    let attempts = place.attempts + 1;
    tracing::warn!(consumer = consumer.name, seq = event.seq, attempts, %error, "event failed");
    let step = if attempts < TRIES {
        let mut place = place.into_active_model();
        place.attempts = Set(attempts);
        place.retry_at = Set(now.plus_seconds(1_i64 << attempts.min(20)));
        place.update(&tx).await?;
        Step::Waits
    } else {
        dead::Entity::insert(dead::ActiveModel {
            consumer: Set(consumer.name.to_owned()),
            seq: Set(event.seq),
            error: Set(error),
            at: Set(now),
        })
        .exec_without_returning(&tx)
        .await?;
        move_to(&tx, place, event.seq).await?;
        Step::Passed
    };
    tx.commit().await?;
    Ok(step)
}

async fn move_to(tx: &DatabaseTransaction, place: offset::Model, seq: i64) -> Result<(), DbErr> {
    let mut place = place.into_active_model();
    place.seq = Set(seq);
    place.attempts = Set(0);
    place.update(tx).await?;
    Ok(())
}

async fn locked(tx: &DatabaseTransaction, name: &str) -> Result<Option<offset::Model>, DbErr> {
    offset::Entity::find_by_id(name.to_owned())
        .lock(LockType::Update)
        .one(tx)
        .await
}

/// The consumer's place, made at 0 when it is new.
async fn place(db: &Db, name: &str) -> Result<offset::Model, DbErr> {
    if let Some(place) = offset::Entity::find_by_id(name.to_owned())
        .one(db.reader())
        .await?
    {
        return Ok(place);
    }
    let new = offset::Model {
        consumer: name.to_owned(),
        seq: 0,
        attempts: 0,
        retry_at: Instant(0),
    };
    let tx = db.begin().await?;
    offset::Entity::insert(new.clone().into_active_model().reset_all())
        .on_conflict(
            OnConflict::column(offset::Column::Consumer)
                .do_nothing_on([offset::Column::Consumer])
                .to_owned(),
        )
        .exec_without_returning(&tx)
        .await?;
    tx.commit().await?;
    Ok(new)
}

/// Where every consumer stands.
///
/// # Errors
/// When the database refuses.
pub async fn progress<C: ConnectionTrait>(db: &C) -> Result<Vec<Progress>, DbErr> {
    let head = newest(db).await?;
    let places = offset::Entity::find()
        .order_by_asc(offset::Column::Consumer)
        .all(db)
        .await?;
    Ok(places
        .into_iter()
        .map(|p| Progress {
            consumer: p.consumer,
            seq: p.seq,
            behind: head - p.seq,
        })
        .collect())
}

/// The events that `consumer` gave up, with the error of the last try.
///
/// # Errors
/// When the database refuses.
pub async fn dead_letters<C: ConnectionTrait>(
    db: &C,
    consumer: &str,
) -> Result<Vec<(i64, String)>, DbErr> {
    let rows = dead::Entity::find()
        .filter(dead::Column::Consumer.eq(consumer))
        .order_by_asc(dead::Column::Seq)
        .limit(1_000)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.seq, row.error)).collect())
}

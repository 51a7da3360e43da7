//! What happened, in the order in which it became visible.
//!
//! Every change of the desk appends what happened in the same transaction. The
//! numbers are dense and in order of visibility because they come from one row,
//! locked as the last act before COMMIT; an auto-increment would be given at
//! INSERT and appear at COMMIT, in another order, and a follower would miss rows.
//! Each row holds a hash over itself and the row before it, so that an edit of
//! history shows ([`verify`]).

mod chain;
mod consumer;
mod entity;
mod migrations;
mod reading;

pub use chain::{Broken, Verdict, Walk, verify};
pub use consumer::{Apply, Consumer, Progress, dead_letters, progress, run};
pub use migrations::MIGRATIONS;
pub use reading::{Place, Wanted, page};

use db::Instant;
use db::sea_orm::sea_query::{Expr, LockType, Query, SelectStatement};
use db::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::Value;
use uuid::Uuid;

/// Who did it, coarsely: the timeline's three kinds (S4-076).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A member of the desk's staff.
    Staff,
    /// A requester.
    Client,
    /// The program itself: a rule, a schedule, an import.
    System,
}

impl ActorKind {
    /// The stored and published name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            ActorKind::Staff => "staff",
            ActorKind::Client => "client",
            ActorKind::System => "system",
        }
    }

    /// The kind of a stored name; anything unknown is the system's.
    #[must_use]
    pub fn from_code(code: &str) -> ActorKind {
        match code {
            "staff" => ActorKind::Staff,
            "client" => ActorKind::Client,
            _ => ActorKind::System,
        }
    }
}

/// Something that happened and is about to be appended.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Stable name, past tense, such as `ticket.closed`.
    pub kind: &'static str,
    /// What it is about.
    pub subject: Uuid,
    /// The company it concerns, for readers who may see only theirs.
    pub company: Option<Uuid>,
    /// Who did it; `None` is the system.
    pub actor: Option<Uuid>,
    /// Who did it, coarsely.
    pub actor_kind: ActorKind,
    /// From which address, where one is known.
    pub ip: Option<String>,
    /// When.
    pub at: Instant,
    /// Ids and short old and new values; never a message's text, never a secret.
    pub data: Value,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its number: dense, in order of visibility, from 1.
    pub seq: i64,
    /// See [`NewEvent::kind`].
    pub kind: String,
    /// See [`NewEvent::subject`].
    pub subject: Uuid,
    /// See [`NewEvent::company`].
    pub company: Option<Uuid>,
    /// See [`NewEvent::actor`].
    pub actor: Option<Uuid>,
    /// See [`NewEvent::actor_kind`].
    pub actor_kind: ActorKind,
    /// See [`NewEvent::ip`].
    pub ip: Option<String>,
    /// See [`NewEvent::at`].
    pub at: Instant,
    /// See [`NewEvent::data`].
    pub data: Value,
}

impl From<entity::event::Model> for Event {
    fn from(row: entity::event::Model) -> Event {
        Event {
            seq: row.seq,
            kind: row.kind,
            subject: row.subject_id,
            company: row.company_id,
            actor: row.actor_id,
            actor_kind: ActorKind::from_code(&row.actor_kind),
            ip: row.ip,
            at: row.at,
            data: serde_json::from_str(&row.data).unwrap_or(Value::Null),
        }
    }
}

/// How many rows go into one INSERT: SQLite takes 32,766 values at most.
const ROWS_AT_ONCE: usize = 1_000;

/// Appends `events` and returns the last number. Call it as the last act before
/// COMMIT: it holds the one row that everybody else's commit needs.
///
/// # Errors
/// When the database refuses.
pub async fn append(tx: &DatabaseTransaction, events: Vec<NewEvent>) -> Result<i64, DbErr> {
    let mut head = entity::head::Entity::find_by_id(1)
        .lock(LockType::Update)
        .one(tx)
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("event_head".into()))?;
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let seq = head.seq + 1;
        let mut row = entity::event::Model {
            seq,
            kind: event.kind.to_owned(),
            subject_id: event.subject,
            company_id: event.company,
            actor_id: event.actor,
            actor_kind: event.actor_kind.code().to_owned(),
            ip: event.ip,
            at: event.at,
            data: event.data.to_string(),
            hash: Vec::new(),
        };
        row.hash = chain::hash(&head.hash, &row);
        head.seq = seq;
        head.hash.clone_from(&row.hash);
        rows.push(entity::event::ActiveModel::from(row));
    }
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(ROWS_AT_ONCE).collect();
        entity::event::Entity::insert_many(some)
            .exec_without_returning(tx)
            .await?;
    }
    entity::head::Entity::update_many()
        .col_expr(entity::head::Column::Seq, Expr::value(head.seq))
        .col_expr(entity::head::Column::Hash, Expr::value(head.hash))
        .filter(entity::head::Column::Id.eq(1))
        .exec(tx)
        .await?;
    Ok(head.seq)
}

/// The number of the newest event; 0 when nothing has happened.
///
/// # Errors
/// When the database refuses.
pub async fn newest<C: ConnectionTrait>(db: &C) -> Result<i64, DbErr> {
    Ok(entity::head::Entity::find_by_id(1)
        .one(db)
        .await?
        .map_or(0, |head| head.seq))
}

/// The same as part of another statement, so that both are read at one moment.
#[must_use]
pub fn newest_number() -> SelectStatement {
    Query::select()
        .column(entity::head::Column::Seq)
        .from(entity::head::Entity)
        .and_where(entity::head::Column::Id.eq(1))
        .to_owned()
}

/// The events after `seq`, at most `limit`, up to the first hole: what lies
/// behind a hole is not given out until the hole is filled.
///
/// # Errors
/// When the database refuses.
pub async fn after<C: ConnectionTrait>(db: &C, seq: i64, limit: u64) -> Result<Vec<Event>, DbErr> {
    let rows = entity::event::Entity::find()
        .filter(entity::event::Column::Seq.gt(seq))
        .order_by_asc(entity::event::Column::Seq)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .enumerate()
        .take_while(|(i, row)| i64::try_from(*i).is_ok_and(|i| row.seq == seq + 1 + i))
        .map(|(_, row)| row.into())
        .collect())
}

/// What happened to one thing: the newest `limit` events of `kinds` (all when
/// empty) before the instant `before`, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn about<C: ConnectionTrait>(
    db: &C,
    subject: Uuid,
    kinds: &[&str],
    before: Option<Instant>,
    limit: u64,
) -> Result<Vec<Event>, DbErr> {
    use entity::event::Column;
    let mut wanted = Condition::all().add(Column::SubjectId.eq(subject));
    if !kinds.is_empty() {
        wanted = wanted.add(Column::Kind.is_in(kinds.iter().copied()));
    }
    if let Some(at) = before {
        wanted = wanted.add(Column::At.lt(at));
    }
    let mut rows = entity::event::Entity::find()
        .filter(wanted)
        .order_by_desc(Column::Seq)
        .limit(limit)
        .all(db)
        .await?;
    rows.reverse();
    Ok(rows.into_iter().map(Event::from).collect())
}

/// The number of the last event of each kind, of those after `seq`.
///
/// # Errors
/// When the database refuses.
pub async fn last_of_kinds<C: ConnectionTrait>(
    db: &C,
    seq: i64,
) -> Result<Vec<(String, i64)>, DbErr> {
    use entity::event::Column;
    entity::event::Entity::find()
        .select_only()
        .column(Column::Kind)
        .column_as(Column::Seq.max(), "last")
        .filter(Column::Seq.gt(seq))
        .group_by(Column::Kind)
        .into_tuple()
        .all(db)
        .await
}

/// What tells the event `seq` from another log's event of that number: the
/// beginning of its hash, which holds over everything before it. `None` when
/// there is no such event; the empty log has a mark, too.
///
/// # Errors
/// When the database refuses.
pub async fn mark<C: ConnectionTrait>(db: &C, seq: i64) -> Result<Option<String>, DbErr> {
    if seq == 0 {
        return Ok(Some("0".to_owned()));
    }
    let row = entity::event::Entity::find_by_id(seq).one(db).await?;
    let hex = |hash: Vec<u8>| hash.iter().take(8).map(|b| format!("{b:02x}")).collect();
    Ok(row.map(|row| hex(row.hash)))
}

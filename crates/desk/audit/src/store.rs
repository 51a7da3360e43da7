//! The SQL of the readings of the log. The log's own SQL stands in `event-log`.

use event_log::{Broken, Verdict, Walk};
use kit::{Instant, Result, Tx, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;

use crate::CheckId;
use crate::events::first_broken;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CheckId,
    /// Who asked for it.
    pub begun_by: Option<UserId>,
    pub begun_at: Instant,
    /// When a stretch of it was read last.
    pub moved_at: Instant,
    pub finished_at: Option<Instant>,
    pub seq: i64,
    pub hash: Vec<u8>,
    pub end_seq: i64,
    pub end_hash: Vec<u8>,
    pub verdict: Option<String>,
    /// The number of the first row that is not as it was written.
    pub broken: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Where it is to be taken up again.
    pub fn walk(&self) -> Walk {
        Walk {
            seq: self.seq,
            hash: self.hash.clone(),
            end: self.end_seq,
            end_hash: self.end_hash.clone(),
        }
    }
}

pub async fn find(db: &impl ConnectionTrait, id: CheckId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// The one that was begun last.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Option<Model>> {
    let newest = Entity::find().order_by_desc(Column::Id);
    Ok(newest.one(db).await?)
}

/// The one that ended last.
pub async fn newest_finished(db: &impl ConnectionTrait) -> Result<Option<Model>> {
    let finished = Entity::find().filter(Column::FinishedAt.is_not_null());
    Ok(finished.order_by_desc(Column::Id).one(db).await?)
}

pub async fn insert(tx: &Tx, id: CheckId, walk: Walk) -> Result<()> {
    Entity::insert(ActiveModel {
        id: Set(id),
        begun_by: Set(tx.cx().actor.id()),
        begun_at: Set(tx.now()),
        moved_at: Set(tx.now()),
        finished_at: Set(None),
        seq: Set(walk.seq),
        hash: Set(walk.hash),
        end_seq: Set(walk.end),
        end_hash: Set(walk.end_hash),
        verdict: Set(None),
        broken: Set(None),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(())
}

/// Writes down how far it has come, and what it found if that was the end.
pub async fn keep(tx: &Tx, id: CheckId, walk: &Walk, found: Option<&Verdict>) -> Result<()> {
    let (verdict, broken) = match found {
        None => (None, None),
        Some(Verdict::Whole(_)) => (Some("whole"), None),
        Some(Verdict::Broken(broken)) => {
            let how = match broken {
                Broken::Missing(_) => "missing",
                Broken::Edited(_) => "edited",
                Broken::End { .. } => "end",
            };
            (Some(how), Some(first_broken(broken)))
        }
    };
    Entity::update_many()
        .col_expr(Column::Seq, Expr::value(walk.seq))
        .col_expr(Column::Hash, Expr::value(walk.hash.clone()))
        .col_expr(Column::MovedAt, Expr::value(tx.now()))
        .col_expr(Column::FinishedAt, Expr::value(found.map(|_| tx.now())))
        .col_expr(Column::Verdict, Expr::value(verdict))
        .col_expr(Column::Broken, Expr::value(broken))
        .filter(Column::Id.eq(id))
        .exec(tx.db())
        .await?;
    Ok(())
}

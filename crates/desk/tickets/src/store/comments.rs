use kit::{Instant, Result, Scope, Tx, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, IntoActiveModel, QueryOrder, QuerySelect};

use crate::{CommentId, TicketId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "comments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommentId,
    pub ticket_id: TicketId,
    pub author_id: Option<UserId>,
    pub author_kind: String,
    pub internal: bool,
    pub content: String,
    pub created_at: Instant,
    pub retracted_at: Option<Instant>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Which comments of a ticket to read.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Internal ones, too.
    pub internal: bool,
    /// Only those written after this.
    pub after: Option<Instant>,
    /// Only those written before this.
    pub before: Option<Instant>,
    /// The newest so many.
    pub limit: u64,
}

/// A ticket's comments, oldest first. The caller has found the ticket in scope.
pub async fn of_ticket(
    db: &impl ConnectionTrait,
    ticket: TicketId,
    wanted: Wanted,
) -> Result<Vec<Model>> {
    let mut condition = Condition::all().add(Column::TicketId.eq(ticket));
    if !wanted.internal {
        condition = condition.add(Column::Internal.eq(false));
    }
    if let Some(after) = wanted.after {
        condition = condition.add(Column::CreatedAt.gt(after));
    }
    if let Some(before) = wanted.before {
        condition = condition.add(Column::CreatedAt.lt(before));
    }
    let mut rows = Entity::find()
        .filter(condition)
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(wanted.limit)
        .all(db)
        .await?;
    rows.reverse();
    Ok(rows)
}

/// What was said on some tickets and not taken back, as far as `scope` may read
/// it. The caller has found the tickets in scope.
pub async fn of_tickets(
    db: &impl ConnectionTrait,
    scope: Scope,
    tickets: Vec<TicketId>,
) -> Result<Vec<Model>> {
    let mut condition = Condition::all()
        .add(Column::TicketId.is_in(tickets))
        .add(Column::RetractedAt.is_null());
    if !scope.sees_internal() {
        condition = condition.add(Column::Internal.eq(false));
    }
    Ok(Entity::find()
        .filter(condition)
        .order_by_asc(Column::CreatedAt)
        .all(db)
        .await?)
}

pub async fn find(
    db: &impl ConnectionTrait,
    ticket: TicketId,
    id: CommentId,
) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id)
        .filter(Column::TicketId.eq(ticket))
        .one(db)
        .await?)
}

pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// The text stays for the audit; pages no longer show it.
pub async fn retract(tx: &Tx, id: CommentId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::RetractedAt, Expr::value(Some(tx.now())))
        .filter(Column::Id.eq(id))
        .exec(tx.db())
        .await?;
    Ok(())
}

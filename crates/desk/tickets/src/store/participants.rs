use std::collections::HashMap;
use std::sync::Arc;

use kit::{Context, Instant, Result, Tx, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, SqlErr};

use crate::TicketId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_participants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: TicketId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub added_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Who was invited to a ticket, in the order in which they were.
pub async fn of_ticket(db: &impl ConnectionTrait, ticket: TicketId) -> Result<Vec<UserId>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::UserId)
        .filter(Column::TicketId.eq(ticket))
        .order_by_asc(Column::AddedAt)
        .into_tuple()
        .all(db)
        .await?)
}

/// The same for a page, from memory until something happens to any ticket.
pub async fn kept(cx: &Context, ticket: TicketId) -> Result<Arc<Vec<UserId>>> {
    let read = |_| async move {
        let found = of_ticket(cx.db(), ticket).await?;
        Ok(HashMap::from([(ticket, found)]))
    };
    let found = cx.kept_each("participants", "tickets", vec![ticket], read);
    Ok(found.await?.remove(&ticket).unwrap_or_default())
}

/// Invites somebody; `false` when they were already.
pub async fn insert(tx: &Tx, ticket: TicketId, user: UserId) -> Result<bool> {
    if of_ticket(tx.db(), ticket).await?.contains(&user) {
        return Ok(false);
    }
    let row = ActiveModel {
        ticket_id: Set(ticket),
        user_id: Set(user),
        added_at: Set(tx.now()),
    };
    match Entity::insert(row).exec_without_returning(tx.db()).await {
        Ok(_) => Ok(true),
        Err(e) if matches!(e.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Takes somebody off; `false` when they were not on it.
pub async fn delete(tx: &Tx, ticket: TicketId, user: UserId) -> Result<bool> {
    let gone = Entity::delete_by_id((ticket, user)).exec(tx.db()).await?;
    Ok(gone.rows_affected == 1)
}

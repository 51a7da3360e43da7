use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kit::{Context, Instant, Result, Scope, Tx, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, IntoActiveModel, QueryOrder, QuerySelect};

use crate::{AttachmentId, CommentId, TicketId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attachments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    pub ticket_id: TicketId,
    pub comment_id: Option<CommentId>,
    pub name: String,
    pub media_type: String,
    pub inline: bool,
    pub size: i64,
    pub sha256: String,
    pub path: String,
    pub internal: bool,
    pub author_id: Option<UserId>,
    pub created_at: Instant,
    pub removed_at: Option<Instant>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// A ticket's files, oldest first. The caller has found the ticket in scope.
pub async fn of_ticket(
    db: &impl ConnectionTrait,
    scope: Scope,
    ticket: TicketId,
) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(shown(scope, ticket))
        .order_by_asc(Column::Id)
        .limit(1_000)
        .all(db)
        .await?)
}

/// The same for a page, from memory until something happens to any ticket.
pub async fn kept(cx: &Context, ticket: TicketId) -> Result<Arc<Vec<Model>>> {
    let scope = cx.scope();
    // Staff see what came with an internal note, too.
    let key = (ticket, scope.sees_internal());
    let read = |_| async move {
        let found = of_ticket(cx.db(), scope, ticket).await?;
        Ok(HashMap::from([(key, found)]))
    };
    let found = cx.kept_each("attachments", "tickets", vec![key], read);
    Ok(found.await?.remove(&key).unwrap_or_default())
}

pub async fn find(
    db: &impl ConnectionTrait,
    scope: Scope,
    ticket: TicketId,
    id: AttachmentId,
) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id)
        .filter(shown(scope, ticket))
        .one(db)
        .await?)
}

fn shown(scope: Scope, ticket: TicketId) -> Condition {
    let mut condition = Condition::all()
        .add(Column::TicketId.eq(ticket))
        .add(Column::RemovedAt.is_null());
    if !scope.sees_internal() {
        condition = condition.add(Column::Internal.eq(false));
    }
    condition
}

pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// Which of these paths a file has, removed ones aside.
pub async fn known(db: &impl ConnectionTrait, paths: Vec<String>) -> Result<HashSet<String>> {
    let known: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Path)
        .filter(Column::Path.is_in(paths))
        .filter(Column::RemovedAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(known.into_iter().collect())
}

/// Marks a comment's files as removed and returns where they lie.
pub async fn remove_of_comment(tx: &Tx, comment: CommentId) -> Result<Vec<String>> {
    let paths = Entity::find()
        .select_only()
        .column(Column::Path)
        .filter(Column::CommentId.eq(comment))
        .filter(Column::RemovedAt.is_null())
        .into_tuple()
        .all(tx.db())
        .await?;
    Entity::update_many()
        .col_expr(Column::RemovedAt, Expr::value(Some(tx.now())))
        .filter(Column::CommentId.eq(comment))
        .exec(tx.db())
        .await?;
    Ok(paths)
}

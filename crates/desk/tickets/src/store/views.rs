//! Saved views: lists that somebody gave a name.

use std::collections::HashMap;
use std::sync::Arc;

use kit::{Context, Error, Instant, Result, Tx, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect};

use crate::ViewId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_views")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ViewId,
    pub owner_id: UserId,
    pub name: String,
    pub shared: bool,
    /// The list's query, as in its URL.
    pub query: String,
    pub created_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// So many are shown; more would be no help.
pub const MOST: u64 = 40;

/// The reader's own views and those that are shared, by name.
pub async fn list(cx: &Context) -> Result<Arc<Vec<Model>>> {
    let me = cx.actor.user()?.id;
    let read = |_| async move { Ok(HashMap::from([(me, read(cx, me).await?)])) };
    let mut found = cx.kept_each("views", "views", vec![me], read).await?;
    Ok(found.remove(&me).unwrap_or_default())
}

async fn read(cx: &Context, me: UserId) -> Result<Vec<Model>> {
    let seen = Condition::any()
        .add(Column::Shared.eq(true))
        .add(Column::OwnerId.eq(me));
    // One's own first: nobody else's may push them out.
    let own = Column::OwnerId.eq(me);
    Ok(Entity::find()
        .filter(seen)
        .order_by_desc(own)
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(MOST)
        .all(cx.db())
        .await?)
}

/// How many views the actor has.
pub async fn own(tx: &Tx) -> Result<u64> {
    let own = Entity::find().filter(Column::OwnerId.eq(tx.cx().actor.user()?.id));
    Ok(own.count(tx.db()).await?)
}

/// The view with this id, if the actor may see it.
pub async fn find(tx: &Tx, id: ViewId) -> Result<Model> {
    let me = tx.cx().actor.user()?.id;
    let row = Entity::find_by_id(id).one(tx.db()).await?;
    row.filter(|view| view.shared || view.owner_id == me)
        .ok_or(Error::NotFound)
}

pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await
        .map_err(Error::taken("view_name"))?;
    Ok(())
}

pub async fn update(tx: &Tx, row: Model) -> Result<()> {
    Entity::update(row.into_active_model().reset_all())
        .exec(tx.db())
        .await
        .map_err(Error::taken("view_name"))?;
    Ok(())
}

pub async fn delete(tx: &Tx, id: ViewId) -> Result<()> {
    Entity::delete_by_id(id).exec(tx.db()).await?;
    Ok(())
}

//! The SQL of links.

use kit::{Instant, Result, UserId};
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

use crate::LinkId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LinkId,
    pub purpose: String,
    pub user_id: UserId,
    pub email: Option<String>,
    pub created_at: Instant,
    pub expires_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

pub async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: LinkId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Somebody's link of a purpose, if there is one.
pub async fn of(db: &impl ConnectionTrait, user: UserId, purpose: &str) -> Result<Option<Model>> {
    let found = Entity::find()
        .filter(Column::UserId.eq(user))
        .filter(Column::Purpose.eq(purpose));
    Ok(found.one(db).await?)
}

/// Takes a link away and says whether it was there: of two at once, one wins.
pub async fn delete(db: &impl ConnectionTrait, id: LinkId) -> Result<bool> {
    Ok(Entity::delete_by_id(id).exec(db).await?.rows_affected == 1)
}

/// Takes somebody's links of a purpose away.
pub async fn delete_of(db: &impl ConnectionTrait, user: UserId, purpose: &str) -> Result<()> {
    Entity::delete_many()
        .filter(Column::UserId.eq(user))
        .filter(Column::Purpose.eq(purpose))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes all of somebody's links away.
pub async fn delete_all_of(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    let all = Entity::delete_many().filter(Column::UserId.eq(user));
    all.exec(db).await?;
    Ok(())
}

pub async fn delete_before(db: &impl ConnectionTrait, before: Instant) -> Result<()> {
    Entity::delete_many()
        .filter(Column::ExpiresAt.lt(before))
        .exec(db)
        .await?;
    Ok(())
}

//! The SQL of tokens.

use kit::{Instant, Result, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect};

use crate::TokenId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TokenId,
    pub user_id: UserId,
    pub name: String,
    pub scope: String,
    pub token_hash: String,
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub seen_at: Option<Instant>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Somebody has so many tokens at most.
pub const MOST: u64 = 50;

/// Somebody's tokens, the newest first.
pub async fn of(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::UserId.eq(user))
        .order_by_desc(Column::Id)
        .limit(MOST)
        .all(db)
        .await?)
}

pub async fn by_hash(db: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>> {
    let found = Entity::find().filter(Column::TokenHash.eq(hash));
    Ok(found.one(db).await?)
}

pub async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn touch(db: &impl ConnectionTrait, id: TokenId, now: Instant) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::SeenAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes all of somebody's tokens away.
pub async fn delete_all_of(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    let all = Entity::delete_many().filter(Column::UserId.eq(user));
    all.exec(db).await?;
    Ok(())
}

/// Takes one of somebody's tokens away, and says whether it was there.
pub async fn delete(db: &impl ConnectionTrait, user: UserId, id: TokenId) -> Result<bool> {
    let gone = Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::UserId.eq(user));
    Ok(gone.exec(db).await?.rows_affected == 1)
}

//! The SQL of sign-ins that are not finished.

use kit::{Instant, Result, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect};

use crate::PendingId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "pending_sign_ins")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PendingId,
    /// Of the browser's cookie; a program has none.
    pub token_hash: Option<String>,
    pub user_id: UserId,
    /// The person's stamp when they showed the password.
    pub stamp: i32,
    /// Where they wanted to go.
    pub next: String,
    /// Who vouched for them, if that is what they showed.
    pub vouched_by: Option<String>,
    /// Of the code that was sent last.
    pub code_hash: Option<String>,
    /// When one was asked for.
    pub code_asked_at: Option<Instant>,
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

pub async fn update(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    Entity::update(row.into_active_model().reset_all())
        .exec(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: PendingId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

pub async fn by_token(db: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::TokenHash.eq(hash))
        .one(db)
        .await?)
}

/// Those of somebody's programs, the newest first.
pub async fn of_programs(
    db: &impl ConnectionTrait,
    user: UserId,
    now: Instant,
) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::UserId.eq(user))
        .filter(Column::TokenHash.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .order_by_desc(Column::Id)
        .limit(5)
        .all(db)
        .await?)
}

/// Takes one away and says whether it was there: of two at once, one wins.
pub async fn delete(db: &impl ConnectionTrait, id: PendingId) -> Result<bool> {
    Ok(Entity::delete_by_id(id).exec(db).await?.rows_affected == 1)
}

/// Takes all of somebody's away: their codes are worth nothing.
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

//! The SQL of keys that no code has proved yet. The keys themselves lie in the vault.

use kit::{Instant, Result, UserId};
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "unproved_totps")]
pub struct Model {
    /// Of the session, or the sign-in that is not finished, that began it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub holder_hash: String,
    pub user_id: UserId,
    pub expires_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Replaces the one of the same holder. Their account is held meanwhile, so nobody
/// writes beside it.
pub async fn put(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    Entity::delete_by_id(row.holder_hash.clone())
        .exec(db)
        .await?;
    Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, holder_hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(holder_hash.to_owned()).one(db).await?)
}

/// Somebody's.
pub async fn of(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<Model>> {
    let own = Entity::find().filter(Column::UserId.eq(user));
    Ok(own.all(db).await?)
}

/// Those that are over by now.
pub async fn over(db: &impl ConnectionTrait, now: Instant) -> Result<Vec<Model>> {
    let over = Entity::find().filter(Column::ExpiresAt.lte(now));
    Ok(over.all(db).await?)
}

/// Takes one away as it was read, and says whether it was still there.
pub async fn delete(db: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    let gone = Entity::delete_many()
        .filter(Column::HolderHash.eq(row.holder_hash.as_str()))
        .filter(Column::ExpiresAt.eq(row.expires_at));
    Ok(gone.exec(db).await?.rows_affected == 1)
}

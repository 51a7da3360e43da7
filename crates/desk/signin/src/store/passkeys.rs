//! The SQL of passkeys, and of what their devices are asked to sign.

use kit::{Error, Instant, Result, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, SqlErr};

use crate::PasskeyId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "passkeys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PasskeyId,
    pub user_id: UserId,
    /// Of the id that the device gave it, which may be long.
    pub key_hash: String,
    pub name: String,
    /// The public key and its counter, as the library writes them.
    pub credential: String,
    pub created_at: Instant,
    pub seen_at: Option<Instant>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

pub mod challenge {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "passkey_challenges")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        /// Whose device is asked; nobody is known who signs in with a passkey alone.
        pub user_id: Option<UserId>,
        pub purpose: String,
        /// What a new passkey is to be called.
        pub name: Option<String>,
        /// What the library must remember.
        pub state: String,
        pub expires_at: Instant,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody's, the oldest first.
pub async fn of(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::UserId.eq(user))
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
}

/// The one that a device gave this id.
pub async fn by_key(db: &impl ConnectionTrait, key_hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::KeyHash.eq(key_hash))
        .one(db)
        .await?)
}

pub async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    let done = Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await;
    match done.as_ref().map_err(DbErr::sql_err) {
        Err(Some(SqlErr::UniqueConstraintViolation(_))) => Err(Error::Conflict("passkey-known")),
        _ => {
            done?;
            Ok(())
        }
    }
}

pub async fn update(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    Entity::update(row.into_active_model().reset_all())
        .exec(db)
        .await?;
    Ok(())
}

/// Takes one of somebody's away and says whether it was there.
pub async fn delete(db: &impl ConnectionTrait, user: UserId, id: PasskeyId) -> Result<bool> {
    let gone = Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::UserId.eq(user));
    Ok(gone.exec(db).await?.rows_affected == 1)
}

pub async fn delete_all_of(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    let all = Entity::delete_many().filter(Column::UserId.eq(user));
    all.exec(db).await?;
    Ok(())
}

pub async fn insert_challenge(db: &impl ConnectionTrait, row: challenge::Model) -> Result<()> {
    challenge::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Takes a challenge away, so that it is answered once: of two at once, one wins.
pub async fn take_challenge(
    db: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<Option<challenge::Model>> {
    let found = challenge::Entity::find_by_id(token_hash.to_owned())
        .one(db)
        .await?;
    let gone = challenge::Entity::delete_by_id(token_hash.to_owned())
        .exec(db)
        .await?;
    Ok(found.filter(|_| gone.rows_affected == 1))
}

pub async fn delete_challenges_before(db: &impl ConnectionTrait, before: Instant) -> Result<()> {
    challenge::Entity::delete_many()
        .filter(challenge::Column::ExpiresAt.lt(before))
        .exec(db)
        .await?;
    Ok(())
}

//! The SQL of sign-ins that are on their way.

use kit::{Instant, Result, UserId};
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

use crate::ProviderId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sso_starts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub provider_id: ProviderId,
    /// Who wants to be vouched for from now on; `None` when somebody signs in.
    pub user_id: Option<UserId>,
    /// Where they go afterwards.
    pub next: String,
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

/// Takes one away and answers with it: of two at once, one gets it.
pub async fn take(db: &impl ConnectionTrait, token_hash: &str) -> Result<Option<Model>> {
    let Some(row) = Entity::find_by_id(token_hash).one(db).await? else {
        return Ok(None);
    };
    let gone = Entity::delete_by_id(token_hash).exec(db).await?;
    Ok((gone.rows_affected == 1).then_some(row))
}

pub async fn delete_before(db: &impl ConnectionTrait, now: Instant) -> Result<()> {
    Entity::delete_many()
        .filter(Column::ExpiresAt.lte(now))
        .exec(db)
        .await?;
    Ok(())
}

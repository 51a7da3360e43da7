//! The SQL of whom providers know.

use std::collections::HashMap;

use kit::{Error, Instant, Result, UserId};
use people::RoleId;
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect, SqlErr};
use sha2::{Digest, Sha256};

use crate::{IdentityId, Provider, ProviderId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sso_identities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityId,
    pub provider_id: ProviderId,
    pub user_id: UserId,
    /// As the provider calls them, for whoever looks into the table.
    pub subject: String,
    /// What they are found by.
    pub subject_hash: String,
    /// The address that the provider says, for the person to know which account it is.
    pub email: Option<String>,
    /// Whether their role is what a rule said.
    pub ruled: bool,
    /// The role made here that a rule gave them.
    pub ruled_role: Option<RoleId>,
    pub created_at: Instant,
    pub seen_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What somebody is found by: databases differ in whether `a` is `A`, and who is sent
/// elsewhere with the same provider must not find the people of before.
pub fn hash(provider: &Provider, subject: &str) -> String {
    let whole = Sha256::digest(format!("{}\n{subject}", provider.issuer));
    whole.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whom a provider calls so.
pub async fn of_subject(
    db: &impl ConnectionTrait,
    provider: ProviderId,
    hash: &str,
) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::ProviderId.eq(provider))
        .filter(Column::SubjectHash.eq(hash))
        .one(db)
        .await?)
}

/// Who vouches for somebody, the oldest first.
pub async fn of(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::UserId.eq(user))
        .order_by_asc(Column::Id)
        .limit(100)
        .all(db)
        .await?)
}

/// For how many accounts each provider vouches.
pub async fn counts(db: &impl ConnectionTrait) -> Result<HashMap<ProviderId, i64>> {
    let rows: Vec<(ProviderId, i64)> = Entity::find()
        .select_only()
        .column(Column::ProviderId)
        .column_as(Column::Id.count(), "count")
        .group_by(Column::ProviderId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Of two at once, one is refused.
pub async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    let done = Entity::insert(row.into_active_model()).exec_without_returning(db);
    match done.await {
        Ok(_) => Ok(()),
        Err(error) => match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Err(Error::Conflict("sso-twice")),
            _ => Err(error.into()),
        },
    }
}

pub async fn update(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    Entity::update(row.into_active_model().reset_all())
        .exec(db)
        .await?;
    Ok(())
}

/// Takes one of somebody's away and says whether it was there.
pub async fn delete(db: &impl ConnectionTrait, user: UserId, id: IdentityId) -> Result<bool> {
    let gone = Entity::delete_many()
        .filter(Column::UserId.eq(user))
        .filter(Column::Id.eq(id));
    Ok(gone.exec(db).await?.rows_affected == 1)
}

//! The SQL of what companies tell people about their data. A version is written once
//! and never changed.

use std::collections::HashMap;

use kit::{CompanyId, Error, Instant, Result, Tx, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect, SqlErr};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "privacy_texts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner: CompanyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// `None`: from then on it had none of its own.
    pub body: Option<String>,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The version that holds.
pub async fn newest(db: &impl ConnectionTrait, owner: CompanyId) -> Result<Option<Model>> {
    let newest = Entity::find()
        .filter(Column::Owner.eq(owner))
        .order_by_desc(Column::Version);
    Ok(newest.one(db).await?)
}

/// All of them, the newest first, without their texts: the number, and since when.
pub async fn versions(db: &impl ConnectionTrait, owner: CompanyId) -> Result<Vec<(i64, Instant)>> {
    let rows: Vec<(i32, Instant)> = Entity::find()
        .select_only()
        .columns([Column::Version, Column::CreatedAt])
        .filter(Column::Owner.eq(owner))
        .order_by_desc(Column::Version)
        .limit(100)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(n, at)| (n.into(), at)).collect())
}

/// The number of the version that holds, of all that have a text.
pub async fn newest_marks(db: &impl ConnectionTrait) -> Result<HashMap<CompanyId, i32>> {
    let numbers = |with_text: bool| {
        let all = Entity::find()
            .select_only()
            .columns([Column::Owner, Column::Version])
            .order_by_asc(Column::Version);
        match with_text {
            true => all.filter(Column::Body.is_not_null()),
            false => all.filter(Column::Body.is_null()),
        }
        .into_tuple::<(CompanyId, i32)>()
    };
    let mut newest: HashMap<CompanyId, i32> = numbers(true).all(db).await?.into_iter().collect();
    for (owner, version) in numbers(false).all(db).await? {
        if newest.get(&owner).is_some_and(|text| *text < version) {
            newest.remove(&owner);
        }
    }
    Ok(newest)
}

/// Writes the next version. Of two at once the second is told that there is one.
pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    let done = Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await;
    done.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict("privacy-newer"),
        _ => error.into(),
    })?;
    Ok(())
}

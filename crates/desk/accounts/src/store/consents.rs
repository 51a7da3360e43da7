//! The SQL of what people agreed to.

use kit::{CompanyId, Instant, Result, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{IntoActiveModel, QueryOrder};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: UserId,
    /// Whose text; the desk's has the id of nobody.
    pub owner: CompanyId,
    pub version: i32,
    pub at: Instant,
    pub ip: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Keeps one, and says whether it is new: to agree twice is to agree once.
pub async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<bool> {
    let once = OnConflict::columns([Column::UserId, Column::Owner, Column::Version])
        .do_nothing_on([Column::Id])
        .to_owned();
    let rows = Entity::insert(row.into_active_model())
        .on_conflict(once)
        .exec_without_returning(db)
        .await?;
    Ok(rows == 1)
}

pub async fn newest(
    db: &impl ConnectionTrait,
    user: UserId,
    owner: CompanyId,
) -> Result<Option<Model>> {
    let newest = Entity::find()
        .filter(Column::UserId.eq(user))
        .filter(Column::Owner.eq(owner))
        .order_by_desc(Column::Version);
    Ok(newest.one(db).await?)
}

/// All that these people agreed to.
pub async fn of(db: &impl ConnectionTrait, users: Vec<UserId>) -> Result<Vec<Model>> {
    let rows = Entity::find().filter(Column::UserId.is_in(users));
    Ok(rows.all(db).await?)
}

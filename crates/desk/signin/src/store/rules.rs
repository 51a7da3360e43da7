//! The SQL of who must show something beside the password.

use kit::Result;
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_rules")]
pub struct Model {
    /// Of the four by its code, of those made here by its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The roles that must.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let rows = Entity::find().all(db).await?;
    Ok(rows.into_iter().map(|row| row.role).collect())
}

/// Whether one of these must.
pub async fn has_any(db: &impl ConnectionTrait, roles: Vec<String>) -> Result<bool> {
    let found = Entity::find().filter(Column::Role.is_in(roles));
    Ok(found.one(db).await?.is_some())
}

/// Of two who say it at once, both have.
pub async fn insert(db: &impl ConnectionTrait, role: String) -> Result<()> {
    let key = [Column::Role];
    Entity::insert(Model { role }.into_active_model())
        .on_conflict(OnConflict::columns(key).do_nothing_on(key).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn delete(db: &impl ConnectionTrait, role: &str) -> Result<()> {
    Entity::delete_by_id(role.to_owned()).exec(db).await?;
    Ok(())
}

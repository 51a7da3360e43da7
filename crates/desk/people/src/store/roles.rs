//! The SQL of the roles that are made here.

use kit::{Error, Instant, Problems, Result, Role};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sea_orm::{DbErr, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect, SqlErr};

use super::user;
use crate::RoleId;
use crate::roles::CustomRole;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "custom_roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleId,
    pub name: String,
    /// The name in lower case: what is unique.
    pub name_key: String,
    pub base: String,
    /// The permissions' names, a line each.
    pub permissions: String,
    pub active: bool,
    pub created_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// So many there are at most.
pub const MOST: u64 = 100;

impl From<Model> for CustomRole {
    fn from(row: Model) -> CustomRole {
        CustomRole {
            id: row.id,
            name: row.name,
            // The weakest of the staff for a name that nobody knows.
            base: Role::from_code(&row.base).unwrap_or(Role::Tech),
            permissions: row.permissions.lines().map(str::to_owned).collect(),
            active: row.active,
        }
    }
}

/// All of them, by name.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<CustomRole>> {
    let rows = Entity::find()
        .order_by_asc(Column::NameKey)
        .limit(MOST)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(CustomRole::from).collect())
}

pub async fn count(db: &impl ConnectionTrait) -> Result<u64> {
    Ok(Entity::find().count(db).await?)
}

/// The one with this id.
pub async fn find(db: &impl ConnectionTrait, id: RoleId) -> Result<Option<CustomRole>> {
    Ok(Entity::find_by_id(id).one(db).await?.map(CustomRole::from))
}

/// The same, held until the transaction ends: of two who give it and archive it at
/// once, the second one knows of the first.
pub async fn hold(db: &impl ConnectionTrait, id: RoleId) -> Result<Option<CustomRole>> {
    let found = Entity::find_by_id(id).lock(LockType::Update);
    Ok(found.one(db).await?.map(CustomRole::from))
}

/// How many people have it, archived ones too: they may come back.
pub async fn holders(db: &impl ConnectionTrait, id: RoleId) -> Result<u64> {
    let having = user::Entity::find().filter(user::Column::RoleId.eq(id));
    Ok(having.count(db).await?)
}

pub async fn insert(db: &impl ConnectionTrait, role: &CustomRole, now: Instant) -> Result<()> {
    Entity::insert(row(role, now).into_active_model())
        .exec_without_returning(db)
        .await
        .map_err(taken)?;
    Ok(())
}

pub async fn update(db: &impl ConnectionTrait, role: &CustomRole) -> Result<()> {
    let mut row = row(role, Instant(0)).into_active_model().reset_all();
    row.created_at = sea_orm::ActiveValue::NotSet;
    Entity::update(row).exec(db).await.map_err(taken)?;
    Ok(())
}

fn row(role: &CustomRole, now: Instant) -> Model {
    Model {
        id: role.id,
        name: role.name.clone(),
        name_key: role.name.to_lowercase(),
        base: role.base.code().to_owned(),
        permissions: role.permissions.join("\n"),
        active: role.active,
        created_at: now,
    }
}

/// The constraint decides, so that two at once cannot both have the name.
fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Invalid(Problems::of("name", "taken")),
        _ => error.into(),
    }
}

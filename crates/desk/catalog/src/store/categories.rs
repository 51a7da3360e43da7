use kit::{Error, Result, Tx};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::MOST;
use crate::{Category, CategoryId};

mod row {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "categories")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: CategoryId,
        pub parent_id: Option<CategoryId>,
        /// The parent, or nil: what the name is unique below.
        pub below_id: Option<uuid::Uuid>,
        pub name: String,
        pub active: bool,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl From<row::Model> for Category {
    fn from(row: row::Model) -> Category {
        Category {
            id: row.id,
            parent: row.parent_id,
            name: row.name,
            active: row.active,
        }
    }
}

/// The category with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &impl ConnectionTrait, id: CategoryId) -> Result<Option<Category>> {
    Ok(row::Entity::find_by_id(id)
        .one(db)
        .await?
        .map(Category::from))
}

/// The category of this name below `parent`.
///
/// # Errors
/// When the database refuses.
pub async fn find_by_name(
    db: &impl ConnectionTrait,
    parent: Option<CategoryId>,
    name: &str,
) -> Result<Option<Category>> {
    let below = match parent {
        Some(id) => row::Column::ParentId.eq(id),
        None => row::Column::ParentId.is_null(),
    };
    let found = row::Entity::find()
        .filter(row::Column::Name.eq(name))
        .filter(below);
    Ok(found.one(db).await?.map(Category::from))
}

/// Every category and subcategory, by name.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Category>> {
    let rows = row::Entity::find()
        .order_by_asc(row::Column::Name)
        .limit(MOST)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Category::from).collect())
}

pub async fn insert(tx: &Tx, category: &Category) -> Result<()> {
    row::Entity::insert(to_row(category))
        .exec_without_returning(tx.db())
        .await
        .map_err(Error::taken("name"))?;
    Ok(())
}

pub async fn update(tx: &Tx, category: &Category) -> Result<()> {
    row::Entity::update(to_row(category))
        .exec(tx.db())
        .await
        .map_err(Error::taken("name"))?;
    Ok(())
}

fn to_row(category: &Category) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(category.id),
        parent_id: Set(category.parent),
        below_id: Set(Some(
            category.parent.map_or_else(uuid::Uuid::nil, |id| id.0),
        )),
        name: Set(category.name.clone()),
        active: Set(category.active),
    }
}

use std::collections::HashMap;

use kit::{Error, Result, Tx, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::MOST;
use crate::{Queue, QueueId};

mod row {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "queues")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: QueueId,
        pub name: String,
        pub email: Option<String>,
        pub level: i32,
        pub active: bool,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod member {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "queue_members")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub queue_id: QueueId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: UserId,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl From<row::Model> for Queue {
    fn from(row: row::Model) -> Queue {
        Queue {
            id: row.id,
            name: row.name,
            email: row.email,
            level: row.level,
            active: row.active,
        }
    }
}

/// The queue with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &impl ConnectionTrait, id: QueueId) -> Result<Option<Queue>> {
    Ok(row::Entity::find_by_id(id).one(db).await?.map(Queue::from))
}

/// The queue of this name.
///
/// # Errors
/// When the database refuses.
pub async fn find_by_name(db: &impl ConnectionTrait, name: &str) -> Result<Option<Queue>> {
    let found = row::Entity::find().filter(row::Column::Name.eq(name));
    Ok(found.one(db).await?.map(Queue::from))
}

/// Every queue: by level, then by name.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Queue>> {
    let rows = row::Entity::find()
        .order_by_asc(row::Column::Level)
        .order_by_asc(row::Column::Name)
        .limit(MOST)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Queue::from).collect())
}

/// Every queue's name, archived ones too, for showing tickets.
///
/// # Errors
/// When the database refuses.
pub async fn names(db: &impl ConnectionTrait) -> Result<HashMap<QueueId, String>> {
    Ok(list(db)
        .await?
        .into_iter()
        .map(|q| (q.id, q.name))
        .collect())
}

/// The first active queue of a level above `level`.
///
/// # Errors
/// When the database refuses.
pub async fn above(db: &impl ConnectionTrait, level: i32) -> Result<Option<Queue>> {
    let found = row::Entity::find()
        .filter(row::Column::Level.gt(level))
        .filter(row::Column::Active.eq(true))
        .order_by_asc(row::Column::Level)
        .order_by_asc(row::Column::Name)
        .one(db)
        .await?;
    Ok(found.map(Queue::from))
}

/// Who works on a queue.
///
/// # Errors
/// When the database refuses.
pub async fn members(db: &impl ConnectionTrait, id: QueueId) -> Result<Vec<UserId>> {
    Ok(member::Entity::find()
        .select_only()
        .column(member::Column::UserId)
        .filter(member::Column::QueueId.eq(id))
        .into_tuple()
        .all(db)
        .await?)
}

/// How many people work on each queue.
pub async fn sizes(db: &impl ConnectionTrait) -> Result<HashMap<QueueId, i64>> {
    let rows: Vec<(QueueId, i64)> = member::Entity::find()
        .select_only()
        .column(member::Column::QueueId)
        .column_as(member::Column::UserId.count(), "size")
        .group_by(member::Column::QueueId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

pub async fn insert(tx: &Tx, queue: &Queue) -> Result<()> {
    row::Entity::insert(to_row(queue))
        .exec_without_returning(tx.db())
        .await
        .map_err(Error::taken("name"))?;
    Ok(())
}

pub async fn update(tx: &Tx, queue: &Queue) -> Result<()> {
    row::Entity::update(to_row(queue))
        .exec(tx.db())
        .await
        .map_err(Error::taken("name"))?;
    Ok(())
}

pub async fn set_members(tx: &Tx, id: QueueId, members: &[UserId]) -> Result<()> {
    member::Entity::delete_many()
        .filter(member::Column::QueueId.eq(id))
        .exec(tx.db())
        .await?;
    let mut members = members.to_vec();
    members.sort_unstable();
    members.dedup();
    if members.is_empty() {
        return Ok(());
    }
    let rows = members.into_iter().map(|user_id| member::ActiveModel {
        queue_id: Set(id),
        user_id: Set(user_id),
    });
    member::Entity::insert_many(rows)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

fn to_row(queue: &Queue) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(queue.id),
        name: Set(queue.name.clone()),
        email: Set(queue.email.clone()),
        level: Set(queue.level),
        active: Set(queue.active),
    }
}

use kit::{Error, Result, Tx};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::MOST;
use crate::{Channel, ChannelId};

mod row {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "channels")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ChannelId,
        pub name: String,
        pub active: bool,
        pub portal: bool,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl From<row::Model> for Channel {
    fn from(row: row::Model) -> Channel {
        Channel {
            id: row.id,
            name: row.name,
            active: row.active,
            portal: row.portal,
        }
    }
}

/// The channel with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &impl ConnectionTrait, id: ChannelId) -> Result<Option<Channel>> {
    Ok(row::Entity::find_by_id(id)
        .one(db)
        .await?
        .map(Channel::from))
}

/// The channel of this name.
///
/// # Errors
/// When the database refuses.
pub async fn find_by_name(db: &impl ConnectionTrait, name: &str) -> Result<Option<Channel>> {
    let found = row::Entity::find().filter(row::Column::Name.eq(name));
    Ok(found.one(db).await?.map(Channel::from))
}

/// Every channel, by name.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Channel>> {
    let rows = row::Entity::find()
        .order_by_asc(row::Column::Name)
        .limit(MOST)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Channel::from).collect())
}

pub async fn insert(tx: &Tx, channel: &Channel) -> Result<()> {
    row::Entity::insert(to_row(channel))
        .exec_without_returning(tx.db())
        .await
        .map_err(Error::taken("name"))?;
    Ok(())
}

pub async fn update(tx: &Tx, channel: &Channel) -> Result<()> {
    row::Entity::update(to_row(channel))
        .exec(tx.db())
        .await
        .map_err(Error::taken("name"))?;
    Ok(())
}

fn to_row(channel: &Channel) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(channel.id),
        name: Set(channel.name.clone()),
        active: Set(channel.active),
        portal: Set(channel.portal),
    }
}

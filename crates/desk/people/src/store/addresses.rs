//! The SQL of addresses: what was tried with one lately, whether it is anybody's or not.
//! What stands here is a fingerprint and not the address.

use kit::{Instant, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Condition, IntoActiveModel};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "addresses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// Wrong passwords in a row, for an address that nobody has.
    pub failures: i32,
    pub locked_until: Option<Instant>,
    /// So many letters were asked for …
    pub letters: i32,
    /// … since then.
    pub letters_from: Instant,
    /// Since when whoever registers with it was answered as if nobody had it.
    pub claimed_at: Option<Instant>,
    pub touched_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The row of an address, made when there is none, held until the transaction ends.
pub async fn hold(db: &impl ConnectionTrait, hash: &str, now: Instant) -> Result<Model> {
    let new = Model {
        hash: hash.to_owned(),
        failures: 0,
        locked_until: None,
        letters: 0,
        letters_from: now,
        claimed_at: None,
        touched_at: now,
    };
    // The write itself holds the row, whoever else writes it at once.
    let touched = OnConflict::column(Column::Hash)
        .update_column(Column::TouchedAt)
        .to_owned();
    Entity::insert(new.clone().into_active_model())
        .on_conflict(touched)
        .exec_without_returning(db)
        .await?;
    let row = Entity::find_by_id(hash.to_owned()).one(db).await?;
    Ok(row.unwrap_or(new))
}

pub async fn keep(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    Entity::update(row.into_active_model().reset_all())
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets what was tried before; what was claimed stays, and there are no more of those
/// than accounts.
pub async fn forget_before(db: &impl ConnectionTrait, before: Instant) -> Result<()> {
    let over = Condition::all()
        .add(Column::TouchedAt.lt(before))
        .add(Column::ClaimedAt.is_null());
    Entity::delete_many().filter(over).exec(db).await?;
    Ok(())
}

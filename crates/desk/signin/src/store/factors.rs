//! The SQL of what people show beside the password, passkeys aside.

use kit::{Instant, Result, UserId};
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_factors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// Whether they may show a code that comes by mail.
    pub email: bool,
    /// Since when they may show one of an app.
    pub totp_since: Option<Instant>,
    /// The newest step of which a code was shown: neither it nor one before it is good.
    pub totp_step: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

pub mod code {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code_hash: String,
        pub user_id: UserId,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody's row, or what it would say.
pub async fn of(db: &impl ConnectionTrait, user: UserId) -> Result<Model> {
    let found = Entity::find_by_id(user).one(db).await?;
    Ok(found.unwrap_or(Model {
        user_id: user,
        email: false,
        totp_since: None,
        totp_step: None,
    }))
}

/// Writes somebody's row. Their account is held meanwhile, so nobody writes beside it.
pub async fn keep(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    let there = Entity::find_by_id(row.user_id).one(db).await?.is_some();
    let row = row.into_active_model().reset_all();
    match there {
        true => {
            Entity::update(row).exec(db).await?;
        }
        false => {
            Entity::insert(row).exec_without_returning(db).await?;
        }
    }
    Ok(())
}

/// Takes a step and says whether it was still good: of two at once, one wins.
pub async fn take_step(db: &impl ConnectionTrait, user: UserId, step: i64) -> Result<bool> {
    let fresh = Expr::col(Column::TotpStep)
        .is_null()
        .or(Expr::col(Column::TotpStep).lt(step));
    let taken = Entity::update_many()
        .col_expr(Column::TotpStep, Expr::value(step))
        .filter(Column::UserId.eq(user))
        .filter(fresh)
        .exec(db)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// How many recovery codes somebody has left.
pub async fn codes_left(db: &impl ConnectionTrait, user: UserId) -> Result<u64> {
    Ok(code::Entity::find()
        .filter(code::Column::UserId.eq(user))
        .count(db)
        .await?)
}

/// Takes a recovery code away and says whether it was there: of two at once, one wins.
pub async fn use_code(db: &impl ConnectionTrait, user: UserId, hash: &str) -> Result<bool> {
    let gone = code::Entity::delete_many()
        .filter(code::Column::CodeHash.eq(hash))
        .filter(code::Column::UserId.eq(user));
    Ok(gone.exec(db).await?.rows_affected == 1)
}

/// Replaces somebody's recovery codes.
pub async fn replace_codes(
    db: &impl ConnectionTrait,
    user: UserId,
    hashes: Vec<String>,
) -> Result<()> {
    code::Entity::delete_many()
        .filter(code::Column::UserId.eq(user))
        .exec(db)
        .await?;
    if hashes.is_empty() {
        return Ok(());
    }
    let rows = hashes.into_iter().map(|code_hash| {
        let row = code::Model {
            code_hash,
            user_id: user,
        };
        row.into_active_model()
    });
    code::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

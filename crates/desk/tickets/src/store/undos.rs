//! What acts on many tickets did, for telling and for undoing it.

use kit::{Context, Error, Instant, Result, Tx, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;

use crate::UndoId;
use crate::commands::{Outcome, UNDO_MINUTES};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_undos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UndoId,
    pub user_id: UserId,
    pub act: String,
    pub outcome: String,
    pub created_at: Instant,
    pub undone_at: Option<Instant>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// An act on many tickets that somebody did.
pub struct Act {
    /// Which.
    pub id: UndoId,
    /// What was done: see [`crate::commands::Each::code`].
    pub code: String,
    /// What became of it, or of undoing it.
    pub outcome: Outcome,
    /// When it was done.
    pub at: Instant,
    /// Whether it was undone.
    pub undone: bool,
}

impl Act {
    /// Whether there is something to undo and still time for it.
    #[must_use]
    pub fn can_be_undone(&self, now: Instant) -> bool {
        !self.undone && !self.outcome.changed.is_empty() && now < self.at.plus_minutes(UNDO_MINUTES)
    }
}

impl TryFrom<Model> for Act {
    type Error = Error;

    fn try_from(row: Model) -> Result<Act> {
        Ok(Act {
            id: row.id,
            code: row.act,
            outcome: serde_json::from_str(&row.outcome).map_err(Error::internal)?,
            at: row.created_at,
            undone: row.undone_at.is_some(),
        })
    }
}

/// The reader's own act with this id.
pub async fn find(cx: &Context, id: UndoId) -> Result<Option<Act>> {
    let own = Entity::find_by_id(id).filter(Column::UserId.eq(cx.actor.user()?.id));
    own.one(cx.db()).await?.map(Act::try_from).transpose()
}

/// The actor's own act with this id, held until the commit.
pub async fn find_for_update(tx: &Tx, id: UndoId) -> Result<Act> {
    let own = Entity::find_by_id(id)
        .filter(Column::UserId.eq(tx.cx().actor.user()?.id))
        .lock(LockType::Update);
    own.one(tx.db()).await?.ok_or(Error::NotFound)?.try_into()
}

/// Keeps what the actor did, and forgets what they did too long ago to matter.
pub async fn insert(tx: &Tx, id: UndoId, act: &str, outcome: &Outcome) -> Result<()> {
    let me = tx.cx().actor.user()?.id;
    Entity::delete_many()
        .filter(Column::UserId.eq(me))
        .filter(Column::CreatedAt.lt(tx.now().plus_minutes(-24 * 60)))
        .exec(tx.db())
        .await?;
    let row = ActiveModel {
        id: Set(id),
        user_id: Set(me),
        act: Set(act.to_owned()),
        outcome: Set(serde_json::to_string(outcome).map_err(Error::internal)?),
        created_at: Set(tx.now()),
        undone_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Notes that an act was undone, and how far.
pub async fn undone(tx: &Tx, id: UndoId, outcome: &Outcome) -> Result<()> {
    let outcome = serde_json::to_string(outcome).map_err(Error::internal)?;
    Entity::update_many()
        .col_expr(Column::UndoneAt, Expr::value(tx.now()))
        .col_expr(Column::Outcome, Expr::value(outcome))
        .filter(Column::Id.eq(id))
        .exec(tx.db())
        .await?;
    Ok(())
}

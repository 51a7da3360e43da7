//! The SQL of canned answers. Every read says who asks: shared ones and one's own.

use kit::{Error, Instant, Problems, Result, Tx, UserId};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DbErr, QueryOrder, QuerySelect, SqlErr};

use crate::{Answer, AnswerId};

/// So many are read at most.
const MOST: u64 = 500;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnswerId,
    pub title: String,
    /// The title in lower case: what is unique and sorted by.
    pub title_key: String,
    pub shortcut: Option<String>,
    pub body: String,
    pub owner_id: Option<UserId>,
    /// The owner, or nil: what title and shortcut are unique below.
    pub below_id: Uuid,
    pub active: bool,
    pub created_at: Instant,
    pub updated_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for Answer {
    fn from(row: Model) -> Answer {
        Answer {
            id: row.id,
            title: row.title,
            shortcut: row.shortcut,
            body: row.body,
            owner: row.owner_id,
            active: row.active,
        }
    }
}

/// The answer with this id, if `reader` may see it: somebody else's own is not there.
///
/// # Errors
/// When the database refuses.
pub async fn find(
    db: &impl ConnectionTrait,
    reader: Option<UserId>,
    id: AnswerId,
) -> Result<Option<Answer>> {
    let found = Entity::find_by_id(id).filter(visible(reader));
    Ok(found.one(db).await?.map(Answer::from))
}

/// Every answer that `reader` may see: their own first, then the shared ones, each
/// by title.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait, reader: Option<UserId>) -> Result<Vec<Answer>> {
    some(db, visible(reader)).await
}

/// Those among them that are offered.
///
/// # Errors
/// When the database refuses.
pub async fn offered(db: &impl ConnectionTrait, reader: Option<UserId>) -> Result<Vec<Answer>> {
    some(db, visible(reader).add(Column::Active.eq(true))).await
}

async fn some(db: &impl ConnectionTrait, wanted: Condition) -> Result<Vec<Answer>> {
    let rows = Entity::find()
        .filter(wanted)
        .order_by_asc(Column::TitleKey)
        .limit(MOST)
        .all(db)
        .await?;
    let mut answers: Vec<Answer> = rows.into_iter().map(Answer::from).collect();
    answers.sort_by_key(Answer::is_shared);
    Ok(answers)
}

fn visible(reader: Option<UserId>) -> Condition {
    let shared = Condition::any().add(Column::OwnerId.is_null());
    let seen = match reader {
        Some(reader) => shared.add(Column::OwnerId.eq(reader)),
        None => shared,
    };
    Condition::all().add(seen)
}

pub async fn insert(tx: &Tx, answer: &Answer) -> Result<()> {
    let mut row = to_row(answer, tx.now());
    row.created_at = Set(tx.now());
    Entity::insert(row)
        .exec_without_returning(tx.db())
        .await
        .map_err(taken)?;
    Ok(())
}

pub async fn update(tx: &Tx, answer: &Answer) -> Result<()> {
    Entity::update(to_row(answer, tx.now()))
        .exec(tx.db())
        .await
        .map_err(taken)?;
    Ok(())
}

fn to_row(answer: &Answer, now: Instant) -> ActiveModel {
    ActiveModel {
        id: Set(answer.id),
        title: Set(answer.title.clone()),
        title_key: Set(answer.title.to_lowercase()),
        shortcut: Set(answer.shortcut.clone()),
        body: Set(answer.body.clone()),
        owner_id: Set(answer.owner),
        below_id: Set(answer.owner.map_or_else(Uuid::nil, |owner| owner.0)),
        active: Set(answer.active),
        created_at: NotSet,
        updated_at: Set(now),
    }
}

/// The constraint decides, so that two at once cannot both have a title.
fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(message)) => {
            // MySQL tells the value, too, before it names the index.
            let index = message.rsplit("for key").next().unwrap_or_default();
            let field = match index.contains("shortcut") {
                true => "shortcut",
                false => "title",
            };
            Error::Invalid(Problems::of(field, "taken"))
        }
        _ => error.into(),
    }
}

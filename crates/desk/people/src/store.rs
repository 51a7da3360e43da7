//! The SQL of people, their sessions and the setup link.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kit::{
    CompanyId, Context, Cursor, Density, Error, Instant, Limits, Looks, PAGE, Problems, Result,
    Role, Scope, Theme, UserId,
};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, Func, LikeExpr, LockType, SubQueryStatement};
use sea_orm::{
    Condition, FromQueryResult, IntoActiveModel, JoinType, PaginatorTrait, QueryOrder, QuerySelect,
    SqlErr,
};

use crate::RoleId;
use crate::person::Person;

pub mod addresses;
pub mod roles;

pub mod user {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: UserId,
        pub name: String,
        pub email: String,
        pub role: String,
        pub company_id: Option<CompanyId>,
        pub password_hash: Option<String>,
        pub active: bool,
        pub locale: Option<String>,
        pub theme: Option<String>,
        pub density: Option<String>,
        pub keys_off: bool,
        pub failures: i32,
        pub locked_until: Option<Instant>,
        pub created_at: Instant,
        /// Since when the address is known to be theirs; `None` may not sign in.
        pub confirmed_at: Option<Instant>,
        /// Where their picture is kept.
        pub picture: Option<String>,
        /// The zone that they read times in, by its IANA name.
        pub zone: Option<String>,
        /// How often what they sign in by has changed.
        pub stamp: i32,
        /// The role made here that they have.
        pub role_id: Option<RoleId>,
        /// Where they may look, as JSON; everywhere otherwise.
        pub limits: Option<String>,
        /// When their password last gave way to one of whoever did not show it.
        pub password_replaced_at: Option<Instant>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod session {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        pub user_id: UserId,
        pub created_at: Instant,
        pub seen_at: Instant,
        pub ip: Option<String>,
        pub device: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::user::Entity",
            from = "Column::UserId",
            to = "super::user::Column::Id"
        )]
        User,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod setup_link {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "setup_links")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        pub expires_at: Instant,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl From<user::Model> for Person {
    fn from(row: user::Model) -> Person {
        Person {
            id: row.id,
            name: row.name,
            email: row.email,
            // The weakest role for a name that nobody knows.
            role: Role::from_code(&row.role).unwrap_or(Role::Client),
            company: row.company_id,
            active: row.active,
            locale: row.locale,
            zone_name: row.zone,
            looks: Looks {
                theme: row
                    .theme
                    .and_then(|code| Theme::from_code(&code))
                    .unwrap_or_default(),
                density: row
                    .density
                    .and_then(|code| Density::from_code(&code))
                    .unwrap_or_default(),
                keys_off: row.keys_off,
            },
            created_at: row.created_at,
            confirmed: row.confirmed_at.is_some(),
            picture: row.picture,
            stamp: row.stamp,
            custom: row.role_id,
            // Whoever has a role made here may nothing until it was looked up.
            powers: row.role_id.map(|_| Arc::from([])),
            limits: row.limits.as_deref().map(limits),
        }
    }
}

/// Limits that cannot be read leave nothing.
fn limits(kept: &str) -> Arc<Limits> {
    Arc::new(serde_json::from_str(kept).unwrap_or_else(|_| Limits {
        queues: vec![Uuid::nil()],
        companies: vec![CompanyId(Uuid::nil())],
    }))
}

/// Whether anybody can sign in yet.
///
/// # Errors
/// When the database refuses.
pub async fn people_exist(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .into_tuple::<UserId>()
        .one(db)
        .await?
        .is_some())
}

/// The person with this id.
///
/// # Errors
/// When the database refuses.
pub async fn person(db: &impl ConnectionTrait, id: UserId) -> Result<Option<Person>> {
    Ok(user::Entity::find_by_id(id)
        .one(db)
        .await?
        .map(Person::from))
}

/// The person with this address.
///
/// # Errors
/// When the database refuses.
pub async fn by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<Person>> {
    Ok(row_by_email(db, email).await?.map(Person::from))
}

pub async fn row_by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<user::Model>> {
    Ok(user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .one(db)
        .await?)
}

pub async fn row(db: &impl ConnectionTrait, id: UserId) -> Result<Option<user::Model>> {
    Ok(user::Entity::find_by_id(id).one(db).await?)
}

pub async fn row_for_update(db: &impl ConnectionTrait, id: UserId) -> Result<Option<user::Model>> {
    Ok(user::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(db)
        .await?)
}

/// Those of these pictures that are somebody's.
///
/// # Errors
/// When the database refuses.
pub async fn shown_pictures(
    db: &impl ConnectionTrait,
    names: Vec<String>,
) -> Result<HashSet<String>> {
    let rows: Vec<String> = user::Entity::find()
        .select_only()
        .column(user::Column::Picture)
        .filter(user::Column::Picture.is_in(names))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The people with these ids, for showing their names.
///
/// # Errors
/// When the database refuses.
pub async fn cards(
    db: &impl ConnectionTrait,
    mut ids: Vec<UserId>,
) -> Result<HashMap<UserId, Person>> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = user::Entity::find()
        .filter(user::Column::Id.is_in(ids))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// The same, from memory where they are known: for pages.
///
/// # Errors
/// When the database refuses.
pub async fn named(cx: &Context, ids: Vec<UserId>) -> Result<HashMap<UserId, Arc<Person>>> {
    let read = |ids| cards(cx.db(), ids);
    cx.kept_each("people", "users", ids, read).await
}

/// How many may sign in.
///
/// # Errors
/// When the database refuses.
pub async fn count(db: &impl ConnectionTrait) -> Result<i64> {
    let active = user::Entity::find().filter(user::Column::Active.eq(true));
    Ok(i64::try_from(active.count(db).await?).unwrap_or(i64::MAX))
}

/// The next ids after one, in their order.
pub async fn next_ids(db: &impl ConnectionTrait, after: Option<Uuid>) -> Result<Vec<Uuid>> {
    Ok(db::next_ids(db, user::Entity::find(), user::Column::Id, after).await?)
}

/// The active staff by name, for a choice.
///
/// # Errors
/// When the database refuses.
pub async fn staff(db: &impl ConnectionTrait) -> Result<Vec<Person>> {
    let roles = Role::ALL.iter().filter(|r| r.is_staff()).map(|r| r.code());
    let rows = user::Entity::find()
        .filter(user::Column::Role.is_in(roles))
        .filter(user::Column::Active.eq(true))
        .order_by_asc(user::Column::Name)
        .limit(1_000)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Person::from).collect())
}

/// The active requesters by name that somebody of the staff with this scope may know of,
/// for a choice; the first thousand.
///
/// # Errors
/// When the database refuses.
pub async fn clients(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Person>> {
    let mut wanted = Condition::all();
    let limits = scope.limits().map(|limits| &limits.companies);
    if let Some(companies) = limits.filter(|some| !some.is_empty()) {
        wanted = wanted.add(user::Column::CompanyId.is_in(companies.iter().copied()));
    }
    let rows = user::Entity::find()
        .filter(wanted)
        .filter(user::Column::Role.eq(Role::Client.code()))
        .filter(user::Column::Active.eq(true))
        .order_by_asc(user::Column::Name)
        .limit(1_000)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Person::from).collect())
}

/// A page of people, newest first, and where the next one begins.
pub async fn list(
    db: &impl ConnectionTrait,
    search: &str,
    after: Option<&Cursor>,
    limit: Option<u64>,
) -> Result<(Vec<Person>, Option<Cursor>)> {
    let mut wanted = Condition::all();
    if !search.is_empty() {
        // The same on three databases: case ignored, `%` and `_` are themselves.
        let literal = search
            .to_lowercase()
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_");
        let like = |column: user::Column| {
            let pattern = LikeExpr::new(format!("%{literal}%")).escape('!');
            Func::lower(Expr::col(column)).like(pattern)
        };
        wanted = wanted.add(
            Condition::any()
                .add(like(user::Column::Name))
                .add(like(user::Column::Email)),
        );
    }
    if let Some(cursor) = after {
        wanted = wanted.add(user::Column::Id.lt(UserId(cursor.id)));
    }
    let limit = limit.unwrap_or(PAGE);
    let mut rows = user::Entity::find()
        .filter(wanted)
        .order_by_desc(user::Column::Id)
        .limit(limit + 1)
        .all(db)
        .await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|row| Cursor {
        keys: Vec::new(),
        id: row.id.0,
    });
    Ok((rows.into_iter().map(Person::from).collect(), next))
}

/// The administrators who can sign in, held until the transaction ends.
pub async fn hold_active_admins(db: &impl ConnectionTrait) -> Result<Vec<UserId>> {
    Ok(user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Role.eq(Role::Admin.code()))
        .filter(user::Column::Active.eq(true))
        .order_by_asc(user::Column::Id)
        .lock(LockType::Update)
        .into_tuple()
        .all(db)
        .await?)
}

pub async fn insert(db: &impl ConnectionTrait, row: user::Model) -> Result<()> {
    user::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await
        .map_err(taken)?;
    Ok(())
}

pub async fn update(db: &impl ConnectionTrait, row: user::Model) -> Result<()> {
    user::Entity::update(row.into_active_model().reset_all())
        .exec(db)
        .await
        .map_err(taken)?;
    Ok(())
}

/// The constraint decides, so that two at once cannot both have the address.
fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Error::Invalid(Problems::of("email", "taken"))
        }
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => {
            Error::Invalid(Problems::of("company_id", "unknown"))
        }
        _ => error.into(),
    }
}

/// Forgets that somebody failed to sign in.
pub async fn forget_failures(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    let failed = Condition::any()
        .add(user::Column::Failures.ne(0))
        .add(user::Column::LockedUntil.is_not_null());
    user::Entity::update_many()
        .col_expr(user::Column::Failures, Expr::value(0))
        .col_expr(user::Column::LockedUntil, Expr::value(None::<Instant>))
        .filter(user::Column::Id.eq(user))
        .filter(failed)
        .exec(db)
        .await?;
    Ok(())
}

/// When a session began.
pub async fn session_begun(db: &impl ConnectionTrait, token_hash: &str) -> Result<Option<Instant>> {
    Ok(session::Entity::find_by_id(token_hash.to_owned())
        .select_only()
        .column(session::Column::CreatedAt)
        .into_tuple()
        .one(db)
        .await?)
}

pub async fn insert_session(db: &impl ConnectionTrait, row: session::Model) -> Result<()> {
    session::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// A person, and the log's newest number when they were read.
#[derive(FromQueryResult)]
pub struct Seen {
    #[sea_orm(nested)]
    pub user: user::Model,
    pub seq: i64,
}

/// A session's person, and when it began and was used last.
#[derive(FromQueryResult)]
pub struct Resumed {
    #[sea_orm(nested)]
    pub user: user::Model,
    pub seq: i64,
    pub begun_at: Instant,
    pub seen_at: Instant,
}

fn with_newest(people: Select<user::Entity>) -> Select<user::Entity> {
    let newest = SubQueryStatement::SelectStatement(event_log::newest_number());
    people.expr_as(Expr::SubQuery(None, Box::new(newest)), "seq")
}

/// The person with this id. Each request asks: it is one read.
pub async fn seen(db: &impl ConnectionTrait, id: UserId) -> Result<Option<Seen>> {
    let found = with_newest(user::Entity::find_by_id(id));
    Ok(found.into_model().one(db).await?)
}

/// The person whose session this is. Each request asks: it is one read.
pub async fn resumed(db: &impl ConnectionTrait, token_hash: &str) -> Result<Option<Resumed>> {
    let found = with_newest(user::Entity::find())
        .join_rev(JoinType::InnerJoin, session::Relation::User.def())
        .filter(session::Column::TokenHash.eq(token_hash))
        .column_as(session::Column::CreatedAt, "begun_at")
        .column_as(session::Column::SeenAt, "seen_at");
    Ok(found.into_model().one(db).await?)
}

pub async fn touch_session(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: Instant,
) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::SeenAt, Expr::value(now))
        .filter(session::Column::TokenHash.eq(token_hash))
        .exec(db)
        .await?;
    Ok(())
}

pub async fn delete_session(db: &impl ConnectionTrait, token_hash: &str) -> Result<()> {
    session::Entity::delete_by_id(token_hash.to_owned())
        .exec(db)
        .await?;
    Ok(())
}

pub async fn delete_sessions_of(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Somebody's sessions, the one used last first.
pub async fn sessions_of(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<session::Model>> {
    Ok(session::Entity::find()
        .filter(session::Column::UserId.eq(user))
        .order_by_desc(session::Column::SeenAt)
        .order_by_asc(session::Column::TokenHash)
        .limit(100)
        .all(db)
        .await?)
}

/// Ends somebody's sessions but this one.
pub async fn delete_other_sessions(
    db: &impl ConnectionTrait,
    user: UserId,
    but: &str,
) -> Result<u64> {
    let others = session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user))
        .filter(session::Column::TokenHash.ne(but));
    Ok(others.exec(db).await?.rows_affected)
}

pub async fn delete_sessions_before(
    db: &impl ConnectionTrait,
    created: Instant,
    seen: Instant,
) -> Result<u64> {
    let gone = session::Entity::delete_many()
        .filter(
            Condition::any()
                .add(session::Column::SeenAt.lt(seen))
                .add(session::Column::CreatedAt.lt(created)),
        )
        .exec(db)
        .await?;
    Ok(gone.rows_affected)
}

pub async fn insert_setup_link(
    db: &impl ConnectionTrait,
    hash: String,
    until: Instant,
) -> Result<()> {
    setup_link::Entity::delete_many().exec(db).await?;
    setup_link::Entity::insert(setup_link::ActiveModel {
        token_hash: Set(hash),
        expires_at: Set(until),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

pub async fn setup_link_is_open(
    db: &impl ConnectionTrait,
    hash: &str,
    now: Instant,
) -> Result<bool> {
    Ok(setup_link::Entity::find_by_id(hash.to_owned())
        .filter(setup_link::Column::ExpiresAt.gt(now))
        .one(db)
        .await?
        .is_some())
}

/// Takes the link away and says whether it was there: of two at once, one wins.
pub async fn use_setup_link(db: &impl ConnectionTrait, hash: &str, now: Instant) -> Result<bool> {
    let gone = setup_link::Entity::delete_many()
        .filter(setup_link::Column::TokenHash.eq(hash))
        .filter(setup_link::Column::ExpiresAt.gt(now))
        .exec(db)
        .await?;
    Ok(gone.rows_affected == 1)
}

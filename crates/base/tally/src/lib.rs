//! Numbers that are kept and not counted: how many things there are of a kind.
//!
//! Counting a million rows takes as long as there are rows; adding one to a number
//! does not. A number changes in the transaction that changes what it counts, so
//! it is right whenever anybody reads it.

use std::collections::BTreeMap;

use db::{Migration, Step, column};
use sea_orm::sea_query::{Alias, Table};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};

/// The table of numbers.
pub const MIGRATIONS: &[Migration] = &[Migration {
    id: "tally-001",
    steps: || {
        vec![Step::Table(
            Table::create()
                .table(Alias::new("tallies"))
                .col(column("name").string_len(120).not_null().primary_key())
                .col(column("n").big_integer().not_null())
                .to_owned(),
        )]
    },
}];

/// By how much each number changes. Sorted, so that two transactions that change
/// the same numbers never wait for each other in a circle.
pub type Changes = BTreeMap<String, i64>;

#[derive(FromQueryResult)]
struct Row {
    name: String,
    n: i64,
}

/// Adds to the numbers. The last thing of a transaction but for its events: who
/// changes the same number waits for its commit.
///
/// # Errors
/// When the database refuses.
pub async fn add(db: &impl ConnectionTrait, changes: &Changes) -> Result<(), DbErr> {
    let changes: Vec<_> = changes.iter().filter(|(_, by)| **by != 0).collect();
    for some in changes.chunks(500) {
        let backend = db.get_database_backend();
        let places: Vec<String> = (0..some.len())
            .map(|i| match backend {
                DbBackend::Postgres => format!("(${}, ${})", 2 * i + 1, 2 * i + 2),
                _ => "(?, ?)".to_owned(),
            })
            .collect();
        let meeting = match backend {
            DbBackend::MySql => "ON DUPLICATE KEY UPDATE n = n + VALUES(n)",
            _ => "ON CONFLICT (name) DO UPDATE SET n = tallies.n + excluded.n",
        };
        let sql = format!(
            "INSERT INTO tallies (name, n) VALUES {} {meeting}",
            places.join(", ")
        );
        let values = some
            .iter()
            .flat_map(|(name, by)| [Value::from(name.as_str()), Value::from(**by)]);
        db.execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await?;
    }
    Ok(())
}

/// The numbers whose names begin with `room` and a space, without that beginning.
///
/// # Errors
/// When the database refuses.
pub async fn read(db: &impl ConnectionTrait, room: &str) -> Result<Vec<(String, i64)>, DbErr> {
    let (from, to) = (format!("{room} "), format!("{room}!"));
    let rows = Row::find_by_statement(Statement::from_sql_and_values(
        db.get_database_backend(),
        match db.get_database_backend() {
            DbBackend::Postgres => "SELECT name, n FROM tallies WHERE name >= $1 AND name < $2",
            _ => "SELECT name, n FROM tallies WHERE name >= ? AND name < ?",
        },
        [from.as_str().into(), to.into()],
    ))
    .all(db)
    .await?;
    let named = rows.into_iter();
    Ok(named
        .map(|row| (row.name[from.len()..].to_owned(), row.n))
        .collect())
}

/// The same of several rooms, with their whole names.
///
/// # Errors
/// When the database refuses.
pub async fn read_all(
    db: &impl ConnectionTrait,
    rooms: &[String],
) -> Result<Vec<(String, i64)>, DbErr> {
    let mut found = Vec::new();
    for some in rooms.chunks(200) {
        let backend = db.get_database_backend();
        let places: Vec<String> = (0..some.len())
            .map(|i| match backend {
                DbBackend::Postgres => {
                    format!("(name >= ${} AND name < ${})", 2 * i + 1, 2 * i + 2)
                }
                _ => "(name >= ? AND name < ?)".to_owned(),
            })
            .collect();
        let sql = format!("SELECT name, n FROM tallies WHERE {}", places.join(" OR "));
        let ends = some
            .iter()
            .flat_map(|room| [Value::from(format!("{room} ")), format!("{room}!").into()]);
        let rows = Row::find_by_statement(Statement::from_sql_and_values(backend, sql, ends));
        let rows = rows.all(db).await?.into_iter();
        found.extend(rows.map(|row| (row.name, row.n)));
    }
    Ok(found)
}

/// Forgets the numbers of a room, to count them anew.
///
/// # Errors
/// When the database refuses.
pub async fn forget(db: &impl ConnectionTrait, room: &str) -> Result<(), DbErr> {
    let (from, to) = (format!("{room} "), format!("{room}!"));
    db.execute_raw(Statement::from_sql_and_values(
        db.get_database_backend(),
        match db.get_database_backend() {
            DbBackend::Postgres => "DELETE FROM tallies WHERE name >= $1 AND name < $2",
            _ => "DELETE FROM tallies WHERE name >= ? AND name < ?",
        },
        [from.into(), to.into()],
    ))
    .await?;
    Ok(())
}

use std::collections::BTreeSet;

use sea_orm::sea_query::{
    Alias, ColumnDef, IndexCreateStatement, Table, TableAlterStatement, TableCreateStatement,
    UpdateStatement,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, Statement};
use thiserror::Error;

use crate::{Db, Instant};

/// One change of the schema. Forward only: a release never edits an old one.
#[derive(Clone)]
pub struct Migration {
    /// `feature-number`, unique and never reused, such as `tickets-001`.
    pub id: &'static str,
    /// What to do, in order.
    pub steps: fn() -> Vec<Step>,
}

/// One statement of a migration, built for whichever database it is.
#[allow(clippy::large_enum_variant)] // a few dozen, once, at the start
pub enum Step {
    /// Makes a table.
    Table(TableCreateStatement),
    /// Changes a table.
    Alter(TableAlterStatement),
    /// Makes an index.
    Index(IndexCreateStatement),
    /// Fills in what a new column must hold.
    Update(UpdateStatement),
    /// SQL that reads the same on all three.
    Sql(&'static str),
}

/// Why the schema could not be brought up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// The database was used by a newer program, whose changes this one does not know.
    #[error(
        "the database was made by a newer version of this program (it has {0:?}); start that version, or restore a backup"
    )]
    TooNew(String),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// A column definition, so that a migration need not spell `Alias::new`.
#[must_use]
pub fn column(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
}

#[derive(FromQueryResult)]
struct Applied {
    id: String,
}

/// Brings the schema up to date and says which migrations it ran.
///
/// # Errors
/// [`MigrateError::TooNew`] when the database knows a migration that this program does not.
pub async fn migrate(db: &Db, all: &[Migration]) -> Result<Vec<&'static str>, MigrateError> {
    let tx = db.begin().await?;
    lock(&tx).await?;
    let applied = applied(&tx).await?;
    refuse_newer(&applied, all)?;
    let mut ran = Vec::new();
    for migration in all.iter().filter(|m| !applied.contains(m.id)) {
        for step in (migration.steps)() {
            run(&tx, step).await?;
        }
        let now = now();
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            match tx.get_database_backend() {
                DbBackend::Postgres => {
                    "INSERT INTO schema_migrations (id, applied_at) VALUES ($1, $2)"
                }
                _ => "INSERT INTO schema_migrations (id, applied_at) VALUES (?, ?)",
            },
            [migration.id.into(), now.0.into()],
        ))
        .await?;
        ran.push(migration.id);
    }
    if tx.get_database_backend() == DbBackend::MySql {
        tx.execute_unprepared("DO RELEASE_LOCK('balcao.migrate')")
            .await?;
    }
    tx.commit().await?;
    Ok(ran)
}

/// The migrations that have not been applied; changes nothing.
///
/// # Errors
/// As [`migrate`], and when the database has no schema at all.
pub async fn pending(db: &Db, all: &[Migration]) -> Result<Vec<&'static str>, MigrateError> {
    let applied = applied(db.reader()).await?;
    refuse_newer(&applied, all)?;
    let missing = all.iter().filter(|m| !applied.contains(m.id));
    Ok(missing.map(|m| m.id).collect())
}

async fn applied<C: ConnectionTrait>(db: &C) -> Result<BTreeSet<String>, DbErr> {
    let rows = Applied::find_by_statement(Statement::from_string(
        db.get_database_backend(),
        "SELECT id FROM schema_migrations",
    ))
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn refuse_newer(applied: &BTreeSet<String>, all: &[Migration]) -> Result<(), MigrateError> {
    let known: BTreeSet<&str> = all.iter().map(|m| m.id).collect();
    match applied.iter().find(|id| !known.contains(id.as_str())) {
        Some(id) => Err(MigrateError::TooNew(id.clone())),
        None => Ok(()),
    }
}

/// Two nodes that start together must not both migrate.
async fn lock(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let table = Table::create()
        .table(Alias::new("schema_migrations"))
        .if_not_exists()
        .col(column("id").string_len(64).not_null().primary_key())
        .col(column("applied_at").big_integer().not_null())
        .to_owned();
    match tx.get_database_backend() {
        DbBackend::Postgres => {
            tx.execute_unprepared("SELECT pg_advisory_xact_lock(7461636)")
                .await?;
        }
        DbBackend::MySql => {
            tx.execute_unprepared("DO GET_LOCK('balcao.migrate', 60)")
                .await?;
        }
        _ => {}
    }
    tx.execute(&table).await?;
    Ok(())
}

async fn run(tx: &DatabaseTransaction, step: Step) -> Result<(), DbErr> {
    match step {
        Step::Table(table) => {
            let mut statement = tx.get_database_backend().build(&table);
            if tx.get_database_backend() == DbBackend::MySql {
                // TEXT holds 65,535 bytes there, which 20,000 characters can exceed.
                statement.sql = statement.sql.replace(" text", " mediumtext");
            }
            tx.execute_raw(statement).await?
        }
        Step::Alter(table) => tx.execute(&table).await?,
        Step::Index(index) => tx.execute(&index).await?,
        Step::Update(update) => tx.execute(&update).await?,
        Step::Sql(sql) => tx.execute_unprepared(sql).await?,
    };
    Ok(())
}

/// The wall clock: when a migration ran is a fact of the machine, not of the desk's clock.
#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    let elapsed = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Instant(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
}

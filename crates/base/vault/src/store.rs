use db::{Instant, Migration, Step, column};
use sea_orm::sea_query::{Alias, Table};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, Statement, Value,
};

/// The tables of sealed texts.
pub const MIGRATIONS: &[Migration] = &[SECRETS, FENCE];

/// One row that whoever seals shares, and whoever changes the key has alone.
const FENCE: Migration = Migration {
    id: "vault-002",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("secrets_fence"))
                    .col(column("id").integer().not_null().primary_key())
                    .to_owned(),
            ),
            Step::Sql("INSERT INTO secrets_fence (id) VALUES (1)"),
        ]
    },
};

const SECRETS: Migration = Migration {
    id: "vault-001",
    steps: || {
        vec![Step::Table(
            Table::create()
                .table(Alias::new("secrets"))
                .col(column("name").string_len(120).not_null().primary_key())
                .col(column("sealed").blob().not_null())
                .col(column("updated_at").big_integer().not_null())
                .to_owned(),
        )]
    },
};

/// What became of the rows when the key changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// So many were sealed again.
    pub count: usize,
    /// These could not be read and were left alone.
    pub unreadable: Vec<String>,
}

#[derive(FromQueryResult)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) sealed: Vec<u8>,
}

pub(crate) async fn put(
    db: &impl ConnectionTrait,
    name: &str,
    sealed: Vec<u8>,
    now: Instant,
) -> Result<(), DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "INSERT INTO secrets (name, sealed, updated_at) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at"
        }
        DbBackend::MySql => {
            "INSERT INTO secrets (name, sealed, updated_at) VALUES (?, ?, ?) \
             ON DUPLICATE KEY UPDATE sealed = VALUES(sealed), updated_at = VALUES(updated_at)"
        }
        _ => {
            "INSERT INTO secrets (name, sealed, updated_at) VALUES (?, ?, ?) \
             ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at"
        }
    };
    run(db, sql, [name.into(), sealed.into(), now.millis().into()]).await
}

/// Waits until nobody changes the key, and keeps whoever would from beginning until the
/// transaction ends. SQLite has one writer anyway.
pub(crate) async fn share_fence(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    match tx.get_database_backend() {
        DbBackend::Sqlite => Ok(()),
        DbBackend::MySql => fence(tx, "LOCK IN SHARE MODE").await,
        _ => fence(tx, "FOR SHARE").await,
    }
}

/// Waits for whoever has sealed something that is not committed yet, and lets nobody
/// seal until the transaction ends.
pub(crate) async fn close_fence(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    match tx.get_database_backend() {
        DbBackend::Sqlite => Ok(()),
        _ => fence(tx, "FOR UPDATE").await,
    }
}

async fn fence(tx: &DatabaseTransaction, how: &str) -> Result<(), DbErr> {
    let sql = format!("SELECT id FROM secrets_fence WHERE id = 1 {how}");
    let statement = Statement::from_string(tx.get_database_backend(), sql);
    tx.query_one_raw(statement).await.map(drop)
}

pub(crate) async fn get(db: &impl ConnectionTrait, name: &str) -> Result<Option<Vec<u8>>, DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => "SELECT name, sealed FROM secrets WHERE name = $1",
        _ => "SELECT name, sealed FROM secrets WHERE name = ?",
    };
    let backend = db.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [name.into()]);
    let row = Row::find_by_statement(statement).one(db).await?;
    Ok(row.map(|row| row.sealed))
}

pub(crate) async fn remove(db: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => "DELETE FROM secrets WHERE name = $1",
        _ => "DELETE FROM secrets WHERE name = ?",
    };
    run(db, sql, [name.into()]).await
}

/// Every row; in a transaction they are held until its end, so that nobody saves
/// one meanwhile.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Row>, DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT name, sealed FROM secrets ORDER BY name",
        _ => "SELECT name, sealed FROM secrets ORDER BY name FOR UPDATE",
    };
    let statement = Statement::from_string(db.get_database_backend(), sql);
    Row::find_by_statement(statement).all(db).await
}

async fn run<const N: usize>(
    db: &impl ConnectionTrait,
    sql: &'static str,
    values: [Value; N],
) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    db.execute_raw(Statement::from_sql_and_values(backend, sql, values))
        .await?;
    Ok(())
}

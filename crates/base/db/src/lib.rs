//! One handle for SQLite, PostgreSQL and MariaDB/MySQL.
//!
//! SQLite has one writing connection and several reading ones, so that a long
//! list never makes a write wait and a write never answers `SQLITE_BUSY`. The
//! servers use one pool for both. Which of them it is, is told by the URL alone.

mod clock;
mod instant;
mod migrate;
mod reader;
mod url;
mod walk;

pub use clock::Clock;
pub use instant::Instant;
pub use migrate::{MigrateError, Migration, Step, column, migrate, pending};
pub use reader::Reader;
pub use sea_orm;
pub use url::{BadUrl, normalise};
pub use walk::next_ids;

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

/// How long a request waits for a connection before it answers 503.
const PATIENCE: Duration = Duration::from_secs(3);

/// A connected database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    writer: DatabaseConnection,
    reader: Reader,
}

impl Db {
    /// Connects to the database at `url`; a missing SQLite file is created.
    ///
    /// # Errors
    /// When the URL is not understood or the server does not answer.
    pub async fn connect(url: &str) -> Result<Db, DbErr> {
        let url = normalise(url).map_err(|e| DbErr::Conn(RuntimeErr::Internal(e.to_string())))?;
        if url.starts_with("sqlite:") {
            let file: SqliteConnectOptions = url.parse().map_err(conn)?;
            let file = sqlite(file);
            let writer = Database::connect(one(&url, file.clone())).await?;
            let reader = Reader::file(file.pragma("query_only", "1")).await?;
            return Ok(Db { writer, reader });
        }
        let pool = Database::connect(server(&url)).await?;
        Ok(Db {
            writer: pool.clone(),
            reader: Reader::server(pool),
        })
    }

    /// For reading outside a transaction.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Starts a transaction that may write.
    ///
    /// # Errors
    /// When no connection is free in time or the server is gone.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let mut options = TransactionOptions::default();
        match self.backend() {
            // A deferred transaction that writes late fails at once when another
            // one wrote meanwhile, whatever the busy timeout says.
            DbBackend::Sqlite => {
                options.sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
            }
            // InnoDB's default repeats the first read and locks gaps.
            DbBackend::MySql => options.isolation_level = Some(IsolationLevel::ReadCommitted),
            _ => {}
        }
        self.writer.begin_with_options(options).await
    }

    /// Which of the three it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// Calls `f` with the SQL of every statement from now on; tests count with it.
    pub fn on_statement<F>(&mut self, f: F)
    where
        F: Fn(&str) + Send + Sync + Clone + 'static,
    {
        let g = f.clone();
        self.writer
            .set_metric_callback(move |info| g(&info.statement.sql));
        self.reader.on_statement(f);
    }

    /// Closes every connection.
    ///
    /// # Errors
    /// When the pool could not be closed.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        self.writer.close_by_ref().await
    }
}

/// True when the database itself is away (stopped, restarting, no free
/// connection), so that the same request may work in a moment.
#[must_use]
pub fn is_away(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(e) | DbErr::Query(e) => match e {
            RuntimeErr::SqlxError(e) => {
                let code = e
                    .as_database_error()
                    .and_then(|e| e.code())
                    .unwrap_or_default();
                // 57P0x: PostgreSQL is being shut down; 1053: MariaDB is.
                code.starts_with("57P0")
                    || code == "1053"
                    || matches!(
                        **e,
                        sqlx::Error::Io(_)
                            | sqlx::Error::PoolTimedOut
                            | sqlx::Error::PoolClosed
                            | sqlx::Error::WorkerCrashed
                            | sqlx::Error::Protocol(_)
                    )
            }
            RuntimeErr::Internal(_) => false,
        },
        _ => false,
    }
}

/// True when two transactions wanted each other's rows and this one was chosen
/// to give way; doing it again is right.
#[must_use]
pub fn is_deadlock(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e))) = error
    else {
        return false;
    };
    e.as_database_error()
        .and_then(|e| e.code())
        .is_some_and(|code| matches!(&*code, "40P01" | "40001" | "1213"))
}

/// How a SQLite file is opened.
fn sqlite(file: SqliteConnectOptions) -> SqliteConnectOptions {
    file.create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(30))
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: what was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .statement_cache_capacity(500)
        .disable_statement_logging()
}

/// The one connection that writes to a SQLite file.
fn one(url: &str, file: SqliteConnectOptions) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |_| file.clone());
    options
}

fn conn(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

fn server(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(16)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .test_before_acquire(true)
        .sqlx_logging(false);
    options
}

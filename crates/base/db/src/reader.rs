use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement,
};
use sea_query_sqlx::SqlxValues;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Semaphore, SemaphorePermit};

/// What reads. Cheap to clone.
///
/// A server is read through its pool. A SQLite file is read through connections of our
/// own: sqlx's pool asks each connection that comes back whether it is still alive,
/// which for a file is as dear as a small read, and makes each of them cost double.
#[derive(Clone, Debug)]
pub struct Reader(Way);

#[derive(Clone, Debug)]
enum Way {
    Server(DatabaseConnection),
    File(Arc<File>),
}

type Told = Box<dyn Fn(&str) + Send + Sync>;

struct File {
    options: SqliteConnectOptions,
    free: Mutex<Vec<SqliteConnection>>,
    /// So many may read at once.
    room: Semaphore,
    told: OnceLock<Told>,
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("File")
    }
}

/// So many connections read a file at once.
const READERS: usize = 4;

impl Reader {
    pub(crate) fn server(pool: DatabaseConnection) -> Reader {
        Reader(Way::Server(pool))
    }

    /// Opens the file once, to know that it can be.
    pub(crate) async fn file(options: SqliteConnectOptions) -> Result<Reader, DbErr> {
        let first = options.connect().await.map_err(failed)?;
        Ok(Reader(Way::File(Arc::new(File {
            options,
            free: Mutex::new(vec![first]),
            room: Semaphore::new(READERS),
            told: OnceLock::new(),
        }))))
    }

    pub(crate) fn on_statement(&mut self, told: impl Fn(&str) + Send + Sync + 'static) {
        match &mut self.0 {
            Way::Server(pool) => pool.set_metric_callback(move |info| told(&info.statement.sql)),
            Way::File(file) => drop(file.told.set(Box::new(told))),
        }
    }

    pub(crate) async fn close(self) -> Result<(), DbErr> {
        match self.0 {
            Way::Server(pool) => pool.close_by_ref().await,
            Way::File(file) => {
                file.room.close();
                let free = std::mem::take(&mut *file.free());
                for connection in free {
                    connection.close().await.map_err(failed)?;
                }
                Ok(())
            }
        }
    }
}

impl File {
    fn free(&self) -> std::sync::MutexGuard<'_, Vec<SqliteConnection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn lend(&self, statement: &Statement) -> Result<Lent<'_>, DbErr> {
        if let Some(told) = self.told.get() {
            told(&statement.sql);
        }
        let gone = |_| DbErr::Conn(RuntimeErr::Internal("the database is closed".to_owned()));
        let room = self.room.acquire().await.map_err(gone)?;
        let free = self.free().pop();
        let connection = match free {
            Some(connection) => connection,
            None => self.options.connect().await.map_err(failed)?,
        };
        Ok(Lent {
            connection: Some(connection),
            file: self,
            _room: room,
        })
    }
}

/// A connection that goes back when it is dropped. What was asked for and not waited
/// for is broken off by the connection's own thread before its next statement.
struct Lent<'a> {
    connection: Option<SqliteConnection>,
    file: &'a File,
    _room: SemaphorePermit<'a>,
}

impl Lent<'_> {
    fn connection(&mut self) -> Result<&mut SqliteConnection, DbErr> {
        let lost = || DbErr::Conn(RuntimeErr::Internal("a connection was lost".to_owned()));
        self.connection.as_mut().ok_or_else(lost)
    }

    /// After an error that says that the connection itself is of no use any more.
    fn checked<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, DbErr> {
        if matches!(done, Err(sqlx::Error::WorkerCrashed | sqlx::Error::Io(_))) {
            self.connection = None;
        }
        done.map_err(failed)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.file.free().extend(self.connection.take());
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

fn query(statement: &Statement) -> sqlx::query::Query<'_, Sqlite, SqlxValues> {
    let values = statement.values.clone();
    let values = SqlxValues(values.unwrap_or_else(|| sea_orm::Values(Vec::new())));
    sqlx::query_with(sqlx::AssertSqlSafe(statement.sql.as_str()), values)
}

#[async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Way::Server(pool) => pool.get_database_backend(),
            Way::File(_) => DbBackend::Sqlite,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Way::Server(pool) => pool.query_one_raw(statement).await,
            Way::File(file) => {
                let mut lent = file.lend(&statement).await?;
                let row = query(&statement).fetch_optional(lent.connection()?).await;
                Ok(lent.checked(row)?.map(QueryResult::from))
            }
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Way::Server(pool) => pool.query_all_raw(statement).await,
            Way::File(file) => {
                let mut lent = file.lend(&statement).await?;
                let rows = query(&statement).fetch_all(lent.connection()?).await;
                let rows = lent.checked(rows)?.into_iter();
                Ok(rows.map(QueryResult::from).collect())
            }
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Way::Server(pool) => pool.execute_raw(statement).await,
            Way::File(file) => {
                let mut lent = file.lend(&statement).await?;
                let done = query(&statement).execute(lent.connection()?).await;
                Ok(lent.checked(done)?.into())
            }
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let statement = Statement::from_string(self.get_database_backend(), sql);
        self.execute_raw(statement).await
    }
}

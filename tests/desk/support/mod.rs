//! A desk for a test: the real router on a fresh database, the cast, a clock to
//! move, and a browser without a window.

mod browser;
pub mod evil;
pub mod html;
mod servers;
pub mod stage;
pub mod world;

pub use browser::{Answer, Browser, multipart};

use db::sea_orm::{ConnectionTrait, QueryResult, Statement};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use balcao::{desk, features, indexer, live, router, serve};
use kit::{App, Clock, Context, Db, Instant, Key, Registration, Role, Settings, Vault, Vocabulary};
use people::{Person, PersonInput};
use tempfile::TempDir;
use tower_http::normalize_path::NormalizePath;

pub use servers::{Database, Kind, Stoppable};

/// 2026-01-14 12:00 in São Paulo: a working day in the middle of the year's first month.
pub const NOON: Instant = Instant(1_768_402_800_000);
/// The installation's secret.
pub const SECRET: &str = "a secret for tests, long enough for anybody";
/// What secrets are kept under.
pub const ENCRYPTION_KEY: &str = "an encryption key for tests, long enough, too";
/// The cast's password.
pub const PASSWORD: &str = "senha-de-ensaio";

/// A desk of its own for a test.
pub struct TestDesk {
    /// The running program.
    pub app: App,
    /// What it serves; one, since it remembers who asked how often.
    service: NormalizePath<Router>,
    /// How many statements were sent to the database.
    statements: Arc<AtomicU64>,
    /// What was sent, while somebody wants to know.
    said: Arc<Mutex<Option<Vec<String>>>>,
    _files: TempDir,
    _database: servers::Database,
}

/// The cast of every test, as in the requirements' fixture.
pub struct Cast {
    pub admin: Browser,
    pub supervisor: Browser,
    pub tech: Browser,
    pub tech2: Browser,
    pub client: Browser,
    pub client2: Browser,
    pub nobody: Browser,
}

impl TestDesk {
    pub async fn new(kind: Kind) -> TestDesk {
        TestDesk::with(kind, |_| {}).await
    }

    /// A desk whose settings `change` has changed.
    pub async fn with(kind: Kind, change: impl FnOnce(&mut Settings)) -> TestDesk {
        let files = TempDir::new().unwrap();
        let database = servers::Database::fresh(kind, files.path()).await;
        TestDesk::on(files, database, change).await
    }

    /// A desk on a database of the test's own making.
    pub async fn at(url: String) -> TestDesk {
        let files = TempDir::new().unwrap();
        TestDesk::on(files, servers::Database { url }, |_| {}).await
    }

    async fn on(
        files: TempDir,
        database: servers::Database,
        change: impl FnOnce(&mut Settings),
    ) -> TestDesk {
        let mut settings = Settings {
            data: files.path().to_owned(),
            uploads: files.path().join("uploads"),
            database_url: database.url.clone(),
            base_url: "http://desk.test".to_owned(),
            timezone: "America/Sao_Paulo".to_owned(),
            production: false,
            registration: Registration::Client,
            vocabulary: Vocabulary::Full,
            sockets: false,
            session_seconds: 28_800,
            idle_seconds: 7_200,
            file_bytes: 1_000_000,
            body_bytes: 3_000_000,
            proxies: Vec::new(),
            limits: true,
            outgoing: settings::Outgoing::default(),
            breached_passwords: None,
            brand: settings::BrandColours::default(),
            mail: settings::Mail {
                delivery: settings::Delivery::Kept,
                sender: "Balcão <balcao@desk.test>".to_owned(),
                host: "desk.test".to_owned(),
            },
        };
        change(&mut settings);
        let mut db = Db::connect(&settings.database_url).await.unwrap();
        let statements = Arc::new(AtomicU64::new(0));
        let count = statements.clone();
        let said: Arc<Mutex<Option<Vec<String>>>> = Arc::default();
        let hear = said.clone();
        db.on_statement(move |sql| {
            count.fetch_add(1, Ordering::Relaxed);
            if let Some(said) = hear.lock().unwrap().as_mut() {
                said.push(sql.to_owned());
            }
        });
        let clock = Clock::set(NOON);
        let key = Key::new(SECRET);
        let keys = ::vault::Keys::given([ENCRYPTION_KEY]);
        let app = desk::open_on(db, settings, key, Vault::open(keys), clock)
            .await
            .unwrap();
        let service = router::service(&app);
        TestDesk {
            app,
            service,
            statements,
            said,
            _files: files,
            _database: database,
        }
    }

    /// What left the desk by mail, the oldest first; jobs send when they [`settle`].
    ///
    /// [`settle`]: TestDesk::settle
    pub fn mails(&self) -> Vec<mail::Message> {
        self.app.mail.outbox()
    }

    /// Moves the clock on.
    pub fn later(&self, minutes: i64) {
        self.app.clock.advance_minutes(minutes);
    }

    /// How many statements `act` sends to the database.
    pub async fn statements<T>(&self, act: impl Future<Output = T>) -> (T, u64) {
        let before = self.statements.load(Ordering::Relaxed);
        let result = act.await;
        (result, self.statements.load(Ordering::Relaxed) - before)
    }

    /// The statements that `act` sends to the database.
    pub async fn said<T>(&self, act: impl Future<Output = T>) -> (T, Vec<String>) {
        *self.said.lock().unwrap() = Some(Vec::new());
        let result = act.await;
        let said = self.said.lock().unwrap().take();
        (result, said.unwrap_or_default())
    }

    /// Runs everything that waits until there is nothing left.
    pub async fn settle(&self) {
        let (handlers, schedules) = serve::workers(&self.app);
        while serve::round(&self.app, &handlers, &schedules)
            .await
            .unwrap()
        {}
        live::catch_up(&self.app).await.unwrap();
        indexer::catch_up(&self.app).await.unwrap();
        let wrong = ::tickets::tallies::verify(self.app.db.reader()).await;
        assert_eq!(
            wrong.unwrap(),
            [""; 0],
            "kept numbers differ from counted ones"
        );
    }

    /// Another process on the same database and files.
    pub async fn node(&self) -> App {
        let (settings, clock) = (self.app.settings.clone(), self.app.clock.clone());
        let key = Key::new(SECRET);
        let vault = self.app.vault.clone();
        desk::open(settings, key, vault, clock).await.unwrap()
    }

    /// A browser that has not signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(self.service.clone())
    }

    /// A browser in which `email` has signed in.
    pub async fn sign_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser
            .submit("/auth/login", &[("email", email), ("password", PASSWORD)])
            .await;
        assert_eq!(
            answer.status, 302,
            "{email} cannot sign in: {}",
            answer.body
        );
        browser
    }

    /// Somebody with an account.
    pub async fn person(&self, name: &str, email: &str, role: Role, company: &str) -> Person {
        let cx = Context::system(&self.app);
        let companies = companies::names(cx.db()).await.unwrap();
        let company = companies
            .iter()
            .find(|(_, n)| n == company)
            .map(|(id, _)| *id);
        let input = PersonInput {
            name: name.to_owned(),
            email: email.to_owned(),
            role,
            company,
            active: true,
            password: PASSWORD.to_owned(),
        };
        let input = input.check(&cx, true).await.unwrap();
        let mut tx = cx.begin().await.unwrap();
        let person = people::create(&mut tx, input).await.unwrap();
        tx.commit().await.unwrap();
        person
    }

    /// The requirements' fixture: ADM, SUP, TEC, TEC2, CLI of Acme, CLI2 of Beta.
    pub async fn cast(&self) -> Cast {
        let cx = Context::system(&self.app);
        let mut tx = cx.begin().await.unwrap();
        for (name, domain) in [("Acme", "acme.test"), ("Beta", "beta.test")] {
            let input = companies::CompanyInput {
                name: name.to_owned(),
                domains: domain.to_owned(),
                active: true,
                ..companies::CompanyInput::default()
            };
            companies::create(&mut tx, input).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.person("Ana Admin", "adm@desk.test", Role::Admin, "")
            .await;
        self.person("Sílvia Supervisora", "sup@desk.test", Role::Supervisor, "")
            .await;
        self.person("Téo Técnico", "tec@desk.test", Role::Tech, "")
            .await;
        self.person("Tereza Técnica", "tec2@desk.test", Role::Tech, "")
            .await;
        self.person("Clara Cliente", "cli@acme.test", Role::Client, "Acme")
            .await;
        self.person("Caio Cliente", "cli2@beta.test", Role::Client, "Beta")
            .await;
        Cast {
            admin: self.sign_in("adm@desk.test").await,
            supervisor: self.sign_in("sup@desk.test").await,
            tech: self.sign_in("tec@desk.test").await,
            tech2: self.sign_in("tec2@desk.test").await,
            client: self.sign_in("cli@acme.test").await,
            client2: self.sign_in("cli2@beta.test").await,
            nobody: self.browser(),
        }
    }

    /// Somebody's id.
    pub async fn id(&self, email: &str) -> String {
        let found = people::by_email(self.app.db.reader(), email).await.unwrap();
        found.unwrap().id.to_string()
    }

    /// A company's id.
    pub async fn company(&self, name: &str) -> String {
        let all = companies::names(self.app.db.reader()).await.unwrap();
        let found = all.into_iter().find(|(_, n)| n == name);
        found
            .unwrap_or_else(|| panic!("there is no company {name}"))
            .0
            .to_string()
    }

    /// Everything that a table holds, as text.
    pub async fn dump(&self, table: &str) -> String {
        let db = self.app.db.reader();
        let backend = db.get_database_backend();
        let sql = format!("SELECT * FROM {table}");
        let rows = db.query_all_raw(Statement::from_string(backend, sql)).await;
        let row = |row: &QueryResult| {
            let names = row.column_names();
            let cells = names
                .iter()
                .map(|name| format!("{name}: {}", cell(row, name)));
            cells.collect::<Vec<_>>().join(", ")
        };
        let rows: Vec<String> = rows.unwrap().iter().map(row).collect();
        format!("[{}]", rows.join("\n"))
    }

    /// A queue's id.
    pub async fn queue(&self, name: &str) -> String {
        let found = ::catalog::queue_named(self.app.db.reader(), name)
            .await
            .unwrap();
        found
            .unwrap_or_else(|| panic!("there is no queue {name}"))
            .id
            .to_string()
    }

    /// A top category's id.
    pub async fn category(&self, name: &str) -> String {
        let found = ::catalog::category_named(self.app.db.reader(), None, name)
            .await
            .unwrap();
        found
            .unwrap_or_else(|| panic!("there is no category {name}"))
            .id
            .to_string()
    }
}

/// What stands in a cell, whatever it is.
fn cell(row: &QueryResult, name: &str) -> String {
    let text = row.try_get::<Option<String>>("", name);
    let text = text.map(|text| format!("{text:?}"));
    let id = || row.try_get::<Option<uuid::Uuid>>("", name);
    let id = || id().map(|id| format!("{id:?}"));
    let large = || row.try_get::<Option<i64>>("", name);
    let large = || large().map(|number| format!("{number:?}"));
    let small = || row.try_get::<Option<i32>>("", name);
    let small = || small().map(|number| format!("{number:?}"));
    let yes = || row.try_get::<Option<bool>>("", name);
    let yes = || yes().map(|yes| format!("{yes:?}"));
    let bytes = || row.try_get::<Option<Vec<u8>>>("", name);
    // As text, for whoever looks for a word in it, and on one line.
    let bytes =
        || bytes().map(|b| format!("{:?}", String::from_utf8_lossy(&b.unwrap_or_default())));
    let found = text.or_else(|_| id()).or_else(|_| large());
    let found = found.or_else(|_| small()).or_else(|_| yes());
    found.or_else(|_| bytes()).unwrap()
}

/// Where the real data lie, or a word that the test was not run.
pub fn shared(name: &str) -> Option<std::path::PathBuf> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    if path.exists() {
        return Some(path);
    }
    println!("not run: {} is missing", path.display());
    None
}

/// The migrations of the whole product.
pub fn migrations() -> Vec<db::Migration> {
    features::migrations()
}

/// Makes a module of the same tests for each database: `on_each!(a_test, another);`
/// where each is an `async fn(Kind)`.
macro_rules! on_each {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test($crate::support::Kind::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                if $crate::support::Kind::Postgres.is_here() {
                    super::$test($crate::support::Kind::Postgres).await;
                }
            })+
        }
        mod mariadb {
            $(#[tokio::test]
            async fn $test() {
                if $crate::support::Kind::MariaDb.is_here() {
                    super::$test($crate::support::Kind::MariaDb).await;
                }
            })+
        }
    };
}
pub(crate) use on_each;

/// Tests that would learn nothing more on another database, and take long.
macro_rules! on_sqlite {
    ($($test:ident),+ $(,)?) => {
        mod sqlite_only {
            $(#[tokio::test]
            async fn $test() {
                super::$test($crate::support::Kind::Sqlite).await;
            })+
        }
    };
}
pub(crate) use on_sqlite;

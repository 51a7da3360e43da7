//! Private throw-away servers, started from the binaries on this machine, on
//! sockets in a temporary directory; never the user's own. They end with the
//! test process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Connection, Executor};
use tempfile::TempDir;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
    MariaDb,
}

impl Kind {
    /// Whether tests run on it here. `make test` sets which ones are wanted; one
    /// that is wanted and missing fails, it is not skipped.
    pub fn is_here(self) -> bool {
        let wanted = std::env::var("BALCAO_TEST_DATABASES").unwrap_or_default();
        match self {
            Kind::Sqlite => true,
            Kind::Postgres => wanted.split(',').any(|d| d == "postgres"),
            Kind::MariaDb => wanted.split(',').any(|d| d == "mariadb"),
        }
    }
}

/// A database of its own for one test.
pub struct Database {
    pub url: String,
}

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Database {
    pub async fn fresh(kind: Kind, directory: &Path) -> Database {
        let name = format!("desk{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let url = match kind {
            Kind::Sqlite => format!("sqlite:{}", directory.join("desk.db").display()),
            Kind::Postgres => {
                let server = postgres();
                let mut admin = sqlx::PgConnection::connect(&server.url("postgres"))
                    .await
                    .unwrap();
                admin
                    .execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
                    .await
                    .unwrap();
                server.url(&name)
            }
            Kind::MariaDb => {
                let server = mariadb();
                let mut admin = sqlx::MySqlConnection::connect(&server.url("mysql"))
                    .await
                    .unwrap();
                let sql = format!(
                    "CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
                );
                admin.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
                server.url(&name)
            }
        };
        Database { url }
    }
}

/// A running server.
pub struct Server {
    scheme: &'static str,
    user: &'static str,
    port: u16,
    _directory: TempDir,
}

impl Server {
    pub fn url(&self, database: &str) -> String {
        format!(
            "{}://{}@127.0.0.1:{}/{database}",
            self.scheme, self.user, self.port
        )
    }
}

pub fn postgres() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::postgres().0)
}

impl Server {
    /// A PostgreSQL of its own, and its process.
    fn postgres() -> (Server, u32) {
        let directory = TempDir::new().unwrap();
        open_to_all(directory.path());
        run(as_nobody(&program("initdb"))
            .arg("-D")
            .arg(directory.path().join("data"))
            .args(["-U", "desk", "--auth=trust", "--encoding=UTF8"])
            .args(["--no-sync", "--locale=C.UTF-8"]));
        let server = Server {
            scheme: "postgres",
            user: "desk",
            port: free_port(),
            _directory: directory,
        };
        let id = server.start_postgres();
        (server, id)
    }

    fn start_postgres(&self) -> u32 {
        let directory = self._directory.path();
        let child = guarded(
            as_nobody(&program("postgres"))
                .arg("-D")
                .arg(directory.join("data"))
                .args(["-p", &self.port.to_string()])
                .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
                .args(["-c", "synchronous_commit=off", "-c", "full_page_writes=off"])
                .args(["-c", "max_connections=400", "-c"])
                .arg(format!("unix_socket_directories={}", directory.display())),
        );
        let id = child.id();
        wait_for(self.port, child);
        // The port opens before the server is ready.
        let mut ready = Command::new(program("pg_isready"));
        ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        while !ready.status().unwrap().success() {
            std::thread::sleep(Duration::from_millis(50));
        }
        id
    }
}

/// A server that a test may stop and start again.
pub struct Stoppable {
    kind: Kind,
    server: Server,
    process: u32,
}

impl Stoppable {
    pub fn new(kind: Kind) -> Stoppable {
        let (server, process) = match kind {
            Kind::MariaDb => Server::mariadb(),
            _ => Server::postgres(),
        };
        Stoppable {
            kind,
            server,
            process,
        }
    }

    pub async fn url(&self) -> String {
        match self.kind {
            Kind::MariaDb => {
                let mut admin = sqlx::MySqlConnection::connect(&self.server.url("mysql"))
                    .await
                    .unwrap();
                let sql = "CREATE DATABASE desk CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";
                admin.execute(sql).await.unwrap();
                self.server.url("desk")
            }
            _ => self.server.url("postgres"),
        }
    }

    /// Stops it under its open connections and waits until its port is closed. These
    /// servers do not sync, so a crash would lose what they hold.
    pub fn stop(&self) {
        // PostgreSQL's "fast" shutdown is SIGINT, MariaDB's is SIGTERM.
        let signal = match self.kind {
            Kind::MariaDb => "-TERM",
            _ => "-INT",
        };
        run(Command::new("kill").args([signal, &self.process.to_string()]));
        while std::net::TcpStream::connect(("127.0.0.1", self.server.port)).is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Starts it again on the same data and the same port.
    pub fn start(&mut self) {
        // The old process leaves its lock a moment after it closed its port.
        let lock = match self.kind {
            Kind::MariaDb => "pid",
            _ => "data/postmaster.pid",
        };
        let lock = self.server._directory.path().join(lock);
        let begun = Instant::now();
        while lock.exists() && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(50));
        }
        self.process = match self.kind {
            Kind::MariaDb => self.server.start_mariadb(),
            _ => self.server.start_postgres(),
        };
    }
}

impl Drop for Stoppable {
    fn drop(&mut self) {
        self.stop();
    }
}

pub fn mariadb() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::mariadb().0)
}

impl Server {
    /// A MariaDB of its own, and its process.
    fn mariadb() -> (Server, u32) {
        let directory = TempDir::new().unwrap();
        open_to_all(directory.path());
        run(as_nobody(&program("mariadb-install-db"))
            .arg("--no-defaults")
            .arg(format!(
                "--datadir={}",
                directory.path().join("data").display()
            ))
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"]));
        let server = Server {
            scheme: "mysql",
            user: "root",
            port: free_port(),
            _directory: directory,
        };
        let id = server.start_mariadb();
        (server, id)
    }

    fn start_mariadb(&self) -> u32 {
        let directory = self._directory.path();
        let path =
            |option: &str, name: &str| format!("--{option}={}", directory.join(name).display());
        let child = guarded(
            as_nobody(&program("mariadbd"))
                .arg("--no-defaults")
                .arg(path("datadir", "data"))
                .arg(path("socket", "s"))
                .arg(path("pid-file", "pid"))
                .arg(format!("--port={}", self.port))
                .args(["--bind-address=127.0.0.1", "--max-connections=400"])
                .args(["--skip-log-bin", "--innodb-flush-log-at-trx-commit=0"])
                .arg("--innodb-buffer-pool-size=128M"),
        );
        let id = child.id();
        wait_for(self.port, child);
        id
    }
}

/// The program where it usually lies, or on the path.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut places: Vec<PathBuf> = versions.map(|v| v.path().join("bin")).collect();
    places.sort();
    places.reverse();
    places.extend(["/usr/sbin", "/usr/bin", "/usr/local/bin"].map(PathBuf::from));
    places
        .into_iter()
        .map(|place| place.join(name))
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{name} is wanted and not installed"))
}

/// A database server refuses to run as root.
fn as_nobody(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"])
        .arg(program);
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.starts_with(b"0\n")
}

fn open_to_all(directory: &Path) {
    if is_root() {
        run(Command::new("chown").arg("nobody:nogroup").arg(directory));
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn run(command: &mut Command) {
    let output = command.current_dir("/tmp").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}");
}

/// Starts a server that ends when this process does, however it does.
fn guarded(command: &mut Command) -> Child {
    let mut child = command
        .current_dir("/tmp")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (ours, theirs) = (std::process::id(), child.id());
    // A child that outlives a killed test run is ended by this watcher.
    Command::new("sh")
        .args([
            "-c",
            "while kill -0 $0 2>/dev/null; do sleep 1; done; kill -9 $1 2>/dev/null",
        ])
        .args([ours.to_string(), theirs.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    if let Some(status) = child.try_wait().unwrap() {
        panic!("{command:?} ended at once: {status}");
    }
    child
}

fn wait_for(port: u16, mut child: Child) {
    let begun = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the server does not answer"
        );
        if let Some(status) = child.try_wait().unwrap() {
            panic!("the server ended: {status}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    // It ends with the watcher, not with this handle.
    std::mem::forget(child);
}

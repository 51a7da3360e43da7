//! The program that is measured, as a process of its own.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::time::sleep;

use crate::client::Client;

/// A desk's data, made by `balcao demo`.
pub struct Made {
    pub tickets: usize,
    /// How long it took.
    pub took: Duration,
    data: PathBuf,
    binary: PathBuf,
}

impl Made {
    /// The data with so many tickets, made unless an earlier run left them.
    pub fn with(root: &Path, tickets: usize) -> Result<Made, String> {
        let data = root.join(format!("target/bench/{tickets}"));
        let binary = root.join("target/release/balcao");
        let note = data.join("seconds");
        if !note.exists() {
            drop(fs::remove_dir_all(&data));
            eprintln!("making {tickets} tickets");
            let begun = Instant::now();
            let made = Command::new(&binary)
                .args(["demo", "--no-serve", "--tickets", &tickets.to_string()])
                .arg("--data")
                .arg(&data)
                .env("LOG", "warn")
                .stdout(Stdio::null())
                .status()
                .map_err(|e| format!("{}: {e}", binary.display()))?;
            if !made.success() {
                return Err("the data could not be made".to_owned());
            }
            let seconds = begun.elapsed().as_secs_f64();
            fs::write(&note, seconds.to_string()).map_err(|e| e.to_string())?;
        }
        let seconds = fs::read_to_string(&note).map_err(|e| e.to_string())?;
        let seconds: f64 = seconds.trim().parse().map_err(|_| "seconds".to_owned())?;
        Ok(Made {
            tickets,
            took: Duration::from_secs_f64(seconds),
            data,
            binary,
        })
    }

    /// Address and password of somebody with this role.
    pub fn login(&self, role: &str) -> Result<(String, String), String> {
        let file = self.data.join("demo-logins.json");
        let text = fs::read_to_string(&file).map_err(|e| e.to_string())?;
        let logins: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        let of_role = |l: &&Value| l["role"] == role;
        let login = logins.as_array().and_then(|all| all.iter().find(of_role));
        let login = login.ok_or_else(|| format!("nobody is {role}"))?;
        let text = |name: &str| login[name].as_str().unwrap_or_default().to_owned();
        Ok((text("email"), text("password")))
    }

    /// How large the database is, in bytes.
    pub fn bytes(&self) -> u64 {
        let files = fs::read_dir(&self.data).into_iter().flatten().flatten();
        files
            .filter(|f| f.file_name().to_string_lossy().contains(".db"))
            .filter_map(|f| f.metadata().ok())
            .map(|m| m.len())
            .sum()
    }
}

/// Memory in bytes (proc(5), `status`).
#[derive(Clone, Copy)]
pub struct Memory {
    /// Everything, with what it maps of its program and of the search index.
    pub resident: u64,
    /// What nobody else could give back to it from a file.
    pub own: u64,
}

/// A running server.
pub struct Desk {
    pub address: String,
    /// How long after its start it answered.
    pub answered_after: Duration,
    process: Child,
}

impl Desk {
    /// Starts it and waits for its first answer.
    pub async fn start(made: &Made) -> Result<Desk, String> {
        let address = {
            let free = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
            free.local_addr().map_err(|e| e.to_string())?.to_string()
        };
        let begun = Instant::now();
        let process = Command::new(&made.binary)
            .arg("serve")
            .env("DATA_DIR", &made.data)
            .env("BIND", &address)
            .env("LOG", "error")
            .env("RATE_LIMITS", "off")
            .stdout(Stdio::null())
            .spawn()
            .map_err(|e| e.to_string())?;
        let mut desk = Desk {
            address,
            answered_after: Duration::ZERO,
            process,
        };
        while begun.elapsed() < Duration::from_secs(60) {
            if let Ok(mut client) = Client::to(&desk.address).await
                && client.get("/health").await.is_ok_and(|a| a.status == 200)
            {
                desk.answered_after = begun.elapsed();
                return Ok(desk);
            }
            sleep(Duration::from_millis(2)).await;
        }
        Err("the server does not answer".to_owned())
    }

    /// Waits until the search index has caught up with the log.
    pub async fn indexed(&self) -> Result<(), String> {
        let mut before = self.cpu()?;
        // An idle server uses next to nothing.
        loop {
            sleep(Duration::from_secs(2)).await;
            let now = self.cpu()?;
            if now - before < Duration::from_millis(60) {
                return Ok(());
            }
            before = now;
        }
    }

    /// The CPU time that it has used (proc(5), `stat`, fields 14 and 15, hundredths
    /// of a second): with what threads used that have ended since.
    pub fn cpu(&self) -> Result<Duration, String> {
        let stat = self.proc("stat")?;
        let fields = stat.rsplit(')').next().unwrap_or_default();
        // Behind the name stand the state, a letter, and from field 4 on numbers.
        let ticks: u64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|f| f.parse::<u64>().ok())
            .sum();
        Ok(Duration::from_millis(10 * ticks))
    }

    /// The memory that it has now.
    pub fn memory(&self) -> Result<Memory, String> {
        let status = self.proc("status")?;
        let of = |name: &str| {
            let line = status.lines().find_map(|l| l.strip_prefix(name))?;
            let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
            Some(kilobytes * 1_024)
        };
        let memory = of("VmRSS:").zip(of("RssAnon:"));
        let (resident, own) = memory.ok_or("no VmRSS")?;
        Ok(Memory { resident, own })
    }

    fn proc(&self, file: &str) -> Result<String, String> {
        let path = format!("/proc/{}/{file}", self.process.id());
        fs::read_to_string(&path).map_err(|e| format!("{path}: {e}"))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

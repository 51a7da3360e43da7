//! What the settings do: the secret, the file `.env`, and where things lie.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use balcao::config::{self, SETTINGS};
use balcao::{desk, router};
use kit::{Clock, Context, Key};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Browser, Kind, NOON, PASSWORD, SECRET, TestDesk, on_each};

on_each!(another_secret_key_ends_sessions_tokens_and_links);

/// The same desk, started anew with this secret.
async fn started_with(desk: &TestDesk, secret: &str) -> Browser {
    let (settings, clock) = (desk.app.settings.clone(), desk.app.clock.clone());
    let vault = desk.app.vault.clone();
    let app = desk::open(settings, Key::new(secret), vault, clock).await;
    Browser::new(router::service(&app.unwrap()))
}

async fn another_secret_key_ends_sessions_tokens_and_links(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cast = desk.cast().await;
    let session = cast.client.cookie("session").unwrap().to_owned();
    let token = cast.client.api("cli@acme.test").await.token().to_owned();
    let email = [("email", "cli@acme.test")];
    let mut nobody = desk.browser();
    nobody.submit("/auth/forgot", &email).await.expect(302);
    desk.settle().await;
    let letter = desk.mails().pop().unwrap().text;
    let at = letter.find("/auth/").unwrap();
    let link = letter[at..].split_whitespace().next().unwrap();
    let other = "another secret, as long as the one before";
    for (secret, page, api, form) in [(SECRET, 200, 200, 200), (other, 302, 401, 404)] {
        let mut browser = started_with(&desk, secret).await;
        browser.get(link).await.expect(form);
        browser.set_cookie("session", &session);
        browser.get("/tickets").await.expect(page);
        let mut program = started_with(&desk, secret).await;
        program.set_token(&token);
        program.get("/api/v1/tickets").await.expect(api);
    }
    // People are who they were: they sign in again.
    let mut browser = started_with(&desk, other).await;
    let fields = [("email", "cli@acme.test"), ("password", PASSWORD)];
    browser.submit("/auth/login", &fields).await.expect(302);
    browser.get("/tickets").await.expect(200);
}

/// The program in a directory, with nothing of this process's settings.
fn program(directory: &Path, command: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_balcao"));
    program.arg(command).current_dir(directory).env_clear();
    program
}

#[test]
fn a_file_of_settings_is_read_and_the_environment_overrules_it() {
    let directory = TempDir::new().unwrap();
    let is_there = |name: &str| directory.path().join(name).exists();
    let file = "DATABASE_URL=sqlite:of-the-file.db\nDATA_DIR=data\n";
    std::fs::write(directory.path().join(".env"), file).unwrap();
    let made = program(directory.path(), "migrate").output().unwrap();
    assert!(made.status.success(), "{made:?}");
    assert!(is_there("of-the-file.db"));
    let mut overruled = program(directory.path(), "migrate");
    overruled.env("DATABASE_URL", "sqlite:of-the-environment.db");
    std::fs::remove_file(directory.path().join("of-the-file.db")).unwrap();
    assert!(overruled.output().unwrap().status.success());
    assert!(is_there("of-the-environment.db") && !is_there("of-the-file.db"));
    // A wrong value in it stops the program by name.
    std::fs::write(directory.path().join(".env"), "TIMEZONE=Mars/Base\n").unwrap();
    let wrong = program(directory.path(), "migrate").output().unwrap();
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("TIMEZONE"));
    // It is nobody's to keep with the sources, or to read from outside.
    let ignored = include_str!("../../.gitignore");
    assert!(ignored.lines().any(|line| line == ".env"));
}

#[tokio::test]
async fn the_file_of_settings_is_not_served() {
    let desk = TestDesk::new(Kind::Sqlite).await;
    let mut cast = desk.cast().await;
    for path in [
        "/.env",
        "/static/.env",
        "/static/../.env",
        "/static/%2e%2e/.env",
    ] {
        for browser in [&mut cast.admin, &mut cast.nobody] {
            browser.get(path).await.expect(404);
        }
    }
}

/// What a file of settings sets, or would without its mark.
fn set(file: &str) -> BTreeMap<&str, &str> {
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let lines = file.lines().map(|line| line.trim_start_matches('#'));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs.filter(|(name, _)| is_name(name)).collect()
}

#[test]
fn the_sample_has_every_setting() {
    let sample = include_str!("../../.env.example");
    let names: Vec<&str> = set(sample).into_keys().collect();
    let mut known: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    known.sort_unstable();
    assert_eq!(names, known);
    // As it stands it sets nothing: who copies it gets what holds without it.
    assert!(sample.lines().all(|l| l.is_empty() || l.starts_with('#')));
}

#[tokio::test]
async fn secret_database_and_uploads_lie_where_one_file_says() {
    let place = TempDir::new().unwrap();
    let at = |name: &str| place.path().join(name).display().to_string();
    let file = format!(
        "DATA_DIR={}\nUPLOAD_DIR={}\nDATABASE_URL=sqlite:{}\nSECRET_KEY={SECRET}\n",
        at("data"),
        at("files"),
        at("other/desk.db"),
    );
    let values = set(&file);
    let config = config::read(|name| values.get(name).map(|value| (*value).to_owned())).unwrap();
    std::fs::create_dir(place.path().join("data")).unwrap();
    let key = config::key(&config).unwrap();
    let sealed = config::vault(&config).unwrap();
    let app = desk::open(config.settings.clone(), key, sealed, Clock::set(NOON)).await;
    let app = app.unwrap();
    let admin = ("adm@desk.test", PASSWORD);
    people::first_admin(&app, admin.0, admin.1).await.unwrap();
    let mut browser = Browser::new(router::service(&app));
    let fields = [("email", admin.0), ("password", admin.1)];
    browser.submit("/auth/login", &fields).await.expect(302);
    let company = companies::names(Context::system(&app).db()).await.unwrap()[0].0;
    let company = company.to_string();
    let fields = [
        ("title", "Nota"),
        ("description", "Vai junto."),
        ("company", &*company),
    ];
    let opened = browser.submit_files("/tickets/create", &fields, &[("nota.txt", b"um texto")]);
    opened.await.expect(302);
    let exists = |name: &str| place.path().join(name).exists();
    assert!(exists("other/desk.db") && exists("files/tickets"));
    assert!(!exists("data/balcao.db") && !exists("data/uploads"));
    // The secret that was set is the one that signs, and no other is made.
    assert!(!exists("data/secret.key"));
    assert_eq!(
        app.key.sign_hex("x", b"y"),
        Key::new(SECRET).sign_hex("x", b"y")
    );
}

/// A desk that serves, and says what it does to two files.
fn served(directory: &TempDir, settings: &[(&str, &str)]) -> Child {
    program(directory.path(), "serve")
        .env("BIND", "127.0.0.1:0")
        .env("DATA_DIR", directory.path())
        .env("RATE_LIMITS", "off")
        .env("ADMIN_EMAIL", "adm@desk.test")
        .env("ADMIN_PASSWORD", WORD)
        .envs(settings.iter().copied())
        .stdout(Stdio::from(file(directory, "out")))
        .stderr(Stdio::from(file(directory, "err")))
        .spawn()
        .unwrap()
}

const WORD: &str = "Xique-Xique-e-umburana-77";

/// Where it serves, once it does.
async fn address(process: &mut Child, directory: &TempDir) -> String {
    loop {
        let told = read(directory, "out");
        let at = told.split_once("Balcão is at http://");
        if let Some((address, _)) = at.and_then(|(_, rest)| rest.split_once('\n')) {
            return address.to_owned();
        }
        assert!(process.try_wait().unwrap().is_none(), "{}", told);
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_first_administrators_password_stands_in_no_log() {
    let directory = TempDir::new().unwrap();
    let mut process = served(&directory, &[("LOG", "trace")]);
    let address = address(&mut process, &directory).await;
    // Right and wrong, by the API; the wrong one has the right one within it.
    for (word, status) in [(WORD, 200), ("Xique-Xique-e-umburana-777", 401)] {
        let answer = sign_in(&address, word).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
    }
    process.kill().unwrap();
    process.wait().unwrap();
    let told = read(&directory, "out") + &read(&directory, "err");
    assert!(told.contains("The administrator adm@desk.test was made."));
    assert!(told.contains("/api/v1/auth/login"), "nothing was logged");
    assert!(!told.contains(WORD) && !told.contains("umburana"), "{told}");
}

#[tokio::test]
async fn each_request_is_a_line_of_json_in_a_file_of_the_day_and_old_files_go() {
    let directory = TempDir::new().unwrap();
    let logs = directory.path().join("logs");
    std::fs::create_dir(&logs).unwrap();
    for day in 1..=5 {
        std::fs::write(logs.join(format!("balcao.2026-01-0{day}.log")), "old").unwrap();
    }
    std::fs::write(logs.join("notes.txt"), "not a log").unwrap();
    let settings = [
        ("LOG_DIR", logs.to_str().unwrap()),
        ("LOG_FORMAT", "json"),
        ("LOG_DAYS", "3"),
    ];
    let mut process = served(&directory, &settings);
    let address = address(&mut process, &directory).await;
    let answer = sign_in(&address, WORD).await;
    let token = answer.split("\"access_token\":\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    let with = format!("Authorization: Bearer {token}\r\n");
    let answer = ask(&address, "GET /api/v1/tickets?q=segredo", &with, "").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    process.kill().unwrap();
    process.wait().unwrap();
    let mut files: Vec<_> = std::fs::read_dir(&logs)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|e| e == "log"))
        .collect();
    files.sort();
    // Three of the old ones, and today's.
    assert_eq!(files.len(), 4, "{files:?}");
    assert!(logs.join("notes.txt").exists());
    let text = std::fs::read_to_string(&files[3]).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let line = lines
        .iter()
        .find(|line| line["fields"]["path"] == "/api/v1/tickets")
        .unwrap_or_else(|| panic!("{text}"));
    assert!(line["timestamp"].is_string() && line["level"] == "INFO");
    let fields = &line["fields"];
    assert!(fields["request"].is_string() && fields["user"].is_string());
    assert!(fields["ms"].is_u64() && fields["ip"] == "127.0.0.1");
    assert!(fields["status"] == 200 && fields["method"] == "GET");
    // Neither what somebody looks for nor what lets them in.
    for word in ["segredo", token, WORD] {
        assert!(!text.contains(word), "{word}");
    }
    // Standard error says the same.
    assert!(read(&directory, "err").contains("/api/v1/tickets"));
}

fn file(directory: &TempDir, name: &str) -> std::fs::File {
    std::fs::File::create(directory.path().join(name)).unwrap()
}

fn read(directory: &TempDir, name: &str) -> String {
    let mut text = String::new();
    let mut file = std::fs::File::open(directory.path().join(name)).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

async fn sign_in(address: &str, word: &str) -> String {
    let body = format!("{{\"email\":\"adm@desk.test\",\"password\":\"{word}\"}}");
    let json = "Content-Type: application/json\r\n";
    ask(address, "POST /api/v1/auth/login", json, &body).await
}

async fn ask(address: &str, what: &str, headers: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "{what} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         {headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

//! kill -9 while people work, twenty times: nothing that was acknowledged is
//! lost, no event is without its state, no state without its event.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use event_log::{Verdict, verify};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::support::{Kind, PASSWORD, SECRET, TestDesk, multipart, on_each};

on_each!(what_was_acknowledged_survives_twenty_kills);

const ROUNDS: usize = 20;
const WRITERS: usize = 8;
const JOBS: usize = 400;
/// After so many acknowledgements in a round the process is killed.
const ENOUGH: usize = 40;

/// What the desk said that it has.
#[derive(Default)]
struct Acknowledged {
    tickets: Vec<String>,
    comments: Vec<(String, String)>,
}

async fn what_was_acknowledged_survives_twenty_kills(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let settings = &desk.app.settings;
    plan_jobs(&desk).await;
    let said = Arc::new(Mutex::new(Acknowledged::default()));
    let mut token = String::new();
    for _ in 0..ROUNDS {
        let (mut process, address) = start(&settings.data, &settings.database_url);
        if token.is_empty() {
            let login = json!({ "email": "adm@desk.test", "password": PASSWORD });
            let (status, body) = call(&address, "", "POST", "/api/v1/auth/login", &login)
                .await
                .unwrap();
            assert_eq!(status, 200, "{body}");
            token = body["access_token"].as_str().unwrap().to_owned();
        }
        let enough = Arc::new((AtomicUsize::new(0), Notify::new()));
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| {
                let (address, token) = (address.clone(), token.clone());
                let (said, enough) = (said.clone(), enough.clone());
                tokio::spawn(async move { write(n, &address, &token, &said, &enough).await })
            })
            .collect();
        enough.1.notified().await;
        // SIGKILL: nothing is told to the process.
        process.kill().unwrap();
        process.wait().unwrap();
        for writer in writers {
            writer.await.unwrap();
        }
    }
    let said = std::mem::take(&mut *said.lock().unwrap());
    assert!(said.tickets.len() > ROUNDS && said.comments.len() > ROUNDS);
    nothing_is_lost(&desk, &said).await;
    log_and_state_agree(&desk).await;
    jobs_finish(&desk).await;
}

async fn nothing_is_lost(desk: &TestDesk, said: &Acknowledged) {
    let tickets: HashSet<String> = texts(desk, "SELECT protocol FROM tickets").await;
    let lost: Vec<_> = said
        .tickets
        .iter()
        .filter(|t| !tickets.contains(*t))
        .collect();
    assert!(lost.is_empty(), "acknowledged and gone: {lost:?}");
    let contents = texts(desk, "SELECT content FROM comments").await;
    let lost: Vec<_> = said
        .comments
        .iter()
        .filter(|c| !contents.contains(&c.1))
        .collect();
    assert!(lost.is_empty(), "acknowledged and gone: {lost:?}");
}

async fn log_and_state_agree(desk: &TestDesk) {
    let db = desk.app.db.reader();
    let Verdict::Whole(rows) = verify(db).await.unwrap() else {
        panic!("the log has a hole or was edited");
    };
    assert_eq!(count(desk, "SELECT COUNT(*) FROM events").await, rows);
    for (events, states) in [
        (
            "SELECT COUNT(DISTINCT subject_id) FROM events WHERE kind = 'ticket.created'",
            "SELECT COUNT(*) FROM tickets",
        ),
        (
            "SELECT COUNT(*) FROM events WHERE kind = 'ticket.commented'",
            "SELECT COUNT(*) FROM comments",
        ),
    ] {
        assert_eq!(
            count(desk, events).await,
            count(desk, states).await,
            "{states}"
        );
    }
    // Each act on a ticket made one version of it.
    let torn = count(
        desk,
        "SELECT COUNT(*) FROM tickets t WHERE t.version <> 1 + \
         (SELECT COUNT(*) FROM comments c WHERE c.ticket_id = t.id)",
    );
    assert_eq!(torn.await, 0);
}

/// Work that lies there when the first process starts, and is under way whenever
/// one is killed.
async fn plan_jobs(desk: &TestDesk) {
    let tx = desk.app.db.begin().await.unwrap();
    for n in 0..JOBS {
        let job = jobs::NewJob {
            kind: ::tickets::commands::REMOVE_FILES,
            payload: json!({ "paths": [format!("tickets/gone/{n}")] }),
            run_at: desk.app.clock.now(),
            key: format!("crash:{n}"),
        };
        jobs::enqueue(&tx, job, desk.app.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// What a killed process had begun is finished by the next one.
async fn jobs_finish(desk: &TestDesk) {
    // The processes' clock was the machine's: on to when every lease is over.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = i64::try_from(now.unwrap().as_millis()).unwrap();
    desk.later((now - desk.app.clock.now().0) / 60_000 + 60);
    desk.settle().await;
    let jobs = jobs::recent(desk.app.db.reader(), 10_000).await.unwrap();
    assert!(jobs.len() >= JOBS);
    for job in jobs {
        assert_eq!(job.state, "done", "{job:?}");
    }
    let there = count(desk, "SELECT COUNT(*) FROM attachments").await;
    let stored = crate::timeline::files_below(&desk.app.settings.uploads) as i64;
    // A file whose commit never came may lie there until the sweep.
    assert!(stored >= there && stored <= there + (ROUNDS * WRITERS) as i64);
}

/// One person who opens tickets, writes on them and sends files.
async fn write(
    writer: usize,
    address: &str,
    token: &str,
    said: &Mutex<Acknowledged>,
    enough: &(AtomicUsize, Notify),
) {
    let acknowledged = |f: &mut dyn FnMut(&mut Acknowledged)| {
        f(&mut said.lock().unwrap());
        if enough.0.fetch_add(1, Ordering::Relaxed) + 1 == ENOUGH {
            enough.1.notify_one();
        }
    };
    loop {
        let new = json!({ "title": "Durante a queda", "description": "x", "contact_name": "y" });
        let Some((201, ticket)) = call(address, token, "POST", "/api/v1/tickets", &new).await
        else {
            return;
        };
        let protocol = ticket["protocol"].as_str().unwrap().to_owned();
        acknowledged(&mut |s| s.tickets.push(protocol.clone()));
        let text = format!("{writer} escreve em {protocol}");
        let path = format!("/api/v1/tickets/{protocol}/comments");
        let said_so = json!({ "content": text });
        let Some((201, _)) = call(address, token, "POST", &path, &said_so).await else {
            return;
        };
        acknowledged(&mut |s| s.comments.push((protocol.clone(), text.clone())));
        let path = format!("/api/v1/tickets/{protocol}/attachments");
        let Some((201, _)) = upload(address, token, &path).await else {
            return;
        };
        acknowledged(&mut |_| {});
    }
}

fn start(data: &Path, url: &str) -> (Child, String) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_balcao"))
        .arg("serve")
        .current_dir(data)
        .env_clear()
        .env("LOG", "error")
        .env("BIND", "127.0.0.1:0")
        .env("DATA_DIR", data)
        .env("DATABASE_URL", url)
        .env("SECRET_KEY", SECRET)
        .env("RATE_LIMITS", "off")
        .env("ADMIN_EMAIL", "adm@desk.test")
        .env("ADMIN_PASSWORD", PASSWORD)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let at = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("Balcão is at http://").map(str::to_owned));
    (process, at.expect("the desk does not start"))
}

/// One call; `None` when the process is gone before its answer is whole.
async fn call(
    address: &str,
    token: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> Option<(u16, Value)> {
    let body = body.to_string().into_bytes();
    send(address, token, method, path, "application/json", body).await
}

async fn upload(address: &str, token: &str, path: &str) -> Option<(u16, Value)> {
    let (kind, body) = multipart(&[], &[("nota.txt", b"um texto")]);
    send(address, token, "POST", path, &kind, body).await
}

async fn send(
    address: &str,
    token: &str,
    method: &str,
    path: &str,
    kind: &str,
    body: Vec<u8>,
) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         authorization: Bearer {token}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let head = match token.is_empty() {
        true => head.replace("authorization: Bearer \r\n", ""),
        false => head,
    };
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(&body).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).ok()?))
}

async fn count(desk: &TestDesk, sql: &str) -> i64 {
    let db = desk.app.db.reader();
    let row = Statement::from_string(db.get_database_backend(), sql.to_owned());
    let row = db.query_one_raw(row).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn texts(desk: &TestDesk, sql: &str) -> HashSet<String> {
    let db = desk.app.db.reader();
    let rows = Statement::from_string(db.get_database_backend(), sql.to_owned());
    let rows = db.query_all_raw(rows).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

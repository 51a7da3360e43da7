//! Real history comes in through the desk's own commands, and the desk says
//! what the file says.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use balcao::import::{Mapping, TicketMapping, event_log, tickets};
use sea_orm::{ConnectionTrait, Statement};

use crate::support::{Kind, TestDesk, on_each, shared};

on_each!(
    the_desk_says_what_the_file_says,
    a_second_run_imports_nothing_twice,
    a_bad_row_is_reported_with_its_line_and_the_rest_goes_in,
    real_ticket_texts_come_in_and_are_found,
);

fn mapping() -> Mapping {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/incident-event-log.toml");
    Mapping::parse(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The table's rows, the header first.
fn rows(file: &Path) -> Vec<Vec<String>> {
    let mut text = String::new();
    let mut source = std::fs::File::open(file).unwrap();
    if file.extension().is_some_and(|e| e == "gz") {
        let mut plain = flate2::read::GzDecoder::new(source);
        plain.read_to_string(&mut text).unwrap();
    } else {
        source.read_to_string(&mut text).unwrap();
    }
    text.lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

/// The first `most` lines of the file, as a file of their own.
fn beginning(desk: &TestDesk, file: &Path, most: usize) -> PathBuf {
    let short = desk.app.settings.data.join("short.csv");
    let lines: Vec<String> = rows(file)
        .into_iter()
        .take(most)
        .map(|row| row.join(","))
        .collect();
    std::fs::write(&short, lines.join("\n")).unwrap();
    short
}

/// What a file says, counted without any of the desk's code.
#[derive(Debug, Default, PartialEq)]
struct Said {
    tickets: usize,
    by_status: BTreeMap<String, i64>,
    by_priority: BTreeMap<String, i64>,
    by_month: BTreeMap<String, i64>,
    reopened_tickets: usize,
    reopenings: usize,
    unassigned: i64,
    without_queue: i64,
    /// From opening to the last entry into resolved, or to closing without it:
    /// how many, and the sum in milliseconds.
    resolved: (i64, i64),
}

fn minutes(text: &str) -> i64 {
    let (date, time) = text.split_once(' ').unwrap();
    let date: Vec<i64> = date.split('/').map(|n| n.parse().unwrap()).collect();
    let (hour, minute) = time.split_once(':').unwrap();
    let (day, month, year) = (date[0], date[1], date[2]);
    // Days since 1970 by Howard Hinnant's civil calendar.
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    let days = era * 146_097 + doe - 719_468;
    (days * 24 + hour.parse::<i64>().unwrap()) * 60 + minute.parse::<i64>().unwrap()
}

fn said_by(rows: &[Vec<String>]) -> Said {
    let column = |name: &str| rows[0].iter().position(|c| c == name).unwrap();
    let (number, state, opened, changed) = (
        column("number"),
        column("incident_state"),
        column("opened_at"),
        column("sys_updated_at"),
    );
    let (priority, assignee, group) = (
        column("priority"),
        column("assigned_to"),
        column("assignment_group"),
    );
    let phase = |state: &str| match state {
        "New" => "open",
        "Active" => "in_progress",
        "Resolved" => "resolved",
        "Closed" => "closed",
        _ => "waiting",
    };
    let mut said = Said::default();
    let mut i = 1;
    while i < rows.len() {
        let first = i;
        let (mut at, mut before, mut resolved, mut reopened) =
            (minutes(&rows[i][opened]), "", None, 0);
        while i < rows.len() && rows[i][number] == rows[first][number] {
            at = at.max(minutes(&rows[i][changed]));
            let now = match rows[i][state].as_str() {
                "-100" => before,
                other => phase(other),
            };
            let ends = |s: &str| matches!(s, "resolved" | "closed");
            if ends(before) && !ends(now) {
                reopened += 1;
                resolved = None;
            }
            if ends(now) && !ends(before) {
                resolved = Some(at);
            }
            before = now;
            i += 1;
        }
        let last = &rows[i - 1];
        said.tickets += 1;
        *said.by_status.entry(before.to_owned()).or_default() += 1;
        let weight = ["low", "normal", "high", "critical"]
            [4 - last[priority][..1].parse::<usize>().unwrap()];
        *said.by_priority.entry(weight.to_owned()).or_default() += 1;
        let date: Vec<&str> = last[opened].split([' ', '/']).collect();
        *said
            .by_month
            .entry(format!("{}-{:0>2}", date[2], date[1]))
            .or_default() += 1;
        said.reopened_tickets += usize::from(reopened > 0);
        said.reopenings += reopened;
        said.unassigned += i64::from(last[assignee] == "?");
        said.without_queue += i64::from(last[group] == "?");
        if let Some(at) = resolved {
            said.resolved.0 += 1;
            said.resolved.1 += (at - minutes(&last[opened])) * 60_000;
        }
    }
    said
}

async fn said_by_desk(desk: &TestDesk) -> Said {
    let db = desk.app.db.reader();
    let backend = db.get_database_backend();
    let all = |sql: &'static str| async move {
        db.query_all_raw(Statement::from_string(backend, sql))
            .await
            .unwrap()
    };
    let mut said = Said::default();
    let zone = kit::Zone::named("UTC").unwrap();
    for row in all("SELECT status, priority, assignee_id IS NULL AS free, queue_id IS NULL AS loose, created_at, resolved_at FROM tickets").await {
        let text: String = row.try_get("", "status").unwrap();
        *said.by_status.entry(text).or_default() += 1;
        let weight: i32 = row.try_get("", "priority").unwrap();
        let name = ["low", "normal", "high", "critical"][usize::try_from(weight).unwrap() - 1];
        *said.by_priority.entry(name.to_owned()).or_default() += 1;
        let created: i64 = row.try_get("", "created_at").unwrap();
        *said.by_month.entry(zone.month(kit::Instant(created))).or_default() += 1;
        let yes = |name: &str| row.try_get::<bool>("", name).or_else(|_| row.try_get::<i64>("", name).map(|n| n == 1)).unwrap();
        said.unassigned += i64::from(yes("free"));
        said.without_queue += i64::from(yes("loose"));
        if let Some(resolved) = row.try_get::<Option<i64>>("", "resolved_at").unwrap() {
            said.resolved.0 += 1;
            said.resolved.1 += resolved - created;
        }
        said.tickets += 1;
    }
    let reopened = all("SELECT subject_id, COUNT(*) AS times FROM events WHERE kind = 'ticket.reopened' GROUP BY subject_id").await;
    said.reopened_tickets = reopened.len();
    said.reopenings = reopened
        .iter()
        .map(|r| usize::try_from(r.try_get::<i64>("", "times").unwrap()).unwrap())
        .sum();
    said
}

/// The whole file on SQLite; its first fifth on the servers, where each
/// statement travels.
async fn the_desk_says_what_the_file_says(kind: Kind) {
    let Some(file) = shared("incident-event-log.csv.gz") else {
        return;
    };
    let desk = TestDesk::with(kind, |s| s.timezone = "UTC".to_owned()).await;
    let all = rows(&file);
    let (source, rows) = match kind {
        Kind::Sqlite => (file, &all[..]),
        _ => (beginning(&desk, &file, 12_000), &all[..12_000]),
    };
    let report = event_log(&desk.app, &source, &mapping(), |_, _, _| {})
        .await
        .unwrap();
    assert_eq!(report.skipped, []);
    assert_eq!(report.rows, rows.len() as u64 - 1);
    let (file, desk_says) = (said_by(rows), said_by_desk(&desk).await);
    assert_eq!(file, desk_says);
    if kind == Kind::Sqlite {
        // Facts about the file, so that both sides cannot be wrong together.
        assert_eq!(file.tickets, 20_769);
        assert_eq!(
            file.by_status,
            BTreeMap::from([("closed".into(), 20_768), ("open".into(), 1)])
        );
        assert_eq!((file.reopened_tickets, file.reopenings), (234, 276));
        assert_eq!(file.by_priority["critical"], 220);
        assert_eq!(file.by_month["2016-03"], 8_995);
        assert_eq!(file.resolved, (20_768, 12_922_394_400_000));
    }
    assert!(matches!(
        ::event_log::verify(desk.app.db.reader()).await.unwrap(),
        ::event_log::Verdict::Whole(_)
    ));
    // One incident, looked at closely: four rows, opened at 01:16, solved at 08:53.
    desk.cast().await;
    let mut tech = desk.sign_in("tec@desk.test").await;
    let page = tech.ticket("INC0000045").await.expect(200);
    for text in [
        "Caller 2403",
        "Category 55 › Subcategory 170",
        "Group 56",
        "Telefone",
        "29/02/2016 01:16",
        "29/02/2016 08:53",
        "05/03/2016 12:00",
    ] {
        assert!(page.shows(text), "{text}");
    }
}

async fn a_second_run_imports_nothing_twice(kind: Kind) {
    let Some(file) = shared("incident-event-log.csv.gz") else {
        return;
    };
    let desk = TestDesk::new(kind).await;
    let source = beginning(&desk, &file, 400);
    let first = event_log(&desk.app, &source, &mapping(), |_, _, _| {})
        .await
        .unwrap();
    let events = ::event_log::newest(desk.app.db.reader()).await.unwrap();
    let second = event_log(&desk.app, &source, &mapping(), |_, _, _| {})
        .await
        .unwrap();
    assert_eq!((second.tickets, second.known), (0, first.tickets));
    assert_eq!(
        ::event_log::newest(desk.app.db.reader()).await.unwrap(),
        events
    );
}

async fn a_bad_row_is_reported_with_its_line_and_the_rest_goes_in(kind: Kind) {
    let Some(file) = shared("incident-event-log.csv.gz") else {
        return;
    };
    let desk = TestDesk::new(kind).await;
    let mut table = rows(&file);
    table.truncate(40);
    let column = |name: &str| table[0].iter().position(|c| c == name).unwrap();
    let (state, time) = (column("incident_state"), column("sys_updated_at"));
    table[3][state] = "Lost".to_owned();
    table[9][time] = "31/2/2016 10:00".to_owned();
    table[12].truncate(3);
    let source = desk.app.settings.data.join("bad.csv");
    let text: Vec<String> = table.iter().map(|row| row.join(",")).collect();
    std::fs::write(&source, text.join("\n")).unwrap();
    let report = event_log(&desk.app, &source, &mapping(), |_, _, _| {})
        .await
        .unwrap();
    let lines: Vec<u64> = report.skipped.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [4, 10, 13], "{:?}", report.skipped);
    assert!(report.skipped[0].1.contains("Lost") && report.tickets > 3);
}

async fn real_ticket_texts_come_in_and_are_found(kind: Kind) {
    let Some(file) = shared("ticket-texts.csv.gz") else {
        return;
    };
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ticket-texts.toml");
    let mapping = TicketMapping::parse(&std::fs::read_to_string(example).unwrap()).unwrap();
    // The whole file on the one database that needs no server; the others the same code.
    let file = match kind {
        Kind::Sqlite => file,
        _ => beginning(&desk, &file, 300),
    };
    let all = rows(&file);
    let with_body = all.iter().skip(1).filter(|row| !row[1].is_empty()).count();
    let report = tickets(&desk.app, &file, &mapping, |_, _, _| {})
        .await
        .unwrap();
    assert_eq!(report.rows, all.len() as u64 - 1);
    assert_eq!(report.tickets, with_body as u64);
    assert_eq!(report.skipped.len(), all.len() - 1 - with_body);
    let again = tickets(&desk.app, &file, &mapping, |_, _, _| {})
        .await
        .unwrap();
    assert_eq!((again.tickets, again.known), (0, report.tickets));

    desk.settle().await;
    // What the file itself says is found: the first row's words, begun or with an error.
    for words in [
        "recruiter requisitions",
        "recruit permis",
        "recruitre requisitions",
    ] {
        let path = kit::with_query("/tickets", &[("q", words)]);
        let page = cast.tech.get(&path).await.expect(200);
        assert!(page.shows("/tickets/TXT-2\""), "{words}");
    }
    let has = |row: &&Vec<String>, word: &str| {
        row[..2]
            .iter()
            .any(|text| text.split(' ').any(|w| w.starts_with(word)))
    };
    let printers = all.iter().skip(1).filter(|row| has(row, "printer")).count();
    let page = cast.tech.get("/tickets?q=printer").await.expect(200);
    // Where there is a page of them, nothing that is only alike is added.
    if kind == Kind::Sqlite {
        let found = format!("Encontrado em {printers} chamados");
        assert!(page.shows(&found), "{printers}");
    }
}

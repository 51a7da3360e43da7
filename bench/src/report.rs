//! `docs/benchmarks.md`.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use crate::measure::{Figures, Heard, Searches};
use crate::server::{Made, Memory};

/// One line of the table.
pub struct Row {
    what: String,
    figure: String,
    bar: String,
    met: bool,
}

fn row(what: &str, figure: String, bar: &str, met: bool) -> Row {
    Row {
        what: what.to_owned(),
        figure,
        bar: bar.to_owned(),
        met,
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// What pages cost in the two desks, beside the floor of the same run.
pub fn requests(figures: &[Figures]) -> Vec<Row> {
    let [medium, large] = figures else {
        return Vec::new();
    };
    let floor = |figures: &Figures| figures.pages.first().map_or(0.0, |(_, t)| millis(*t));
    let mut rows = Vec::new();
    for ((name, here), (_, there)) in medium.pages.iter().zip(&large.pages) {
        let (here, there) = (millis(*here), millis(*there));
        let ratio = there / here.max(0.001);
        let figure = format!(
            "{here:.3} ms; large {there:.3} ms ({ratio:.2} times); {:.1} times the floor",
            here / floor(medium).max(0.001)
        );
        let is_floor = name.starts_with("floor");
        let met = is_floor || (here <= 0.6 && ratio <= 1.3);
        let bar = match is_floor {
            true => "",
            false => "0.6 ms; large at most 1.3 times",
        };
        rows.push(row(&format!("CPU, {name}"), figure, bar, met));
    }
    rows
}

/// What opening a ticket by the API costs.
pub fn created(figures: &Figures) -> Row {
    let cpu = millis(figures.create);
    row(
        "opening by the API, durable",
        format!(
            "CPU {cpu:.2} ms; {:.0} a second from 16 connections",
            figures.creates
        ),
        "CPU 1.2 ms; 300 a second",
        cpu <= 1.2 && figures.creates >= 300.0,
    )
}

/// How long searches took.
pub fn searching(found: &Searches) -> Vec<Row> {
    let line = |what: &str, times: &[Duration]| {
        let mut times = times.to_vec();
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).copied();
        let (middle, high) = (at(50).unwrap_or_default(), at(95).unwrap_or_default());
        let figure = format!(
            "median {:.1} ms, p95 {:.1} ms",
            millis(middle),
            millis(high)
        );
        row(what, figure, "p95 30 ms", high <= Duration::from_millis(30))
    };
    vec![
        line("search in the list, two words", &found.list),
        line("search over everything, two words", &found.everything),
    ]
}

/// From the start to the first answer.
pub fn start(times: &[Duration]) -> Row {
    let mut times = times.to_vec();
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    let figure = format!("{:.0} ms", millis(middle));
    let met = middle <= Duration::from_millis(300);
    row("start to first answer, large", figure, "300 ms", met)
}

/// How much memory the server has.
pub fn memory(what: &str, memory: Memory, most: u64) -> Row {
    let (resident, own) = (memory.resident / 1_000_000, memory.own / 1_000_000);
    let figure = format!("{resident} MB resident, of which {own} MB its own");
    row(what, figure, &format!("{most} MB"), resident <= most)
}

/// How long the large desk took to make.
pub fn making(made: &Made) -> Vec<Row> {
    let minutes = made.took.as_secs_f64() / 60.0;
    vec![row(
        &format!("`balcao demo --tickets {}`", made.tickets),
        format!("{minutes:.1} min, {} MB", made.bytes() / 1_000_000),
        "10 min",
        minutes <= 10.0,
    )]
}

/// What open pages cost.
pub fn streams(heard: &Heard) -> Vec<Row> {
    vec![
        row(
            &format!("{} live connections, each", heard.count),
            format!("{:.1} kB", heard.bytes as f64 / 1_000.0),
            "25 kB",
            heard.bytes <= 25_000,
        ),
        row(
            "one event to all of them",
            format!("{:.0} ms", millis(heard.all_after)),
            "1 s",
            heard.all_after <= Duration::from_secs(1),
        ),
    ]
}

/// Writes the table; what stands below the mark is left as it is.
pub fn write(root: &Path, rows: &[Row], large: usize) -> Result<(), String> {
    const MARK: &str = "<!-- below: by hand -->";
    let path = root.join("docs/benchmarks.md");
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    let kept = old.split_once(MARK).map_or("\n", |(_, kept)| kept);
    let mut text = String::from("# Benchmarks\n\n");
    _ = writeln!(
        text,
        "Written by `make bench`: a release build on SQLite (`synchronous=FULL`), two cores that \
         others use, too. CPU is the server's own time for one request, the median of five \
         rounds of 1,000 on one connection; the floor is the same router answering a page that \
         asks the database nothing. Medium is 20,000 tickets, large {large}.\n"
    );
    text.push_str("| what | figure | bar | |\n|---|---|---|---|\n");
    for row in rows {
        let met = if row.met { "met" } else { "**not met**" };
        _ = writeln!(
            text,
            "| {} | {} | {} | {met} |",
            row.what, row.figure, row.bar
        );
    }
    _ = write!(text, "\n{MARK}{kept}");
    print!("{text}");
    std::fs::write(&path, text).map_err(|e| e.to_string())
}

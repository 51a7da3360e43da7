//! A table of tickets, one row each, as lists of requests are exported.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use i18n::Zone;
use kit::{Actor, App, Context, Error, Result, Tx};
use serde::Deserialize;
use tickets::{Opening, Priority, commands};

use super::mapping::fill;
use super::people::{As, Known};
use super::table::{Report, Table};

/// Which column is what: a TOML file, such as `examples/ticket-texts.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketMapping {
    /// What the tickets are called; `{line}` is the row's line, `{column}` a
    /// column. A second run brings in what is not called so yet.
    key: String,
    /// The title; where it comes out empty, the description's beginning.
    title: String,
    /// The description; a row for which it comes out empty is skipped.
    description: String,
    /// The name of whoever asked, if the rows say it.
    #[serde(default)]
    requester: String,
    /// Who is named where nobody is.
    nobody: String,
    /// The domain of the addresses that are made for people who have none.
    domain: String,
    /// What it is about.
    #[serde(default)]
    category: String,
    /// Who is to deal with it.
    #[serde(default)]
    queue: String,
    /// How soon, by the names under `priorities`.
    #[serde(default)]
    priority: String,
    /// By which way it came.
    #[serde(default)]
    channel: String,
    /// When it was opened; now, where the rows do not say it.
    #[serde(default)]
    opened_at: String,
    /// The strptime pattern of that time.
    #[serde(default)]
    time: String,
    /// The IANA zone of that time.
    #[serde(default)]
    zone: String,
    /// The priorities' names there and here.
    #[serde(default)]
    priorities: BTreeMap<String, String>,
    /// The categories' names there and here.
    #[serde(default)]
    categories: BTreeMap<String, String>,
}

impl TicketMapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// Says where it is wrong.
    pub fn parse(text: &str) -> std::result::Result<TicketMapping, String> {
        let mapping: TicketMapping =
            toml::from_str(text).map_err(|e| format!("the mapping: {e}"))?;
        for code in mapping.priorities.values() {
            if Priority::from_code(code).is_none() {
                return Err(format!("the mapping: {code:?} is no priority of this desk"));
            }
        }
        Ok(mapping)
    }
}

/// A protocol has at most so many characters.
const KEY: usize = 40;
/// So many tickets are committed at once.
const AT_ONCE: usize = 100;

/// Brings in the table in `file`. `progress` hears the bytes read, the file's
/// size and the tickets so far.
///
/// # Errors
/// When the file cannot be read at all or the database refuses; a bad row is
/// reported and skipped.
pub async fn tickets(
    app: &App,
    file: &Path,
    mapping: &TicketMapping,
    progress: impl Fn(u64, u64, u64),
) -> std::result::Result<Report, String> {
    let mut table = Table::open(file)?;
    let mut known = Known::default();
    let mut report = Report::default();
    loop {
        let mut rows = Vec::with_capacity(AT_ONCE);
        while rows.len() < AT_ONCE {
            let Some((line, record)) = table.next_row() else {
                break;
            };
            report.rows += 1;
            match record {
                Ok(record) => rows.push((line, cells(&table, &record, line))),
                Err(why) => report.skipped.push((line, why)),
            }
        }
        if rows.is_empty() {
            break;
        }
        let some = bring(app, mapping, &mut known, &mut report, rows).await;
        some.map_err(|error| format!("{error:?}"))?;
        let (read, size) = table.progress();
        progress(read, size, report.tickets);
    }
    Ok(report)
}

type Cells = HashMap<String, String>;

fn cells(table: &Table, record: &csv::StringRecord, line: u64) -> Cells {
    let named = table.header.iter().zip(record.iter());
    let mut cells: Cells = named
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    cells.insert("line".to_owned(), line.to_string());
    cells
}

async fn bring(
    app: &App,
    mapping: &TicketMapping,
    known: &mut Known,
    report: &mut Report,
    rows: Vec<(u64, Cells)>,
) -> Result<()> {
    let mut tx = Context::system(app).begin().await?;
    let mut new = false;
    for (line, cells) in rows {
        let key = fill(&mapping.key, &cells);
        if key.is_empty() || key.chars().count() > KEY {
            let why = format!("the key must have 1 to {KEY} characters: {key:?}");
            report.skipped.push((line, why));
            continue;
        }
        if tickets::is_known(tx.db(), &key).await? {
            report.known += 1;
            continue;
        }
        match open(&mut tx, mapping, known, key, &cells).await {
            Ok(()) => {
                report.tickets += 1;
                new = true;
            }
            Err(error @ (Error::Internal(_) | Error::Unavailable)) => return Err(error),
            Err(error) => report.skipped.push((line, crate::demo::word(app, &error))),
        }
    }
    match new {
        true => tx.commit().await,
        false => {
            // The people and lists that were made for rows that did not come in go
            // with the transaction.
            *known = Known::default();
            Ok(())
        }
    }
}

async fn open(
    tx: &mut Tx,
    mapping: &TicketMapping,
    known: &mut Known,
    key: String,
    cells: &Cells,
) -> Result<()> {
    let cell = |text: &str| Some(fill(text, cells)).filter(|value| !value.trim().is_empty());
    let now = tx.cx().app.clock.now();
    let at = match cell(&mapping.opened_at) {
        None => now,
        Some(text) => Zone::named(&mapping.zone)
            .ok()
            .and_then(|zone| zone.parse(&mapping.time, &text).ok())
            .ok_or_else(|| Error::field("opened_at", "date"))?,
    };
    tx.act_as(Actor::System, at);
    let priority = match cell(&mapping.priority) {
        None => None,
        Some(name) => {
            let code = mapping.priorities.get(&name).unwrap_or(&name);
            Some(Priority::from_code(code).ok_or_else(|| Error::field("priority", "unknown"))?)
        }
    };
    let category = match cell(&mapping.category) {
        None => None,
        Some(name) => {
            let name = mapping.categories.get(&name).unwrap_or(&name);
            Some(known.category(tx, None, name).await?)
        }
    };
    let queue = match cell(&mapping.queue) {
        None => None,
        Some(name) => Some(known.queue(tx, &name).await?),
    };
    let channel = match cell(&mapping.channel) {
        None => None,
        Some(name) => Some(known.channel(tx, &name).await?),
    };
    let requester = match cell(&mapping.requester) {
        None => None,
        Some(name) => {
            let domain = &mapping.domain;
            Some(known.person(tx, &name, As::Requester, domain).await?)
        }
    };
    let description = fill(&mapping.description, cells);
    let beginning = || description.chars().take(80).collect();
    let opening = Opening {
        title: cell(&mapping.title).unwrap_or_else(beginning),
        category,
        queue,
        priority,
        channel,
        requester,
        contact_name: requester.is_none().then(|| mapping.nobody.clone()),
        protocol: Some(key),
        description,
        ..Opening::default()
    };
    commands::open(tx, opening).await?;
    Ok(())
}

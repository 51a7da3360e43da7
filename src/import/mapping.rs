//! Which column of a table of changes is what: a TOML file, such as
//! `examples/incident-event-log.toml`.

use std::collections::{BTreeMap, HashMap};

use i18n::Zone;
use kit::Instant;
use serde::Deserialize;
use tickets::Priority;
use tickets::status::Status;

/// The whole mapping.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What the table's texts mean.
    pub table: Table,
    /// Which column is what.
    pub columns: Columns,
    /// The states' names there and here; `keep` leaves the state as it was.
    pub status: BTreeMap<String, String>,
    /// The priorities' names there and here.
    pub priority: BTreeMap<String, String>,
    /// The channels' names there and here.
    #[serde(default)]
    pub channel: BTreeMap<String, String>,
    /// What the table does not say and the desk wants said.
    pub texts: Texts,
}

/// What the table's texts mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Texts that stand for nothing.
    #[serde(default)]
    pub missing: Vec<String>,
    /// The strptime pattern of its times.
    pub time: String,
    /// The IANA zone of its times.
    pub zone: String,
    /// Actors that are programs.
    #[serde(default)]
    pub system: Vec<String>,
    /// The domain of the addresses that are made for people who have none.
    pub domain: String,
}

/// Which column is what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The ticket's number, which it keeps; its rows stand together, in order.
    pub key: String,
    /// When it was opened.
    pub opened_at: String,
    /// When the row's change was made.
    pub changed_at: String,
    /// Who made it.
    pub changed_by: String,
    /// The state after it.
    pub status: String,
    /// The priority after it.
    pub priority: String,
    /// The queue after it.
    pub queue: String,
    /// Who worked on it after it.
    pub assignee: String,
    /// Who asked.
    pub requester: String,
    /// What it is about.
    pub category: String,
    /// More exactly.
    pub subcategory: String,
    /// By which way it came.
    pub channel: String,
}

/// Texts with `{column}` in them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// The ticket's title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The name of a requester who is not known.
    pub requester: String,
    /// What solved it.
    pub solution: String,
    /// Why it was closed.
    pub reason: String,
    /// A classification's name.
    pub classification: String,
    /// What the technician had to say.
    pub evaluation: String,
}

/// One row, read by a mapping.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line in the file, the header being line 1.
    pub line: u64,
    /// The ticket's number.
    pub key: String,
    /// When it was opened.
    pub opened_at: Instant,
    /// When the change was made.
    pub changed_at: Instant,
    /// Who made it.
    pub changed_by: Option<String>,
    /// The state after it; `None` keeps the one before.
    pub status: Option<Status>,
    /// The priority after it.
    pub priority: Priority,
    /// The queue after it.
    pub queue: Option<String>,
    /// Who worked on it after it.
    pub assignee: Option<String>,
    /// Who asked.
    pub requester: Option<String>,
    /// What it is about.
    pub category: Option<String>,
    /// More exactly.
    pub subcategory: Option<String>,
    /// By which way it came, as this desk calls it.
    pub channel: Option<String>,
    /// Every column, for the texts.
    cells: HashMap<String, String>,
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// Says where it is wrong.
    pub fn parse(text: &str) -> Result<Mapping, String> {
        let mapping: Mapping = toml::from_str(text).map_err(|e| format!("the mapping: {e}"))?;
        mapping.zone()?;
        let wrong = mapping
            .status
            .values()
            .find(|s| *s != "keep" && Status::from_code(s).is_none());
        if let Some(status) = wrong {
            return Err(format!("the mapping: {status:?} is no state of this desk"));
        }
        Ok(mapping)
    }

    fn zone(&self) -> Result<Zone, String> {
        Zone::named(&self.table.zone).map_err(|e| format!("the mapping's zone: {}", e.0))
    }

    /// Reads the row at `line`.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn row(
        &self,
        header: &csv::StringRecord,
        record: &csv::StringRecord,
        line: u64,
    ) -> Result<Row, String> {
        let cells: HashMap<String, String> = header
            .iter()
            .zip(record.iter())
            .map(|(name, value)| (name.to_owned(), squeeze(value)))
            .collect();
        let cell = |name: &str| -> Result<Option<String>, String> {
            let value = cells
                .get(name)
                .ok_or(format!("there is no column {name}"))?;
            let missing = value.is_empty() || self.table.missing.contains(value);
            Ok((!missing).then(|| value.clone()))
        };
        let needed = |name: &str| cell(name)?.ok_or(format!("{name} is missing"));
        let zone = self.zone()?;
        let time = |name: &str| -> Result<Instant, String> {
            let text = needed(name)?;
            zone.parse(&self.table.time, &text)
                .map_err(|_| format!("{name} is no time: {text:?}"))
        };
        let c = &self.columns;
        let status = needed(&c.status)?;
        let status = match self.status.get(&status).map(String::as_str) {
            Some("keep") => None,
            Some(code) => Status::from_code(code),
            None => return Err(format!("{} is not in the mapping: {status:?}", c.status)),
        };
        let priority = needed(&c.priority)?;
        let priority = self
            .priority
            .get(&priority)
            .and_then(|code| Priority::from_code(code))
            .ok_or(format!(
                "{} is not in the mapping: {priority:?}",
                c.priority
            ))?;
        let channel = cell(&c.channel)?;
        Ok(Row {
            line,
            key: needed(&c.key)?,
            opened_at: time(&c.opened_at)?,
            changed_at: time(&c.changed_at)?,
            changed_by: cell(&c.changed_by)?,
            status,
            priority,
            queue: cell(&c.queue)?,
            assignee: cell(&c.assignee)?,
            requester: cell(&c.requester)?,
            category: cell(&c.category)?,
            subcategory: cell(&c.subcategory)?,
            channel: channel.map(|name| self.channel.get(&name).cloned().unwrap_or(name)),
            cells,
        })
    }

    /// Whether an actor is a program.
    #[must_use]
    pub fn is_system(&self, actor: &str) -> bool {
        self.table.system.iter().any(|name| name == actor)
    }
}

impl Row {
    /// `text` with every `{column}` filled in.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        fill(text, &self.cells)
    }
}

/// `text` with every `{column}` filled in.
pub(super) fn fill(text: &str, cells: &HashMap<String, String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        filled.push_str(cells.get(name).map_or("", String::as_str));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Trimmed, with single spaces: exports pad numbers in names.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Mapping {
        Mapping::parse(include_str!("../../examples/incident-event-log.toml")).unwrap()
    }

    fn record(pairs: &[(&str, &str)]) -> (csv::StringRecord, csv::StringRecord) {
        let header = pairs.iter().map(|(name, _)| *name).collect();
        let row = pairs.iter().map(|(_, value)| *value).collect();
        (header, row)
    }

    const ROW: &[(&str, &str)] = &[
        ("number", "INC1"),
        ("incident_state", "Active"),
        ("priority", "2 - High"),
        ("assignment_group", "?"),
        ("assigned_to", "Resolver  3"),
        ("caller_id", "Caller 1"),
        ("category", "Category 1"),
        ("subcategory", "?"),
        ("contact_type", "Phone"),
        ("opened_at", "29/2/2016 01:16"),
        ("sys_updated_at", "1/3/2016 10:05"),
        ("sys_updated_by", "Updated by 9"),
        ("closed_code", "code 5"),
        ("u_symptom", "?"),
    ];

    #[test]
    fn a_row_is_read_by_the_example() {
        let (header, row) = record(ROW);
        let row = example().row(&header, &row, 2).unwrap();
        assert_eq!(row.status, Some(Status::InProgress));
        assert_eq!(row.priority, Priority::High);
        assert_eq!(row.queue, None);
        assert_eq!(row.assignee.as_deref(), Some("Resolver 3"));
        assert_eq!(row.channel.as_deref(), Some("Telefone"));
        assert_eq!(Zone::rfc3339(row.opened_at), "2016-02-29T01:16:00Z");
        assert_eq!(row.fill("{number}: {closed_code}"), "INC1: code 5");
    }

    #[test]
    fn a_bad_row_says_what_is_wrong() {
        for (name, value, says) in [
            ("opened_at", "31/2/2016 10:00", "opened_at"),
            ("incident_state", "Lost", "Lost"),
            ("priority", "?", "priority"),
            ("number", "", "number"),
        ] {
            let bad: Vec<_> = ROW
                .iter()
                .map(|(n, v)| (*n, if *n == name { value } else { *v }))
                .collect();
            let (header, row) = record(&bad);
            let why = example().row(&header, &row, 7).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
    }
}

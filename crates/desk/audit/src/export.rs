//! The audit as a table: what the filter shows, as CSV (RFC 4180), written while it is
//! read so that a hundred thousand rows take no more memory than a thousand.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use event_log::Wanted;
use futures::stream;
use kit::{Context, Error, Form, Result, Zone, new_id};

use crate::READ;
use crate::events::AuditEvent;
use crate::filter::Filter;
use crate::line::{self, Line};

/// At most so many rows; who wants older ones says until when.
pub const MOST: u64 = 100_000;
/// So many are read at once.
const AT_ONCE: u64 = 1_000;

/// `POST /admin/audit/export.csv`: not a link, because it is recorded.
pub async fn export(cx: Context, form: Form) -> Result<Response> {
    let filter = Filter::of(|name| form.get(name));
    let wanted = filter.wanted(&cx).await?;
    let mut tx = cx.begin().await?;
    tx.cx().require(&READ)?;
    tx.record(&AuditEvent::Exported(new_id(tx.now()), filter.as_data()));
    tx.commit().await?;
    let name = format!(
        "attachment; filename=\"audit-{}.csv\"",
        cx.zone.compact_day(cx.now)
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(table(cx, wanted))).into_response())
}

/// The table in pieces. One that fails half-way breaks off, so that nobody takes it
/// for the whole.
fn table(
    cx: Context,
    wanted: Wanted,
) -> impl futures::Stream<Item = std::result::Result<Bytes, std::io::Error>> {
    let failed = |error: Error| std::io::Error::other(format!("{error:?}"));
    stream::try_unfold(
        (cx, wanted, Some(0)),
        move |(cx, wanted, done)| async move {
            let Some(done) = done else { return Ok(None) };
            let piece = piece(&cx, wanted, done).await.map_err(failed)?;
            let (bytes, wanted, done) = piece;
            Ok(Some((bytes, (cx, wanted, done))))
        },
    )
}

/// The next rows behind `done` ones, and how to go on from there.
async fn piece(
    cx: &Context,
    mut wanted: Wanted,
    done: u64,
) -> Result<(Bytes, Wanted, Option<u64>)> {
    let limit = AT_ONCE.min(MOST - done);
    let events = event_log::page(cx.db(), &wanted, limit).await?;
    let read = events.len() as u64;
    wanted.after = events.last().map(event_log::Event::place);
    let data: Vec<String> = events.iter().map(|e| e.data.to_string()).collect();
    let lines = line::lines(cx, events).await?;
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let mut out = Vec::new();
    if done == 0 {
        // Without it, spreadsheets read UTF-8 as something else.
        out.extend_from_slice("\u{feff}".as_bytes());
        let heads = HEADS.map(|key| cx.text(key, &[]));
        csv.write_record(&heads).map_err(Error::internal)?;
    }
    for (line, data) in lines.iter().zip(&data) {
        let cells = cells(cx, line, data).map(|cell| harmless(&cell));
        csv.write_record(&cells).map_err(Error::internal)?;
    }
    out.extend(csv.into_inner().map_err(Error::internal)?);
    let done = done + read;
    let more = read == limit && done < MOST;
    Ok((out.into(), wanted, more.then_some(done)))
}

const HEADS: [&str; 13] = [
    "audit-number",
    "audit-when",
    "audit-who",
    "email",
    "role",
    "audit-ip",
    "audit-device",
    "audit-kind",
    "audit-what",
    "audit-thing",
    "audit-thing-id",
    "audit-details",
    "audit-data",
];

fn cells(cx: &Context, line: &Line, data: &str) -> [String; 13] {
    let who = line.who.as_ref();
    let role = who.map(|w| cx.text(&format!("role-{}", w.role.code()), &[]));
    let details: Vec<String> = line
        .details
        .iter()
        .map(|(label, value)| format!("{label}: {value}"))
        .collect();
    [
        line.seq.to_string(),
        Zone::rfc3339(line.at),
        who.map_or_else(|| line.nobody.clone(), |w| w.name.clone()),
        who.map(|w| w.email.clone()).unwrap_or_default(),
        role.unwrap_or_default(),
        line.ip.clone().unwrap_or_default(),
        line.device.clone().unwrap_or_default(),
        line.kind.clone(),
        line.what.clone(),
        line.thing.name.clone().unwrap_or_default(),
        line.thing.id.to_string(),
        details.join("; "),
        data.to_owned(),
    ]
}

/// A cell that no spreadsheet takes for a formula (OWASP, CSV Injection).
fn harmless(cell: &str) -> String {
    match cell.trim_start_matches([' ', '\u{a0}']).chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{cell}")
        }
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_cell_begins_like_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", " =1", "＝1"] {
            assert_eq!(harmless(bad), format!("'{bad}"), "{bad}");
        }
        for good in ["", "Ana", "a=b", "{\"a\":-1}", "12"] {
            assert_eq!(harmless(good), good);
        }
    }
}

//! `/admin/audit`.

use std::collections::HashMap;

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use kit::{
    Context, Error, Form, Page, Problems, Result, UserId, redirect, redirect_done, render_with,
    with_query,
};
use ui::Components;

use crate::check;
use crate::export::MOST;
use crate::filter::{self, Filter};
use crate::kinds::{GROUPS, Group, key};
use crate::line::{self, Line};
use crate::store::{self, Model};

pub const LIST: &str = "/admin/audit";
/// Rows on a page: one looks through them, and does not open them one by one.
const ROWS: u64 = 50;

#[derive(Template)]
#[template(path = "audit.html")]
struct Index {
    p: Page,
    filter: Filter,
    chips: Vec<Chip>,
    lines: Vec<Line>,
    checks: Checks,
    /// Where the list begins, on every page but that one.
    first: Option<String>,
    next: Option<String>,
    /// The desk's own people, for completing an address.
    staff: Vec<(String, String)>,
}

/// A filter that is set and can be taken away.
struct Chip {
    text: String,
    without: String,
}

/// What is known of the log being whole.
struct Checks {
    /// The reading that goes on.
    running: Option<Model>,
    /// The one that ended last.
    last: Option<Model>,
    /// Who asked for that one.
    by: Option<String>,
}

pub async fn index(cx: Context, RawQuery(query): RawQuery) -> Result<Response> {
    let pairs: HashMap<String, String> = kit::query_pairs(query.as_deref().unwrap_or_default())
        .into_iter()
        .collect();
    let get = |name: &str| pairs.get(name).map_or("", String::as_str);
    let filter = Filter::of(get);
    let after = filter::place(get("after"));
    let (mut events, problems) = match filter.wanted(&cx).await {
        Ok(mut wanted) => {
            wanted.after = after;
            let events = event_log::page(cx.db(), &wanted, ROWS + 1).await?;
            (events, Problems::default())
        }
        Err(Error::Invalid(problems)) => (Vec::new(), problems),
        Err(error) => return Err(error),
    };
    let more = events.len() as u64 > ROWS;
    events.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let next = events.last().filter(|_| more).map(|last| {
        let place = filter::written(last.place());
        let mut pairs = filter.pairs();
        pairs.push(("after", &place));
        with_query(LIST, &pairs)
    });
    let status = problems.status();
    let index = Index {
        chips: chips(&cx, &filter).await?,
        lines: line::lines(&cx, events).await?,
        checks: Checks::of(&cx).await?,
        first: after.map(|_| with_query(LIST, &filter.pairs())),
        next,
        staff: staff(&cx).await?,
        p: Page::new(&cx, "audit").with(problems),
        filter,
    };
    render_with(status, &index)
}

/// Begins to read the whole log.
pub async fn verify(cx: Context, _: Form) -> Result<Response> {
    let mut tx = cx.begin().await?;
    match check::ask(&mut tx).await? {
        true => tx.commit().await?,
        // Another reading goes on: the page shows it.
        false => return Ok(redirect(LIST)),
    }
    Ok(redirect_done(LIST, "audit-verify"))
}

impl Checks {
    async fn of(cx: &Context) -> Result<Checks> {
        let newest = store::newest(cx.db()).await?;
        let last = match &newest {
            Some(check) if check.finished_at.is_some() => newest.clone(),
            Some(_) => store::newest_finished(cx.db()).await?,
            None => None,
        };
        let by = last.as_ref().and_then(|check| check.begun_by);
        let people = people::named(cx, by.into_iter().collect()).await?;
        let running = match newest {
            Some(check) if check::is_running(cx.db(), &check).await? => Some(check),
            _ => None,
        };
        Ok(Checks {
            running,
            by: by.and_then(|id| people.get(&id)).map(|p| p.name.clone()),
            last,
        })
    }
}

impl Index {
    fn groups(&self) -> &'static [Group] {
        GROUPS
    }

    /// How many rows leave at most.
    fn most(&self) -> String {
        self.p.number(i64::try_from(MOST).unwrap_or(i64::MAX))
    }

    /// This list narrowed to one thing, person, address or kind.
    fn only(&self, name: &'static str, value: &str) -> String {
        let mut pairs = self.filter.without(name);
        pairs.push((name, value));
        with_query(LIST, &pairs)
    }

    /// What of the last reading is to be said, with the number where it broke.
    fn verdict(&self, check: &Model) -> String {
        let key = format!("audit-log-{}", check.verdict.as_deref().unwrap_or("whole"));
        let number = check.broken.unwrap_or(check.seq);
        self.p.ta(&key, "number", &self.p.number(number))
    }

    /// Whether anything is narrowed.
    fn narrowed(&self) -> bool {
        !self.chips.is_empty()
    }
}

/// Whether the last reading found the log whole: for the template.
fn is_whole(check: &Model) -> bool {
    check.verdict.as_deref() == Some("whole")
}

/// The beginning of an id, for a thing without a name: for the template.
fn short(id: &uuid::Uuid) -> String {
    id.to_string().chars().take(8).collect()
}

async fn chips(cx: &Context, filter: &Filter) -> Result<Vec<Chip>> {
    let mut chips = Vec::new();
    for (name, value) in filter.pairs() {
        let shown = match name {
            "kind" => kind_word(cx, value),
            "who" => match value.parse::<UserId>() {
                Ok(id) => {
                    let people = people::named(cx, vec![id]).await?;
                    people.get(&id).map_or(value.to_owned(), |p| p.name.clone())
                }
                Err(_) => value.to_owned(),
            },
            "from" | "to" => {
                let day = cx.zone.day(value);
                day.map_or(value.to_owned(), |(start, _)| {
                    cx.zone.date(cx.locale, start)
                })
            }
            _ => value.to_owned(),
        };
        let label = cx.text(label(name), &[]);
        chips.push(Chip {
            text: format!("{label}: {shown}"),
            without: with_query(LIST, &filter.without(name)),
        });
    }
    Ok(chips)
}

fn label(name: &str) -> &'static str {
    match name {
        "kind" => "audit-what",
        "who" => "audit-who",
        "ip" => "audit-ip",
        "thing" => "audit-thing",
        "from" => "field-from",
        _ => "field-to",
    }
}

/// A group's name, a kind's words, or the kind itself.
fn kind_word(cx: &Context, kind: &str) -> String {
    let keys = [format!("audit-group-{kind}"), key(kind)];
    match keys.iter().find(|key| cx.app.i18n.has(key)) {
        Some(key) => cx.text(key, &[]),
        None => kind.to_owned(),
    }
}

async fn staff(cx: &Context) -> Result<Vec<(String, String)>> {
    let staff = people::staff(cx.db()).await?;
    Ok(staff.into_iter().map(|p| (p.email, p.name)).collect())
}

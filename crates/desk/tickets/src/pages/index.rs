use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use kit::{Context, Cursor, PAGE, Page, Result, redirect, render};
use ui::Components;

use super::choices::{self, Choice};
use super::found::{self, Found};
use super::{Marks, Names, beginning};
use crate::filter::{Filter, Pair, Sort, View};
use crate::store::list::{self, COUNTED, COUNTED_AT_TABS, From, Line};

/// The list of tickets: technicians' blocks, tabs and filters; a requester's own.
#[derive(Template)]
#[template(path = "tickets.html")]
struct Index {
    p: Page,
    staff: bool,
    cards: bool,
    tabs: Vec<Tab>,
    groups: Vec<Group>,
    names: Names,
    filter: Filter,
    selects: Vec<Select>,
    chips: Vec<Chip>,
    /// The dates as they were typed.
    from: String,
    to: String,
    pager: Pager,
    pairs: Vec<Pair>,
    /// What is searched for, and in how many tickets it was found.
    words: String,
    found: i64,
    /// The index is being made.
    preparing: bool,
}

/// One tab above the list.
struct Tab {
    view: View,
    count: String,
    current: bool,
}

/// Tickets under a common heading: a block, or a company within one.
struct Group {
    /// `unassigned` or `working` where a block begins.
    block: Option<&'static str>,
    /// The company's name where the list is grouped by it.
    company: Option<String>,
    lines: Vec<Line>,
}

/// A filter with its choices.
struct Select {
    name: &'static str,
    label: String,
    choices: Vec<Choice>,
    value: String,
}

/// A filter that is set and can be taken away.
struct Chip {
    text: String,
    without: String,
}

/// Where in the list we are.
struct Pager {
    /// "Página 1 de 3".
    text: String,
    /// Where the list begins, on every page but that one.
    first: Option<String>,
    previous: Option<String>,
    next: Option<String>,
}

pub async fn index(cx: Context, RawQuery(query): RawQuery) -> Result<Response> {
    let mut pairs = kit::query_pairs(query.as_deref().unwrap_or_default());
    // `view=cards` is a way of showing, not a tab (S1-026).
    for pair in pairs
        .iter_mut()
        .filter(|p| p.0 == "view" && matches!(p.1.as_str(), "cards" | "list"))
    {
        pair.0 = "show".to_owned();
    }
    let staff = cx.scope().sees_internal();
    // With a filter, everything is looked through; without, what is unfinished.
    let narrowed = pairs.iter().any(|(n, v)| {
        !v.is_empty()
            && !matches!(
                n.as_str(),
                "page" | "after" | "view" | "show" | "sort" | "dir"
            )
    });
    let default_view = if staff && !narrowed {
        View::Active
    } else {
        View::All
    };
    let filter = Filter::parse(&cx, &pairs, default_view)?;
    let mut filter = filter.in_words(cx.app.settings.vocabulary);
    let words = found::words(&pairs);
    filter.blocks = staff && words.is_empty();
    if !words.is_empty() {
        return search(cx, pairs, filter, words).await;
    }
    let total = list::count(&cx, &filter).await?;
    let here = Place::of(&pairs, total);
    if here.beyond {
        return Ok(redirect(&url(
            &pairs,
            &[("page", &here.pages.to_string()), ("after", "")],
        )));
    }
    let (lines, next) = list::page(&cx, &filter, &here.from, PAGE).await?;
    let pager = here.pager(&cx, &pairs, next.as_ref(), total);
    let listed = Found {
        lines,
        total,
        preparing: false,
    };
    show(cx, pairs, filter, words, listed, pager).await
}

/// The same list of what some words are found in.
async fn search(
    cx: Context,
    mut pairs: Vec<Pair>,
    mut filter: Filter,
    words: String,
) -> Result<Response> {
    // The index knows two orders: what fits best, and the newest first.
    if get(&pairs, "sort") != Sort::Created.code() {
        filter.sort = Sort::Best;
    }
    filter.ascending = false;
    // The index's pages have numbers only.
    pairs.retain(|(name, _)| name != "after");
    let asked: u64 = get(&pairs, "page").parse().unwrap_or(1);
    let asked = asked.clamp(1, COUNTED.unsigned_abs() / PAGE);
    let found = found::page(&cx, &words, &filter, (asked - 1) * PAGE).await?;
    let here = Place::of(&pairs, found.total.min(COUNTED));
    if here.beyond && !found.preparing {
        return Ok(redirect(&url(&pairs, &[("page", &here.pages.to_string())])));
    }
    let mut pager = here.pager(&cx, &pairs, None, found.total);
    if here.page < here.pages {
        pager.next = Some(url(&pairs, &[("page", &(here.page + 1).to_string())]));
    }
    show(cx, pairs, filter, words, found, pager).await
}

async fn show(
    cx: Context,
    pairs: Vec<Pair>,
    filter: Filter,
    words: String,
    listed: Found,
    pager: Pager,
) -> Result<Response> {
    let staff = cx.scope().sees_internal();
    let Found {
        lines,
        total,
        preparing,
    } = listed;
    let names = Names::of(&cx, &lines).await?;
    let value = |name: &str| get(&pairs, name).to_owned();
    let selects = if staff {
        selects(&cx, &pairs).await?
    } else {
        Vec::new()
    };
    render(&Index {
        p: Page::new(&cx, if staff { "tickets" } else { "tickets-own" }),
        staff,
        cards: get(&pairs, "show") == "cards",
        tabs: if staff {
            tabs(&cx, &filter).await?
        } else {
            Vec::new()
        },
        groups: groups(&filter, staff, lines, &names),
        chips: chips(&cx, &pairs, &selects),
        words,
        found: total,
        preparing,
        names,
        filter,
        selects,
        from: value("from"),
        to: value("to"),
        pager,
        pairs,
    })
}

impl Index {
    /// The URL of this list with some of its query changed; an empty value takes away.
    fn with(&self, name: &str, value: &str) -> String {
        url(&self.pairs, &[(name, value), ("page", ""), ("after", "")])
    }

    /// Whether the list can be sorted by `sort`: what was found has two orders.
    fn sorts(&self, sort: &str) -> bool {
        self.words.is_empty() || sort == Sort::Created.code()
    }

    /// The URL that sorts by `sort`, or turns its direction when it does already.
    fn sorted(&self, sort: &str) -> String {
        let turned = self.filter.sort.code() == sort && !self.filter.ascending;
        let dir = if turned { "asc" } else { "" };
        url(
            &self.pairs,
            &[("sort", sort), ("dir", dir), ("page", ""), ("after", "")],
        )
    }

    /// `aria-sort` of a column.
    fn direction(&self, sort: &str) -> &'static str {
        match (self.filter.sort.code() == sort, self.filter.ascending) {
            (false, _) => "none",
            (true, true) => "ascending",
            (true, false) => "descending",
        }
    }

    /// What a form must carry on: everything but the filters themselves.
    fn kept(&self) -> Vec<&Pair> {
        let kept = |p: &&Pair| matches!(p.0.as_str(), "view" | "show" | "sort" | "dir" | "q");
        self.pairs.iter().filter(kept).collect()
    }

    /// Whether the list begins with the newest.
    fn newest_first(&self) -> bool {
        let by_weight = self.filter.sort == Sort::Priority;
        !self.filter.ascending && !by_weight && !self.filter.in_blocks()
    }

    /// Whether there is more than this page.
    fn paged(&self) -> bool {
        let ways = [&self.pager.first, &self.pager.previous, &self.pager.next];
        ways.iter().any(|way| way.is_some())
    }

    /// Whether nothing matched because of a filter.
    fn narrowed(&self) -> bool {
        !self.chips.is_empty()
    }
}

async fn tabs(cx: &Context, filter: &Filter) -> Result<Vec<Tab>> {
    let counts = list::view_counts(cx, &View::ALL).await?;
    let tab = |view: View| {
        let count = counts.get(view.code()).copied().unwrap_or_default();
        Tab {
            view,
            count: match count {
                COUNTED_AT_TABS.. => format!("{}+", COUNTED_AT_TABS - 1),
                n => n.to_string(),
            },
            current: filter.view == view,
        }
    };
    Ok(View::ALL.into_iter().map(tab).collect())
}

/// The technicians' list in its blocks, each grouped by company (S3-035); any
/// other list as one.
fn groups(filter: &Filter, staff: bool, lines: Vec<Line>, names: &Names) -> Vec<Group> {
    if !staff || !filter.in_blocks() {
        let all = Group {
            block: None,
            company: None,
            lines,
        };
        return vec![all];
    }
    let mut groups: Vec<Group> = Vec::new();
    for (number, name) in [(2, "unassigned"), (1, "working")] {
        let mut block: Vec<Group> = Vec::new();
        for line in lines.iter().filter(|l| l.block == number) {
            let company = Some(
                names
                    .company(&line.company_id)
                    .unwrap_or_default()
                    .to_owned(),
            );
            match block.iter_mut().find(|g| g.company == company) {
                Some(group) => group.lines.push(line.clone()),
                None => block.push(Group {
                    block: block.is_empty().then_some(name),
                    company,
                    lines: vec![line.clone()],
                }),
            }
        }
        groups.extend(block);
    }
    groups
}

async fn selects(cx: &Context, pairs: &[Pair]) -> Result<Vec<Select>> {
    let any = |mut choices: Vec<Choice>| {
        choices.insert(0, (String::new(), cx.text("all", &[])));
        choices
    };
    let mut staff = choices::staff(cx, "all").await?;
    staff.insert(1, ("none".to_owned(), cx.text("nobody", &[])));
    staff.insert(1, ("me".to_owned(), cx.text("me", &[])));
    let categories = catalog::categories(cx.db()).await?;
    let categories = categories
        .into_iter()
        .filter(|c| c.parent.is_none())
        .map(|c| (c.name.clone(), c.name));
    let select = |name: &'static str, choices: Vec<Choice>| Select {
        name,
        label: cx.text(&format!("field-{name}"), &[]),
        choices,
        value: get(pairs, name).to_owned(),
    };
    Ok(vec![
        select("status", any(choices::statuses(cx))),
        select("queue", choices::queues(cx, "all").await?),
        select("category", any(categories.collect())),
        select("assignee", staff),
        select("priority", any(choices::priorities(cx))),
        select("company", choices::companies(cx, "all").await?),
    ])
}

fn chips(cx: &Context, pairs: &[Pair], selects: &[Select]) -> Vec<Chip> {
    let chip = |name: &str, text: String| Chip {
        text,
        without: url(pairs, &[(name, ""), ("page", ""), ("after", "")]),
    };
    let mut chips: Vec<Chip> = selects
        .iter()
        .filter(|s| !s.value.is_empty())
        .map(|s| {
            let read = s.choices.iter().find(|(value, _)| *value == s.value);
            let read = read.map_or(s.value.as_str(), |(_, text)| text);
            chip(s.name, format!("{}: {read}", s.label))
        })
        .collect();
    let words = get(pairs, "q");
    if !words.trim().is_empty() {
        chips.insert(0, chip("q", format!("“{}”", words.trim())));
    }
    for name in ["from", "to"] {
        let value = get(pairs, name);
        if !value.is_empty() {
            let label = cx.text(&format!("field-{name}"), &[]);
            let (zone, locale) = (&cx.app.zone, cx.locale);
            let day = zone.day(value).map(|(start, _)| zone.date(locale, start));
            let day = day.as_deref().unwrap_or(value);
            chips.push(chip(name, format!("{label}: {day}")));
        }
    }
    chips
}

/// Where in the list the URL points to: a page's number, and the cursor that the
/// link to it carried. Without a cursor the rows before are walked over, of
/// which there are at most [`COUNTED`].
struct Place {
    page: u64,
    pages: u64,
    beyond: bool,
    from: From,
}

impl Place {
    fn of(pairs: &[Pair], total: i64) -> Place {
        let total = u64::try_from(total).unwrap_or_default();
        let pages = total.div_ceil(PAGE).max(1);
        let page: u64 = get(pairs, "page").parse().unwrap_or(1).clamp(1, 1_000_000);
        let cursor: Option<Cursor> = get(pairs, "after").parse().ok();
        let beyond = page > pages && cursor.is_none();
        let from = cursor.map_or_else(|| From::Row((page - 1).min(pages) * PAGE), From::After);
        Place {
            page,
            pages,
            beyond,
            from,
        }
    }

    fn is_beyond_first(&self) -> bool {
        self.page > 1 || matches!(self.from, From::After(_))
    }

    fn pager(&self, cx: &Context, pairs: &[Pair], next: Option<&Cursor>, total: i64) -> Pager {
        let number = |n: u64| n.to_string();
        let key = if total >= COUNTED {
            "page-of-many"
        } else {
            "page-of"
        };
        let args = [
            ("page", self.page.to_string().into()),
            ("pages", self.pages.to_string().into()),
        ];
        let back = |n: u64| url(pairs, &[("page", &number(n)), ("after", "")]);
        let on = |c: &Cursor| {
            url(
                pairs,
                &[("page", &number(self.page + 1)), ("after", &c.to_string())],
            )
        };
        Pager {
            text: cx.text(key, &args),
            first: self.is_beyond_first().then(|| kit::first_page(&cx.path)),
            previous: (self.page > 1).then(|| back((self.page - 1).min(self.pages))),
            next: next.map(on),
        }
    }
}

fn get<'a>(pairs: &'a [Pair], name: &str) -> &'a str {
    pairs
        .iter()
        .find(|(n, _)| n == name)
        .map_or("", |(_, value)| value.as_str())
}

fn url(pairs: &[Pair], changed: &[(&str, &str)]) -> String {
    let mut kept: Vec<(&str, &str)> = pairs
        .iter()
        .filter(|(n, v)| !v.is_empty() && !changed.iter().any(|(c, _)| c == n))
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    kept.extend(changed.iter().filter(|(_, v)| !v.is_empty()));
    kit::with_query("/tickets", &kept)
}

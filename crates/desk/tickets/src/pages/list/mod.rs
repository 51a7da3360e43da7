//! The list of tickets: as a table, as cards, as a board, or beside a ticket.

pub mod bulk;
mod narrowing;
mod pager;
mod shown;
pub mod views;

use std::sync::Arc;

use askama::Template;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kit::{Context, Form, PAGE, Page, Problems, Result, redirect, render, render_with};
use ui::Components;

use self::bulk::Notice;
use self::narrowing::{Chip, Select, chips, selects};
use self::pager::{Pager, Place, Total};
use self::shown::{Board, Group, Show, groups};
use self::views::Views;
use super::choices::Choice;
use super::found::{self, Found};
use super::show::{self, Body};
use super::{Marks, Names, beginning};
use crate::filter::{Filter, Pair, Sort, View};
use crate::policy;
use crate::store::list::{self, COUNTED, Line};
use crate::tallies::Tallies;

/// The list: technicians' blocks, tabs and filters; a requester's own.
#[derive(Template)]
#[template(path = "tickets.html")]
struct Index {
    p: Page,
    staff: bool,
    show: Show,
    views: Views,
    groups: Vec<Group>,
    board: Board,
    /// Beside the list: the ticket that is open.
    open: Option<Body>,
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
    /// What an act on many tickets did.
    notice: Option<Notice>,
    /// A form of this page that came back: what was typed, and which it is.
    form: Form,
    which: &'static str,
}

pub async fn index(cx: Context, headers: HeaderMap, RawQuery(query): RawQuery) -> Result<Response> {
    let pairs = kit::query_pairs(query.as_deref().unwrap_or_default());
    if let (true, Some(name)) = (show::is_framed(&headers), some(&pairs, "open")) {
        return show::framed(&cx, Body::named(&cx, name).await?);
    }
    match Asked::of(cx, pairs)?.page().await? {
        Ok(index) => render(&index),
        Err(elsewhere) => Ok(redirect(&elsewhere)),
    }
}

/// The list at `query` again, with a form of it that was not accepted.
async fn sent_back(
    cx: Context,
    query: &str,
    which: &'static str,
    form: Form,
    problems: Problems,
) -> Result<Response> {
    let asked = Asked::of(cx, kit::query_pairs(query))?;
    match asked.page().await? {
        Ok(mut index) => {
            index.p = index.p.with(problems);
            index.form = form;
            index.which = which;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &index)
        }
        Err(elsewhere) => Ok(redirect(&elsewhere)),
    }
}

/// What a list is asked for.
struct Asked {
    cx: Context,
    pairs: Vec<Pair>,
    staff: bool,
    filter: Filter,
    words: String,
    /// The notice of this act is to be shown.
    done: Option<String>,
    /// The desk's numbers; a requester has none.
    tallies: Option<Arc<Tallies>>,
}

impl Asked {
    fn of(cx: Context, mut pairs: Vec<Pair>) -> Result<Asked> {
        // `view=cards` is a way of showing, not a tab (S1-026).
        for pair in pairs
            .iter_mut()
            .filter(|p| p.0 == "view" && Show::from_code(&p.1).is_some())
        {
            pair.0 = "show".to_owned();
        }
        let done = some(&pairs, "done").map(str::to_owned);
        pairs.retain(|pair| pair.0 != "done");
        let staff = cx.scope().sees_internal();
        let mut filter = filter(&cx, &pairs)?;
        let words = found::words(&pairs);
        filter.blocks = staff && words.is_empty();
        Ok(Asked {
            cx,
            pairs,
            staff,
            filter,
            words,
            done,
            tallies: None,
        })
    }

    /// The page, or where else to go.
    async fn page(mut self) -> Result<std::result::Result<Index, String>> {
        let show = Show::of(&self.pairs, self.staff, &self.words);
        if self.staff {
            self.tallies = Some(Tallies::kept(&self.cx).await?);
        }
        if show == Show::Board {
            let nothing = Found::default();
            return Ok(Ok(self.index(show, nothing, Pager::default()).await?));
        }
        if !self.words.is_empty() {
            return self.search(show).await;
        }
        // Beside a ticket there is one narrow list.
        self.filter.blocks &= show != Show::Split;
        let cx = &self.cx;
        let total = match &self.tallies {
            Some(tallies) if self.filter.is_a_view() && tallies.know(self.filter.view) => {
                Total::Kept(tallies.of(self.filter.view, cx.actor.id()))
            }
            _ => Total::Counted(list::count(cx, &self.filter).await?),
        };
        let here = Place::of(&self.pairs, total);
        if let Some(page) = here.instead {
            return Ok(Err(anew(&self.pairs, &[("page", &page.to_string())])));
        }
        let (lines, next) = list::page(cx, &self.filter, &here.from, PAGE).await?;
        let before = lines.first().map(|line| line.cursor(&self.filter));
        let pager = here.pager(cx, &self.pairs, before.as_ref(), next.as_ref());
        let listed = Found {
            lines,
            ..Found::default()
        };
        Ok(Ok(self.index(show, listed, pager).await?))
    }

    /// The same list of what some words are found in.
    async fn search(mut self, show: Show) -> Result<std::result::Result<Index, String>> {
        // The index knows two orders: what fits best, and the newest first.
        if get(&self.pairs, "sort") != Sort::Created.code() {
            self.filter.sort = Sort::Best;
        }
        self.filter.ascending = false;
        // The index's pages have numbers only.
        self.pairs
            .retain(|(name, _)| !CURSORS.contains(&name.as_str()));
        let asked: u64 = get(&self.pairs, "page").parse().unwrap_or(1);
        let asked = asked.clamp(1, COUNTED.unsigned_abs() / PAGE);
        let from = (asked - 1) * PAGE;
        let found = found::page(&self.cx, &self.words, &self.filter, from).await?;
        let here = Place::of(&self.pairs, Total::Counted(found.total.min(COUNTED)));
        if let (Some(page), false) = (here.instead, found.preparing) {
            return Ok(Err(anew(&self.pairs, &[("page", &page.to_string())])));
        }
        let mut pager = here.pager(&self.cx, &self.pairs, None, None);
        if here.page < here.pages {
            let next = (here.page + 1).to_string();
            pager.next = Some(anew(&self.pairs, &[("page", &next)]));
        }
        Ok(Ok(self.index(show, found, pager).await?))
    }

    async fn index(self, show: Show, listed: Found, pager: Pager) -> Result<Index> {
        let Asked {
            cx,
            pairs,
            staff,
            filter,
            words,
            done,
            tallies,
        } = self;
        let Found {
            lines,
            total,
            preparing,
        } = listed;
        let board = match show {
            Show::Board => Board::of(&cx, &filter, &pairs).await?,
            _ => Board::default(),
        };
        let open = match (show, some(&pairs, "open")) {
            (Show::Split, Some(name)) => Body::found(&cx, name).await?,
            _ => None,
        };
        let shown: Vec<_> = lines.iter().chain(board.lines()).cloned().collect();
        let names = Names::of(&cx, &shown).await?;
        let selects = match staff {
            true => selects(&cx, &pairs).await?,
            false => Vec::new(),
        };
        let value = |name: &str| get(&pairs, name).to_owned();
        Ok(Index {
            p: match &open {
                Some(body) => Page::titled(&cx, body.title().to_owned()),
                None => Page::new(&cx, if staff { "tickets" } else { "tickets-own" }),
            },
            staff,
            show,
            views: match &tallies {
                Some(tallies) => Views::of(&cx, tallies, &filter, &pairs).await?,
                None => Views::default(),
            },
            groups: groups(&filter, staff, lines, &names),
            board,
            open,
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
            notice: Notice::of(&cx, done.as_deref()).await?,
            pairs,
            form: Form::default(),
            which: "",
        })
    }
}

/// The filter of a list's query, in the installation's words.
fn filter(cx: &Context, pairs: &[Pair]) -> Result<Filter> {
    // With a filter, everything is looked through; without, what is unfinished.
    let narrowed = pairs.iter().any(|(name, value)| {
        !value.is_empty()
            && matches!(
                name.as_str(),
                "q" | "status"
                    | "phase"
                    | "queue"
                    | "company"
                    | "category"
                    | "assignee"
                    | "priority"
                    | "from"
                    | "to"
            )
    });
    let default_view = match cx.scope().sees_internal() && !narrowed {
        true => View::Active,
        false => View::All,
    };
    let filter = Filter::parse(cx, pairs, default_view)?;
    Ok(filter.in_words(cx.app.settings.vocabulary))
}

impl Index {
    /// The URL of this list with some of its query changed; an empty value takes away.
    fn with(&self, name: &str, value: &str) -> String {
        anew(&self.pairs, &[(name, value)])
    }

    /// This page of the list with a ticket open beside it.
    fn beside(&self, protocol: &str) -> String {
        url(&self.pairs, &[("open", protocol)])
    }

    /// The query of this page, for a form that leads back here.
    fn query(&self) -> String {
        let here = url(&self.pairs, &[]);
        here.split_once('?').map_or("", |(_, q)| q).to_owned()
    }

    /// Whether this ticket is the one beside the list.
    fn is_open(&self, line: &Line) -> bool {
        get(&self.pairs, "open") == line.protocol
    }

    /// Whether the reader may say who works on a ticket.
    fn may_assign(&self) -> bool {
        self.p.may(&policy::ASSIGN)
    }

    /// Whether the reader may save views for everybody.
    fn may_share(&self) -> bool {
        self.p.may(&policy::SHARE_VIEWS)
    }

    /// Whether the list can be sorted by `sort`: what was found has two orders.
    fn sorts(&self, sort: &str) -> bool {
        self.words.is_empty() || sort == Sort::Created.code()
    }

    /// The URL that sorts by `sort`, or turns its direction when it does already.
    fn sorted(&self, sort: &str) -> String {
        let turned = self.filter.sort.code() == sort && !self.filter.ascending;
        let dir = if turned { "asc" } else { "" };
        anew(&self.pairs, &[("sort", sort), ("dir", dir)])
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
        const KEPT: [&str; 7] = ["view", "show", "sort", "dir", "q", "saved", "open"];
        let kept = |p: &&Pair| KEPT.contains(&p.0.as_str());
        self.pairs.iter().filter(kept).collect()
    }

    /// What the way to the first page is called: the list may begin with the newest.
    fn first_word(&self) -> &'static str {
        let by_weight = self.filter.sort == Sort::Priority;
        match self.filter.ascending || by_weight || self.filter.in_blocks() {
            true => "back-start",
            false => "back-newest",
        }
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

    /// Whether there is nothing to show.
    fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| group.lines.is_empty()) && self.show != Show::Board
    }

    /// The choices of the filter `name`, for setting it on many; without "all".
    fn settable(&self, name: &str) -> Vec<&Choice> {
        let select = self.selects.iter().find(|s| s.name == name);
        let choices = select.into_iter().flat_map(|s| &s.choices);
        choices
            .filter(|(value, _)| !matches!(value.as_str(), "" | "none" | "me"))
            .collect()
    }

    /// Whether a ticket was chosen in the form that came back.
    fn picked(&self, protocol: &str) -> bool {
        self.which == "bulk" && self.form.all("ticket").any(|name| name == protocol)
    }

    /// What a mistake in the form `which` says at `field`.
    fn wrong(&self, which: &str, field: &str) -> Option<String> {
        self.p.problem(field).filter(|_| self.which == which)
    }
}

/// The value of `name`; empty when there is none.
fn get<'a>(pairs: &'a [Pair], name: &str) -> &'a str {
    some(pairs, name).unwrap_or_default()
}

fn some<'a>(pairs: &'a [Pair], name: &str) -> Option<&'a str> {
    let value = pairs.iter().find(|(n, _)| n == name);
    value.map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
}

/// What the links of a page carry besides its number.
const CURSORS: [&str; 2] = ["after", "before"];

/// The list with some of its query changed, from its beginning or the page that
/// `changed` names.
fn anew(pairs: &[Pair], changed: &[(&str, &str)]) -> String {
    let mut all = vec![("page", ""), ("after", ""), ("before", "")];
    all.extend(changed);
    url(pairs, &all)
}

/// The list with these pairs in its query, some of them changed; empty ones leave.
pub fn url(pairs: &[Pair], changed: &[(&str, &str)]) -> String {
    let mut kept: Vec<(&str, &str)> = pairs
        .iter()
        .filter(|(n, v)| !v.is_empty() && !changed.iter().any(|(c, _)| c == n))
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    kept.extend(changed.iter().filter(|(_, v)| !v.is_empty()));
    kit::with_query("/tickets", &kept)
}

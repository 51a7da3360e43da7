//! The ways in which a list is shown.

use futures::future::try_join_all;
use kit::{Context, Cursor, Result};

use super::{get, url};
use crate::filter::{Filter, Pair, Sort, View};
use crate::pages::Names;
use crate::status::{Standing, Status, transition};
use crate::store::list::{self, From, Line};
use crate::timeline::status_word;

/// How a list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Rows with columns.
    List,
    /// Cards in a grid.
    Cards,
    /// Columns of cards, one for each state.
    Board,
    /// A narrow list beside the ticket that is open.
    Split,
}

impl Show {
    /// All of them, in the order of choosing.
    pub const ALL: [Show; 4] = [Show::List, Show::Cards, Show::Board, Show::Split];

    /// The name in the URL and at the end of its locale key.
    pub fn code(self) -> &'static str {
        match self {
            Show::List => "list",
            Show::Cards => "cards",
            Show::Board => "board",
            Show::Split => "split",
        }
    }

    pub fn from_code(code: &str) -> Option<Show> {
        Show::ALL.into_iter().find(|show| show.code() == code)
    }

    /// What a query asks for; a requester has a list or cards, and what some words
    /// are found in has no states to stand under.
    pub fn of(pairs: &[Pair], staff: bool, words: &str) -> Show {
        let asked = Show::from_code(get(pairs, "show")).unwrap_or(Show::List);
        match asked {
            asked if asked.is_for(staff, words) => asked,
            _ => Show::List,
        }
    }

    /// Whether it can be chosen.
    pub fn is_for(self, staff: bool, words: &str) -> bool {
        match self {
            Show::List | Show::Cards => true,
            Show::Board => staff && words.is_empty(),
            Show::Split => staff,
        }
    }

    /// The icon's name.
    pub fn icon(self) -> &'static str {
        match self {
            Show::List => "list",
            Show::Cards => "cards",
            Show::Board => "layout-kanban",
            Show::Split => "layout-sidebar",
        }
    }
}

/// Tickets under a common heading: a block, or a company within one.
pub struct Group {
    /// `unassigned` or `working` where a block begins.
    pub block: Option<&'static str>,
    /// The company's name where the list is grouped by it.
    pub company: Option<String>,
    pub lines: Vec<Line>,
}

/// The technicians' list in its blocks, each grouped by company (S3-035); any
/// other list as one.
pub fn groups(filter: &Filter, staff: bool, lines: Vec<Line>, names: &Names) -> Vec<Group> {
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

/// So many cards stand in a column; the list has the rest.
const CARDS: u64 = 20;

/// The tickets in columns, one for each state.
#[derive(Default)]
pub struct Board {
    pub columns: Vec<Column>,
}

/// The tickets of a state.
pub struct Column {
    /// The state; those that the vocabulary calls by the same word stand with it.
    pub status: Status,
    pub word: String,
    pub count: String,
    pub lines: Vec<Line>,
    /// The list of all of them, where there are more.
    pub more: Option<String>,
}

impl Board {
    /// The columns of a list: what was changed last stands first.
    pub async fn of(cx: &Context, filter: &Filter, pairs: &[Pair]) -> Result<Board> {
        let vocabulary = cx.app.settings.vocabulary;
        let wanted =
            |status: &Status| filter.statuses.is_empty() || filter.statuses.contains(status);
        let statuses: Vec<Status> = Status::choices(vocabulary)
            .into_iter()
            // What is over is looked up, not worked on.
            .filter(|s| s.alike(vocabulary) != [Status::Closed] && wanted(s))
            .collect();
        let filters: Vec<Filter> = statuses
            .iter()
            .map(|status| Filter {
                statuses: status.alike(vocabulary),
                view: match filter.view {
                    View::Active => View::All,
                    view => view,
                },
                sort: Sort::Updated,
                ascending: false,
                blocks: false,
                ..filter.clone()
            })
            .collect();
        let counts = list::counts(cx, &filters).await?;
        let pages = filters
            .iter()
            .map(|filter| list::page(cx, filter, &From::Row(0), CARDS));
        let pages = try_join_all(pages).await?;
        let column =
            |((status, count), (lines, next)): ((Status, i64), (Vec<Line>, Option<Cursor>))| {
                Column {
                    status,
                    word: status_word(cx, status),
                    count: list::said(count),
                    lines,
                    more: next.is_some().then(|| {
                        url(
                            pairs,
                            &[("show", ""), ("view", "all"), ("status", status.code())],
                        )
                    }),
                }
            };
        let all = statuses.into_iter().zip(counts).zip(pages);
        // Only a visit schedules a ticket: no card can be dropped there.
        let shown = all.filter(|((status, count), _)| *status != Status::Scheduled || *count > 0);
        Ok(Board {
            columns: shown.map(column).collect(),
        })
    }

    /// Every ticket on it.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.columns.iter().flat_map(|column| &column.lines)
    }

    /// Where a ticket can be moved to by the reader: the other columns that the
    /// table of transitions leads to.
    pub fn moves(&self, cx: &Context, line: &Line) -> Vec<(&'static str, &str)> {
        let standing = line.standing(&cx.actor);
        let from = line.status();
        let vocabulary = cx.app.settings.vocabulary;
        let leads = |column: &&Column| {
            let act = crate::commands::act_to(from, column.status);
            let assigned = line.assignee_id.is_some() || standing == Standing::Free;
            !column.status.alike(vocabulary).contains(&from)
                && transition(from, act, standing, assigned).is_ok_and(|to| to == column.status)
        };
        self.columns
            .iter()
            .filter(leads)
            .map(|column| (column.status.code(), column.word.as_str()))
            .collect()
    }
}

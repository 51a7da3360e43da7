//! Which tickets a list shows and in which order. Its state is the URL.

use catalog::QueueId;
use kit::{CompanyId, Context, Cursor, Error, Instant, Problems, Result, UserId, Vocabulary};
use sea_orm::{ColumnTrait, Condition};

use crate::status::Status;
use crate::store::ticket::Column;
use crate::ticket::Priority;

/// Whose tickets, by who works on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssigneeFilter {
    /// Nobody's.
    Nobody,
    /// The reader's own.
    Me,
    /// This technician's.
    User(UserId),
}

/// A named filter: one tab above the technicians' list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// What is unfinished, in the two blocks of S3-033 and S3-034.
    #[default]
    Active,
    /// What the reader works on.
    Mine,
    /// What waits for a technician.
    Unassigned,
    /// What is being worked on.
    Working,
    /// What waits for somebody outside.
    Waiting,
    /// What was handed to the next level.
    Escalated,
    /// What was solved and not yet confirmed.
    Resolved,
    /// Everything.
    All,
}

impl View {
    /// All of them, in the order of the tabs.
    pub const ALL: [View; 8] = [
        View::Active,
        View::Mine,
        View::Unassigned,
        View::Working,
        View::Waiting,
        View::Escalated,
        View::Resolved,
        View::All,
    ];

    /// The name in the URL and at the end of its locale key.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            View::Active => "active",
            View::Mine => "mine",
            View::Unassigned => "unassigned",
            View::Working => "working",
            View::Waiting => "waiting",
            View::Escalated => "escalated",
            View::Resolved => "resolved",
            View::All => "all",
        }
    }

    fn condition(self, me: Option<UserId>) -> Condition {
        let all = Condition::all();
        match self {
            View::Active => all.add(Column::Block.gt(0)),
            View::Mine => all.add(Column::AssigneeId.eq(me)).add(Column::Block.eq(1)),
            View::Unassigned => all.add(Column::Block.eq(2)),
            View::Working => all.add(Column::Block.eq(1)),
            View::Waiting => all.add(Column::Status.eq(Status::Waiting.code())),
            View::Escalated => all.add(Column::Status.eq(Status::Escalated.code())),
            View::Resolved => all.add(Column::Status.eq(Status::Resolved.code())),
            View::All => all,
        }
    }
}

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Newest first; the technicians' blocks one after the other.
    #[default]
    Created,
    /// By the last change.
    Updated,
    /// By weight, the newest first among equals.
    Priority,
    /// What fits the words best that were searched for.
    Best,
}

impl Sort {
    /// The name in the URL.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Sort::Created => "created",
            Sort::Updated => "updated",
            Sort::Priority => "priority",
            Sort::Best => "best",
        }
    }
}

/// Everything that says which tickets a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The tab.
    pub view: View,
    /// One of these states; all when empty.
    pub statuses: Vec<Status>,
    /// In this queue.
    pub queue: Option<QueueId>,
    /// With this category's name, as saved on the ticket.
    pub category: Option<String>,
    /// By who works on it.
    pub assignee: Option<AssigneeFilter>,
    /// Of this priority.
    pub priority: Option<Priority>,
    /// Of this company.
    pub company: Option<CompanyId>,
    /// Opened at or after this.
    pub from: Option<Instant>,
    /// Opened before this.
    pub until: Option<Instant>,
    /// In which order.
    pub sort: Sort,
    /// The least first.
    pub ascending: bool,
    /// What is unfinished stands in the technicians' blocks, one after the other.
    pub blocks: bool,
    /// The reader must not learn when the desk wrote notes for itself.
    pub requester: bool,
}

/// One `name=value` of a URL's query.
pub type Pair = (String, String);

impl Filter {
    /// The whole of a tab.
    #[must_use]
    pub fn of(view: View) -> Filter {
        Filter {
            view,
            ..Filter::default()
        }
    }

    /// Reads a query. `default_view` stands when it names no tab.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the parameter.
    pub fn parse(cx: &Context, pairs: &[Pair], default_view: View) -> Result<Filter> {
        let mut problems = Problems::default();
        let mut filter = Filter {
            view: default_view,
            requester: !cx.scope().sees_internal(),
            ..Filter::default()
        };
        for (name, value) in pairs.iter().filter(|(_, v)| !v.trim().is_empty()) {
            if !filter.set(cx, name, value.trim()) {
                problems.add(
                    name,
                    if matches!(name.as_str(), "from" | "to") {
                        "date"
                    } else {
                        "unknown"
                    },
                );
            }
        }
        problems.done()?;
        Ok(filter)
    }

    /// Whether `value` is one that `name` takes. Other names are not ours.
    fn set(&mut self, cx: &Context, name: &str, value: &str) -> bool {
        match name {
            "view" => match View::ALL.into_iter().find(|v| v.code() == value) {
                Some(view) => self.view = view,
                None => return false,
            },
            "status" => match Status::from_code(value) {
                Some(status) => self.statuses.push(status),
                None => return false,
            },
            "phase" => {
                let of = Status::of_phase(value);
                let known = !of.is_empty();
                self.statuses.extend(of);
                return known;
            }
            "queue" => return read(value, &mut self.queue),
            "company" => return read(value, &mut self.company),
            "category" => self.category = Some(value.chars().take(80).collect()),
            "assignee" => match value {
                "none" => self.assignee = Some(AssigneeFilter::Nobody),
                "me" => self.assignee = Some(AssigneeFilter::Me),
                id => {
                    let mut user = None;
                    let known = read(id, &mut user);
                    self.assignee = user.map(AssigneeFilter::User);
                    return known;
                }
            },
            "priority" => {
                self.priority = Priority::from_code(value);
                return self.priority.is_some();
            }
            "from" => match cx.zone.day(value) {
                Some((start, _)) => self.from = Some(start),
                None => return false,
            },
            "to" => match cx.zone.day(value) {
                Some((_, end)) => self.until = Some(end),
                None => return false,
            },
            "sort" => match value {
                "created" => self.sort = Sort::Created,
                "updated" => self.sort = Sort::Updated,
                "priority" => self.sort = Sort::Priority,
                "best" => self.sort = Sort::Best,
                _ => return false,
            },
            "dir" => match value {
                "asc" => self.ascending = true,
                "desc" => self.ascending = false,
                _ => return false,
            },
            _ => {}
        }
        true
    }

    /// The states that a page calls by one word are looked for together; the API's
    /// states are exact.
    #[must_use]
    pub fn in_words(mut self, vocabulary: Vocabulary) -> Filter {
        let alike = |status: &Status| status.alike(vocabulary);
        self.statuses = self.statuses.iter().flat_map(alike).collect();
        self
    }

    /// Whether it is a tab as it is, nothing narrowed.
    #[must_use]
    pub fn is_a_view(&self) -> bool {
        let narrows = self.queue.is_some()
            || self.category.is_some()
            || self.assignee.is_some()
            || self.priority.is_some()
            || self.company.is_some()
            || self.from.is_some()
            || self.until.is_some();
        self.statuses.is_empty() && !narrows
    }

    /// Whether nothing but the reader's limits leads to what is looked for: neither a
    /// state of what is unfinished, nor who works on it, nor whose or what it is.
    #[must_use]
    pub(crate) fn is_open_ended(&self) -> bool {
        let narrows = self.queue.is_some()
            || self.category.is_some()
            || self.assignee.is_some()
            || self.company.is_some()
            || self.statuses.iter().any(|s| *s != Status::Closed);
        self.view == View::All && !narrows
    }

    /// Whether the list is shown in the technicians' blocks.
    #[must_use]
    pub fn in_blocks(&self) -> bool {
        self.blocks && self.view == View::Active && self.sort == Sort::Created && !self.ascending
    }

    /// What is looked for, as a condition.
    pub(crate) fn condition(&self, me: Option<UserId>) -> Condition {
        let mut all = self.view.condition(me);
        if !self.statuses.is_empty() {
            all = all.add(Column::Status.is_in(self.statuses.iter().map(|s| s.code())));
        }
        if let Some(queue) = self.queue {
            all = all.add(Column::QueueId.eq(queue));
        }
        if let Some(category) = &self.category {
            all = all.add(Column::CategoryName.eq(category));
        }
        all = match self.assignee {
            None => all,
            Some(AssigneeFilter::Nobody) => all.add(Column::AssigneeId.is_null()),
            Some(AssigneeFilter::Me) => all.add(Column::AssigneeId.eq(me)),
            Some(AssigneeFilter::User(user)) => all.add(Column::AssigneeId.eq(user)),
        };
        if let Some(priority) = self.priority {
            all = all.add(Column::Priority.eq(priority.weight()));
        }
        if let Some(company) = self.company {
            all = all.add(Column::CompanyId.eq(company));
        }
        if let Some(from) = self.from {
            all = all.add(Column::CreatedAt.gte(from));
        }
        if let Some(until) = self.until {
            all = all.add(Column::CreatedAt.lt(until));
        }
        all
    }

    /// The columns it is sorted by, the id last and implied.
    pub(crate) fn order(&self) -> &'static [Column] {
        match self.sort {
            Sort::Created if self.in_blocks() => &[Column::Block, Column::CreatedAt],
            Sort::Created | Sort::Best => &[Column::CreatedAt],
            Sort::Updated if self.requester => &[Column::PublicAt],
            Sort::Updated => &[Column::UpdatedAt],
            Sort::Priority => &[Column::Priority, Column::CreatedAt],
        }
    }

    /// The column of the last change that the reader may know of.
    pub(crate) fn updated(&self) -> Column {
        match self.requester {
            true => Column::PublicAt,
            false => Column::UpdatedAt,
        }
    }

    /// What comes after a cursor, or before it when walking against the order, as a
    /// condition that an index can walk.
    pub(crate) fn beyond(&self, cursor: &Cursor, ascending: bool) -> Result<Condition> {
        let columns = self.order();
        if cursor.keys.len() != columns.len() {
            return Err(Error::field("cursor", "cursor"));
        }
        let beyond = |column: Column, value: i64| match ascending {
            true => column.gt(value),
            false => column.lt(value),
        };
        let mut rest = Condition::all().add(match ascending {
            true => Column::Id.gt(cursor.id),
            false => Column::Id.lt(cursor.id),
        });
        for (column, key) in columns.iter().zip(&cursor.keys).rev() {
            let here = Condition::all().add(column.eq(*key)).add(rest);
            rest = Condition::any().add(beyond(*column, *key)).add(here);
        }
        // Says where to start in the index, which an OR alone does not.
        let start = match ascending {
            true => columns[0].gte(cursor.keys[0]),
            false => columns[0].lte(cursor.keys[0]),
        };
        Ok(Condition::all().add(start).add(rest))
    }
}

fn read<T: std::str::FromStr>(text: &str, into: &mut Option<T>) -> bool {
    *into = text.parse().ok();
    into.is_some()
}

use std::collections::HashMap;

use catalog::QueueId;
use kit::{Actor, CompanyId, Context, Cursor, Instant, Result, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{
    Alias, ExprTrait, Func, Query, SelectStatement, SubQueryStatement, UnionType,
};
use sea_orm::{Condition, FromQueryResult, Order, QueryOrder, QuerySelect, Select};
use search::Piece;

use super::ticket::{Column, Entity};
use crate::TicketId;
use crate::filter::Filter;
use crate::policy::{places, visible, visible_on_the_way};
use crate::status::{Standing, Status};
use crate::ticket::{Priority, Ticket};

/// A ticket as a list shows it: only what is shown.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Line {
    /// Which.
    pub id: TicketId,
    /// What people call it.
    pub protocol: String,
    /// In one line.
    pub title: String,
    /// The beginning of its description.
    pub excerpt: String,
    /// The last public message's first line.
    pub last_line: Option<String>,
    status: String,
    priority: i32,
    /// 2 waits for a technician, 1 is worked on, 0 is finished.
    pub block: i32,
    /// Where it is.
    pub queue_id: Option<QueueId>,
    /// What it is about.
    pub category_name: Option<String>,
    /// Whose it is.
    pub company_id: Option<CompanyId>,
    /// Who asked.
    pub requester_id: Option<UserId>,
    /// Who asked, without an account.
    pub contact_name: Option<String>,
    /// Who works on it.
    pub assignee_id: Option<UserId>,
    /// When it was opened.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Where the words stand that were searched for.
    #[sea_orm(skip)]
    pub hits: Option<Hits>,
}

/// Where in a ticket some words stand.
#[derive(Clone, Debug)]
pub struct Hits {
    /// Its title, taken apart.
    pub title: Vec<Piece>,
    /// A part of its texts, if they stand there.
    pub said: Option<Vec<Piece>>,
}

impl Line {
    /// Where it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        Status::from_code(&self.status).unwrap_or(Status::Open)
    }

    /// How soon it should be dealt with.
    #[must_use]
    pub fn priority(&self) -> Priority {
        Priority::from_weight(self.priority)
    }

    /// What `actor` is to it, invitations aside.
    #[must_use]
    pub fn standing(&self, actor: &Actor) -> Standing {
        Standing::of(actor, self.assignee_id, false)
    }

    /// Its place in the list.
    #[must_use]
    pub fn cursor(&self, filter: &Filter) -> Cursor {
        let key = |column: &Column| match column {
            Column::Block => i64::from(self.block),
            Column::Priority => i64::from(self.priority),
            Column::UpdatedAt | Column::PublicAt => self.updated_at.0,
            _ => self.created_at.0,
        };
        Cursor {
            keys: filter.order().iter().map(key).collect(),
            id: self.id.0,
        }
    }
}

/// From where a page of a list begins.
#[derive(Clone, Debug)]
pub enum From {
    /// After so many rows.
    Row(u64),
    /// After this one.
    After(Cursor),
    /// The page that ends before this one.
    Before(Cursor),
    /// So many rows, the last of those before so many rows at the end.
    End(u64, u64),
}

/// A page of the tickets that the reader may see, and where the next one begins.
pub async fn page(
    cx: &Context,
    filter: &Filter,
    from: &From,
    limit: u64,
) -> Result<(Vec<Line>, Option<Cursor>)> {
    // What lies before a place, or at the end, is walked backwards.
    let backwards = matches!(from, From::Before(_) | From::End(..));
    let ascending = filter.ascending != backwards;
    let mut wanted = filter.condition(cx.actor.id());
    let mut limit = limit;
    let mut offset = 0;
    match from {
        From::Row(n) | From::End(n, _) => offset = *n,
        From::After(cursor) | From::Before(cursor) => {
            wanted = wanted.add(filter.beyond(cursor, ascending)?);
        }
    }
    if let From::End(_, rows) = from {
        limit = *rows;
    }
    let order = if ascending { Order::Asc } else { Order::Desc };
    let scope = cx.scope();
    let seen = match places(&scope).filter(|_| filter.is_open_ended()) {
        Some(places) => {
            let most = offset + limit + 1;
            first_of_each(places, &wanted, filter.order(), &order, most)
        }
        None => visible_on_the_way(&scope),
    };
    let mut query = shown(filter.updated()).filter(seen).filter(wanted);
    if offset > 0 {
        query = query.offset(offset);
    }
    for column in filter.order() {
        query = query.order_by(*column, order.clone());
    }
    let mut lines: Vec<Line> = query
        .order_by(Column::Id, order)
        .limit(limit + 1)
        .into_model()
        .all(cx.db())
        .await?;
    let more = match from {
        From::Row(_) | From::After(_) => lines.len() as u64 > limit,
        From::Before(_) => true,
        From::End(behind, _) => *behind > 0,
    };
    lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    if backwards {
        lines.reverse();
    }
    let next = lines
        .last()
        .filter(|_| more)
        .map(|line| line.cursor(filter));
    Ok((lines, next))
}

/// Only the first `most` tickets of each of some places: those that come first of all are
/// among them, and each place is one walk of an index.
fn first_of_each(
    places: Vec<Condition>,
    wanted: &Condition,
    columns: &[Column],
    order: &Order,
    most: u64,
) -> Condition {
    let mut places = places.into_iter();
    if let (1, Some(only)) = (places.len(), places.as_slice().first()) {
        return only.clone();
    }
    let id = || Alias::new("id");
    let mut first = |place: Condition| {
        let mut walk = Query::select()
            .column((Entity, Column::Id))
            .from(Entity)
            .cond_where(place)
            .cond_where(wanted.clone())
            .limit(most)
            .to_owned();
        for column in columns.iter().chain(&[Column::Id]) {
            walk.order_by((Entity, *column), order.clone());
        }
        Query::select()
            .column(id())
            .from_subquery(walk, Alias::new("place"))
            .to_owned()
    };
    let Some(mut all) = places.next().map(&mut first) else {
        return Condition::any().add(Column::Id.is_null());
    };
    for place in places {
        all.union(UnionType::All, first(place));
    }
    let ids = Query::select()
        .column(id())
        .from_subquery(all, Alias::new("places"))
        .to_owned();
    Condition::all().add(Column::Id.in_subquery(ids))
}

/// What a list shows of tickets.
fn shown(updated: Column) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Protocol,
            Column::Title,
            Column::LastLine,
            Column::Status,
            Column::Priority,
            Column::Block,
            Column::QueueId,
            Column::CategoryName,
            Column::CompanyId,
            Column::RequesterId,
            Column::ContactName,
            Column::AssigneeId,
            Column::CreatedAt,
        ])
        .column_as(updated, "updated_at")
        .expr_as(
            Func::cust(Alias::new("SUBSTR"))
                .arg(Expr::col(Column::Description))
                .arg(1)
                .arg(200),
            "excerpt",
        )
}

/// Those of these tickets that a filter still lets through, as a list shows them,
/// in the order of `ids`; the reader's scope decides again.
pub async fn lines(cx: &Context, ids: &[TicketId], filter: &Filter) -> Result<Vec<Line>> {
    let lines: Vec<Line> = shown(filter.updated())
        .filter(visible(&cx.scope()))
        .filter(filter.condition(cx.actor.id()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_model()
        .all(cx.db())
        .await?;
    let mut found: HashMap<TicketId, Line> = lines.into_iter().map(|l| (l.id, l)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// How many tickets are counted at most: beyond that a page says "more than".
pub const COUNTED: i64 = 10_000;
/// The same for the small numbers at the tabs.
pub const COUNTED_AT_TABS: i64 = 1_000;

/// How many tickets the reader's list has, at most [`COUNTED`].
pub async fn count(cx: &Context, filter: &Filter) -> Result<i64> {
    let query = counted(cx, filter, COUNTED);
    let row = cx.db().query_one(&query).await?;
    Ok(match row {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    })
}

/// How many tickets each of these lists has, at most [`COUNTED_AT_TABS`], in one read.
pub async fn counts(cx: &Context, filters: &[Filter]) -> Result<Vec<i64>> {
    if filters.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = Query::select();
    for (number, filter) in filters.iter().enumerate() {
        let one = counted(cx, filter, COUNTED_AT_TABS);
        all.expr_as(
            sea_orm::sea_query::Expr::SubQuery(
                None,
                Box::new(SubQueryStatement::SelectStatement(one)),
            ),
            Alias::new(format!("n{number}")),
        );
    }
    let Some(row) = cx.db().query_one(&all).await? else {
        return Ok(vec![0; filters.len()]);
    };
    let mut counts = Vec::with_capacity(filters.len());
    for number in 0..filters.len() {
        counts.push(row.try_get("", &format!("n{number}"))?);
    }
    Ok(counts)
}

/// A count as a page says it: beyond [`COUNTED_AT_TABS`] nobody went on counting.
pub fn said(count: i64) -> String {
    match count {
        COUNTED_AT_TABS.. => format!("{}+", COUNTED_AT_TABS - 1),
        n => n.to_string(),
    }
}

/// `SELECT COUNT(*) FROM (SELECT 1 … LIMIT n)`: stops counting at `most`.
fn counted(cx: &Context, filter: &Filter, most: i64) -> SelectStatement {
    let seen = match filter.is_open_ended() {
        true => visible(&cx.scope()),
        false => visible_on_the_way(&cx.scope()),
    };
    let inner = Query::select()
        .expr_as(Expr::val(1), Alias::new("one"))
        .from(Entity)
        .cond_where(seen)
        .cond_where(filter.condition(cx.actor.id()))
        .limit(u64::try_from(most).unwrap_or_default())
        .to_owned();
    Query::select()
        .expr(Expr::col(Alias::new("one")).count())
        .from_subquery(inner, Alias::new("some"))
        .to_owned()
}

/// These tickets whole, in the order of `ids`; the reader's scope decides again.
pub async fn tickets(cx: &Context, ids: &[TicketId]) -> Result<Vec<Ticket>> {
    let rows = Entity::find()
        .filter(visible(&cx.scope()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .all(cx.db())
        .await?;
    let mut found: HashMap<TicketId, Ticket> = rows
        .into_iter()
        .map(|row| (row.id, row.shown_to(&cx.scope())))
        .collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

//! How many tickets stand where: kept with every change, so that no page counts.

use std::sync::Arc;

use kit::{Context, Result, Tx, UserId};
use sea_orm::ConnectionTrait;

use crate::filter::View;
use crate::status::Status;
use crate::store::ticket as store;
use crate::ticket::{Ticket, block};

/// The room of these numbers among all that are kept.
const ROOM: &str = "tickets";

/// Where a ticket counts: its state, and who works on it.
pub type Place = (Status, Option<UserId>);

/// Where `ticket` counts.
pub fn place(ticket: &Ticket) -> Place {
    (ticket.status, ticket.assignee)
}

/// Notes that a ticket counts elsewhere from now on; `None` is nowhere.
pub fn note(tx: &mut Tx, from: Option<Place>, to: Option<Place>) {
    if from == to {
        return;
    }
    for (place, by) in [(from, -1), (to, 1)] {
        if let Some(place) = place {
            tx.count(name(place), by);
        }
    }
}

fn name((status, assignee): Place) -> String {
    let assignee = assignee.map_or_else(|| "-".to_owned(), |id| id.to_string());
    format!("{ROOM} {} {assignee}", status.code())
}

/// The numbers, as they are now.
pub struct Tallies(Vec<(Place, i64)>);

impl Tallies {
    /// Reads them: a row for each state and technician, however many tickets.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn read(db: &impl ConnectionTrait) -> Result<Tallies> {
        let rows = tally::read(db, ROOM).await?;
        let place = |(name, n): (String, i64)| {
            let (status, assignee) = name.split_once(' ')?;
            Some(((Status::from_code(status)?, assignee.parse().ok()), n))
        };
        Ok(Tallies(rows.into_iter().filter_map(place).collect()))
    }

    /// The same, from memory until something happens to a ticket.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn kept(cx: &Context) -> Result<Arc<Tallies>> {
        let read = Tallies::read(cx.db());
        cx.kept("tallies", "tickets", read).await
    }

    /// How many a view has that `me` looks at.
    #[must_use]
    pub fn of(&self, view: View, me: Option<UserId>) -> i64 {
        let counted = |((status, assignee), _): &&(Place, i64)| match view {
            View::Active => status.is_active(),
            View::Mine => block(*status, assignee.is_some()) == 1 && *assignee == me,
            View::Unassigned => block(*status, assignee.is_some()) == 2,
            View::Working => block(*status, assignee.is_some()) == 1,
            View::Waiting => *status == Status::Waiting,
            View::Escalated => *status == Status::Escalated,
            View::Resolved => *status == Status::Resolved,
            View::All => true,
        };
        self.0.iter().filter(counted).map(|(_, n)| n).sum()
    }
}

/// Counts a desk that is older than these numbers, once.
///
/// # Errors
/// When the database refuses.
pub async fn begin(cx: &Context) -> Result<()> {
    if !tally::read(cx.db(), ROOM).await?.is_empty() || !store::any(cx.db()).await? {
        return Ok(());
    }
    let mut tx = cx.begin().await?;
    // Two processes that start together: the second waits here for the first.
    tally::add(tx.db(), &[(format!("begun {ROOM}"), 1)].into()).await?;
    if !tally::read(tx.db(), ROOM).await?.is_empty() {
        return Ok(());
    }
    recount(&mut tx).await?;
    tx.commit_silently("what is counted did not change").await
}

/// Counts anew, while nobody writes.
///
/// # Errors
/// When the database refuses.
pub async fn recount(tx: &mut Tx) -> Result<()> {
    tally::forget(tx.db(), ROOM).await?;
    for (place, n) in store::places(tx.db()).await? {
        tx.count(name(place), n);
    }
    Ok(())
}

/// Whether the numbers are what counting gives; the differences otherwise, as
/// `name: kept, counted`.
///
/// # Errors
/// When the database refuses.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let kept = Tallies::read(db).await?;
    let counted = store::places(db).await?;
    let of = |all: &[(Place, i64)], place: Place| {
        let found = all.iter().find(|(p, _)| *p == place);
        found.map_or(0, |(_, n)| *n)
    };
    let mut places: Vec<Place> = kept.0.iter().chain(&counted).map(|(p, _)| *p).collect();
    places.sort_unstable_by_key(|place| name(*place));
    places.dedup();
    let differs = |place: &Place| {
        let (kept, counted) = (of(&kept.0, *place), of(&counted, *place));
        (kept != counted).then(|| format!("{}: {kept}, {counted}", name(*place)))
    };
    Ok(places.iter().filter_map(differs).collect())
}

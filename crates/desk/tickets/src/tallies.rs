//! How many tickets stand where: kept with every change, so that no page counts.
//!
//! Each ticket counts three times: at its state and technician, for whoever looks
//! everywhere; at its queue, and at its company with the queue, for whoever may look
//! only into some. There, only whether somebody works on it is told apart: so there are
//! a few numbers for each place, however many technicians there are.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use catalog::QueueId;
use kit::{CompanyId, Context, Limits, Result, Tx, UserId};
use sea_orm::ConnectionTrait;

use crate::filter::{Filter, View};
use crate::status::Status;
use crate::store::list;
use crate::store::ticket as store;
use crate::ticket::{Ticket, block};

/// The rooms of these numbers among all that are kept.
const ROOMS: [&str; 3] = ["tickets", "in", "at"];
/// The room of what everybody looks at.
const ROOM: &str = "tickets";

/// Where a ticket counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its state.
    pub status: Status,
    /// Who works on it.
    pub assignee: Option<UserId>,
    /// Its queue.
    pub queue: Option<QueueId>,
    /// Whose it is.
    pub company: Option<CompanyId>,
}

impl Place {
    /// The numbers that it counts in.
    fn names(self) -> [String; 3] {
        let some = |id: Option<String>| id.unwrap_or_else(|| "-".to_owned());
        let assignee = some(self.assignee.map(|id| id.to_string()));
        let queue = some(self.queue.map(|id| id.to_string()));
        let company = some(self.company.map(|id| id.to_string()));
        let status = self.status.code();
        let worked_on = u8::from(self.assignee.is_some());
        [
            format!("{ROOM} {status} {assignee}"),
            format!("in {queue} {status} {worked_on}"),
            format!("at {company} {queue} {status} {worked_on}"),
        ]
    }
}

/// Where `ticket` counts.
pub fn place(ticket: &Ticket) -> Place {
    Place {
        status: ticket.status,
        assignee: ticket.assignee,
        queue: ticket.queue,
        company: ticket.company,
    }
}

/// Notes that a ticket counts elsewhere from now on; `None` is nowhere.
pub fn note(tx: &mut Tx, from: Option<Place>, to: Option<Place>) {
    if from == to {
        return;
    }
    for (place, by) in [(from, -1), (to, 1)] {
        for name in place.into_iter().flat_map(Place::names) {
            tx.count(name, by);
        }
    }
}

/// The numbers, as they are now, of all that a reader may see.
pub struct Tallies {
    /// By state and technician; where they are of some places only, by state and by
    /// whether anybody works on it.
    counted: Vec<(Status, Worker, i64)>,
    /// How many the reader works on, where that is not told apart above.
    mine: Option<i64>,
}

/// Who works on some tickets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Worker {
    Nobody,
    Somebody,
    One(UserId),
}

impl Tallies {
    /// Reads them: a row for each state and technician, however many tickets.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn read(db: &impl ConnectionTrait) -> Result<Tallies> {
        let rows = tally::read(db, ROOM).await?;
        let counted = |(name, n): (String, i64)| {
            let (status, assignee) = name.split_once(' ')?;
            let worker = assignee.parse().map_or(Worker::Nobody, Worker::One);
            Some((Status::from_code(status)?, worker, n))
        };
        Ok(Tallies {
            counted: rows.into_iter().filter_map(counted).collect(),
            mine: None,
        })
    }

    /// Those inside some limits: a few rows for each place.
    async fn within(cx: &Context, limits: &Limits) -> Result<Tallies> {
        let rooms: Vec<String> = match limits.companies.is_empty() {
            true => limits.queues.iter().map(|id| format!("in {id}")).collect(),
            false => {
                let companies = limits.companies.iter();
                companies.map(|id| format!("at {id}")).collect()
            }
        };
        let rows = tally::read_all(cx.db(), &rooms).await?;
        let counted = |(name, n): (String, i64)| {
            let mut words = name.rsplit(' ');
            let worker = match words.next()? {
                "0" => Worker::Nobody,
                _ => Worker::Somebody,
            };
            let status = Status::from_code(words.next()?)?;
            let queue = words.next()?.parse().ok();
            limits.leave_queue(queue).then_some((status, worker, n))
        };
        let mine = [Filter::of(View::Mine)];
        Ok(Tallies {
            counted: rows.into_iter().filter_map(counted).collect(),
            mine: list::counts(cx, &mine).await?.first().copied(),
        })
    }

    /// The same, from memory until something happens to a ticket.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn kept(cx: &Context) -> Result<Arc<Tallies>> {
        let scope = cx.scope();
        let Some(limits) = scope.limits() else {
            let read = Tallies::read(cx.db());
            return cx.kept("tallies", "tickets", read).await;
        };
        // Other limits of the same person are other numbers.
        let mut hasher = DefaultHasher::new();
        (&limits.queues, &limits.companies).hash(&mut hasher);
        let key = (cx.actor.user()?.id, hasher.finish());
        let read = |_| async move {
            let found = Tallies::within(cx, limits).await?;
            Ok(HashMap::from([(key, found)]))
        };
        let found = cx.kept_each("limited tallies", "tickets", vec![key], read);
        match found.await?.remove(&key) {
            Some(found) => Ok(found),
            None => Ok(Arc::new(Tallies::within(cx, limits).await?)),
        }
    }

    /// Whether what they say of a view is exact, and not counted up to a number.
    #[must_use]
    pub fn know(&self, view: View) -> bool {
        self.mine.is_none() || view != View::Mine
    }

    /// How many a view has that `me` looks at.
    #[must_use]
    pub fn of(&self, view: View, me: Option<UserId>) -> i64 {
        if let (View::Mine, Some(mine)) = (view, self.mine) {
            return mine;
        }
        let counted = |(status, worker, _): &&(Status, Worker, i64)| {
            let block = block(*status, *worker != Worker::Nobody);
            match view {
                View::Active => status.is_active(),
                View::Mine => block == 1 && me.is_some_and(|me| *worker == Worker::One(me)),
                View::Unassigned => block == 2,
                View::Working => block == 1,
                View::Waiting => *status == Status::Waiting,
                View::Escalated => *status == Status::Escalated,
                View::Resolved => *status == Status::Resolved,
                View::All => true,
            }
        };
        let of_view = self.counted.iter().filter(counted);
        of_view.map(|(_, _, n)| n).sum()
    }
}

/// Counts a desk that is older than these numbers, or than some of them, once.
///
/// # Errors
/// When the database refuses.
pub async fn begin(cx: &Context) -> Result<()> {
    if begun(cx.db()).await? || !store::any(cx.db()).await? {
        return Ok(());
    }
    let mut tx = cx.begin().await?;
    // Two processes that start together: the second waits here for the first.
    tally::add(tx.db(), &[(format!("begun {ROOM}"), 1)].into()).await?;
    if begun(tx.db()).await? {
        return Ok(());
    }
    recount(&mut tx).await?;
    tx.commit_silently("what is counted did not change").await
}

async fn begun(db: &impl ConnectionTrait) -> Result<bool> {
    for room in ROOMS {
        if tally::read(db, room).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Counts anew, while nobody writes.
///
/// # Errors
/// When the database refuses.
pub async fn recount(tx: &mut Tx) -> Result<()> {
    for room in ROOMS {
        tally::forget(tx.db(), room).await?;
    }
    for (place, n) in store::places(tx.db()).await? {
        for name in place.names() {
            tx.count(name, n);
        }
    }
    Ok(())
}

/// Whether the numbers are what counting gives; the differences otherwise, as
/// `name: kept, counted`.
///
/// # Errors
/// When the database refuses.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let mut numbers: HashMap<String, (i64, i64)> = HashMap::new();
    for room in ROOMS {
        for (name, n) in tally::read(db, room).await? {
            numbers.entry(format!("{room} {name}")).or_default().0 += n;
        }
    }
    for (place, n) in store::places(db).await? {
        for name in place.names() {
            numbers.entry(name).or_default().1 += n;
        }
    }
    let differs = |(name, (kept, counted)): (String, (i64, i64))| {
        (kept != counted).then(|| format!("{name}: {kept}, {counted}"))
    };
    let mut wrong: Vec<String> = numbers.into_iter().filter_map(differs).collect();
    wrong.sort_unstable();
    Ok(wrong)
}

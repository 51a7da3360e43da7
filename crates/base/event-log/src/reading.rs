//! The log as people read it: by who, what, from where and when, newest first.
//!
//! Each way to look has an index that is walked in the order of the page, so that a
//! page costs the same in a log of millions. Where several filters meet, the one that
//! leaves the least is walked and the others only tested: which one that is, is said
//! here and not left to a planner without statistics.

use db::Instant;
use db::sea_orm::sea_query::{
    Alias, Asterisk, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr, UnionType,
    Value,
};
use db::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::Event;
use crate::entity::event::{Column, Entity, Model};

/// Which events are looked for. What is not said is not narrowed.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// One of these kinds; any when empty.
    pub kinds: Vec<String>,
    /// What this person did, and what happened to their account.
    pub person: Option<Uuid>,
    /// What happened to this thing.
    pub subject: Option<Uuid>,
    /// From this address.
    pub ip: Option<String>,
    /// At or after this.
    pub from: Option<Instant>,
    /// Before this.
    pub until: Option<Instant>,
    /// Behind this place.
    pub after: Option<Place>,
}

/// A place in the log as it is read: by time, and by number within an instant. The
/// numbers alone would put a history that was imported last year above today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// When.
    pub at: Instant,
    /// Its number.
    pub seq: i64,
}

impl Event {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            at: self.at,
            seq: self.seq,
        }
    }
}

/// The newest events that are `wanted`, at most `limit`, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    wanted: &Wanted,
    limit: u64,
) -> Result<Vec<Event>, DbErr> {
    let mut ways = wanted.ways().into_iter().map(|way| newest(way, limit));
    let Some(first) = ways.next() else {
        return Ok(Vec::new());
    };
    let mut query = part(first, 0);
    for (at, way) in ways.enumerate() {
        query.union(UnionType::All, part(way, at + 1));
    }
    query
        .order_by(Alias::new("at"), Order::Desc)
        .order_by(Alias::new("seq"), Order::Desc)
        .limit(limit);
    let statement = db.get_database_backend().build(&query);
    let rows = Model::find_by_statement(statement).all(db).await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// The newest of one way: a walk along an index that ends after `limit` rows.
fn newest(way: Condition, limit: u64) -> SelectStatement {
    Entity::find()
        .filter(way)
        .order_by_desc(Column::At)
        .order_by_desc(Column::Seq)
        .limit(limit)
        .into_query()
}

/// SQLite takes an order within a union only inside of a part's own FROM.
fn part(way: SelectStatement, at: usize) -> SelectStatement {
    Query::select()
        .column(Asterisk)
        .from_subquery(way, Alias::new(format!("way{at}")))
        .to_owned()
}

impl Wanted {
    /// The conditions whose rows together are what is wanted, none of them twice.
    fn ways(&self) -> Vec<Condition> {
        let led = self.subject.is_some() || self.person.is_some() || self.ip.is_some();
        let kinds: Vec<&[String]> = match led || self.kinds.is_empty() {
            true => vec![&self.kinds],
            // All of them at once would have to be sorted; one at a time is a walk.
            false => self.kinds.chunks(1).collect(),
        };
        let roles: &[Role] = match self.person {
            Some(_) => &[Role::Actor, Role::Subject],
            None => &[Role::Actor],
        };
        let pairs = kinds
            .iter()
            .flat_map(|kinds| roles.iter().map(move |role| (*kinds, *role)));
        pairs.map(|(kinds, role)| self.way(kinds, role)).collect()
    }

    fn way(&self, kinds: &[String], role: Role) -> Condition {
        let mut way = Way {
            all: Condition::all(),
            led: false,
        };
        if let Some(subject) = self.subject {
            way.is(Column::SubjectId, subject);
        }
        match (self.person, role) {
            (Some(person), Role::Subject) => {
                way.is(Column::SubjectId, person);
                // What they did to themselves is among what they did.
                let others = Condition::any()
                    .add(Column::ActorId.is_null())
                    .add(Column::ActorId.ne(person));
                way.all = way.all.add(others);
            }
            (Some(person), Role::Actor) => way.is(Column::ActorId, person),
            (None, _) => {}
        }
        if let Some(ip) = &self.ip {
            way.is(Column::Ip, ip.as_str());
        }
        match kinds {
            [] => {}
            [kind] => way.is(Column::Kind, kind.as_str()),
            kinds => {
                let kind = way.side(Column::Kind);
                let some = kind.is_in(kinds.iter().map(String::as_str));
                way.all = way.all.add(some);
            }
        }
        let mut all = way.all;
        if let Some(from) = self.from {
            all = all.add(Column::At.gte(from));
        }
        if let Some(until) = self.until {
            all = all.add(Column::At.lt(until));
        }
        if let Some(place) = self.after {
            let same = Condition::all()
                .add(Column::At.eq(place.at))
                .add(Column::Seq.lt(place.seq));
            // The first says where to start in the index, which an OR alone does not.
            all = all
                .add(Column::At.lte(place.at))
                .add(Condition::any().add(Column::At.lt(place.at)).add(same));
        }
        all
    }
}

/// As what a person stands in an event.
#[derive(Clone, Copy)]
enum Role {
    Actor,
    Subject,
}

/// A condition that names the index to be walked: the first column that must be equal
/// to something. The others stand behind a function, through which no index is seen.
struct Way {
    all: Condition,
    led: bool,
}

impl Way {
    fn is(&mut self, column: Column, value: impl Into<Value>) {
        let side = self.side(column);
        let all = std::mem::replace(&mut self.all, Condition::all());
        self.all = all.add(side.eq(Expr::value(value.into())));
    }

    /// The column, to be compared: the first plain, the others veiled.
    fn side(&mut self, column: Column) -> SimpleExpr {
        let plain = Expr::col(column);
        match std::mem::replace(&mut self.led, true) {
            false => plain,
            true => Func::coalesce([plain.clone(), plain]).into(),
        }
    }
}

//! Who sees a ticket, and who may do what with it.

use catalog::QueueId;
use kit::{Limits, Permission, Role, Scope};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, Condition};

use crate::store::ticket::{Column, Entity};

const EVERYBODY: &[Role] = &[Role::Client, Role::Tech, Role::Supervisor, Role::Admin];
const STAFF: &[Role] = &[Role::Tech, Role::Supervisor, Role::Admin];
const LEADS: &[Role] = &[Role::Supervisor, Role::Admin];

/// Opening a ticket.
pub const OPEN: Permission = Permission {
    name: "ticket.open",
    roles: EVERYBODY,
};
/// Seeing tickets: a client their own, staff all, or those that their limits leave.
pub const SEE: Permission = Permission {
    name: "ticket.see",
    roles: EVERYBODY,
};
/// Writing on a ticket that one sees.
pub const COMMENT: Permission = Permission {
    name: "ticket.comment",
    roles: EVERYBODY,
};
/// Closing one's own resolved ticket, closing with an evaluation, reopening.
pub const CLOSE: Permission = Permission {
    name: "ticket.close",
    roles: EVERYBODY,
};
/// Working on tickets: take, wait, resolve, escalate, transfer, invite.
pub const WORK: Permission = Permission {
    name: "ticket.work",
    roles: STAFF,
};
/// Saying who works on a ticket.
pub const ASSIGN: Permission = Permission {
    name: "ticket.assign",
    roles: LEADS,
};
/// Correcting a ticket's text and parties.
pub const EDIT: Permission = Permission {
    name: "ticket.edit",
    roles: STAFF,
};

/// Saving views for the whole desk.
pub const SHARE_VIEWS: Permission = Permission {
    name: "view.share",
    roles: LEADS,
};

/// The tickets that a scope may see, as a condition of every query.
#[must_use]
pub fn visible(scope: &Scope) -> Condition {
    match scope {
        Scope::All => Condition::all(),
        Scope::Within(limits) => within(limits, |column| Expr::col((Entity, column))),
        Scope::Own(user) => Condition::all().add(Column::RequesterId.eq(*user)),
        Scope::Nothing => Condition::any().add(Column::Id.is_null()),
    }
}

/// The same for a list that something else narrows to what an index walks in order.
/// Limits must not tempt the database to read all that a queue or a company ever had and
/// to sort it: written so, no index of theirs can be used.
#[must_use]
pub fn visible_on_the_way(scope: &Scope) -> Condition {
    let column = |column| Expr::col((Entity, column));
    match scope {
        Scope::Within(limits) => within(limits, |name| {
            Func::coalesce([column(name), column(name)]).into()
        }),
        scope => visible(scope),
    }
}

fn within(limits: &Limits, column: impl Fn(Column) -> Expr) -> Condition {
    let mut all = Condition::all();
    if !limits.queues.is_empty() {
        let queues = limits.queues.iter().map(|id| QueueId(*id));
        all = all.add(column(Column::QueueId).is_in(queues));
    }
    if !limits.companies.is_empty() {
        let companies = limits.companies.iter().copied();
        all = all.add(column(Column::CompanyId).is_in(companies));
    }
    all
}

/// Where somebody may look, place by place: a list of everything, in the order in which
/// it came about, is put together from one walk for each. `None` where there are no
/// limits, or so many places that looking at all of them would cost more.
#[must_use]
pub fn places(scope: &Scope) -> Option<Vec<Condition>> {
    let limits = scope.limits()?;
    // A company has less than a queue, as a rule.
    let by_company = !limits.companies.is_empty();
    let rest = Limits {
        queues: match by_company {
            true => limits.queues.clone(),
            false => Vec::new(),
        },
        companies: Vec::new(),
    };
    let rest = || within(&rest, |name| Expr::col((Entity, name)));
    let places: Vec<Condition> = match by_company {
        true => {
            let companies = limits.companies.iter();
            companies
                .map(|id| rest().add(Column::CompanyId.eq(*id)))
                .collect()
        }
        false => {
            let queues = limits.queues.iter().map(|id| QueueId(*id));
            queues
                .map(|id| rest().add(Column::QueueId.eq(id)))
                .collect()
        }
    };
    (1..=PLACES).contains(&places.len()).then_some(places)
}

/// See [`places`].
const PLACES: usize = 50;

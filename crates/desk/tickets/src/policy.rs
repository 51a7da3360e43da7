//! Who sees a ticket, and who may do what with it.

use kit::{Permission, Role, Scope};
use sea_orm::{ColumnTrait, Condition};

use crate::store::ticket::Column;

const EVERYBODY: &[Role] = &[Role::Client, Role::Tech, Role::Supervisor, Role::Admin];
const STAFF: &[Role] = &[Role::Tech, Role::Supervisor, Role::Admin];
const LEADS: &[Role] = &[Role::Supervisor, Role::Admin];

/// Opening a ticket.
pub const OPEN: Permission = Permission {
    name: "ticket.open",
    roles: EVERYBODY,
};
/// Seeing tickets: a client their own, staff all.
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
pub fn visible(scope: Scope) -> Condition {
    match scope {
        Scope::All => Condition::all(),
        Scope::Own(user) => Condition::all().add(Column::RequesterId.eq(user)),
        Scope::Nothing => Condition::any().add(Column::Id.is_null()),
    }
}

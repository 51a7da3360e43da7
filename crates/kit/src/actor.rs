use std::sync::Arc;

use event_log::ActorKind;
use serde::{Deserialize, Serialize};

use crate::{CompanyId, Error, Limits, Permission, Result, UserId};

/// What a person is at the desk (requirements 1.2).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Opens tickets and follows them.
    #[serde(alias = "user")]
    Client,
    /// Works on tickets.
    #[serde(alias = "technician")]
    Tech,
    /// Works on any ticket and keeps the catalogue.
    Supervisor,
    /// Everything.
    Admin,
}

impl Role {
    /// All of them, the least powerful first.
    pub const ALL: [Role; 4] = [Role::Client, Role::Tech, Role::Supervisor, Role::Admin];

    /// The stored and published name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Role::Client => "client",
            Role::Tech => "tech",
            Role::Supervisor => "supervisor",
            Role::Admin => "admin",
        }
    }

    /// The role of a stored name, or of one of S2's (`user`, `technician`).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Role> {
        match code {
            "client" | "user" => Some(Role::Client),
            "tech" | "technician" => Some(Role::Tech),
            "supervisor" => Some(Role::Supervisor),
            "admin" => Some(Role::Admin),
            _ => None,
        }
    }

    /// Whether it is one of the desk's own people.
    #[must_use]
    pub fn is_staff(self) -> bool {
        self != Role::Client
    }

    /// Whether it may act on tickets that others work on.
    #[must_use]
    pub fn leads(self) -> bool {
        matches!(self, Role::Supervisor | Role::Admin)
    }
}

/// A signed-in person, as far as a request needs to know.
#[derive(Clone, Debug)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// The name others see.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
    /// What they are.
    pub role: Role,
    /// Whose employee; staff belong to the desk itself (`None`).
    pub company: Option<CompanyId>,
    /// What they may do, where a role made here says it and not their own.
    pub powers: Option<Arc<[&'static Permission]>>,
    /// Where they may look, where not everywhere.
    pub limits: Option<Arc<Limits>>,
}

/// Who asks.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Nobody has signed in.
    Nobody,
    /// The program itself: a schedule, an import.
    System,
    /// A person.
    User(Arc<User>),
}

impl Actor {
    /// The person, or the demand to sign in.
    ///
    /// # Errors
    /// [`Error::SignIn`] when nobody has.
    pub fn user(&self) -> Result<&User> {
        match self {
            Actor::User(user) => Ok(user),
            Actor::Nobody | Actor::System => Err(Error::SignIn),
        }
    }

    /// The person's id, if it is a person.
    #[must_use]
    pub fn id(&self) -> Option<UserId> {
        match self {
            Actor::User(user) => Some(user.id),
            Actor::Nobody | Actor::System => None,
        }
    }

    /// Which of the timeline's three kinds this is.
    #[must_use]
    pub fn kind(&self) -> ActorKind {
        match self {
            Actor::User(user) if user.role.is_staff() => ActorKind::Staff,
            Actor::User(_) => ActorKind::Client,
            Actor::Nobody | Actor::System => ActorKind::System,
        }
    }

    /// Whether it is one of the desk's own people.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        matches!(self, Actor::User(user) if user.role.is_staff())
    }

    /// Whether it may do what `permission` names.
    #[must_use]
    pub fn may(&self, permission: &Permission) -> bool {
        match self {
            Actor::User(user) => match &user.powers {
                Some(powers) => permission.is_given() && powers.contains(&permission),
                None => permission.roles.contains(&user.role),
            },
            Actor::System => true,
            Actor::Nobody => false,
        }
    }
}

//! Roles that are made here: a name, what it begins from, and which of the permissions
//! that there are it has.
//!
//! Nobody gains power over the desk by one. Only whoever keeps the accounts
//! (`user.manage`) makes roles and gives them. A role has no permission that
//! administrators alone have ([`kit::Permission::is_given`]), and this is asked twice:
//! when it is saved, and each time somebody uses it, so that a row that came about
//! otherwise gives nothing either. It begins from a technician or a supervisor and stays
//! with that: what a person is ([`Role`]) does not change by it, nor do administrators
//! and requesters have one.

use std::collections::HashMap;
use std::sync::Arc;

use kit::{App, Error, Permission, Problems, Record, Result, Role, Tx, UserId, new_id};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::events::UserEvent;
use crate::store::{self, roles};
use crate::{MANAGE, RoleId};

/// A role that was made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRole {
    /// Which.
    pub id: RoleId,
    /// Its name, used once.
    pub name: String,
    /// What whoever has it is besides: a technician or a supervisor.
    pub base: Role,
    /// What it may, by the permissions' names.
    pub permissions: Vec<String>,
    /// Whether it can be given.
    pub active: bool,
}

impl CustomRole {
    /// Whether it has a permission.
    #[must_use]
    pub fn may(&self, permission: &Permission) -> bool {
        permission.is_given() && self.permissions.iter().any(|name| name == permission.name)
    }
}

/// What a role can begin from.
pub const BASES: [Role; 2] = [Role::Tech, Role::Supervisor];

/// What is typed to make or change a role.
#[derive(Clone, Debug)]
pub struct RoleInput {
    /// See [`CustomRole::name`].
    pub name: String,
    /// See [`CustomRole::base`]; it stays when a role is changed.
    pub base: Option<Role>,
    /// See [`CustomRole::permissions`].
    pub permissions: Vec<String>,
    /// See [`CustomRole::active`].
    pub active: bool,
}

/// What happens to roles.
enum RoleEvent {
    Created(CustomRole),
    Updated {
        role: CustomRole,
        fields: Vec<&'static str>,
        added: Vec<String>,
        removed: Vec<String>,
    },
}

impl Record for RoleEvent {
    fn kind(&self) -> &'static str {
        match self {
            RoleEvent::Created(_) => "role.created",
            RoleEvent::Updated { .. } => "role.updated",
        }
    }

    fn subject(&self) -> Uuid {
        let (RoleEvent::Created(role) | RoleEvent::Updated { role, .. }) = self;
        role.id.0
    }

    fn company(&self) -> Option<kit::CompanyId> {
        None
    }

    fn data(&self) -> Value {
        match self {
            RoleEvent::Created(role) => {
                json!({ "name": role.name, "role": role.base, "added": role.permissions })
            }
            RoleEvent::Updated {
                role,
                fields,
                added,
                removed,
            } => {
                json!({ "name": role.name, "fields": fields, "added": added, "removed": removed })
            }
        }
    }
}

/// Makes a role (`id` is `None`) or changes one; `false` when nothing differs.
///
/// # Errors
/// [`Error::Invalid`] at the field; a role that somebody has is not archived.
pub async fn save_role(tx: &mut Tx, id: Option<RoleId>, input: RoleInput) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    let old = match id {
        Some(id) => Some(roles::hold(tx.db(), id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    let mut problems = Problems::default();
    let name = problems.text("name", &input.name, 1..=60);
    let base = old.as_ref().map(|role| role.base).or(input.base);
    let base = base.filter(|base| BASES.contains(base));
    if base.is_none() {
        problems.add("base", "unknown");
    }
    let permissions = checked(tx, &input.permissions, &mut problems);
    let leaves = old.as_ref().is_some_and(|old| old.active) && !input.active;
    if let (Some(old), true) = (&old, leaves) {
        let holders = roles::holders(tx.db(), old.id).await?;
        if holders > 0 {
            problems.add("active", "role-in-use").limit = i64::try_from(holders).ok();
        }
    }
    if old.is_none() && roles::count(tx.db()).await? >= roles::MOST {
        problems.add("name", "too-many-roles");
    }
    problems.done()?;
    let role = CustomRole {
        id: old
            .as_ref()
            .map_or_else(|| RoleId(new_id(tx.now())), |old| old.id),
        name,
        base: base.unwrap_or(Role::Tech),
        permissions,
        active: input.active,
    };
    let Some(old) = old else {
        roles::insert(tx.db(), &role, tx.now()).await?;
        tx.record(&RoleEvent::Created(role));
        return Ok(true);
    };
    if old == role {
        return Ok(false);
    }
    roles::update(tx.db(), &role).await?;
    tx.record(&changed(&old, role));
    Ok(true)
}

fn changed(old: &CustomRole, role: CustomRole) -> RoleEvent {
    let without = |some: &[String], others: &[String]| -> Vec<String> {
        let missing = some.iter().filter(|name| !others.contains(name));
        missing.cloned().collect()
    };
    let added = without(&role.permissions, &old.permissions);
    let removed = without(&old.permissions, &role.permissions);
    let mut fields = Vec::new();
    for (name, differs) in [
        ("name", old.name != role.name),
        ("permissions", !added.is_empty() || !removed.is_empty()),
        ("active", old.active != role.active),
    ] {
        if differs {
            fields.push(name);
        }
    }
    RoleEvent::Updated {
        role,
        fields,
        added,
        removed,
    }
}

/// The permissions of these names in the order of the table. Whoever makes up one, or
/// names one that only administrators have, is refused.
fn checked(tx: &Tx, names: &[String], problems: &mut Problems) -> Vec<String> {
    let all = &tx.cx().app.permissions;
    let given = |name: &String| all.iter().any(|p| p.name == name && p.is_given());
    if !names.iter().all(given) {
        problems.add("permissions", "unknown");
    }
    let wanted =
        |p: &&&'static Permission| p.is_seeing() || names.iter().any(|name| name == p.name);
    let wanted = all.iter().filter(|p| p.is_given()).filter(wanted);
    wanted.map(|p| p.name.to_owned()).collect()
}

/// Gives somebody a role that was made here, or takes it away; `false` when it is so
/// already.
///
/// # Errors
/// [`Error::Invalid`] at `role` for one that is archived or begins from another role.
pub async fn give_role(tx: &mut Tx, id: UserId, role: Option<RoleId>) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    // The role first, as whoever archives it does.
    let given = match role {
        Some(role) => Some(roles::hold(tx.db(), role).await?),
        None => None,
    };
    let row = store::row_for_update(tx.db(), id).await?;
    let mut row = row.ok_or(Error::NotFound)?;
    if row.role_id == role {
        return Ok(false);
    }
    if let Some(given) = given {
        let fits = |role: &CustomRole| role.active && role.base.code() == row.role;
        if !given.as_ref().is_some_and(fits) {
            return Err(Error::field("role", "unknown"));
        }
    }
    row.role_id = role;
    store::update(tx.db(), row).await?;
    tx.record(&UserEvent::Updated(id, vec!["role"]));
    Ok(true)
}

/// What the roles made here may, by their ids.
type Powers = HashMap<RoleId, (Role, Arc<[&'static Permission]>)>;

/// What somebody may who has this role and is `base`, as of the event `seq`; nothing
/// when there is no such role, or it is archived or begins from another one.
pub(crate) async fn powers(
    app: &App,
    id: RoleId,
    base: Role,
    seq: i64,
) -> Result<Arc<[&'static Permission]>> {
    let read = async {
        let active = roles::list(app.db.reader()).await?;
        let active = active.into_iter().filter(|role| role.active);
        let powers = |role: CustomRole| {
            let may = app.permissions.iter().filter(|p| role.may(p));
            (role.id, (role.base, may.copied().collect()))
        };
        Ok::<Powers, Error>(active.map(powers).collect())
    };
    let all = app.live.list("roles", "roles", seq, read).await?;
    let found = all.get(&id).filter(|(from, _)| *from == base);
    Ok(found.map(|(_, powers)| powers.clone()).unwrap_or_default())
}

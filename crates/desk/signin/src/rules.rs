//! Which roles must show something beside the password: what people are, and the roles
//! made here. Whoever has one of these follows the rule of what they are, too.

use kit::{Context, Result, Role, Tx};
use people::{CustomRole, MANAGE, Person, RoleId};
use sea_orm::ConnectionTrait;

use crate::events::FactorEvent;
use crate::store::rules as store;

/// Roles that must.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// What people are.
    pub roles: Vec<Role>,
    /// Roles made here.
    pub made: Vec<RoleId>,
}

impl Rules {
    /// Those of these names; what is none is left out.
    pub fn named<'a>(names: impl Iterator<Item = &'a str>) -> Rules {
        let mut rules = Rules::default();
        for name in names {
            match (Role::from_code(name), name.parse()) {
                (Some(role), _) => rules.roles.push(role),
                (None, Ok(made)) => rules.made.push(made),
                (None, Err(_)) => {}
            }
        }
        rules
    }
}

/// Whether somebody must: as what they are, or by the role made here that they have.
///
/// # Errors
/// When the database refuses.
pub async fn must(db: &impl ConnectionTrait, person: &Person) -> Result<bool> {
    let made = person.custom.map(|role| role.to_string());
    let own = [person.role.code().to_owned()].into_iter().chain(made);
    store::has_any(db, own.collect()).await
}

/// The roles that must.
///
/// # Errors
/// When the database refuses.
pub async fn all(cx: &Context) -> Result<Rules> {
    let names = store::all(cx.db()).await?;
    Ok(Rules::named(names.iter().map(String::as_str)))
}

/// Says which roles must; `false` when it was so already. Roles made here that are
/// archived stay as they are: nobody has them.
///
/// # Errors
/// [`kit::Error::Forbidden`] for whoever may not.
pub async fn set(tx: &mut Tx, wanted: &Rules) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    let now = store::all(tx.db()).await?;
    let made = people::custom_roles(tx.db()).await?;
    let made: Vec<CustomRole> = made.into_iter().filter(|role| role.active).collect();
    let of_desk = Role::ALL.map(|role| (role.code().to_owned(), wanted.roles.contains(&role)));
    let of_made = made
        .iter()
        .map(|role| (role.id.to_string(), wanted.made.contains(&role.id)));
    let mut changed = false;
    for (name, shall) in of_desk.into_iter().chain(of_made) {
        match (now.contains(&name), shall) {
            (false, true) => store::insert(tx.db(), name).await?,
            (true, false) => store::delete(tx.db(), &name).await?,
            _ => continue,
        }
        changed = true;
    }
    if changed {
        let roles = wanted.roles.iter().map(|role| role.code().to_owned());
        let names = made.iter().filter(|role| wanted.made.contains(&role.id));
        let names = names.map(|role| role.name.clone());
        tx.record(&FactorEvent::Rules(roles.collect(), names.collect()));
    }
    Ok(changed)
}

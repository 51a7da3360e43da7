//! Making and changing accounts.

use kit::{Context, Error, Registration, Result, Role, Tx, UserId, new_id};

use crate::MANAGE;
use crate::events::UserEvent;
use crate::person::{CheckedPerson, Person};
use crate::store::{self, user};

/// Makes an account, as an administrator.
///
/// # Errors
/// [`Error::Invalid`] at the field; an address is used once.
pub async fn create(tx: &mut Tx, new: CheckedPerson) -> Result<Person> {
    tx.cx().require(&MANAGE)?;
    insert(tx, new).await
}

/// Makes one's own account (S2-172). Role and company are not for the person to
/// choose: the setting says the role, the address's domain the company.
///
/// # Errors
/// [`Error::NotFound`] when accounts are made by an administrator only.
pub async fn register(tx: &mut Tx, mut new: CheckedPerson) -> Result<Person> {
    new.role = own_role(tx.cx())?;
    new.active = true;
    new.company = match new.role {
        Role::Client => companies::of_email(tx.db(), &new.email).await?,
        _ => None,
    };
    insert(tx, new).await
}

/// What whoever registers becomes.
///
/// # Errors
/// [`Error::NotFound`] when nobody does.
pub(crate) fn own_role(cx: &Context) -> Result<Role> {
    match cx.app.settings.registration {
        Registration::Client => Ok(Role::Client),
        Registration::Tech => Ok(Role::Tech),
        Registration::Off => Err(Error::NotFound),
    }
}

pub(crate) async fn insert(tx: &mut Tx, new: CheckedPerson) -> Result<Person> {
    let row = user::Model {
        id: UserId(new_id(tx.now())),
        name: new.name,
        email: new.email,
        role: new.role.code().to_owned(),
        company_id: new.company,
        password_hash: new.password_hash,
        active: new.active,
        locale: None,
        theme: None,
        density: None,
        keys_off: false,
        failures: 0,
        locked_until: None,
        created_at: tx.now(),
    };
    store::insert(tx.db(), row.clone()).await?;
    tx.record(&UserEvent::Created(row.id, new.role, row.company_id));
    Ok(row.into())
}

/// Changes an account; `false` when nothing differs.
///
/// # Errors
/// [`Error::Conflict`] when the last administrator would be gone.
pub async fn update(tx: &mut Tx, id: UserId, new: CheckedPerson) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    if new.role != Role::Admin || !new.active {
        keep_an_admin(tx, id).await?;
    }
    let mut row = store::row_for_update(tx.db(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let mut fields = Vec::new();
    let mut note = |name, differs: bool| {
        if differs {
            fields.push(name);
        }
        differs
    };
    note("name", row.name != new.name);
    note("email", row.email != new.email);
    note("role", row.role != new.role.code());
    note("company", row.company_id != new.company);
    let left = note("active", row.active != new.active) && !new.active;
    let new_password = note("password", new.password_hash.is_some());
    if fields.is_empty() {
        return Ok(false);
    }
    row.name = new.name;
    row.email = new.email;
    new.role.code().clone_into(&mut row.role);
    row.company_id = new.company;
    row.active = new.active;
    if new_password {
        row.password_hash = new.password_hash;
        row.failures = 0;
        row.locked_until = None;
    }
    store::update(tx.db(), row).await?;
    if left || new_password {
        store::delete_sessions_of(tx.db(), id).await?;
    }
    tx.record(&UserEvent::Updated(id, fields));
    Ok(true)
}

/// Nobody locks everybody out: not by demoting the last administrator, and not
/// by demoting oneself. The administrators are held until the commit, so that of
/// two who demote each other at once the second one is refused.
async fn keep_an_admin(tx: &Tx, id: UserId) -> Result<()> {
    let admins = store::hold_active_admins(tx.db()).await?;
    if !admins.contains(&id) {
        return Ok(());
    }
    if tx.cx().actor.id() == Some(id) {
        return Err(Error::Conflict("own-account"));
    }
    match admins.len() {
        0..2 => Err(Error::Conflict("last-admin")),
        _ => Ok(()),
    }
}

//! Making and changing accounts.

use kit::{Actor, Context, Error, Instant, Registration, Result, Role, Tx, UserId, new_id};

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
    follow_the_company(tx, &new).await?;
    insert(tx, new).await
}

/// An account that somebody makes follows the company's rule, as one's own does
/// (S3-174). What the program takes over from elsewhere is as it is.
async fn follow_the_company(tx: &Tx, new: &CheckedPerson) -> Result<()> {
    let (Actor::User(_), Some(company)) = (&tx.cx().actor, new.company) else {
        return Ok(());
    };
    match companies::fits(tx.db(), company, &new.email).await? {
        true => Ok(()),
        false => Err(Error::field("email", "email-domain")),
    }
}

/// Makes one's own account (S2-172). The setting says the role. The company is one
/// that admits the address, which the caller has checked, or else the one whose
/// domain the address has. Where mail leaves the desk, the address is yet to be
/// confirmed (S3-176); where none does, nobody could.
///
/// # Errors
/// [`Error::NotFound`] when accounts are made by an administrator only.
pub async fn register(tx: &mut Tx, mut new: CheckedPerson) -> Result<Person> {
    new.role = own_role(tx.cx())?;
    new.active = true;
    if new.role != Role::Client {
        new.company = None;
    } else if new.company.is_none() {
        new.company = companies::of_email(tx.db(), &new.email).await?;
    }
    let confirmed = tx.cx().app.mail.server().is_none().then_some(tx.now());
    insert_as(tx, new, confirmed).await
}

/// What whoever registers becomes.
///
/// # Errors
/// [`Error::NotFound`] when nobody does.
pub fn own_role(cx: &Context) -> Result<Role> {
    match cx.app.settings.registration {
        Registration::Client => Ok(Role::Client),
        Registration::Tech => Ok(Role::Tech),
        Registration::Off => Err(Error::NotFound),
    }
}

/// Whoever is made by somebody who knows them has confirmed their address.
pub(crate) async fn insert(tx: &mut Tx, new: CheckedPerson) -> Result<Person> {
    let now = tx.now();
    insert_as(tx, new, Some(now)).await
}

async fn insert_as(
    tx: &mut Tx,
    new: CheckedPerson,
    confirmed_at: Option<Instant>,
) -> Result<Person> {
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
        confirmed_at,
        picture: None,
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
    // Whoever was there before the rule stays.
    if fields
        .iter()
        .any(|field| matches!(*field, "email" | "company"))
    {
        follow_the_company(tx, &new).await?;
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

//! Making and changing accounts.

use kit::{Error, Registration, Result, Role, Tx, UserId, new_id};

use crate::events::UserEvent;
use crate::person::{Person, PersonInput};
use crate::store::{self, user};
use crate::{MANAGE, password};

/// Makes an account, as an administrator.
///
/// # Errors
/// [`Error::Invalid`] at the field; an address is used once.
pub async fn create(tx: &mut Tx, input: PersonInput) -> Result<Person> {
    tx.cx().require(&MANAGE)?;
    insert(tx, input.check(false)?).await
}

/// Makes one's own account (S2-172). Role and company are not for the person to
/// choose: the setting says the role, the address's domain the company.
///
/// # Errors
/// [`Error::NotFound`] when accounts are made by an administrator only.
pub async fn register(tx: &mut Tx, mut input: PersonInput) -> Result<Person> {
    input.role = match tx.cx().app.settings.registration {
        Registration::Client => Role::Client,
        Registration::Tech => Role::Tech,
        Registration::Off => return Err(Error::NotFound),
    };
    input.active = true;
    let mut input = input.check(true)?;
    input.company = match input.role {
        Role::Client => companies::of_email(tx.db(), &input.email).await?,
        _ => None,
    };
    insert(tx, input).await
}

pub(crate) async fn insert(tx: &mut Tx, input: PersonInput) -> Result<Person> {
    let hash = match input.password.is_empty() {
        true => None,
        false => Some(password::hash(input.password).await?),
    };
    let row = user::Model {
        id: UserId(new_id(tx.now())),
        name: input.name,
        email: input.email,
        role: input.role.code().to_owned(),
        company_id: input.company,
        password_hash: hash,
        active: input.active,
        locale: None,
        failures: 0,
        locked_until: None,
        created_at: tx.now(),
    };
    store::insert(tx.db(), row.clone()).await?;
    tx.record(&UserEvent::Created(row.id, input.role, row.company_id));
    Ok(row.into())
}

/// Changes an account; `false` when nothing differs.
///
/// # Errors
/// [`Error::Conflict`] when the last administrator would be gone.
pub async fn update(tx: &mut Tx, id: UserId, input: PersonInput) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    let input = input.check(false)?;
    let mut row = store::row_for_update(tx.db(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let was_admin = row.role == Role::Admin.code() && row.active;
    if was_admin && (input.role != Role::Admin || !input.active) {
        keep_an_admin(tx, id).await?;
    }
    let mut fields = Vec::new();
    let mut note = |name, differs: bool| {
        if differs {
            fields.push(name);
        }
        differs
    };
    note("name", row.name != input.name);
    note("email", row.email != input.email);
    note("role", row.role != input.role.code());
    note("company", row.company_id != input.company);
    let left = note("active", row.active != input.active) && !input.active;
    let new_password = note("password", !input.password.is_empty());
    if fields.is_empty() {
        return Ok(false);
    }
    row.name = input.name;
    row.email = input.email;
    input.role.code().clone_into(&mut row.role);
    row.company_id = input.company;
    row.active = input.active;
    if new_password {
        row.password_hash = Some(password::hash(input.password).await?);
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

/// Lets somebody sign in, or no longer.
///
/// # Errors
/// As [`update`].
pub async fn set_active(tx: &mut Tx, id: UserId, active: bool) -> Result<bool> {
    let person = store::person(tx.db(), id).await?.ok_or(Error::NotFound)?;
    let input = PersonInput {
        name: person.name,
        email: person.email,
        role: person.role,
        company: person.company,
        active,
        password: String::new(),
    };
    update(tx, id, input).await
}

/// Nobody locks everybody out: not by demoting the last administrator, and not
/// by demoting oneself.
async fn keep_an_admin(tx: &Tx, id: UserId) -> Result<()> {
    if tx.cx().actor.id() == Some(id) {
        return Err(Error::Conflict("own-account"));
    }
    if store::active_admins(tx.db()).await? < 2 {
        return Err(Error::Conflict("last-admin"));
    }
    Ok(())
}

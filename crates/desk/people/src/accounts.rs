//! Making and changing accounts.

use jobs::NewJob;
use kit::{Actor, Context, Error, Instant, Limits, Registration, Result, Role, Tx, UserId, new_id};
use serde_json::json;

use crate::MANAGE;
use crate::events::UserEvent;
use crate::letters::{self, Changed};
use crate::own::fits;
use crate::person::{CheckedPerson, Person};
use crate::roles::BASES;
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
    match tx.cx().actor {
        Actor::User(_) => fits(tx.db(), new.company, &new.email).await,
        _ => Ok(()),
    }
}

/// Makes one's own account (S2-172). The setting says the role; the company is one that
/// admits the address, which the caller has checked. Where mail leaves the desk, the
/// address is yet to be confirmed (S3-176); where none does, nobody could.
///
/// # Errors
/// [`Error::NotFound`] when accounts are made by an administrator only.
pub async fn register(tx: &mut Tx, new: CheckedPerson) -> Result<Person> {
    let row = own_row(tx, new)?;
    insert_row(tx, row).await
}

/// What [`register`] would answer, where nothing is made: for whoever must not learn
/// that the address has an account.
///
/// # Errors
/// As [`register`].
pub fn as_registered(tx: &Tx, new: CheckedPerson) -> Result<Person> {
    Ok(own_row(tx, new)?.into())
}

fn own_row(tx: &Tx, mut new: CheckedPerson) -> Result<user::Model> {
    new.role = own_role(tx.cx())?;
    new.active = true;
    if new.role != Role::Client {
        new.company = None;
    }
    let proves = tx.cx().app.mail.server().is_some();
    Ok(row_of(tx, new, (!proves).then_some(tx.now())))
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
    let row = row_of(tx, new, Some(tx.now()));
    insert_row(tx, row).await
}

fn row_of(tx: &Tx, new: CheckedPerson, confirmed_at: Option<Instant>) -> user::Model {
    user::Model {
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
        zone: None,
        stamp: 0,
        role_id: None,
        limits: None,
        password_replaced_at: None,
    }
}

async fn insert_row(tx: &mut Tx, row: user::Model) -> Result<Person> {
    store::insert(tx.db(), row.clone()).await?;
    let person = Person::from(row);
    tx.record(&UserEvent::Created(person.id, person.role, person.company));
    Ok(person)
}

/// Changes an account; `false` when nothing differs.
///
/// # Errors
/// [`Error::Conflict`] when the last administrator would be gone.
pub async fn update(tx: &mut Tx, id: UserId, new: CheckedPerson) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    // Whoever finds the browser open must not make the account theirs: one's own password
    // and address are changed where the password is asked for.
    let own = tx.cx().actor.id() == Some(id);
    if new.password_hash.is_some() && own {
        return Err(Error::field("password", "own-password"));
    }
    if new.role != Role::Admin || !new.active {
        keep_an_admin(tx, id).await?;
    }
    let mut row = store::row_for_update(tx.db(), id)
        .await?
        .ok_or(Error::NotFound)?;
    if row.email != new.email && own {
        return Err(Error::field("email", "own-email"));
    }
    let mut fields = Vec::new();
    let mut note = |name, differs: bool| {
        if differs {
            fields.push(name);
        }
        differs
    };
    note("name", row.name != new.name);
    note("email", row.email != new.email);
    let moved = note("role", row.role != new.role.code());
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
    if row.email != new.email {
        letters::tell(tx, &row, Changed::Email).await?;
    }
    let had_password = row.password_hash.is_some();
    row.name = new.name;
    row.email = new.email;
    // A role made here begins from what somebody was.
    if row.role != new.role.code() {
        row.role_id = None;
    }
    // Who is no longer among those who can be limited is not when they come back, either.
    if !BASES.contains(&new.role) {
        row.limits = None;
    }
    new.role.code().clone_into(&mut row.role);
    row.company_id = new.company;
    row.active = new.active;
    if new_password {
        row.password_hash = new.password_hash;
        row.stamp += 1;
        row.failures = 0;
        row.locked_until = None;
        if had_password {
            letters::tell(tx, &row, Changed::Password).await?;
            replaced(tx, &mut row).await?;
        }
        later(tx, PASSWORD_SET, id).await?;
    }
    if left || moved {
        reach_changed(tx, id).await?;
    }
    store::update(tx.db(), row).await?;
    if left || new_password {
        store::delete_sessions_of(tx.db(), id).await?;
    }
    tx.record(&UserEvent::Updated(id, fields));
    Ok(true)
}

/// Says where somebody of the staff may look; `names` are those of the queues and
/// companies, for whoever reads of it. `false` when it is so already.
///
/// # Errors
/// [`Error::Conflict`] for requesters, who see their own, and administrators, who could
/// lift it themselves.
pub async fn limit(
    tx: &mut Tx,
    id: UserId,
    limits: Limits,
    names: (Vec<String>, Vec<String>),
) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    let row = store::row_for_update(tx.db(), id).await?;
    let mut row = row.ok_or(Error::NotFound)?;
    if !BASES.iter().any(|role| role.code() == row.role) {
        return Err(Error::Conflict("not-limited"));
    }
    let new = match limits.are_none() {
        true => None,
        false => Some(serde_json::to_string(&limits).map_err(Error::internal)?),
    };
    if row.limits == new {
        return Ok(false);
    }
    row.limits = new;
    store::update(tx.db(), row).await?;
    reach_changed(tx, id).await?;
    tx.record(&UserEvent::Limited(id, names.0, names.1));
    Ok(true)
}

/// Somebody else has set a person's password: `{"user"}`. What was given out in the
/// person's name beside sessions must end, which whoever gave it out does.
pub const PASSWORD_SET: &str = "people.password_set";

/// Another password took the place of one that whoever chose it did not show: an
/// administrator, or somebody with a link from the mailbox: `{"user"}`. What an intruder
/// may have laid beside it to come back by is worth nothing from then on
/// ([`crate::replaced_at`]), and whoever keeps it takes it away.
pub const PASSWORD_REPLACED: &str = "people.password_replaced";

/// Notes [`PASSWORD_REPLACED`] of an account that the caller writes.
pub(crate) async fn replaced(tx: &Tx, row: &mut user::Model) -> Result<()> {
    row.password_replaced_at = Some(tx.now());
    later(tx, PASSWORD_REPLACED, row.id).await
}

/// Somebody left, is something else, or may look elsewhere than before: `{"user"}`.
/// What lies with them must not lie there unseen, which whoever laid it there sees to.
pub const REACH_CHANGED: &str = "people.reach_changed";

/// Now, and once more in a minute: what was laid there by a request that had begun
/// before is there by then.
async fn reach_changed(tx: &Tx, id: UserId) -> Result<()> {
    later(tx, REACH_CHANGED, id).await?;
    let again = tx.now().plus_minutes(1);
    job(tx, REACH_CHANGED, id, again).await
}

async fn later(tx: &Tx, kind: &'static str, id: UserId) -> Result<()> {
    job(tx, kind, id, tx.now()).await
}

async fn job(tx: &Tx, kind: &'static str, id: UserId, run_at: Instant) -> Result<()> {
    let job = NewJob {
        kind,
        payload: json!({ "user": id }),
        run_at,
        key: format!("{kind} {}", new_id(tx.now())),
    };
    Ok(jobs::enqueue(tx.db(), job, tx.now()).await?)
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

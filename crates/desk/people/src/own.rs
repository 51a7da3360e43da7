//! What people change of their own account, and what a link from their mailbox lets
//! them change.

use axum::http::HeaderMap;
use kit::{CompanyId, Context, Error, Instant, Problems, Result, Tx, UserId};

use crate::accounts::replaced;
use crate::events::UserEvent;
use crate::letters::{self, Changed};
use crate::new_password::NewPassword;
use crate::pages::auth::{device, session_cookie};
use crate::person::Person;
use crate::sessions;
use crate::store::{self, user};

/// Who sits there has shown who they are when they did so at most so many minutes ago.
pub const JUST_NOW_MINUTES: i64 = 10;

/// Gives somebody a new password: every session ends, a lock is lifted (S3-181),
/// and whoever came by a link from their mailbox has confirmed the address.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person, or they may not sign in.
pub async fn set_password(tx: &mut Tx, id: UserId, new: NewPassword) -> Result<Person> {
    let mut row = signing_in(tx, id).await?;
    if row.password_hash.is_some() {
        letters::tell(tx, &row, Changed::Password).await?;
        // Who changes their own has shown the one before.
        if tx.cx().actor.id() != Some(id) {
            replaced(tx, &mut row).await?;
        }
    }
    row.password_hash = Some(new.0);
    row.stamp += 1;
    row.failures = 0;
    row.locked_until = None;
    row.confirmed_at = row.confirmed_at.or(Some(tx.now()));
    store::update(tx.db(), row.clone()).await?;
    store::delete_sessions_of(tx.db(), id).await?;
    tx.record(&UserEvent::Updated(id, vec!["password"]));
    Ok(row.into())
}

/// Notes that an address is its person's own; `email` when it is a new one.
///
/// # Errors
/// [`Error::Invalid`] at `email` when another account has it by now, or their company
/// does not take it.
pub async fn confirm(tx: &mut Tx, id: UserId, email: Option<String>) -> Result<Person> {
    let mut row = signing_in(tx, id).await?;
    let mut fields = Vec::new();
    if row.confirmed_at.is_none() {
        row.confirmed_at = Some(tx.now());
        // Until now every password was refused (see `credentials`).
        (row.failures, row.locked_until) = (0, None);
        fields.push("confirmed");
    }
    if let Some(email) = email.filter(|email| *email != row.email) {
        fits(tx.db(), row.company_id, &email).await?;
        letters::tell(tx, &row, Changed::Email).await?;
        row.email = email;
        fields.push("email");
    }
    if !fields.is_empty() {
        store::update(tx.db(), row.clone()).await?;
        tx.record(&UserEvent::Updated(id, fields));
    }
    Ok(row.into())
}

/// Changes one's own name; `false` when it is the same.
///
/// # Errors
/// [`Error::Invalid`] at `name`.
pub async fn rename(tx: &mut Tx, name: &str) -> Result<bool> {
    let mut problems = Problems::default();
    let name = problems.text("name", name, 1..=160);
    problems.done()?;
    let mut row = me(tx).await?;
    if row.name == name {
        return Ok(false);
    }
    row.name = name;
    let id = row.id;
    store::update(tx.db(), row).await?;
    tx.record(&UserEvent::Updated(id, vec!["name"]));
    Ok(true)
}

/// Changes one's own picture to the file that is kept under `key`, and says where
/// the one before is kept.
///
/// # Errors
/// [`Error::SignIn`] for nobody.
pub async fn set_picture(tx: &mut Tx, key: Option<String>) -> Result<Option<String>> {
    let mut row = me(tx).await?;
    let before = std::mem::replace(&mut row.picture, key);
    let id = row.id;
    store::update(tx.db(), row).await?;
    tx.record(&UserEvent::Updated(id, vec!["picture"]));
    Ok(before)
}

/// Whether the actor's company takes an address (S3-174); whoever has none is free.
///
/// # Errors
/// [`Error::Invalid`] at `email`.
pub async fn fits(
    db: &impl sea_orm::ConnectionTrait,
    company: Option<CompanyId>,
    email: &str,
) -> Result<()> {
    match company {
        Some(id) if !companies::fits(db, id, email).await? => {
            Err(Error::field("email", "email-domain"))
        }
        _ => Ok(()),
    }
}

/// Holds an account until the transaction ends: of two who make something of which
/// there is only one, the second waits for the first.
///
/// # Errors
/// When the database refuses.
pub async fn hold(tx: &Tx, id: UserId) -> Result<()> {
    store::row_for_update(tx.db(), id).await.map(drop)
}

/// The same for whoever has proved to be `person`, which took its time: they may be out
/// since, or sign in by something else.
///
/// # Errors
/// [`Error::SignIn`] when the account changed since `person` was read.
pub async fn hold_as(tx: &Tx, person: &Person) -> Result<()> {
    let row = store::row_for_update(tx.db(), person.id).await?;
    match row.is_some_and(|row| row.active && row.stamp == person.stamp) {
        true => Ok(()),
        false => Err(Error::SignIn),
    }
}

/// When somebody's password last gave way to one of whoever did not show it: what was
/// laid beside it until then opens the account no more.
///
/// # Errors
/// When the database refuses.
pub async fn replaced_at(tx: &Tx, id: UserId) -> Result<Option<Instant>> {
    let row = store::row(tx.db(), id).await?;
    Ok(row.and_then(|row| row.password_replaced_at))
}

/// Whether it is the actor who sits there, asked again before what would help whoever
/// found the browser open: `word` is their own password. Who has none signs in
/// elsewhere; then their session must have begun just now. `headers` are the request's.
///
/// # Errors
/// [`Error::Invalid`] at `field`; [`Error::TooMany`] while the account is locked.
pub async fn prove(
    cx: &Context,
    field: &'static str,
    word: &str,
    headers: &HeaderMap,
) -> Result<()> {
    if !has_password(cx).await? {
        return match came_just_now(cx, headers).await? {
            true => Ok(()),
            false => Err(Error::field(field, "sign-in-again")),
        };
    }
    let email = &cx.actor.user()?.email;
    match sessions::credentials(cx, email, word, device(headers)).await {
        Ok(person) => sessions::forgive(cx, person.id).await,
        Err(Error::Invalid(_)) => Err(Error::field(field, "password-now")),
        Err(error) => Err(error),
    }
}

/// Whether the session of this request began just now: so whoever has no password to be
/// asked for shows who they are.
///
/// # Errors
/// When the database refuses.
pub async fn came_just_now(cx: &Context, headers: &HeaderMap) -> Result<bool> {
    let token = session_cookie(headers).unwrap_or_default();
    let begun = sessions::begun(cx, &token).await?;
    Ok(begun.is_some_and(|at| cx.now < at.plus_minutes(JUST_NOW_MINUTES)))
}

/// Notes that what somebody signs in by has changed beside their password: tokens of
/// the API that were given out before are worth nothing. `but`: the cookie of the one
/// session that goes on.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person.
pub async fn renew(tx: &mut Tx, id: UserId, but: Option<&str>) -> Result<()> {
    let row = store::row_for_update(tx.db(), id).await?;
    let mut row = row.ok_or(Error::NotFound)?;
    row.stamp += 1;
    store::update(tx.db(), row).await?;
    match but {
        Some(token) => {
            let current = sessions::hash(&tx.cx().app, token);
            store::delete_other_sessions(tx.db(), id, &current).await?;
        }
        None => store::delete_sessions_of(tx.db(), id).await?,
    }
    Ok(())
}

/// Whether the actor has a password to be asked for.
///
/// # Errors
/// [`Error::SignIn`] for nobody.
pub async fn has_password(cx: &Context) -> Result<bool> {
    let row = store::row(cx.db(), cx.actor.user()?.id).await?;
    Ok(row.ok_or(Error::SignIn)?.password_hash.is_some())
}

/// The actor's own account, held until the transaction ends.
async fn me(tx: &Tx) -> Result<user::Model> {
    let id = tx.cx().actor.user()?.id;
    let row = store::row_for_update(tx.db(), id).await?;
    row.ok_or(Error::SignIn)
}

/// An account that may be signed in to, held until the transaction ends.
async fn signing_in(tx: &Tx, id: UserId) -> Result<user::Model> {
    let row = store::row_for_update(tx.db(), id).await?;
    row.filter(|row| row.active).ok_or(Error::NotFound)
}

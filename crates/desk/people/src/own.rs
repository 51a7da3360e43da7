//! What people change of their own account, and what a link from their mailbox lets
//! them change.

use kit::{Context, Error, Problems, Result, Tx, UserId};

use crate::events::UserEvent;
use crate::person::{NewPassword, Person};
use crate::sessions;
use crate::store::{self, user};

/// Gives somebody a new password: every session ends, a lock is lifted (S3-181),
/// and whoever came by a link from their mailbox has confirmed the address.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person, or they may not sign in.
pub async fn set_password(tx: &mut Tx, id: UserId, new: NewPassword) -> Result<Person> {
    let mut row = signing_in(tx, id).await?;
    row.password_hash = Some(new.0);
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
/// [`Error::Invalid`] at `email` when another account has it by now.
pub async fn confirm(tx: &mut Tx, id: UserId, email: Option<String>) -> Result<Person> {
    let mut row = signing_in(tx, id).await?;
    let mut fields = Vec::new();
    if row.confirmed_at.is_none() {
        row.confirmed_at = Some(tx.now());
        fields.push("confirmed");
    }
    if let Some(email) = email.filter(|email| *email != row.email) {
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

/// Whether `word` is the actor's own password: asked again before what would help
/// whoever found the browser open.
///
/// # Errors
/// [`Error::Invalid`] at `field`; [`Error::TooMany`] while the account is locked.
pub async fn prove(cx: &Context, field: &'static str, word: &str, device: &str) -> Result<()> {
    let email = &cx.actor.user()?.email;
    match sessions::check(cx, email, word, device).await {
        Ok(_) => Ok(()),
        Err(Error::Invalid(_)) => Err(Error::field(field, "password-now")),
        Err(error) => Err(error),
    }
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

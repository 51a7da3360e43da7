//! Whether what was typed is a code that lets somebody in.

use kit::{Context, Error, Key, Result, Tx, UserId};
use people::Person;

use crate::events::FactorEvent;
use crate::pending::{self, Pending};
use crate::store::factors;
use crate::store::pending::{self as store, Model};
use crate::{codes, totp};

/// How many digits a code of an app or of a letter has.
pub const DIGITS: usize = 6;

/// Lets somebody in whose code is right: the cookie of the new session.
///
/// # Errors
/// As [`check`].
pub async fn finish(cx: &Context, pending: &Pending, typed: &str, device: &str) -> Result<String> {
    let sent = std::slice::from_ref(&pending.row);
    let mut tx = check(cx, &pending.person, sent, typed, device).await?;
    let session = pending::finish(&mut tx, pending, device).await?;
    tx.commit().await?;
    Ok(session)
}

/// The transaction in which a right code was used up; `sent` are the sign-ins whose
/// letters count. A wrong one is counted and committed here, like a wrong password.
///
/// # Errors
/// [`Error::Invalid`] at `code`; [`Error::TooMany`] when the account is locked, which
/// makes every code that was sent worth nothing (S3-177).
pub async fn check(
    cx: &Context,
    person: &Person,
    sent: &[Model],
    typed: &str,
    device: &str,
) -> Result<Tx> {
    let mut tx = cx.begin().await?;
    // The account is held from here on: nobody guesses beside it.
    if let Some(seconds) = people::locked(&tx, person.id).await? {
        return Err(Error::TooMany(seconds));
    }
    if uses_up(&mut tx, person.id, sent, typed).await? {
        return Ok(tx);
    }
    let locked = people::fail(&mut tx, person.id, device).await?;
    if locked.is_some() {
        store::delete_all_of(tx.db(), person.id).await?;
    }
    tx.commit().await?;
    Err(match locked {
        Some(seconds) => Error::TooMany(seconds),
        None => Error::field("code", "code-wrong"),
    })
}

async fn uses_up(tx: &mut Tx, user: UserId, sent: &[Model], typed: &str) -> Result<bool> {
    let plain: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    if plain.len() != DIGITS || !plain.chars().all(|c| c.is_ascii_digit()) {
        return uses_recovery_code(tx, user, typed).await;
    }
    Ok(uses_app(tx, user, &plain).await? || uses_letter(tx, user, sent, &plain).await?)
}

async fn uses_app(tx: &Tx, user: UserId, code: &str) -> Result<bool> {
    if factors::of(tx.db(), user).await?.totp_since.is_none() {
        return Ok(false);
    }
    let key = totp::key_at(&tx.cx().app, tx.db(), &totp::place(user)).await?;
    match key.and_then(|key| totp::step_of(&key, code, tx.now())) {
        Some(step) => factors::take_step(tx.db(), user, step).await,
        None => Ok(false),
    }
}

async fn uses_letter(tx: &Tx, user: UserId, sent: &[Model], code: &str) -> Result<bool> {
    if !factors::of(tx.db(), user).await?.email {
        return Ok(false);
    }
    for row in sent {
        // Read again: the account is held only now.
        let Some(mut row) = store::find(tx.db(), row.id).await? else {
            continue;
        };
        let hash = pending::code_hash(&tx.cx().app, row.id, code);
        let is_it = row
            .code_hash
            .as_deref()
            .is_some_and(|h| Key::same(h, &hash));
        if !is_it || tx.now() >= row.expires_at {
            continue;
        }
        // A program's sign-in is finished by it: the next one begins anew, with another
        // code. A browser's is finished with its session.
        if row.token_hash.is_none() {
            return store::delete(tx.db(), row.id).await;
        }
        row.code_hash = None;
        store::update(tx.db(), row).await?;
        return Ok(true);
    }
    Ok(false)
}

async fn uses_recovery_code(tx: &mut Tx, user: UserId, typed: &str) -> Result<bool> {
    if !codes::use_up(tx, user, typed).await? {
        return Ok(false);
    }
    let left = factors::codes_left(tx.db(), user).await?;
    tx.record(&FactorEvent::CodeUsed(user, left));
    Ok(true)
}

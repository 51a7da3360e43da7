//! The door: whoever has shown one thing comes in, or is asked for another.

use axum::response::Response;
use kit::{Result, Tx, redirect};
use people::Person;

use crate::events::FactorEvent;
use crate::factors::Factors;
use crate::{pending, rules};

/// What becomes of somebody who has shown one thing.
pub enum Entry {
    /// They are in: the value of the session's cookie.
    In(String),
    /// They must show another one, or get one first: the value of the cookie that goes
    /// on with it, and where.
    Step(String, &'static str),
}

/// Lets somebody in who has shown a password, or a link from their mailbox. `next` is
/// where they go in the end.
///
/// # Errors
/// When the database refuses, or they may not come from where they are.
pub async fn enter(tx: &mut Tx, person: &Person, device: &str, next: &str) -> Result<Entry> {
    enter_by(tx, person, device, next, None).await
}

/// The same for whom somebody else vouches, whose name the history shows.
///
/// # Errors
/// As [`enter`].
pub async fn enter_by(
    tx: &mut Tx,
    person: &Person,
    device: &str,
    next: &str,
    by: Option<&str>,
) -> Result<Entry> {
    people::hold(tx, person.id).await?;
    let has = Factors::of(tx.db(), person.id).await?;
    if !has.any() && !rules::must(tx.db(), person).await? {
        return Ok(Entry::In(people::start_by(tx, person, device, by).await?));
    }
    let (id, token) = pending::begin(tx, person, next, by).await?;
    if has.only_email() {
        pending::ask_code(tx, id).await?;
    }
    tx.record(&FactorEvent::Asked(person.id));
    let to = match has.any() {
        true => "/auth/otp",
        false => "/auth/factor",
    };
    Ok(Entry::Step(token, to))
}

impl Entry {
    /// Sends the browser on; `next` when they are in.
    ///
    /// # Errors
    /// When a token is no cookie's value.
    pub fn response(self, next: &str) -> Result<Response> {
        match self {
            Entry::In(token) => people::with_session(&token, next),
            Entry::Step(token, to) => {
                let mut response = redirect(to);
                people::set_cookie(&mut response, &pending::cookie(&token))?;
                Ok(response)
            }
        }
    }
}

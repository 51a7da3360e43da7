//! What may be tried with an address, whether it is anybody's or not: nobody learns
//! from an answer which of both it is, and no mailbox is filled by strangers.

use kit::{App, Instant, Result, Tx, UserId};

use crate::store::addresses::{self as store, Model};

/// So many wrong passwords lock an account (S3-180) …
const FAILURES: i32 = 5;
/// … for so many minutes.
const LOCK_MINUTES: i64 = 15;
/// So many letters an hour can be asked for one mailbox, whoever asks.
const LETTERS: i32 = 5;
/// So many codes an hour can be sent to somebody; whoever asks has shown their password.
const CODES: i32 = 20;
const LETTER_MINUTES: i64 = 60;
/// What was tried is forgotten after so long.
const KEPT_MINUTES: i64 = 24 * 60;

/// Wrong passwords in a row, and until when nobody may try again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tries {
    pub failures: i32,
    pub locked_until: Option<Instant>,
}

impl Tries {
    /// The seconds until somebody may try again, while it is locked.
    pub fn locked_for(self, now: Instant) -> Option<i64> {
        let until = self.locked_until.filter(|until| *until > now)?;
        Some((until.since(now) + 999) / 1_000)
    }

    /// Counts a failure; the seconds of the lock when this was one too many.
    pub fn fail(&mut self, now: Instant) -> Option<i64> {
        // A lock that has run out leaves a clean slate.
        if self.locked_until.take().is_some() {
            self.failures = 0;
        }
        self.failures += 1;
        if self.failures < FAILURES {
            return None;
        }
        self.locked_until = Some(now.plus_minutes(LOCK_MINUTES));
        Some(LOCK_MINUTES * 60)
    }
}

/// Counts a wrong password for an address that nobody has, as for one that somebody
/// has: the seconds while it is locked. Each database remembers it, and not each
/// process, or the answers of two would differ.
pub(crate) async fn fail(tx: &Tx, email: &str) -> Result<Option<i64>> {
    let mut row = hold(tx, email).await?;
    let mut tries = Tries {
        failures: row.failures,
        locked_until: row.locked_until,
    };
    if let Some(seconds) = tries.locked_for(tx.now()) {
        return Ok(Some(seconds));
    }
    let seconds = tries.fail(tx.now());
    (row.failures, row.locked_until) = (tries.failures, tries.locked_until);
    store::keep(tx.db(), row).await?;
    Ok(seconds)
}

/// Takes one of the letters that a mailbox gets an hour, whoever asks for them; `false`
/// when there is none left. Who asks must not be told: that letters were asked for an
/// address before is nobody's business.
///
/// # Errors
/// When the database refuses.
pub async fn letter_left(tx: &Tx, email: &str) -> Result<bool> {
    left(tx, email, LETTERS).await
}

/// Takes one of the codes that somebody is sent an hour. They have a count of their own,
/// or whoever asks for letters in their name would keep them out.
///
/// # Errors
/// When the database refuses.
pub async fn code_left(tx: &Tx, user: UserId) -> Result<bool> {
    left(tx, &format!("code {user}"), CODES).await
}

async fn left(tx: &Tx, whose: &str, most: i32) -> Result<bool> {
    let mut row = hold(tx, whose).await?;
    if tx.now() >= row.letters_from.plus_minutes(LETTER_MINUTES) {
        (row.letters, row.letters_from) = (0, tx.now());
    }
    if row.letters >= most {
        return Ok(false);
    }
    row.letters += 1;
    store::keep(tx.db(), row).await?;
    Ok(true)
}

/// Notes that somebody registers with an address that has an account and is answered as
/// if it had none; `false` when that was so before, and so an account would be there.
///
/// # Errors
/// When the database refuses.
pub async fn claim(tx: &Tx, email: &str) -> Result<bool> {
    let mut row = hold(tx, email).await?;
    if row.claimed_at.is_some() {
        return Ok(false);
    }
    row.claimed_at = Some(tx.now());
    store::keep(tx.db(), row).await?;
    Ok(true)
}

/// Forgets what is over.
pub(crate) async fn sweep(tx: &Tx) -> Result<()> {
    store::forget_before(tx.db(), tx.now().plus_minutes(-KEPT_MINUTES)).await
}

async fn hold(tx: &Tx, email: &str) -> Result<Model> {
    store::hold(tx.db(), &fingerprint(&tx.cx().app, email), tx.now()).await
}

/// What an address is known by; keyed, so that the table tells nobody an address.
fn fingerprint(app: &App, email: &str) -> String {
    app.key.sign_hex("address", email.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_failure_locks_and_a_lock_that_ran_out_leaves_a_clean_slate() {
        let now = Instant(1_000_000);
        let mut tries = Tries::default();
        for _ in 0..4 {
            assert_eq!((tries.fail(now), tries.locked_for(now)), (None, None));
        }
        assert_eq!(tries.fail(now), Some(900));
        assert_eq!(tries.locked_for(now), Some(900));
        let later = now.plus_minutes(16);
        assert_eq!((tries.locked_for(later), tries.fail(later)), (None, None));
        assert_eq!(tries.failures, 1);
    }
}

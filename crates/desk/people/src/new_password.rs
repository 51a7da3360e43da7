//! What a new password must be, wherever it is chosen. One that somebody has stays as it
//! is: nobody is locked out by a rule that came later.

use kit::{Context, Error, Problems, Result};

use crate::guessable::{self, Whose};
use crate::person::Person;
use crate::{breached, password};

/// A password has at least so many characters (S2-172).
const LEAST: usize = 8;
/// And at most so many bytes: hashing a longer one only costs time.
const MOST: usize = 1_000;

/// A new password in order, hashed: as [`CheckedPerson`], and for the same reason.
///
/// [`CheckedPerson`]: crate::CheckedPerson
pub struct NewPassword(pub(crate) String);

impl NewPassword {
    /// Checks and hashes a password that was typed twice, in the fields `password`
    /// and `password_again`.
    ///
    /// # Errors
    /// [`kit::Error::Invalid`] at the field.
    pub async fn check(
        cx: &Context,
        person: &Person,
        password: &str,
        again: &str,
    ) -> Result<NewPassword> {
        let mut problems = Problems::default();
        let whose = Whose {
            name: &person.name,
            email: &person.email,
            company: person.company,
        };
        check(cx, &mut problems, password, &whose).await?;
        if problems.0.is_empty() && password != again {
            problems.add("password_again", "passwords-differ");
        }
        problems.done()?;
        Ok(NewPassword(hash(cx, password).await?))
    }
}

/// What can be said of a password without asking anybody else.
pub(crate) async fn check(
    cx: &Context,
    problems: &mut Problems,
    password: &str,
    whose: &Whose<'_>,
) -> Result<()> {
    if password.is_empty() {
        problems.add("password", "required");
    } else if password.chars().count() < LEAST {
        problems.add("password", "too-short").limit = i64::try_from(LEAST).ok();
    } else if password.len() > MOST {
        problems.add("password", "too-long").limit = i64::try_from(MOST).ok();
    } else if let Some(code) = guessable::wrong(cx, password, whose).await? {
        problems.add("password", code);
    }
    Ok(())
}

/// The hash of a password that was checked, unless it is known to have been stolen: that
/// is asked last, when nothing else is wrong.
pub(crate) async fn hash(cx: &Context, password: &str) -> Result<String> {
    if breached::is_known(&cx.app, password).await {
        return Err(Error::field("password", "password-stolen"));
    }
    password::hash(password.to_owned()).await
}

//! Links that reach somebody by mail and let them do one thing, once.
//!
//! What stands in the database does not open anything: a link's token is its row's id
//! with a signature made with the installation's secret, the link's purpose and the
//! account as it was, so that a link for one thing is worth nothing for another
//! (S3-265), and none outlives the address or the password that it was made for,
//! whoever changes them.

use jobs::{Handler, Schedule};
use kit::{App, Context, Error, Key, Result, Tx, UserId, new_id};
use people::Person;
use uuid::Uuid;

use crate::LinkId;
use crate::store::links::{self as store, Model};

/// What a link lets its holder do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Confirm the address of a new account.
    Confirm,
    /// Confirm another address for an account.
    Email,
    /// Choose a new password.
    Reset,
    /// Choose the first password.
    Invite,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Purpose; 4] = [
        Purpose::Confirm,
        Purpose::Email,
        Purpose::Reset,
        Purpose::Invite,
    ];

    /// The stored name, and the end of the locale keys.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Purpose::Confirm => "confirm",
            Purpose::Email => "email",
            Purpose::Reset => "reset",
            Purpose::Invite => "invite",
        }
    }

    /// The purpose of a stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|p| p.code() == code)
    }

    /// How long a link is good for (S3-176, S3-179).
    #[must_use]
    pub fn hours(self) -> i64 {
        match self {
            Purpose::Confirm | Purpose::Email => 24,
            Purpose::Reset => 2,
            Purpose::Invite => 7 * 24,
        }
    }

    /// The path that a link begins with.
    fn path(self) -> &'static str {
        match self {
            Purpose::Confirm | Purpose::Email => "/auth/confirm/",
            Purpose::Reset => "/auth/reset/",
            Purpose::Invite => "/invite/",
        }
    }
}

/// Makes a link; an earlier one of this purpose is worth nothing from now on.
///
/// # Errors
/// When the database refuses.
pub async fn make(
    tx: &mut Tx,
    purpose: Purpose,
    user: UserId,
    email: Option<String>,
) -> Result<LinkId> {
    // Of two made at once the second takes the first one's place.
    people::hold(tx, user).await?;
    store::delete_of(tx.db(), user, purpose.code()).await?;
    let id = LinkId(new_id(tx.now()));
    let row = Model {
        id,
        purpose: purpose.code().to_owned(),
        user_id: user,
        email,
        created_at: tx.now(),
        expires_at: tx.now().plus_minutes(purpose.hours() * 60),
    };
    store::insert(tx.db(), row).await?;
    Ok(id)
}

/// Where somebody's link leads, with the desk's address in front.
#[must_use]
pub fn url(app: &App, purpose: Purpose, id: LinkId, person: &Person) -> String {
    let (base, path) = (&app.settings.base_url, purpose.path());
    format!("{base}{path}{}", token(app, purpose, id, person))
}

fn token(app: &App, purpose: Purpose, id: LinkId, person: &Person) -> String {
    let what = format!("link {}", purpose.code());
    let signed = format!("{} {} {}", id.0, person.stamp, person.email);
    let signature = app.key.sign_hex(&what, signed.as_bytes());
    format!("{}{}", id.0.simple(), &signature[..40])
}

/// The row of a token of this purpose, if it is good, and whose it is.
///
/// # Errors
/// [`Error::NotFound`] for one that is made up, of another purpose, over or used, and for
/// one whose account has another address or password since.
pub async fn good(
    cx: &Context,
    db: &impl sea_orm::ConnectionTrait,
    purpose: Purpose,
    given: &str,
) -> Result<(Model, Person)> {
    let id = given.get(..32).and_then(|id| Uuid::try_parse(id).ok());
    let id = LinkId(id.ok_or(Error::NotFound)?);
    let row = store::find(db, id).await?.ok_or(Error::NotFound)?;
    let person = people::person(db, row.user_id).await?;
    let person = person
        .filter(|person| person.active)
        .ok_or(Error::NotFound)?;
    let good = Key::same(&token(&cx.app, purpose, id, &person), given)
        && row.purpose == purpose.code()
        && cx.now < row.expires_at;
    good.then_some((row, person)).ok_or(Error::NotFound)
}

/// Uses a link up.
///
/// # Errors
/// As [`good`]; of two who use it at once, one is refused.
pub async fn use_up(tx: &mut Tx, purpose: Purpose, given: &str) -> Result<Model> {
    let (row, _) = good(tx.cx(), tx.db(), purpose, given).await?;
    // The account may be changed at this moment: what counts is how it is then.
    people::hold(tx, row.user_id).await?;
    let (row, _) = good(tx.cx(), tx.db(), purpose, given).await?;
    match store::delete(tx.db(), row.id).await? {
        true => Ok(row),
        false => Err(Error::NotFound),
    }
}

/// A new password ends what an intruder may have begun: every link and every token.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(tx: &Tx, user: UserId) -> Result<()> {
    end(tx, user).await?;
    crate::store::tokens::delete_all_of(tx.db(), user).await
}

/// Ends every link of somebody.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &Tx, user: UserId) -> Result<()> {
    store::delete_all_of(tx.db(), user).await
}

/// Links that are over are forgotten every hour.
pub(crate) const SWEEP: Schedule = Schedule {
    kind: "accounts.sweep_links",
    every_minutes: 60,
};

pub(crate) fn sweeper(app: &App) -> Handler {
    kit::handler(
        app,
        SWEEP.kind,
        |app, _| async move { Ok(sweep(&app).await?) },
    )
}

/// A password that an administrator set ends links and tokens as one's own does.
pub(crate) fn ender(app: &App) -> Handler {
    kit::handler(app, people::PASSWORD_SET, |app, payload| async move {
        let user = payload["user"].as_str().and_then(|id| id.parse().ok());
        let Some(user) = user else { return Ok(()) };
        let tx = Context::system(&app).begin().await?;
        end_all(&tx, user).await?;
        Ok(tx
            .commit_silently("that the password was set stands in the log")
            .await?)
    })
}

async fn sweep(app: &App) -> Result<()> {
    let tx = Context::system(app).begin().await?;
    store::delete_before(tx.db(), tx.now()).await?;
    tx.commit_silently("links that are over are no history")
        .await
}

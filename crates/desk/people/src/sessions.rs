//! Signing in and out, and what a cookie is worth.

use std::sync::Arc;

use jobs::{Handler, Schedule};
use kit::{Actor, App, Context, Error, Instant, Key, Result, Tx, User, UserId};

use crate::addresses::{self, Tries};
use crate::events::UserEvent;
use crate::store::{self, session, user};
use crate::{Person, own, password, roles};

/// A session's last use is noted at most so often.
const TOUCH_SECONDS: i64 = 60;

/// Whose address and password these are. A failure is counted and committed here,
/// since a refusal is a change, too. Earlier ones are forgotten when a session starts,
/// not here: whoever guesses a second thing would begin anew by showing the password.
///
/// # Errors
/// [`Error::Invalid`] with the same words for an unknown address, a wrong password and
/// an address that is not confirmed; [`Error::TooMany`] while the address is locked,
/// whether it is anybody's or not.
pub async fn credentials(cx: &Context, email: &str, word: &str, device: &str) -> Result<Person> {
    let refused = || Error::field("password", "credentials");
    // PostgreSQL refuses a NUL even in a question.
    let email = email.trim().to_lowercase().replace('\0', "");
    let found = store::row_by_email(cx.db(), &email).await?;
    let hash = found.as_ref().and_then(|row| row.password_hash.clone());
    let right = password::matches(word.to_owned(), hash.clone()).await?;
    // Hashing takes long, and many may guess at once: what counts is how the account
    // stands now, and nobody guesses beside this one while it is looked at.
    let mut tx = cx.begin().await?;
    let row = match &found {
        Some(found) => store::row_for_update(tx.db(), found.id).await?,
        None => None,
    };
    let Some(row) = row else {
        let seconds = addresses::fail(&tx, &email).await?;
        tx.commit_silently("nobody's failures are no history")
            .await?;
        return Err(seconds.map_or_else(refused, Error::TooMany));
    };
    if let Some(seconds) = locked_for(&row, cx.now) {
        return Err(Error::TooMany(seconds));
    }
    // Nobody signs in with an address that may be somebody else's (S3-176). Who has just
    // registered with it must not learn from the answer whether there was an account.
    let may = row.active && row.confirmed_at.is_some();
    if !right || row.password_hash != hash || !may {
        let seconds = count(&mut tx, row, device).await?;
        tx.commit().await?;
        return Err(seconds.map_or_else(refused, Error::TooMany));
    }
    drop(tx);
    from_where_they_may(cx, row.into()).await
}

/// Whoever has the right password and comes from where their company's people may
/// not, is refused and noted, once for each attempt (S3-264).
async fn from_where_they_may(cx: &Context, person: Person) -> Result<Person> {
    match person.company {
        Some(company) if !companies::lets_in(cx, company).await? => {
            Err(noted(cx, &person, Error::Forbidden("address")).await)
        }
        _ => Ok(person),
    }
}

/// Notes who was not let in from where they are, if that is what `error` says, and
/// answers with the error: for whoever could not start a session. The transaction of the
/// attempt must be over, for what is noted here stands beside it.
pub async fn noted(cx: &Context, person: &Person, error: Error) -> Error {
    let (Error::Forbidden("address"), Some(company)) = (&error, person.company) else {
        return error;
    };
    let note = async {
        let mut tx = cx.begin().await?;
        tx.record(&companies::CompanyEvent::Refused(company, person.id.0));
        tx.commit().await
    };
    note.await.err().unwrap_or(error)
}

/// Starts a session without a password: for whoever has just proved themselves
/// in another way.
///
/// # Errors
/// [`Error::SignIn`] when the account changed since `person` was read;
/// [`Error::Forbidden`] where their company does not let them in from.
pub async fn start(tx: &mut Tx, person: &Person, device: &str) -> Result<String> {
    start_by(tx, person, device, None).await
}

/// The same for whom somebody else vouches, whose name the history shows.
///
/// # Errors
/// As [`start`].
pub async fn start_by(
    tx: &mut Tx,
    person: &Person,
    device: &str,
    by: Option<&str>,
) -> Result<String> {
    own::hold_as(tx, person).await?;
    // However they proved themselves: by a letter, a key, another site.
    if let Some(company) = person.company
        && !companies::lets_in(tx.cx(), company).await?
    {
        return Err(Error::Forbidden("address"));
    }
    let token = Key::token();
    tx.act_as(actor(person), tx.now());
    store::forget_failures(tx.db(), person.id).await?;
    store::insert_session(
        tx.db(),
        session::Model {
            token_hash: hash(&tx.cx().app, &token),
            user_id: person.id,
            created_at: tx.now(),
            seen_at: tx.now(),
            ip: tx.cx().ip.map(|ip| ip.to_string()),
            device: Some(device.chars().take(200).collect()),
        },
    )
    .await?;
    let by = by.map(str::to_owned);
    tx.record(&UserEvent::SignedIn(person.id, device.to_owned(), by));
    Ok(token)
}

/// Ends a session on the server, so that its cookie is worth nothing (S3-184).
///
/// # Errors
/// When the database refuses.
pub async fn sign_out(cx: &Context, token: &str) -> Result<()> {
    let mut tx = cx.begin().await?;
    store::delete_session(tx.db(), &hash(&cx.app, token)).await?;
    tx.record(&UserEvent::SignedOut(cx.actor.user()?.id));
    tx.commit().await
}

/// Who asks, and the log's newest number when they were looked up: whatever is read
/// after it is at least as new.
pub struct Asker {
    /// Who.
    pub person: Person,
    /// The number.
    pub seq: i64,
}

/// The person with this id, if they may sign in: for whoever has proved to be them in
/// another way.
///
/// # Errors
/// When the database refuses.
pub async fn asker(app: &App, id: UserId) -> Result<Option<Asker>> {
    let seen = store::seen(app.db.reader(), id).await?;
    match seen.filter(|seen| seen.user.active) {
        Some(seen) => Ok(Some(looked_up(app, seen.user, seen.seq).await?)),
        None => Ok(None),
    }
}

/// Somebody with what their role lets them do, where it is one made here: from memory
/// while no role has changed, as of the same place of the log.
pub(crate) async fn looked_up(app: &App, row: user::Model, seq: i64) -> Result<Asker> {
    let custom = row.role_id;
    let mut person = Person::from(row);
    if let Some(id) = custom {
        person.powers = Some(roles::powers(app, id, person.role, seq).await?);
    }
    Ok(Asker { person, seq })
}

/// Whom a cookie's value stands for; `None` when it is old, ended or made up.
/// `used` when somebody did something, which keeps the session from ending.
///
/// # Errors
/// When the database refuses.
pub async fn resume(app: &App, token: &str, used: bool) -> Result<Option<Asker>> {
    let now = app.clock.now();
    let hash = hash(app, token);
    let Some(session) = store::resumed(app.db.reader(), &hash).await? else {
        return Ok(None);
    };
    let settings = &app.settings;
    let over = now >= session.begun_at.plus_seconds(settings.session_seconds)
        || now >= session.seen_at.plus_seconds(settings.idle_seconds);
    if over || !session.user.active {
        return Ok(None);
    }
    if used && now >= session.seen_at.plus_seconds(TOUCH_SECONDS) {
        let tx = Context::system(app).begin().await?;
        store::touch_session(tx.db(), &hash, now).await?;
        tx.commit_silently("session touched").await?;
    }
    Ok(Some(looked_up(app, session.user, session.seq).await?))
}

/// The actor that a person is.
pub(crate) fn actor(person: &Person) -> Actor {
    Actor::User(Arc::new(User {
        id: person.id,
        name: person.name.clone(),
        email: person.email.clone(),
        role: person.role,
        company: person.company,
        powers: person.powers.clone(),
        limits: person.limits.clone(),
    }))
}

impl From<&Person> for Actor {
    fn from(person: &Person) -> Actor {
        actor(person)
    }
}

fn locked_for(row: &user::Model, now: Instant) -> Option<i64> {
    tries(row).locked_for(now)
}

fn tries(row: &user::Model) -> Tries {
    Tries {
        failures: row.failures,
        locked_until: row.locked_until,
    }
}

/// For how many seconds an account is still locked; it is held until the transaction
/// ends, so that nobody guesses beside it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person.
pub async fn locked(tx: &Tx, id: UserId) -> Result<Option<i64>> {
    let row = store::row_for_update(tx.db(), id).await?;
    Ok(locked_for(&row.ok_or(Error::NotFound)?, tx.now()))
}

/// Counts a failure to show something else than the password, as one with it; the
/// seconds of the lock when this was one too many.
///
/// # Errors
/// [`Error::SignIn`] when there is no such person.
pub async fn fail(tx: &mut Tx, id: UserId, device: &str) -> Result<Option<i64>> {
    let row = store::row_for_update(tx.db(), id).await?;
    count(tx, row.ok_or(Error::SignIn)?, device).await
}

/// Forgets earlier failures, where no session starts.
///
/// # Errors
/// When the database refuses.
pub async fn forgive(cx: &Context, id: UserId) -> Result<()> {
    let row = store::row(cx.db(), id).await?;
    if row.is_none_or(|row| row.failures == 0 && row.locked_until.is_none()) {
        return Ok(());
    }
    let tx = cx.begin().await?;
    store::forget_failures(tx.db(), id).await?;
    tx.commit_silently("a clean slate after everything was right")
        .await
}

/// When the session of this cookie began.
pub(crate) async fn begun(cx: &Context, token: &str) -> Result<Option<Instant>> {
    store::session_begun(cx.db(), &hash(&cx.app, token)).await
}

/// Counts a failure; the seconds of the lock when this was one too many.
async fn count(tx: &mut Tx, mut row: user::Model, device: &str) -> Result<Option<i64>> {
    let mut tries = tries(&row);
    let seconds = tries.fail(tx.now());
    (row.failures, row.locked_until) = (tries.failures, tries.locked_until);
    let locks = seconds.is_some();
    tx.record(&UserEvent::SignInFailed(row.id, locks, device.to_owned()));
    store::update(tx.db(), row).await?;
    Ok(seconds)
}

/// One of somebody's sessions, as they see it.
pub struct Session {
    /// What it is called on a page: tells nothing of the cookie.
    pub handle: String,
    /// Since when.
    pub created_at: Instant,
    /// When it was used last.
    pub seen_at: Instant,
    /// From where it began.
    pub ip: Option<String>,
    /// The browser, as it calls itself.
    pub device: Option<String>,
    /// Whether it is the one of this cookie.
    pub current: bool,
}

/// One's own sessions that are not over; `token` is this one's cookie.
///
/// # Errors
/// [`Error::SignIn`] for nobody.
pub async fn sessions(cx: &Context, token: &str) -> Result<Vec<Session>> {
    let current = hash(&cx.app, token);
    let settings = &cx.app.settings;
    let rows = store::sessions_of(cx.db(), cx.actor.user()?.id).await?;
    let live = rows.into_iter().filter(|row| {
        cx.now < row.created_at.plus_seconds(settings.session_seconds)
            && cx.now < row.seen_at.plus_seconds(settings.idle_seconds)
    });
    Ok(live
        .map(|row| Session {
            handle: handle(&cx.app, &row.token_hash),
            current: row.token_hash == current,
            created_at: row.created_at,
            seen_at: row.seen_at,
            ip: row.ip,
            device: row.device,
        })
        .collect())
}

/// Ends one of one's own sessions.
///
/// # Errors
/// [`Error::NotFound`] when there is none of this handle.
pub async fn end_session(tx: &mut Tx, named: &str) -> Result<()> {
    let me = tx.cx().actor.user()?.id;
    let rows = store::sessions_of(tx.db(), me).await?;
    let found = rows
        .iter()
        .find(|row| Key::same(&handle(&tx.cx().app, &row.token_hash), named));
    let found = found.ok_or(Error::NotFound)?;
    store::delete_session(tx.db(), &found.token_hash).await?;
    tx.record(&UserEvent::SignedOut(me));
    Ok(())
}

/// Ends all of one's own sessions but the one of this cookie; `false` when there
/// are no others.
///
/// # Errors
/// [`Error::SignIn`] for nobody.
pub async fn end_other_sessions(tx: &mut Tx, token: &str) -> Result<bool> {
    let me = tx.cx().actor.user()?.id;
    let current = hash(&tx.cx().app, token);
    let ended = store::delete_other_sessions(tx.db(), me, &current).await? > 0;
    if ended {
        tx.record(&UserEvent::SignedOut(me));
    }
    Ok(ended)
}

fn handle(app: &App, token_hash: &str) -> String {
    let mut handle = app.key.sign_hex("session handle", token_hash.as_bytes());
    handle.truncate(32);
    handle
}

/// Keyed, so that a new `SECRET_KEY` ends every session (S3-309).
pub(crate) fn hash(app: &App, token: &str) -> String {
    app.key.sign_hex("session", token.as_bytes())
}

/// Sessions that are over are forgotten every hour.
pub(crate) const SWEEP: Schedule = Schedule {
    kind: "people.sweep_sessions",
    every_minutes: 60,
};

pub(crate) fn sweeper(app: &App) -> Handler {
    kit::handler(
        app,
        SWEEP.kind,
        |app, _| async move { Ok(sweep(&app).await?) },
    )
}

async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    let tx = Context::system(app).begin().await?;
    let created = now.plus_seconds(-app.settings.session_seconds);
    let seen = now.plus_seconds(-app.settings.idle_seconds);
    store::delete_sessions_before(tx.db(), created, seen).await?;
    addresses::sweep(&tx).await?;
    // Jobs that were done are of no use after a month.
    jobs::forget_done(tx.db(), now.plus_minutes(-30 * 24 * 60)).await?;
    tx.commit_silently("sessions that are over are no history")
        .await
}

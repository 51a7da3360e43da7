//! Signing in and out, and what a cookie is worth.

use std::sync::Arc;

use jobs::{Handler, Schedule};
use kit::{Actor, App, Context, Error, Instant, Key, Result, Tx, User, UserId};

use crate::events::UserEvent;
use crate::store::{self, session, user};
use crate::{Person, password};

/// So many wrong passwords lock an account (S3-180) …
const FAILURES: i32 = 5;
/// … for so many minutes.
const LOCK_MINUTES: i64 = 15;
/// A session's last use is noted at most so often.
const TOUCH_SECONDS: i64 = 60;

/// A new session.
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// The cookie's value: 256 random bits. Only its hash is stored.
    pub token: String,
}

/// Signs somebody in.
///
/// # Errors
/// [`Error::Invalid`] with the same words for an unknown address and a wrong
/// password; [`Error::TooMany`] while the account is locked; [`Error::Conflict`]
/// while the address is not confirmed.
pub async fn sign_in(cx: &Context, email: &str, word: &str, device: &str) -> Result<SignedIn> {
    let person = check(cx, email, word, device).await?;
    let mut tx = cx.begin().await?;
    let token = start(&mut tx, &person, device).await?;
    tx.commit().await?;
    Ok(SignedIn { person, token })
}

/// Whose address and password these are. A failure is counted and committed
/// here, since a refusal is a change, too.
pub(crate) async fn check(cx: &Context, email: &str, word: &str, device: &str) -> Result<Person> {
    let refused = || Error::field("password", "credentials");
    // PostgreSQL refuses a NUL even in a question.
    let email = email.trim().to_lowercase().replace('\0', "");
    let found = store::row_by_email(cx.db(), &email).await?;
    let hash = found.as_ref().and_then(|row| row.password_hash.clone());
    let right = password::matches(word.to_owned(), hash).await?;
    let found = found.ok_or_else(refused)?;
    if right && found.active && found.failures == 0 && found.locked_until.is_none() {
        return from_where_they_may(cx, confirmed(found.into())?).await;
    }
    let mut tx = cx.begin().await?;
    let mut row = store::row_for_update(tx.db(), found.id)
        .await?
        .ok_or_else(refused)?;
    if let Some(seconds) = locked_for(&row, cx.now) {
        return Err(Error::TooMany(seconds));
    }
    if !right || !row.active {
        let seconds = fail(&mut tx, row, device).await?;
        tx.commit().await?;
        return Err(seconds.map_or_else(refused, Error::TooMany));
    }
    row.failures = 0;
    row.locked_until = None;
    store::update(tx.db(), row.clone()).await?;
    tx.commit_silently("a clean slate after a right password")
        .await?;
    from_where_they_may(cx, confirmed(row.into())?).await
}

/// Whoever has the right password and comes from where their company's people may
/// not, is refused and noted, once for each attempt (S3-264).
async fn from_where_they_may(cx: &Context, person: Person) -> Result<Person> {
    let Some(company) = person.company else {
        return Ok(person);
    };
    if companies::lets_in(cx, company).await? {
        return Ok(person);
    }
    let mut tx = cx.begin().await?;
    tx.record(&companies::CompanyEvent::Refused(company, person.id.0));
    tx.commit().await?;
    Err(Error::Forbidden("address"))
}

/// Nobody signs in with an address that may be somebody else's (S3-176). Only who
/// knows the password hears of it.
fn confirmed(person: Person) -> Result<Person> {
    match person.confirmed {
        true => Ok(person),
        false => Err(Error::Conflict("unconfirmed")),
    }
}

/// Starts a session without a password: for whoever has just proved themselves
/// in another way.
///
/// # Errors
/// When the database refuses.
pub async fn start(tx: &mut Tx, person: &Person, device: &str) -> Result<String> {
    // However they proved themselves: by a letter, a key, another site.
    if let Some(company) = person.company
        && !companies::lets_in(tx.cx(), company).await?
    {
        return Err(Error::Forbidden("address"));
    }
    let token = Key::token();
    tx.act_as(actor(person), tx.now());
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
    tx.record(&UserEvent::SignedIn(person.id, device.to_owned()));
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
    Ok(seen.filter(|seen| seen.user.active).map(|seen| Asker {
        person: seen.user.into(),
        seq: seen.seq,
    }))
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
    Ok(Some(Asker {
        person: session.user.into(),
        seq: session.seq,
    }))
}

/// The actor that a person is.
pub(crate) fn actor(person: &Person) -> Actor {
    Actor::User(Arc::new(User {
        id: person.id,
        name: person.name.clone(),
        email: person.email.clone(),
        role: person.role,
        company: person.company,
    }))
}

impl From<&Person> for Actor {
    fn from(person: &Person) -> Actor {
        actor(person)
    }
}

fn locked_for(row: &user::Model, now: Instant) -> Option<i64> {
    let until = row.locked_until.filter(|until| *until > now)?;
    Some((until.since(now) + 999) / 1_000)
}

/// Counts a failure; the seconds of the lock when this was one too many.
async fn fail(tx: &mut Tx, mut row: user::Model, device: &str) -> Result<Option<i64>> {
    // A lock that has run out leaves a clean slate.
    if row.locked_until.take().is_some() {
        row.failures = 0;
    }
    row.failures += 1;
    let locks = row.failures >= FAILURES;
    if locks {
        row.locked_until = Some(tx.now().plus_minutes(LOCK_MINUTES));
    }
    tx.record(&UserEvent::SignInFailed(row.id, locks, device.to_owned()));
    store::update(tx.db(), row).await?;
    Ok(locks.then_some(LOCK_MINUTES * 60))
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
fn hash(app: &App, token: &str) -> String {
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
    // Jobs that were done are of no use after a month.
    jobs::forget_done(tx.db(), now.plus_minutes(-30 * 24 * 60)).await?;
    tx.commit_silently("sessions that are over are no history")
        .await
}

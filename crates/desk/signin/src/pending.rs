//! A sign-in that is not finished: the password was right, and something else is yet to
//! be shown. It is worth nothing but to go on from.

use axum::http::HeaderMap;
use jobs::{Handler, Schedule};
use kit::{Actor, App, Context, Error, Instant, Key, Result, Tx, UserId, new_id};
use people::Person;
use rand::RngExt;

use crate::store::passkeys;
use crate::store::pending::{self as store, Model};
use crate::{PendingId, letters, unproved};

/// How long somebody may take, and how long a code is good (S3-177).
const MINUTES: i64 = 10;
/// No code is sent any more so long after it began: whoever found it open must not keep
/// it open for ever.
const CODES_MINUTES: i64 = 50;
/// Another code can be sent so long after the one before.
const AGAIN_SECONDS: i64 = 60;
/// What the browser keeps.
const COOKIE: &str = "pending";

/// One that is there, and whose it is.
pub struct Pending {
    /// Its row.
    pub row: Model,
    /// Whose.
    pub person: Person,
}

/// Begins one, for a browser; what its cookie is to hold. `by`: who vouched for them.
///
/// # Errors
/// When the database refuses.
pub async fn begin(
    tx: &Tx,
    person: &Person,
    next: &str,
    by: Option<&str>,
) -> Result<(PendingId, String)> {
    let token = Key::token();
    let hash = hash(&tx.cx().app, &token);
    let id = insert(tx, person, (next, by), Some(hash)).await?;
    Ok((id, token))
}

/// Begins one for a program, which shows its password again with the code.
///
/// # Errors
/// When the database refuses.
pub async fn begin_for_program(tx: &Tx, person: &Person) -> Result<PendingId> {
    insert(tx, person, ("", None), None).await
}

async fn insert(
    tx: &Tx,
    person: &Person,
    (next, by): (&str, Option<&str>),
    token: Option<String>,
) -> Result<PendingId> {
    let id = PendingId(new_id(tx.now()));
    let row = Model {
        id,
        token_hash: token,
        user_id: person.id,
        stamp: person.stamp,
        next: next.to_owned(),
        vouched_by: by.map(str::to_owned),
        code_hash: None,
        code_asked_at: None,
        expires_at: tx.now().plus_minutes(MINUTES),
    };
    store::insert(tx.db(), row).await?;
    Ok(id)
}

/// The one of this browser. It ends with the password that it began with.
///
/// # Errors
/// When the database refuses.
pub async fn find(cx: &Context, headers: &HeaderMap) -> Result<Option<Pending>> {
    let Some(token) = kit::cookie(headers, COOKIE) else {
        return Ok(None);
    };
    let row = store::by_token(cx.db(), &hash(&cx.app, token)).await?;
    let Some(row) = row.filter(|row| cx.now < row.expires_at) else {
        return Ok(None);
    };
    let person = people::person(cx.db(), row.user_id).await?;
    let person = person.filter(|person| person.active && person.stamp == row.stamp);
    Ok(person.map(|person| Pending { row, person }))
}

/// Ends it with a session, whose cookie it answers with. Of two who finish it at once,
/// one is in.
///
/// # Errors
/// [`Error::SignIn`] when it was finished or voided meanwhile.
pub async fn finish(tx: &mut Tx, pending: &Pending, device: &str) -> Result<String> {
    people::hold(tx, pending.person.id).await?;
    if !store::delete(tx.db(), pending.row.id).await? {
        return Err(Error::SignIn);
    }
    let by = pending.row.vouched_by.as_deref();
    people::start_by(tx, &pending.person, device, by).await
}

/// Goes on in a transaction as the person whose it is; their account is held.
///
/// # Errors
/// [`Error::SignIn`] when it was finished or voided meanwhile, as it is when they got
/// something to show beside the password.
pub async fn hold(tx: &mut Tx, pending: &Pending) -> Result<()> {
    people::hold_as(tx, &pending.person).await?;
    tx.act_as(Actor::from(&pending.person), tx.now());
    let row = store::find(tx.db(), pending.row.id).await?;
    match row.is_some_and(|row| tx.now() < row.expires_at) {
        true => Ok(()),
        false => Err(Error::SignIn),
    }
}

/// Lets a code be sent; `false` when the one before is too fresh. The person's account
/// is held, so that of two who ask at once the second one knows of the first.
///
/// # Errors
/// [`Error::SignIn`] when it was finished or voided meanwhile, or has gone on for too
/// long.
pub async fn ask_code(tx: &Tx, id: PendingId) -> Result<bool> {
    let mut row = store::find(tx.db(), id).await?.ok_or(Error::SignIn)?;
    if tx.now() >= kit::made_at(id.0).plus_minutes(CODES_MINUTES) {
        return Err(Error::SignIn);
    }
    let fresh = |at: Instant| tx.now() < at.plus_seconds(AGAIN_SECONDS);
    if row.code_asked_at.is_some_and(fresh) {
        return Ok(false);
    }
    row.code_asked_at = Some(tx.now());
    // Beyond so many an hour nothing is sent, and nothing is said.
    if people::code_left(tx, row.user_id).await? {
        row.expires_at = tx.now().plus_minutes(MINUTES);
        letters::send_code(tx, id).await?;
    }
    store::update(tx.db(), row).await?;
    Ok(true)
}

/// A code for whoever it is sent to now, in the place of the one before; `None` when it
/// is finished, void or over meanwhile. It goes on for as long as the code is good, or
/// the letter would promise too much.
///
/// # Errors
/// When the database refuses.
pub async fn new_code(tx: &Tx, id: PendingId) -> Result<Option<(UserId, String)>> {
    let Some(row) = store::find(tx.db(), id).await? else {
        return Ok(None);
    };
    people::hold(tx, row.user_id).await?;
    // As it stands now: the account is held only from here on.
    let row = store::find(tx.db(), id).await?;
    let Some(mut row) = row.filter(|row| tx.now() < row.expires_at) else {
        return Ok(None);
    };
    let user = row.user_id;
    let code = format!("{:06}", rand::rng().random_range(0..1_000_000));
    row.code_hash = Some(code_hash(&tx.cx().app, id, &code));
    row.expires_at = tx.now().plus_minutes(MINUTES);
    store::update(tx.db(), row).await?;
    Ok(Some((user, code)))
}

/// What a code is kept as. It is worth something for its own sign-in only.
pub fn code_hash(app: &App, id: PendingId, code: &str) -> String {
    app.key
        .sign_hex("sign-in code", format!("{id} {code}").as_bytes())
}

/// The cookie that carries it on; it is sent where it is needed. How long it is good
/// says the row, which another code prolongs.
pub fn cookie(token: &str) -> String {
    format!("{COOKIE}={token}; Path=/auth; HttpOnly; SameSite=Lax")
}

/// What takes the cookie away again.
pub fn no_cookie() -> String {
    format!("{COOKIE}=; Path=/auth; Max-Age=0; HttpOnly; SameSite=Lax")
}

fn hash(app: &App, token: &str) -> String {
    app.key.sign_hex("pending", token.as_bytes())
}

/// What is over is forgotten every hour.
pub(crate) const SWEEP: Schedule = Schedule {
    kind: "signin.sweep",
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
    let tx = Context::system(app).begin().await?;
    store::delete_before(tx.db(), tx.now()).await?;
    passkeys::delete_challenges_before(tx.db(), tx.now()).await?;
    unproved::sweep(&tx).await?;
    tx.commit_silently("what nobody went on with is no history")
        .await
}

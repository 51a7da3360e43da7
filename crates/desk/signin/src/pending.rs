//! A sign-in that is not finished: the password was right, and something else is yet to
//! be shown. It is worth nothing but to go on from.

use axum::http::HeaderMap;
use jobs::{Handler, Schedule};
use kit::{Actor, App, Context, Error, Key, Result, Tx, new_id};
use people::Person;

use crate::store::passkeys;
use crate::store::pending::{self as store, Model};
use crate::{PendingId, letters};

/// How long somebody may take (S3-177).
const MINUTES: i64 = 10;
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

/// Begins one, for a browser; what its cookie is to hold.
///
/// # Errors
/// When the database refuses.
pub async fn begin(tx: &Tx, person: &Person, next: &str) -> Result<(Model, String)> {
    let token = Key::token();
    let hash = hash(&tx.cx().app, &token);
    let row = insert(tx, person, next, Some(hash)).await?;
    Ok((row, token))
}

/// Begins one for a program, which shows its password again with the code.
///
/// # Errors
/// When the database refuses.
pub async fn begin_for_program(tx: &Tx, person: &Person) -> Result<Model> {
    insert(tx, person, "", None).await
}

async fn insert(tx: &Tx, person: &Person, next: &str, token: Option<String>) -> Result<Model> {
    let row = Model {
        id: PendingId(new_id(tx.now())),
        token_hash: token,
        user_id: person.id,
        stamp: person.stamp,
        next: next.to_owned(),
        code_hash: None,
        code_asked_at: None,
        expires_at: tx.now().plus_minutes(MINUTES),
    };
    store::insert(tx.db(), row.clone()).await?;
    Ok(row)
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
    if !store::delete(tx.db(), pending.row.id).await? {
        return Err(Error::SignIn);
    }
    people::start(tx, &pending.person, device).await
}

/// Goes on in a transaction as the person whose it is; their account is held.
///
/// # Errors
/// [`Error::SignIn`] when it was finished or voided meanwhile, as it is when they got
/// something to show beside the password.
pub async fn hold(tx: &mut Tx, pending: &Pending) -> Result<()> {
    people::locked(tx, pending.person.id).await?;
    tx.act_as(Actor::from(&pending.person), tx.now());
    match store::find(tx.db(), pending.row.id).await? {
        Some(_) => Ok(()),
        None => Err(Error::SignIn),
    }
}

/// Lets a code be sent; `false` when the one before is too fresh.
///
/// # Errors
/// When the database refuses.
pub async fn ask_code(tx: &Tx, mut row: Model) -> Result<bool> {
    let fresh = |at: kit::Instant| tx.now() < at.plus_seconds(AGAIN_SECONDS);
    if row.code_asked_at.is_some_and(fresh) {
        return Ok(false);
    }
    row.code_asked_at = Some(tx.now());
    let (id, user) = (row.id, row.user_id);
    store::update(tx.db(), row).await?;
    // Beyond so many an hour nothing is sent, and nothing is said.
    if people::code_left(tx, user).await? {
        letters::send_code(tx, id).await?;
    }
    Ok(true)
}

/// What a code is kept as. It is worth something for its own sign-in only.
pub fn code_hash(app: &App, id: PendingId, code: &str) -> String {
    app.key
        .sign_hex("sign-in code", format!("{id} {code}").as_bytes())
}

/// The cookie that carries it on; it is sent where it is needed.
pub fn cookie(token: &str) -> String {
    format!("{COOKIE}={token}; Path=/auth; Max-Age=600; HttpOnly; SameSite=Lax")
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
    tx.commit_silently("what nobody went on with is no history")
        .await
}

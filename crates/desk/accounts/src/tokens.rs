//! Tokens for programs: somebody's own, with a name and a limit to what they may do.

use kit::{App, Context, Error, Instant, Key, Problems, Result, Tx, new_id};
use people::Asker;

use crate::TokenId;
use crate::events::AccountEvent;
use crate::store::tokens::{self as store, Model};

/// What a token begins with, so that people and secret scanners know it for one.
pub const PREFIX: &str = "balcao_";
/// A token's last use is noted at most so often.
const TOUCH_SECONDS: i64 = 60;

/// What a token may do, besides what its person may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Look.
    Read,
    /// Look and work as a technician at most.
    Write,
    /// Everything that its person may do.
    Admin,
}

impl Scope {
    /// All of them, the least first.
    pub const ALL: [Scope; 3] = [Scope::Read, Scope::Write, Scope::Admin];

    /// The stored name, and the end of the locale keys.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Write => "write",
            Scope::Admin => "admin",
        }
    }

    /// The scope of a stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// How long tokens can be good for, in days; 0 is for ever.
pub const DAYS: [i64; 4] = [30, 90, 365, 0];

/// A new token.
pub struct New {
    /// Whose work it does.
    pub name: String,
    /// What it may do.
    pub scope: Option<Scope>,
    /// See [`DAYS`].
    pub days: Option<i64>,
}

/// Makes a token for the actor and answers with its words, which are shown once: only
/// their hash is stored.
///
/// # Errors
/// [`Error::Invalid`] at each field.
pub async fn make(tx: &mut Tx, new: New) -> Result<String> {
    let me = tx.cx().actor.user()?.id;
    let mut problems = Problems::default();
    let name = problems.text("token_name", &new.name, 1..=60);
    if new.scope.is_none() {
        problems.add("scope", "unknown");
    }
    let days = new.days.filter(|days| DAYS.contains(days));
    if days.is_none() {
        problems.add("days", "unknown");
    }
    // Of two made at once the second counts the first.
    people::hold(tx, me).await?;
    if store::of(tx.db(), me).await?.len() as u64 >= store::MOST {
        problems.add("token_name", "too-many-tokens");
    }
    problems.done()?;
    let token = format!("{PREFIX}{}", Key::token());
    let row = Model {
        id: TokenId(new_id(tx.now())),
        user_id: me,
        name: name.clone(),
        scope: new.scope.unwrap_or(Scope::Read).code().to_owned(),
        token_hash: hash(&tx.cx().app, &token),
        created_at: tx.now(),
        expires_at: days
            .filter(|days| *days > 0)
            .map(|days| tx.now().plus_minutes(days * 24 * 60)),
        seen_at: None,
    };
    store::insert(tx.db(), row).await?;
    tx.record(&AccountEvent::TokenMade(me, name));
    Ok(token)
}

/// Takes one of the actor's tokens away: it is worth nothing from now on.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn revoke(tx: &mut Tx, id: TokenId) -> Result<()> {
    let me = tx.cx().actor.user()?.id;
    let own = store::of(tx.db(), me).await?;
    let token = own.into_iter().find(|token| token.id == id);
    let token = token.ok_or(Error::NotFound)?;
    if !store::delete(tx.db(), me, id).await? {
        return Err(Error::NotFound);
    }
    tx.record(&AccountEvent::TokenRevoked(me, token.name));
    Ok(())
}

/// Whom a token stands for; `None` when it is over, revoked or made up. `changes` when
/// the request is to change something.
///
/// # Errors
/// [`Error::Forbidden`] when it may only look.
pub async fn bearer(app: &App, token: &str, changes: bool) -> Result<Option<Asker>> {
    let now = app.clock.now();
    let row = store::by_hash(app.db.reader(), &hash(app, token)).await?;
    let good = |row: &Model| row.expires_at.is_none_or(|until: Instant| now < until);
    let Some(row) = row.filter(good) else {
        return Ok(None);
    };
    let Some(mut asker) = people::asker(app, row.user_id).await? else {
        return Ok(None);
    };
    let scope = Scope::from_code(&row.scope).unwrap_or(Scope::Read);
    if changes && scope == Scope::Read {
        return Err(Error::Forbidden("token-scope"));
    }
    // Never more than its person may, and without that scope no more than a technician.
    if scope != Scope::Admin {
        asker.person.lower();
    }
    let seen = row.seen_at.map(|at| at.plus_seconds(TOUCH_SECONDS));
    if seen.is_none_or(|again| now >= again) {
        let tx = Context::system(app).begin().await?;
        store::touch(tx.db(), row.id, now).await?;
        tx.commit_silently("a token's last use is no change of the desk")
            .await?;
    }
    Ok(Some(asker))
}

/// Keyed, so that a new `SECRET_KEY` ends every token.
fn hash(app: &App, token: &str) -> String {
    app.key.sign_hex("api token", token.as_bytes())
}

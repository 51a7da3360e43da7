//! The REST API's tokens (S2-183): HS256, thirty minutes.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use kit::{Actor, App, Error, Result, Tx, UserId};
use serde::{Deserialize, Serialize};

use crate::Person;
use crate::events::UserEvent;
use crate::sessions::{Asker, looked_up};
use crate::store;

/// How long a token is good for.
const MINUTES: i64 = 30;

/// A token for a program.
pub struct Issued {
    /// What is shown.
    pub token: String,
    /// For how long it is good.
    pub seconds: i64,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: UserId,
    iat: i64,
    exp: i64,
    /// See [`crate::renew`].
    stamp: i32,
}

/// A token for `person`, who has just signed in with a program. Earlier failures are
/// forgotten, as when a session starts.
///
/// # Errors
/// When the database refuses.
pub async fn issue(tx: &mut Tx, person: &Person, device: &str) -> Result<Issued> {
    tx.act_as(Actor::from(person), tx.now());
    store::forget_failures(tx.db(), person.id).await?;
    let by = Some("API".to_owned());
    tx.record(&UserEvent::SignedIn(person.id, device.to_owned(), by));
    let (app, now) = (&tx.cx().app, tx.now());
    let claims = Claims {
        sub: person.id,
        iat: now.millis() / 1_000,
        exp: now.plus_minutes(MINUTES).millis() / 1_000,
        stamp: person.stamp,
    };
    let key = EncodingKey::from_secret(&app.key.sign("jwt", b""));
    let token = encode(&Header::new(Algorithm::HS256), &claims, &key);
    Ok(Issued {
        token: token.map_err(Error::internal)?,
        seconds: MINUTES * 60,
    })
}

/// Whom a token stands for; `None` when it is altered, over, its person may no longer
/// sign in, or signs in by something else since.
///
/// # Errors
/// When the database refuses.
pub async fn bearer(app: &App, token: &str) -> Result<Option<Asker>> {
    let key = DecodingKey::from_secret(&app.key.sign("jwt", b""));
    let mut validation = Validation::new(Algorithm::HS256);
    // The desk's clock decides, which tests move; not the machine's.
    validation.validate_exp = false;
    let Ok(token) = decode::<Claims>(token, &key, &validation) else {
        return Ok(None);
    };
    if app.clock.now().millis() / 1_000 >= token.claims.exp {
        return Ok(None);
    }
    let seen = store::seen(app.db.reader(), token.claims.sub).await?;
    let good = seen.filter(|seen| seen.user.active && seen.user.stamp == token.claims.stamp);
    match good {
        Some(seen) => Ok(Some(looked_up(app, seen.user, seen.seq).await?)),
        None => Ok(None),
    }
}

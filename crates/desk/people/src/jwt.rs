//! The REST API's tokens (S2-183): HS256, thirty minutes.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use kit::{App, Error, Instant, Result, UserId};
use serde::{Deserialize, Serialize};

use crate::Person;
use crate::sessions::{Asker, asker};

/// How long a token is good for.
pub(crate) const MINUTES: i64 = 30;

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: UserId,
    iat: i64,
    exp: i64,
}

/// A token for `person` from `now` on.
pub(crate) fn issue(app: &App, person: &Person, now: Instant) -> Result<String> {
    let claims = Claims {
        sub: person.id,
        iat: now.millis() / 1_000,
        exp: now.plus_minutes(MINUTES).millis() / 1_000,
    };
    let key = EncodingKey::from_secret(&app.key.sign("jwt", b""));
    encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(Error::internal)
}

/// Whom a token stands for; `None` when it is altered, over, or its person may
/// no longer sign in.
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
    asker(app, token.claims.sub).await
}

//! A sign-in that is on its way. Everything that protects it is made from one random
//! value, which only the browser has, in a cookie: the state, the nonce and the PKCE
//! verifier. The database knows that it began, and so that it ends once.

use jobs::{Handler, Schedule};
use kit::{App, Context, Key, Result};

use crate::store::starts;

/// So many minutes somebody may take at the provider.
pub const MINUTES: i64 = 10;

/// What a sign-in is made of.
pub struct Start {
    /// What the browser keeps.
    pub token: String,
    /// What the provider sends back, so that only this browser can go on.
    pub state: String,
    /// What the provider signs, so that its answer is to this question.
    pub nonce: String,
    /// What the provider wants to see before it answers (RFC 7636).
    pub verifier: String,
    /// What the database knows it by.
    pub hash: String,
}

impl Start {
    /// A new one.
    pub fn new(app: &App) -> Start {
        Start::of(app, Key::token())
    }

    /// The one of this browser, if the state that came back is its own.
    pub fn resumed(app: &App, token: &str, state: &str) -> Option<Start> {
        let start = Start::of(app, token.to_owned());
        Key::same(&start.state, state).then_some(start)
    }

    fn of(app: &App, token: String) -> Start {
        let made = |what: &str| app.key.sign_hex(&format!("sso {what}"), token.as_bytes());
        Start {
            state: made("state"),
            nonce: made("nonce"),
            verifier: made("verifier"),
            hash: made("row"),
            token,
        }
    }
}

/// The cookie of a sign-in with this state: one each, so that two pages may be open.
/// `None` for what is no state of ours.
pub fn cookie_name(state: &str) -> Option<String> {
    let is_ours = state.len() == 64 && state.bytes().all(|b| b.is_ascii_hexdigit());
    is_ours.then(|| format!("sso_{}", &state[..16]))
}

/// What was begun and never ended is forgotten every hour.
pub(crate) const SWEEP: Schedule = Schedule {
    kind: "sso.sweep_starts",
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
    starts::delete_before(tx.db(), tx.now()).await?;
    tx.commit_silently("what was begun is no history").await
}

//! A sign-in that is on its way. Everything that protects it is made from one random
//! value, which only the browser has, in a cookie: the state, the nonce and the PKCE
//! verifier. The database knows that it began, and so that it ends once.

use axum::http::HeaderMap;
use jobs::{Handler, Schedule};
use kit::{App, Context, Key, Result, cookie};

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
    fn resumed(app: &App, token: &str, state: &str) -> Option<Start> {
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

/// The sign-ins that this browser has on their way, the one begun last first: two pages
/// may be open. Of more than so many the oldest are forgotten, or whoever makes a browser
/// begin over and over would fill its cookies until nothing is heard from it any more.
pub struct Begun(Vec<String>);

const COOKIE: &str = "sso";
const AT_ONCE: usize = 4;

impl Begun {
    /// Those of a browser.
    pub fn of(headers: &HeaderMap) -> Begun {
        let tokens = cookie(headers, COOKIE).unwrap_or_default().split('.');
        let tokens = tokens.filter(|token| !token.is_empty());
        Begun(tokens.take(AT_ONCE).map(str::to_owned).collect())
    }

    /// The one whose state came back.
    pub fn resumed(&self, app: &App, state: &str) -> Option<Start> {
        let mut all = self.0.iter();
        all.find_map(|token| Start::resumed(app, token, state))
    }

    /// With one more.
    pub fn and(mut self, start: &Start) -> Begun {
        self.0.truncate(AT_ONCE - 1);
        self.0.insert(0, start.token.clone());
        self
    }

    /// Without the one whose state came back.
    pub fn without(mut self, app: &App, state: &str) -> Begun {
        self.0
            .retain(|token| Start::resumed(app, token, state).is_none());
        self
    }

    /// The cookie that keeps them.
    pub fn cookie(&self) -> String {
        let (tokens, seconds) = (self.0.join("."), MINUTES * 60);
        let seconds = if self.0.is_empty() { 0 } else { seconds };
        format!("{COOKIE}={tokens}; Path=/auth/sso; Max-Age={seconds}; HttpOnly; SameSite=Lax")
    }
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

//! What a mailbox is told of its account when what somebody signs in by was changed, so
//! that whoever it belongs to hears of it when it was somebody else.

use jobs::{Failure, Handler, NewJob};
use kit::{App, Context, Locale, Result, Tx, UserId, new_id};
use serde_json::{Value, json};
use ui::Letter;

use crate::store::{self, user};

/// `{"person", "to", "what", "by"}`: the mailbox stands here because it may be the one of
/// before, which the account does not know any more.
const CHANGED: &str = "people.send_changed";

/// What was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// The address that somebody signs in with.
    Email,
    /// Their password.
    Password,
    /// Somebody else's word counts for them from now on.
    Linked,
    /// And from now on not any more.
    Unlinked,
}

impl Changed {
    const ALL: [Changed; 4] = [
        Changed::Email,
        Changed::Password,
        Changed::Linked,
        Changed::Unlinked,
    ];

    /// The stored name, and a part of the locale keys.
    fn code(self) -> &'static str {
        match self {
            Changed::Email => "email",
            Changed::Password => "password",
            Changed::Linked => "linked",
            Changed::Unlinked => "unlinked",
        }
    }
}

/// Lets the mailbox of `before` be told when this transaction commits. One that nobody
/// has proved to be theirs is left alone: it may be a stranger's.
pub(crate) async fn tell(tx: &Tx, before: &user::Model, what: Changed) -> Result<()> {
    enqueue(tx, before, what, "").await
}

/// Lets somebody's mailbox be told whose word counts for them from now on, or, when not
/// `linked`, does not any more; `by` is whose.
///
/// # Errors
/// When the database refuses.
pub async fn tell_linked(tx: &Tx, id: UserId, by: &str, linked: bool) -> Result<()> {
    let what = match linked {
        true => Changed::Linked,
        false => Changed::Unlinked,
    };
    match store::row(tx.db(), id).await? {
        Some(row) => enqueue(tx, &row, what, by).await,
        None => Ok(()),
    }
}

async fn enqueue(tx: &Tx, before: &user::Model, what: Changed, by: &str) -> Result<()> {
    if before.confirmed_at.is_none() {
        return Ok(());
    }
    let payload = json!({ "person": before.id, "to": before.email, "what": what.code(), "by": by });
    let job = NewJob {
        kind: CHANGED,
        payload,
        run_at: tx.now(),
        key: format!("{CHANGED} {}", new_id(tx.now())),
    };
    Ok(jobs::enqueue(tx.db(), job, tx.now()).await?)
}

pub(crate) fn handler(app: &App) -> Handler {
    kit::handler(app, CHANGED, send)
}

async fn send(app: App, payload: Value) -> Result<(), Failure> {
    let cx = Context::system(&app);
    let id: Option<UserId> = payload["person"].as_str().and_then(|id| id.parse().ok());
    let to = payload["to"].as_str().unwrap_or_default();
    let what = Changed::ALL.iter().find(|w| payload["what"] == w.code());
    let (Some(id), Some(what)) = (id, what) else {
        return Ok(());
    };
    let Some(person) = store::person(cx.db(), id).await? else {
        return Ok(());
    };
    let chosen = person.locale.as_deref().and_then(Locale::from_tag);
    let locale = chosen.unwrap_or_default();
    let text = |part: &str| {
        let by = payload["by"].as_str().unwrap_or_default();
        let args = [("name", person.name.as_str().into()), ("by", by.into())];
        let key = format!("letter-changed-{}-{part}", what.code());
        app.i18n.text(locale, &key, &args)
    };
    let mut letter = Letter::new(&app, locale, text("subject")).paragraph(text("text"));
    let way_out = match what {
        Changed::Email => None,
        Changed::Password => Some("/auth/forgot"),
        Changed::Linked | Changed::Unlinked => Some("/meu-perfil/sso"),
    };
    if let Some(path) = way_out {
        letter = letter.button(text("button"), path.to_owned());
    }
    let brand = companies::brand(&app, person.company).await?;
    let message = letter.note(text("note")).branded(&brand).to(to)?;
    Ok(app.mail.send(message).await?)
}

//! What goes to somebody's mailbox: a code, and word of a change.

use jobs::{Failure, Handler, NewJob};
use kit::{App, Context, Locale, Result, Tx, UserId, new_id};
use people::Person;
use serde_json::{Value, json};
use ui::Letter;

use crate::{PendingId, pending};

/// Sends a code: `{"pending": id}`. It is made when it is sent: no row ever holds it.
const CODE: &str = "signin.send_code";
/// Tells of a change: `{"user": id, "what": …}`.
const CHANGED: &str = "signin.send_changed";

/// Lets a code be sent when this transaction commits.
///
/// # Errors
/// When the database refuses.
pub async fn send_code(tx: &Tx, id: PendingId) -> Result<()> {
    enqueue(tx, CODE, json!({ "pending": id })).await
}

/// Lets somebody know what has become of what they sign in by.
///
/// # Errors
/// When the database refuses.
pub async fn send_changed(tx: &Tx, user: UserId, what: &'static str) -> Result<()> {
    enqueue(tx, CHANGED, json!({ "user": user, "what": what })).await
}

async fn enqueue(tx: &Tx, kind: &'static str, payload: Value) -> Result<()> {
    let job = NewJob {
        kind,
        payload,
        run_at: tx.now(),
        key: format!("{kind} {}", new_id(tx.now())),
    };
    Ok(jobs::enqueue(tx.db(), job, tx.now()).await?)
}

pub(crate) fn handlers(app: &App) -> Vec<Handler> {
    vec![
        pending::sweeper(app),
        kit::handler(app, CODE, code),
        kit::handler(app, CHANGED, changed),
    ]
}

async fn code(app: App, payload: Value) -> Result<(), Failure> {
    let cx = Context::system(&app);
    let Some(id) = payload["pending"].as_str().and_then(|id| id.parse().ok()) else {
        return Ok(());
    };
    let tx = cx.begin().await?;
    let Some((user, digits)) = pending::new_code(&tx, id).await? else {
        return Ok(());
    };
    let Some(person) = people::person(tx.db(), user).await? else {
        return Ok(());
    };
    tx.commit_silently("a code is no change of the desk")
        .await?;
    let locale = locale(&person);
    let text = |key: &str| {
        let args = [
            ("name", person.name.as_str().into()),
            ("code", digits.as_str().into()),
        ];
        app.i18n.text(locale, &format!("letter-code-{key}"), &args)
    };
    let letter = Letter::new(&app, locale, text("subject"))
        .paragraph(text("text"))
        .paragraph(digits.clone())
        .note(text("note"));
    send(&app, &person, letter).await
}

async fn changed(app: App, payload: Value) -> Result<(), Failure> {
    let cx = Context::system(&app);
    let user = payload["user"].as_str().and_then(|id| id.parse().ok());
    let (Some(user), Some(what)) = (user, payload["what"].as_str()) else {
        return Ok(());
    };
    let Some(person) = people::person(cx.db(), user).await? else {
        return Ok(());
    };
    let locale = locale(&person);
    let text = |key: &str| {
        let args = [("name", person.name.as_str().into())];
        app.i18n.text(locale, key, &args)
    };
    let letter = Letter::new(&app, locale, text("letter-factor-subject"))
        .paragraph(text(&format!("letter-factor-{what}")))
        .button(
            text("letter-factor-button"),
            crate::pages::security::HERE.to_owned(),
        )
        .note(text("letter-factor-note"));
    send(&app, &person, letter).await
}

async fn send(app: &App, person: &Person, letter: Letter) -> Result<(), Failure> {
    let brand = companies::brand(app, person.company).await?;
    let message = letter.branded(&brand).to(&person.email)?;
    Ok(app.mail.send(message).await?)
}

fn locale(person: &Person) -> Locale {
    let chosen = person.locale.as_deref().and_then(Locale::from_tag);
    chosen.unwrap_or_default()
}

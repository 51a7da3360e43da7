//! What goes to somebody's mailbox. Each letter is a job: it is made when it is sent,
//! so that no link that opens something lies in the database.

use jobs::{Failure, Handler, NewJob};
use kit::{App, Context, Locale, Result, Tx, new_id};
use people::Person;
use serde_json::{Value, json};
use ui::Letter;

use crate::LinkId;
use crate::events::AccountEvent;
use crate::links::{self, Purpose};
use crate::pictures;
use crate::store::links as store;

/// Sends a link: `{"link": id}`.
const LINK: &str = "accounts.send_link";
/// Somebody asked for a link by an address that may be nobody's: `{"email", "purpose"}`.
/// That it is looked up later makes the answer the same for every address, in the same
/// time (S3-178).
const ASKED: &str = "accounts.asked_for_link";
/// Somebody registered with an address that has an account: `{"email"}`.
const KNOWN: &str = "accounts.send_known";

/// Lets a link be sent when this transaction commits. How often is for the caller to
/// ask, by [`people::letter_left`], unless an administrator sends it.
///
/// # Errors
/// When the database refuses.
pub async fn send_link(tx: &Tx, id: LinkId) -> Result<()> {
    enqueue(tx, LINK, json!({ "link": id })).await
}

/// Lets a link be sent to an address, if it is one that may have it, and if it has not
/// had too many this hour.
///
/// # Errors
/// When the database refuses.
pub async fn asked(tx: &Tx, email: &str, purpose: Purpose) -> Result<()> {
    if !people::letter_left(tx, email).await? {
        return Ok(());
    }
    let payload = json!({ "email": email, "purpose": purpose.code() });
    enqueue(tx, ASKED, payload).await
}

/// Lets an address know that it has an account already, as often as [`asked`].
///
/// # Errors
/// When the database refuses.
pub async fn send_known(tx: &Tx, email: &str) -> Result<()> {
    if !people::letter_left(tx, email).await? {
        return Ok(());
    }
    enqueue(tx, KNOWN, json!({ "email": email })).await
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
    let [remove, sweep] = pictures::handlers(app);
    vec![
        remove,
        sweep,
        links::sweeper(app),
        links::ender(app),
        kit::handler(app, LINK, link),
        kit::handler(app, ASKED, look_up),
        kit::handler(app, KNOWN, known),
    ]
}

async fn look_up(app: App, payload: Value) -> Result<(), Failure> {
    let cx = Context::system(&app);
    let email = payload["email"].as_str().unwrap_or_default();
    let purpose = payload["purpose"].as_str().and_then(Purpose::from_code);
    let found = people::by_email(cx.db(), email).await?;
    let (Some(purpose), Some(person)) = (purpose, found) else {
        return Ok(());
    };
    let may = match purpose {
        Purpose::Reset => person.active,
        Purpose::Confirm => person.active && !person.confirmed,
        Purpose::Email | Purpose::Invite => false,
    };
    if !may {
        return Ok(());
    }
    let mut tx = cx.begin().await?;
    let id = links::make(&mut tx, purpose, person.id, None).await?;
    send_link(&tx, id).await?;
    match purpose {
        Purpose::Reset => {
            tx.record(&AccountEvent::ResetAsked(person.id));
            tx.commit().await?;
        }
        _ => tx.commit_silently("the same letter once more").await?,
    }
    Ok(())
}

async fn link(app: App, payload: Value) -> Result<(), Failure> {
    let cx = Context::system(&app);
    let Some(id) = payload["link"].as_str().and_then(|id| id.parse().ok()) else {
        return Ok(());
    };
    let row = store::find(cx.db(), id).await?;
    // Used, replaced or over meanwhile.
    let Some(row) = row.filter(|row| cx.now < row.expires_at) else {
        return Ok(());
    };
    let person = people::person(cx.db(), row.user_id).await?;
    let (Some(purpose), Some(person)) = (Purpose::from_code(&row.purpose), person) else {
        return Ok(());
    };
    let code = purpose.code();
    let locale = locale(&person);
    let text = |key: &str| {
        let hours = purpose.hours();
        let args = [
            ("name", person.name.as_str().into()),
            ("hours", hours.into()),
            ("days", (hours / 24).into()),
        ];
        app.i18n
            .text(locale, &format!("letter-{code}-{key}"), &args)
    };
    let letter = Letter::new(&app, locale, text("subject"))
        .paragraph(text("text"))
        .button(text("button"), links::url(&app, purpose, row.id, &person))
        .note(text("note"));
    let to = row.email.as_deref().unwrap_or(&person.email);
    send(&app, &person, letter, to).await
}

async fn known(app: App, payload: Value) -> Result<(), Failure> {
    let cx = Context::system(&app);
    let email = payload["email"].as_str().unwrap_or_default();
    let person = people::by_email(cx.db(), email).await?;
    let Some(person) = person.filter(|person| person.active) else {
        return Ok(());
    };
    let locale = locale(&person);
    let text = |key: &str| {
        let args = [("name", person.name.as_str().into())];
        app.i18n.text(locale, &format!("letter-known-{key}"), &args)
    };
    let forgot = format!("{}/auth/forgot", app.settings.base_url);
    let letter = Letter::new(&app, locale, text("subject"))
        .paragraph(text("text"))
        .button(text("button"), forgot)
        .note(text("note"));
    send(&app, &person, letter, &person.email).await
}

async fn send(app: &App, person: &Person, letter: Letter, to: &str) -> Result<(), Failure> {
    let brand = companies::brand(app, person.company).await?;
    let message = letter.branded(&brand).to(to)?;
    Ok(app.mail.send(message).await?)
}

fn locale(person: &Person) -> Locale {
    let chosen = person.locale.as_deref().and_then(Locale::from_tag);
    chosen.unwrap_or_default()
}

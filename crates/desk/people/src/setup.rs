//! The first administrator: from the settings, or by a link that is printed once.

use kit::{Actor, App, Context, Error, Key, Problems, Result, Role, Tx};

use crate::accounts;
use crate::events::UserEvent;
use crate::person::{Person, PersonInput, check_email, check_password};
use crate::{sessions, store};

/// The link is good for a day (S3-186).
const HOURS: i64 = 24;

/// Makes the administrator that the settings name, if there is nobody yet.
///
/// # Errors
/// When the address or the password will not do.
pub async fn first_admin(app: &App, email: &str, password: &str) -> Result<bool> {
    let mut tx = Context::system(app).begin().await?;
    if store::people_exist(tx.db()).await? {
        return Ok(false);
    }
    let name = email.split('@').next().unwrap_or_default();
    insert_admin(&mut tx, name, email, password).await?;
    tx.commit().await?;
    Ok(true)
}

/// The path of a new setup link, or `None` when somebody can sign in already.
/// An older link is worth nothing from now on.
///
/// # Errors
/// When the database refuses.
pub async fn setup_link(app: &App) -> Result<Option<String>> {
    let tx = Context::system(app).begin().await?;
    if store::people_exist(tx.db()).await? {
        return Ok(None);
    }
    let token = Key::token();
    let until = tx.now().plus_minutes(HOURS * 60);
    store::insert_setup_link(tx.db(), hash(app, &token), until).await?;
    tx.commit_silently("a link is no change of the desk")
        .await?;
    Ok(Some(format!("/setup/{token}")))
}

pub(crate) async fn is_open(cx: &Context, token: &str) -> Result<bool> {
    store::setup_link_is_open(cx.db(), &hash(&cx.app, token), cx.now).await
}

/// Makes the administrator that the holder of the link describes, and signs
/// them in; the link is used up.
pub(crate) async fn use_link(
    cx: &Context,
    token: &str,
    input: (&str, &str, &str),
    device: &str,
) -> Result<String> {
    let (name, email, password) = input;
    let mut tx = cx.begin().await?;
    if !store::use_setup_link(tx.db(), &hash(&cx.app, token), cx.now).await? {
        return Err(Error::NotFound);
    }
    if store::people_exist(tx.db()).await? {
        return Err(Error::NotFound);
    }
    let person = insert_admin(&mut tx, name, email, password).await?;
    let session = sessions::start(&mut tx, &person, device).await?;
    tx.commit().await?;
    Ok(session)
}

async fn insert_admin(tx: &mut Tx, name: &str, email: &str, password: &str) -> Result<Person> {
    let mut problems = Problems::default();
    let name = problems.text("name", name, 1..=160);
    let email = check_email(&mut problems, email);
    check_password(&mut problems, password);
    problems.done()?;
    tx.act_as(Actor::System, tx.now());
    let input = PersonInput {
        name,
        email,
        role: Role::Admin,
        company: None,
        active: true,
        password: password.to_owned(),
    };
    let person = accounts::insert(tx, input).await?;
    tx.record(&UserEvent::Updated(person.id, vec!["first_admin"]));
    Ok(person)
}

fn hash(app: &App, token: &str) -> String {
    app.key.sign_hex("setup", token.as_bytes())
}

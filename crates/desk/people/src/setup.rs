//! The first administrator: from the settings, or by a link that is printed once.

use kit::{Actor, App, Context, Error, Key, Result, Role, Tx};

use crate::accounts;
use crate::events::UserEvent;
use crate::person::{CheckedPerson, Person, PersonInput};
use crate::{sessions, store};

/// The link is good for a day (S3-186).
const HOURS: i64 = 24;

/// Makes the administrator that the settings name, if there is nobody yet.
///
/// # Errors
/// When the address or the password will not do.
pub async fn first_admin(app: &App, email: &str, password: &str) -> Result<bool> {
    let cx = Context::system(app);
    if store::people_exist(cx.db()).await? {
        return Ok(false);
    }
    let name = email.split('@').next().unwrap_or_default();
    let admin = check_admin(&cx, name, email, password).await?;
    let mut tx = cx.begin().await?;
    if store::people_exist(tx.db()).await? {
        return Ok(false);
    }
    insert_admin(&mut tx, admin).await?;
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
    // Hashing is slow on purpose: a link that is made up must not cost it.
    if !is_open(cx, token).await? {
        return Err(Error::NotFound);
    }
    let (name, email, password) = input;
    let admin = check_admin(cx, name, email, password).await?;
    let mut tx = cx.begin().await?;
    if !store::use_setup_link(tx.db(), &hash(&cx.app, token), cx.now).await? {
        return Err(Error::NotFound);
    }
    if store::people_exist(tx.db()).await? {
        return Err(Error::NotFound);
    }
    let person = insert_admin(&mut tx, admin).await?;
    let session = sessions::start(&mut tx, &person, device).await?;
    tx.commit().await?;
    Ok(session)
}

async fn check_admin(
    cx: &Context,
    name: &str,
    email: &str,
    password: &str,
) -> Result<CheckedPerson> {
    let input = PersonInput {
        name: name.to_owned(),
        email: email.to_owned(),
        role: Role::Admin,
        company: None,
        active: true,
        password: password.to_owned(),
    };
    input.check(cx, true).await
}

async fn insert_admin(tx: &mut Tx, admin: CheckedPerson) -> Result<Person> {
    tx.act_as(Actor::System, tx.now());
    let person = accounts::insert(tx, admin).await?;
    tx.record(&UserEvent::Updated(person.id, vec!["first_admin"]));
    Ok(person)
}

fn hash(app: &App, token: &str) -> String {
    app.key.sign_hex("setup", token.as_bytes())
}

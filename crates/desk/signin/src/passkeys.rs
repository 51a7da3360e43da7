//! Passkeys (WebAuthn): keys that a device keeps, and uses when it has seen its owner.
//!
//! A device is asked to sign a challenge, which is good once, for a few minutes, for one
//! purpose. What it answers is judged by `webauthn-rs`.

use kit::{App, Context, Error, Key, Problems, Result, Tx, UserId, new_id};
use people::Person;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, Webauthn,
    WebauthnBuilder, WebauthnError,
};

use crate::PasskeyId;
use crate::events::{Factor, FactorEvent};
use crate::factors::{self, Whose};
use crate::store::passkeys::{self as store, Model, challenge};

/// A name has at most so many characters.
pub const NAME: usize = 60;
/// So many somebody may have.
const MOST: usize = 20;
/// A challenge is good for so long.
const MINUTES: i64 = 5;

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Register,
    SignIn,
    Second,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Purpose::Register => "register",
            Purpose::SignIn => "sign-in",
            Purpose::Second => "second",
        }
    }
}

/// What the browser is to ask the device.
pub struct Asked {
    /// What it brings back with the answer.
    pub token: String,
    /// As `PublicKeyCredential.parse…OptionsFromJSON` reads it.
    pub options: Value,
}

impl Asked {
    /// The same for a script.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({ "challenge": self.token, "options": self.options })
    }
}

/// Whether there can be passkeys here: they belong to a name, which an address of
/// numbers is not.
#[must_use]
pub fn possible(app: &App) -> bool {
    site(app).is_some()
}

/// The name that passkeys belong to, and where pages with it come from. The machine
/// itself is known to browsers by its name, too.
fn site(app: &App) -> Option<(String, Url)> {
    let mut url = Url::parse(&app.settings.base_url).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    if host
        .parse::<std::net::IpAddr>()
        .is_ok_and(|ip| ip.is_loopback())
    {
        url.set_host(Some("localhost")).ok()?;
    }
    let name = url.domain()?.to_owned();
    Some((name, url))
}

fn judge(cx: &Context) -> Result<Webauthn> {
    let (name, url) = site(&cx.app).ok_or(Error::Conflict("passkey-impossible"))?;
    let desk = match cx.brand.name.as_str() {
        "" => "Balcão",
        own => own,
    };
    WebauthnBuilder::new(&name, &url)
        .and_then(|builder| builder.rp_name(desk).build())
        .map_err(Error::internal)
}

/// Asks a device for a new key.
///
/// # Errors
/// [`Error::Invalid`] at `passkey_name`.
pub async fn ask_new(tx: &Tx, person: &Person, name: &str) -> Result<Asked> {
    let mut problems = Problems::default();
    let name = problems.text("passkey_name", name, 1..=NAME);
    let own = store::of(tx.db(), person.id).await?;
    if own.len() >= MOST {
        problems.add("passkey_name", "too-many-passkeys");
    }
    problems.done()?;
    let mut known = Vec::new();
    for row in &own {
        known.push(read::<Passkey>(&row.credential)?.cred_id().clone());
    }
    let (options, state) = judge(tx.cx())?
        .start_passkey_registration(person.id.0, &person.email, &person.name, Some(known))
        .map_err(Error::internal)?;
    let mut options = write(&options.public_key)?;
    // So that it may also sign in alone, where the device can keep it for that.
    options["authenticatorSelection"]["residentKey"] = json!("preferred");
    let user = Some(person.id);
    ask(tx, Purpose::Register, user, Some(name), &state, options).await
}

/// Asks for any key that knows whose it is.
///
/// # Errors
/// [`Error::Conflict`] when there can be none here.
pub async fn ask_sign_in(tx: &Tx) -> Result<Asked> {
    let (options, state) = judge(tx.cx())?
        .start_discoverable_authentication()
        .map_err(Error::internal)?;
    let options = write(&options.public_key)?;
    ask(tx, Purpose::SignIn, None, None, &state, options).await
}

/// Asks for one of somebody's keys.
///
/// # Errors
/// [`Error::NotFound`] when they have none.
pub async fn ask_second(tx: &Tx, user: UserId) -> Result<Asked> {
    let own = store::of(tx.db(), user).await?;
    let own: Vec<Passkey> = own
        .iter()
        .map(|row| read(&row.credential))
        .collect::<Result<_>>()?;
    if own.is_empty() {
        return Err(Error::NotFound);
    }
    let (options, state) = judge(tx.cx())?
        .start_passkey_authentication(&own)
        .map_err(Error::internal)?;
    let options = write(&options.public_key)?;
    ask(tx, Purpose::Second, Some(user), None, &state, options).await
}

async fn ask(
    tx: &Tx,
    purpose: Purpose,
    user: Option<UserId>,
    name: Option<String>,
    state: &impl Serialize,
    options: Value,
) -> Result<Asked> {
    let token = Key::token();
    let row = challenge::Model {
        token_hash: hash(&tx.cx().app, &token),
        user_id: user,
        purpose: purpose.code().to_owned(),
        name,
        state: serde_json::to_string(state).map_err(Error::internal)?,
        expires_at: tx.now().plus_minutes(MINUTES),
    };
    store::insert_challenge(tx.db(), row).await?;
    Ok(Asked { token, options })
}

/// Takes the new key that a device has made.
///
/// # Errors
/// [`Error::Conflict`] when the answer is not one to the challenge.
pub async fn add(tx: &mut Tx, whose: Whose<'_>, token: &str, answer: &str) -> Result<()> {
    people::hold(tx, whose.user).await?;
    let asked = take(tx, Purpose::Register, Some(whose.user), token).await?;
    let state: PasskeyRegistration = read(&asked.state)?;
    let answer: RegisterPublicKeyCredential = answered(answer)?;
    let key = judge(tx.cx())?
        .finish_passkey_registration(&answer, &state)
        .map_err(refused)?;
    let row = Model {
        id: PasskeyId(new_id(tx.now())),
        user_id: whose.user,
        key_hash: key_hash(key.cred_id()),
        name: asked.name.unwrap_or_default(),
        credential: write(&key)?.to_string(),
        created_at: tx.now(),
        seen_at: None,
    };
    let name = row.name.clone();
    store::insert(tx.db(), row).await?;
    factors::added(tx, whose, Factor::Passkey, Some(name)).await
}

/// Whose key has signed, who is not known otherwise; in the transaction in which its
/// use is noted.
///
/// # Errors
/// [`Error::Conflict`] when the answer is not one to the challenge, or the key is
/// nobody's here, or it has counted back.
pub async fn sign_in(cx: &Context, token: &str, answer: &str) -> Result<(Tx, Person)> {
    let asked = once(cx, Purpose::SignIn, None, token).await?;
    let state: DiscoverableAuthentication = read(&asked.state)?;
    let answer: PublicKeyCredential = answered(answer)?;
    let judge = judge(cx)?;
    let (user, id) = judge
        .identify_discoverable_authentication(&answer)
        .map_err(refused)?;
    let mut tx = cx.begin().await?;
    // As whoever takes the key away does: the account first.
    people::hold(&tx, UserId(user)).await?;
    let row = store::by_key(tx.db(), &key_hash(id)).await?;
    let row = row.filter(|row| row.user_id.0 == user);
    let row = row.ok_or(Error::Conflict("passkey-refused"))?;
    let key: Passkey = read(&row.credential)?;
    let found = judge.finish_discoverable_authentication_v2(&answer, state, &key);
    let person = people::person(tx.db(), row.user_id).await?;
    let person = person.filter(|person| person.active);
    let person = person.ok_or(Error::Conflict("passkey-refused"))?;
    if !person.confirmed {
        return Err(Error::Conflict("unconfirmed"));
    }
    match used(&mut tx, row, key, found).await {
        Ok(()) => Ok((tx, person)),
        Err(error) => noted(tx, error).await,
    }
}

/// Whether one of somebody's keys has signed; the transaction in which its use is noted.
///
/// # Errors
/// As [`sign_in`].
pub async fn second(cx: &Context, user: UserId, token: &str, answer: &str) -> Result<Tx> {
    let asked = once(cx, Purpose::Second, Some(user), token).await?;
    let state: PasskeyAuthentication = read(&asked.state)?;
    let answer: PublicKeyCredential = answered(answer)?;
    let mut tx = cx.begin().await?;
    people::hold(&tx, user).await?;
    let hash = key_hash(answer.get_credential_id());
    let row = store::by_key(tx.db(), &hash).await?;
    let row = row.filter(|row| row.user_id == user);
    let row = row.ok_or(Error::Conflict("passkey-refused"))?;
    let key: Passkey = read(&row.credential)?;
    let found = judge(cx)?.finish_passkey_authentication(&answer, &state);
    match used(&mut tx, row, key, found).await {
        Ok(()) => Ok(tx),
        Err(error) => noted(tx, error).await,
    }
}

/// Notes that a key was used. One that counts back may have been copied: it lets
/// nobody in, and that is recorded.
async fn used(
    tx: &mut Tx,
    mut row: Model,
    mut key: Passkey,
    found: Result<AuthenticationResult, WebauthnError>,
) -> Result<()> {
    let back = match &found {
        Ok(found) => key.update_credential(found) == Some(false) && found.counter() > 0,
        Err(error) => matches!(error, WebauthnError::CredentialPossibleCompromise),
    };
    if back {
        tx.record(&FactorEvent::PasskeyRefused(row.user_id, row.name));
        return Err(Error::Conflict("passkey-copied"));
    }
    found.map_err(refused)?;
    row.credential = write(&key)?.to_string();
    row.seen_at = Some(tx.now());
    store::update(tx.db(), row).await
}

/// What was recorded of a refusal stays.
async fn noted<T>(tx: Tx, error: Error) -> Result<T> {
    if tx.has_recorded() {
        tx.commit().await?;
    }
    Err(error)
}

/// Takes a challenge whatever becomes of its answer.
async fn once(
    cx: &Context,
    purpose: Purpose,
    user: Option<UserId>,
    token: &str,
) -> Result<challenge::Model> {
    let tx = cx.begin().await?;
    let asked = take(&tx, purpose, user, token).await?;
    tx.commit_silently("a challenge is answered once").await?;
    Ok(asked)
}

async fn take(
    tx: &Tx,
    purpose: Purpose,
    user: Option<UserId>,
    token: &str,
) -> Result<challenge::Model> {
    let found = store::take_challenge(tx.db(), &hash(&tx.cx().app, token)).await?;
    let good = |row: &challenge::Model| {
        row.purpose == purpose.code() && row.user_id == user && tx.now() < row.expires_at
    };
    found.filter(good).ok_or(Error::Conflict("passkey-late"))
}

fn answered<T: DeserializeOwned>(answer: &str) -> Result<T> {
    serde_json::from_str(answer).map_err(|_| Error::Conflict("passkey-refused"))
}

fn refused(error: WebauthnError) -> Error {
    tracing::info!(%error, "a passkey was refused");
    Error::Conflict("passkey-refused")
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

fn write(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(Error::internal)
}

fn hash(app: &App, token: &str) -> String {
    app.key.sign_hex("passkey challenge", token.as_bytes())
}

/// What a key is found by. Its id is no secret, and stays what it is under another
/// `SECRET_KEY`: nobody could make their keys anew without coming in.
fn key_hash(id: &[u8]) -> String {
    let hash = Sha256::digest(id);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

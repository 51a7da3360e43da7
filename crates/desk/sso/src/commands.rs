//! What an administrator does with providers, and everybody with who vouches for them.

use kit::{Error, Result, Tx, new_id};

use crate::events::SsoEvent;
use crate::provider::{Provider, ProviderInput};
use crate::store::{identities, providers};
use crate::{IdentityId, MANAGE, ProviderId};

/// Under which name a provider's password is kept.
pub(crate) fn secret_name(id: ProviderId) -> String {
    format!("sso {id}")
}

/// Makes a provider (`id` is `None`) or changes one; `None` when nothing differs. Its
/// password goes into the vault and is never shown again.
///
/// # Errors
/// [`Error::Invalid`] at each field; [`Error::NotFound`].
pub async fn save(
    tx: &mut Tx,
    id: Option<ProviderId>,
    input: &ProviderInput,
) -> Result<Option<Provider>> {
    tx.cx().require(&MANAGE)?;
    let before = match id {
        Some(id) => Some(providers::find(tx.db(), id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    let id = id.unwrap_or_else(|| ProviderId(new_id(tx.now())));
    let (provider, secret) = input.check(id)?;
    match &before {
        None => {
            providers::insert(tx, &provider).await?;
            tx.record(&SsoEvent::created(&provider));
        }
        Some(before) => {
            let fields = differing(before, &provider, secret.is_some());
            if fields.is_empty() {
                return Ok(None);
            }
            providers::update(tx, &provider).await?;
            tx.record(&SsoEvent::Updated(id, fields));
        }
    }
    let (vault, name) = (tx.cx().app.vault.clone(), secret_name(id));
    let moved = before.is_some_and(|before| before.issuer != provider.issuer);
    if let Some(secret) = secret {
        let kept = vault.put(tx.db(), &name, &secret, tx.now());
        kept.await.map_err(Error::internal)?;
    } else if moved {
        // What was agreed with one is not told to another: who may say where the desk
        // asks must not thereby learn what it knows.
        let gone = vault.remove(tx.db(), &name);
        gone.await.map_err(Error::internal)?;
    }
    Ok(Some(provider))
}

fn differing(a: &Provider, b: &Provider, secret: bool) -> Vec<&'static str> {
    [
        ("name", a.name != b.name),
        ("slug", a.slug != b.slug),
        ("issuer", a.issuer != b.issuer),
        ("client_id", a.client_id != b.client_id),
        ("client_secret", secret),
        ("scopes", a.scopes != b.scopes),
        ("rules", a.rules != b.rules),
        ("default_role", a.default_role != b.default_role),
        ("company", a.company != b.company),
        ("makes_accounts", a.makes_accounts != b.makes_accounts),
        ("wants_verified", a.wants_verified != b.wants_verified),
        ("links_accounts", a.links_accounts != b.links_accounts),
        ("active", a.active != b.active),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

/// From now on a provider does not vouch for the actor any more. Whoever has no other
/// way in keeps this one.
///
/// # Errors
/// [`Error::NotFound`] when it does not; [`Error::Conflict`] when it is the only way.
pub(crate) async fn unlink(tx: &mut Tx, id: IdentityId, session: Option<&str>) -> Result<()> {
    let me = tx.cx().actor.user()?.id;
    // Of two who take away what they believe to be one of two ways, one waits.
    people::hold(tx, me).await?;
    let own = identities::of(tx.db(), me).await?;
    let identity = own.iter().find(|identity| identity.id == id);
    let identity = identity.ok_or(Error::NotFound)?;
    let mut others = 0;
    for other in own.iter().filter(|other| other.id != id) {
        let provider = providers::find(tx.db(), other.provider_id).await?;
        others += i32::from(provider.is_some_and(|provider| provider.active));
    }
    if others == 0 && !people::has_password(tx.cx()).await? {
        return Err(Error::Conflict("sso-only-way"));
    }
    let provider = providers::find(tx.db(), identity.provider_id).await?;
    identities::delete(tx.db(), me, id).await?;
    people::renew(tx, me, session).await?;
    let name = provider.map_or_else(String::new, |provider| provider.name);
    tx.record(&SsoEvent::Unlinked(me, name));
    Ok(())
}

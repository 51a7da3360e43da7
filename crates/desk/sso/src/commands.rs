//! What an administrator does with providers, and everybody with who vouches for them.

use jobs::Handler;
use kit::{App, Context, Error, Problems, Result, Tx, UserId, new_id};
use sea_orm::ConnectionTrait;

use crate::events::SsoEvent;
use crate::provider::{Provider, ProviderInput};
use crate::rules::Given;
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
    roles_are_there(tx, &provider).await?;
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

/// Whether each role made here that a rule gives can be given.
async fn roles_are_there(tx: &Tx, provider: &Provider) -> Result<()> {
    let all = people::custom_roles(tx.db()).await?;
    let mut problems = Problems::default();
    for (rule, number) in provider.rules.iter().zip(1..) {
        if let Given::Made(id) = rule.role
            && !all.iter().any(|role| role.id == id && role.active)
        {
            problems.add("rules", "sso-rule-role").limit = Some(number);
        }
    }
    problems.done()
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
        ("acr", a.acr != b.acr),
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
    let (identity, _) = unlinkable(tx.cx(), tx.db(), id).await?;
    end(tx, &identity).await?;
    people::renew(tx, me, session).await
}

/// Who vouches for the actor by this and need not: the link, and the provider's name.
///
/// # Errors
/// As [`unlink`].
pub(crate) async fn unlinkable(
    cx: &Context,
    db: &impl ConnectionTrait,
    id: IdentityId,
) -> Result<(identities::Model, String)> {
    let own = identities::of(db, cx.actor.user()?.id).await?;
    let (mut one, mut others) = (None, 0);
    for identity in own {
        let provider = providers::find(db, identity.provider_id).await?;
        match identity.id == id {
            true => one = Some((identity, provider.map_or_else(String::new, |p| p.name))),
            false => others += i32::from(provider.is_some_and(|provider| provider.active)),
        }
    }
    let one = one.ok_or(Error::NotFound)?;
    match others == 0 && !people::has_password(cx).await? {
        true => Err(Error::Conflict("sso-only-way")),
        false => Ok(one),
    }
}

/// Ends who vouches for somebody whose password was replaced by one who did not show the
/// one before: what an intruder linked is no way back for them. The person links it
/// again; they have a password to come in by.
pub(crate) async fn unlink_void(tx: &mut Tx, user: UserId) -> Result<()> {
    people::hold(tx, user).await?;
    for identity in &identities::of(tx.db(), user).await? {
        if is_void(tx, identity).await? {
            end(tx, identity).await?;
        }
    }
    Ok(())
}

/// Whether a link was laid before the password was replaced by whoever did not show it.
pub(crate) async fn is_void(tx: &Tx, identity: &identities::Model) -> Result<bool> {
    let replaced = people::replaced_at(tx, identity.user_id).await?;
    Ok(replaced.is_some_and(|at| identity.created_at <= at))
}

/// Takes a link away, and tells the mailbox.
pub(crate) async fn end(tx: &mut Tx, identity: &identities::Model) -> Result<()> {
    let user = identity.user_id;
    let provider = providers::find(tx.db(), identity.provider_id).await?;
    let name = provider.map_or_else(String::new, |provider| provider.name);
    identities::delete(tx.db(), user, identity.id).await?;
    people::tell_linked(tx, user, &name, false).await?;
    tx.record(&SsoEvent::Unlinked(user, name));
    Ok(())
}

/// Carries out [`people::PASSWORD_REPLACED`].
pub(crate) fn ender(app: &App) -> Handler {
    kit::handler(app, people::PASSWORD_REPLACED, |app, payload| async move {
        let user = payload["user"].as_str().and_then(|id| id.parse().ok());
        let Some(user) = user else { return Ok(()) };
        let mut tx = Context::system(&app).begin().await?;
        unlink_void(&mut tx, user).await?;
        match tx.has_recorded() {
            true => tx.commit().await?,
            false => tx.commit_silently("nobody vouches for them").await?,
        }
        Ok(())
    })
}

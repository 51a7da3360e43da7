//! The way to a provider and back.

use std::pin::Pin;

use axum::http::HeaderMap;
use axum::response::Response;
use kit::{Context, Error, Tx, UserId};
use people::Person;

use crate::commands::secret_name;
use crate::events::SsoEvent;
use crate::provider::{CompanyBy, Provider};
use crate::refusal::{Failure, Refusal, Result, refused};
use crate::rules::Claims;
use crate::start::{self, Begun, Start};
use crate::store::{identities, starts};
use crate::{oidc, people_of};

/// Sends somebody to a provider: where to, and what begins with it. `next`: where they go when they are back; `link`: who
/// wants to be vouched for from now on.
///
/// # Errors
/// When the provider cannot be asked.
pub async fn leave(
    cx: &Context,
    provider: &Provider,
    next: &str,
    link: Option<UserId>,
) -> Result<(String, Start)> {
    let start = Start::new(&cx.app);
    let url = oidc::door(cx, provider, &start, &wanted(provider)).await?;
    let tx = cx.begin().await?;
    let row = starts::Model {
        token_hash: start.hash.clone(),
        provider_id: provider.id,
        user_id: link,
        next: Some(next)
            .filter(|next| next.len() < 2_000)
            .unwrap_or("/dashboard")
            .to_owned(),
        expires_at: tx.now().plus_minutes(start::MINUTES),
    };
    starts::insert(tx.db(), row).await?;
    tx.commit_silently("nobody has signed in yet").await?;
    Ok((url, start))
}

/// What a provider sent somebody back with.
#[derive(Default)]
pub struct Returned {
    /// What the desk sent them there with.
    pub state: String,
    /// For what the provider tells who they are.
    pub code: String,
    /// Who the provider says it is (RFC 9207).
    pub iss: Option<String>,
    /// What the provider complains about.
    pub error: String,
}

/// Somebody for whom a provider vouches, at the door.
pub struct Vouched<'a> {
    /// Who.
    pub person: &'a Person,
    /// The provider's name.
    pub by: &'a str,
    /// Their browser.
    pub device: &'a str,
    /// Where they want to go.
    pub next: &'a str,
    /// Whether the provider said that they showed what was demanded of them. Otherwise
    /// its word is one thing, as a password is.
    pub strong: bool,
}

/// Lets somebody in, or asks for something else: what the browser is answered. Whoever
/// knows what that may be is above this feature.
pub type Door = for<'a> fn(
    &'a mut Tx,
    &'a Vouched<'a>,
) -> Pin<Box<dyn Future<Output = kit::Result<Response>> + Send + 'a>>;

/// Takes somebody back whom a provider sent; `None` when they were in already and have
/// linked their account. Whoever is not let in is noted.
///
/// # Errors
/// When they are not let in.
pub async fn back(
    cx: &Context,
    headers: &HeaderMap,
    provider: &Provider,
    returned: &Returned,
    door: Door,
) -> Result<Option<Response>> {
    let (start, row) = begun(cx, headers, provider, &returned.state).await?;
    let done = finish(cx, headers, provider, returned, (start, row), door).await;
    // Who came from where they may not is noted as their own.
    if let Err(Failure::Refused(refusal)) = &done
        && refusal.code != "address"
    {
        note(cx, provider, refusal).await?;
    }
    done
}

/// The sign-in that this browser began, which ends here, whatever comes of it.
async fn begun(
    cx: &Context,
    headers: &HeaderMap,
    provider: &Provider,
    state: &str,
) -> Result<(Start, starts::Model)> {
    let over = |why: &str| refused("over", why);
    let start = Begun::of(headers).resumed(&cx.app, state);
    let start = start.ok_or_else(|| over("another browser's state"))?;
    let tx = cx.begin().await?;
    let row = starts::take(tx.db(), &start.hash).await?;
    tx.commit_silently("what was begun is no history").await?;
    let row = row.ok_or_else(|| over("it is used up"))?;
    if row.provider_id != provider.id {
        return Err(over("begun with another provider"));
    }
    if cx.now >= row.expires_at {
        return Err(over("it took too long"));
    }
    Ok((start, row))
}

async fn finish(
    cx: &Context,
    headers: &HeaderMap,
    provider: &Provider,
    returned: &Returned,
    (start, row): (Start, starts::Model),
    door: Door,
) -> Result<Option<Response>> {
    let metadata = oidc::discovered(cx, provider, false).await?;
    // Who else is asked by this browser must not have its code taken for this one's.
    let speaks = metadata
        .additional_metadata()
        .authorization_response_iss_parameter_supported;
    match &returned.iss {
        Some(iss) if *iss != provider.issuer => {
            return Err(refused("token", "the answer is another provider's"));
        }
        None if speaks => return Err(refused("token", "the answer does not say whose it is")),
        _ => {}
    }
    match returned.error.as_str() {
        "" if returned.code.is_empty() => return Err(refused("provider", "no code")),
        "" => {}
        "access_denied" => return Err(refused("denied", "access_denied")),
        other => return Err(refused("provider", other)),
    }
    let secret = cx.app.vault.get(cx.db(), &secret_name(provider.id)).await;
    let secret = secret.map_err(|e| refused("setup", e))?;
    let claims = oidc::claims(
        cx,
        provider,
        secret,
        &returned.code,
        &start,
        &wanted(provider),
    )
    .await?;
    match row.user_id {
        Some(user) => link(cx, headers, provider, &claims, user)
            .await
            .map(|()| None),
        None => {
            let device = people::device(headers);
            let come = sign_in(cx, provider, &claims, (&row.next, device), door);
            come.await.map(Some)
        }
    }
}

/// The claims that decide something.
fn wanted(provider: &Provider) -> Vec<&str> {
    let mut wanted = vec!["email", "name"];
    // Asked for only where it decides: some never say it.
    if provider.wants_verified || provider.links_accounts {
        wanted.push("email_verified");
    }
    wanted.extend(provider.rules.iter().map(|rule| rule.claim.as_str()));
    if let CompanyBy::Claim(claim) = &provider.company {
        wanted.push(claim);
    }
    wanted
}

async fn sign_in(
    cx: &Context,
    provider: &Provider,
    claims: &Claims,
    (next, device): (&str, &str),
    door: Door,
) -> Result<Response> {
    let verdict = people_of::judge(cx, provider, claims).await?;
    let mut tx = cx.begin().await?;
    let person = people_of::person(&mut tx, provider, claims, &verdict).await?;
    let vouched = Vouched {
        person: &person,
        by: &provider.name,
        device,
        next,
        strong: provider.acr.is_some(),
    };
    let answer = match door(&mut tx, &vouched).await {
        Ok(answer) => answer,
        Err(error) => {
            drop(tx);
            return match people::noted(cx, &person, error).await {
                Error::Forbidden("address") => Err(refused("address", "not from this address")),
                other => Err(other.into()),
            };
        }
    };
    tx.commit().await?;
    Ok(answer)
}

/// Links the account of whoever is signed in here, if it is still who asked for it.
async fn link(
    cx: &Context,
    headers: &HeaderMap,
    provider: &Provider,
    claims: &Claims,
    user: UserId,
) -> Result<()> {
    if cx.actor.id() != Some(user) {
        return Err(refused("over", "somebody else is signed in"));
    }
    let mut tx = cx.begin().await?;
    people::hold(&tx, user).await?;
    // The provider took its time: a password that was replaced meanwhile has ended the
    // session that asked for this.
    let session = people::session_cookie(headers);
    let sessions = people::sessions(cx, session.as_deref().unwrap_or_default()).await?;
    if !sessions.iter().any(|session| session.current) {
        return Err(refused("over", "the session ended meanwhile"));
    }
    let hash = identities::hash(provider, claims.subject());
    match identities::of_subject(tx.db(), provider.id, &hash).await? {
        Some(identity) if identity.user_id == user => return Ok(()),
        Some(_) => return Err(refused("linked", "another account has it")),
        None => {}
    }
    people_of::link(&mut tx, provider, claims, user).await?;
    people::tell_linked(&tx, user, &provider.name, true).await?;
    // There is one more way in: what was begun by the others does not go on unseen.
    people::renew(&mut tx, user, session.as_deref()).await?;
    Ok(tx.commit().await?)
}

/// Notes in the history that somebody was not let in; the reason stands in the log.
async fn note(cx: &Context, provider: &Provider, refusal: &Refusal) -> Result<()> {
    let mut tx = cx.begin().await?;
    let name = provider.name.clone();
    tx.record(&SsoEvent::Refused(provider.id.0, name, refusal.code));
    Ok(tx.commit().await?)
}

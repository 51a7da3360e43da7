//! Who somebody is here whom a provider vouches for.

use kit::{Actor, CompanyId, Context, Error, Result as KitResult, Role, Tx, UserId, new_id};
use people::{Person, PersonInput, RoleId};

use crate::events::SsoEvent;
use crate::provider::{CompanyBy, Provider};
use crate::refusal::{Failure, Result, refused};
use crate::rules::{self, Claims, Given};
use crate::store::identities::{self, Model};
use crate::{IdentityId, commands};

/// What the rules make of somebody, looked up before anything is written.
pub struct Verdict {
    /// The role that a rule says, and the one made here that it names.
    role: Option<(Role, Option<RoleId>)>,
    /// The company that the provider's word leads to.
    company: Option<CompanyId>,
}

/// What the rules make of somebody.
///
/// # Errors
/// When nobody is let in whom no rule fits.
pub async fn judge(cx: &Context, provider: &Provider, claims: &Claims) -> Result<Verdict> {
    let role = match rules::role(&provider.rules, claims) {
        Some(Given::Role(role)) => Some((role, None)),
        Some(Given::Made(id)) => {
            let all = people::custom_roles(cx.db()).await?;
            // One that is archived gives nothing, and no rule below it speaks instead.
            let made = all.iter().find(|role| role.id == id && role.active);
            made.map(|role| (role.base, Some(id)))
        }
        None => None,
    };
    if role.is_none() && provider.default_role.is_none() {
        return Err(refused("rule", "no rule fits"));
    }
    let company = match &provider.company {
        CompanyBy::Nothing => None,
        CompanyBy::Fixed(id) => Some(*id),
        CompanyBy::Domain => match believed(provider, claims) {
            Some(email) => companies::of_email(cx.db(), &email).await?,
            None => None,
        },
        CompanyBy::Claim(name) => {
            let mut found = None;
            for text in claims.texts(name).iter().take(20) {
                found = companies::called(cx, text).await?;
                if found.is_some() {
                    break;
                }
            }
            found
        }
    };
    Ok(Verdict { role, company })
}

/// The address, if the provider's word for it counts.
fn believed(provider: &Provider, claims: &Claims) -> Option<String> {
    let counts = claims.is_verified() || !provider.wants_verified;
    claims.email().filter(|_| counts)
}

/// The person of these claims: who was known before, who has the same address, or who
/// is made now. Their role and company become what the rules say.
///
/// # Errors
/// When there is nobody, or they may not sign in.
pub async fn person(
    tx: &mut Tx,
    provider: &Provider,
    claims: &Claims,
    verdict: &Verdict,
) -> Result<Person> {
    // What the provider's word does, nobody here did.
    let now = tx.now();
    tx.act_as(Actor::System, now);
    let (mut identity, person) = match known(tx, provider, claims).await? {
        Some(identity) => {
            let person = people::person(tx.db(), identity.user_id).await?;
            let person = person.ok_or_else(|| refused("nobody", "the account is gone"))?;
            (identity, person)
        }
        None => {
            let (person, is_new) = newcomer(tx, provider, claims, verdict).await?;
            let identity = link(tx, provider, claims, person.id).await?;
            if !is_new {
                people::tell_linked(tx, person.id, &provider.name, true).await?;
            }
            (identity, person)
        }
    };
    if !person.active {
        return Err(refused("inactive", "the account is archived"));
    }
    if !person.confirmed {
        return Err(refused("unconfirmed", "the address is not confirmed"));
    }
    let person = follow(tx, provider, verdict, &mut identity, person).await?;
    identity.seen_at = now;
    identity.email = claims.email();
    identities::update(tx.db(), identity).await?;
    Ok(person)
}

/// Whom a provider calls so, whose account is held; nobody whose link an intruder may
/// have laid ([`people::replaced_at`]), which ends here if nothing has ended it yet.
async fn known(tx: &mut Tx, provider: &Provider, claims: &Claims) -> Result<Option<Model>> {
    let hash = identities::hash(provider, claims.subject());
    let Some(found) = identities::of_subject(tx.db(), provider.id, &hash).await? else {
        return Ok(None);
    };
    people::hold(tx, found.user_id).await?;
    // As it stands now: it may be gone since.
    let found = identities::of_subject(tx.db(), provider.id, &hash).await?;
    match found {
        Some(identity) if commands::is_void(tx, &identity).await? => {
            commands::end(tx, &identity).await?;
            Ok(None)
        }
        found => Ok(found),
    }
}

/// Notes that a provider vouches for an account.
pub async fn link(
    tx: &mut Tx,
    provider: &Provider,
    claims: &Claims,
    user: UserId,
) -> KitResult<Model> {
    let identity = Model {
        id: IdentityId(new_id(tx.now())),
        provider_id: provider.id,
        user_id: user,
        subject: claims.subject().to_owned(),
        subject_hash: identities::hash(provider, claims.subject()),
        email: claims.email(),
        ruled: false,
        ruled_role: None,
        created_at: tx.now(),
        seen_at: tx.now(),
    };
    identities::insert(tx.db(), identity.clone()).await?;
    tx.record(&SsoEvent::Linked(user, provider.name.clone()));
    Ok(identity)
}

/// Somebody whom the provider sends for the first time, and whether their account was
/// made for it.
async fn newcomer(
    tx: &mut Tx,
    provider: &Provider,
    claims: &Claims,
    verdict: &Verdict,
) -> Result<(Person, bool)> {
    let email = claims.email();
    let email = email.ok_or_else(|| refused("no-email", "there is no address"))?;
    if let Some(person) = people::by_email(tx.db(), &email).await? {
        // The address went on to somebody else, who is not whom the account belongs to.
        let known = identities::of(tx.db(), person.id).await?;
        if known.iter().any(|known| known.provider_id == provider.id) {
            return Err(refused("taken", "the account is another of its people"));
        }
        people::hold(tx, person.id).await?;
        // As they stand now.
        let person = people::by_email(tx.db(), &email).await?;
        let person = person.ok_or_else(|| refused("taken", "the address changed hands"))?;
        return Ok((same_address(provider, claims, person)?, false));
    }
    if !provider.makes_accounts {
        return Err(refused("nobody", "there is no account"));
    }
    if believed(provider, claims).is_none() {
        return Err(refused("unverified", "the address is not verified"));
    }
    let name = claims.name();
    let local = || email.split('@').next().unwrap_or_default().to_owned();
    let input = PersonInput {
        name: name.unwrap_or_else(local),
        email: email.clone(),
        role: verdict.role.map_or(Role::Client, |(role, _)| role),
        company: verdict.company,
        active: true,
        password: String::new(),
    };
    let made = async {
        let input = input.check(tx.cx(), false).await?;
        people::create(tx, input).await
    };
    match made.await {
        Ok(person) => Ok((person, true)),
        // Made a moment ago by the same person on another page.
        Err(Error::Invalid(problems)) if problems.at("email").is_some() => {
            Err(refused("taken", "the address is taken"))
        }
        Err(Error::Invalid(_)) => Err(refused("no-email", "no account can be made of it")),
        Err(error) => Err(Failure::Error(error)),
    }
}

/// An account that has the address already. The provider vouches for it by itself only
/// where that was wanted, and only for an address that it has verified. Never for an
/// administrator's, or whoever runs the provider would run the desk; and not for one
/// whose address nobody has confirmed, for it may be the work of somebody who waits for
/// the address's owner to come. Those link it from their own page.
fn same_address(provider: &Provider, claims: &Claims, person: Person) -> Result<Person> {
    let taken = |why| Err(refused("taken", why));
    match () {
        () if !provider.links_accounts => taken("the address has an account"),
        () if !claims.is_verified() => taken("the address is not verified"),
        () if person.role == Role::Admin => taken("the address is an administrator's"),
        () if !person.confirmed => Err(refused("unconfirmed", "the address is not confirmed")),
        () => Ok(person),
    }
}

/// Gives somebody the role and company that the rules say.
async fn follow(
    tx: &mut Tx,
    provider: &Provider,
    verdict: &Verdict,
    identity: &mut Model,
    person: Person,
) -> Result<Person> {
    let by_rule = person.custom == identity.ruled_role;
    let (role, made) = match (verdict.role, provider.default_role) {
        // A rule that says what somebody is leaves them the finer role that somebody here
        // gave them, and takes away one that a rule gave.
        (Some((role, None)), _) if role == person.role && !by_rule => (role, person.custom),
        (Some((role, made)), _) => (role, made),
        // What a rule gave is over with the rule; what somebody here gave is not.
        (None, Some(role)) if identity.ruled => (role, None),
        (None, _) => (person.role, person.custom),
    };
    let company = match role {
        Role::Client => verdict.company.or(person.company),
        _ => None,
    };
    identity.ruled = verdict.role.is_some();
    identity.ruled_role = verdict.role.and_then(|(_, made)| made);
    if role == person.role && company == person.company {
        return give(tx, person, made).await;
    }
    let input = PersonInput {
        name: person.name.clone(),
        email: person.email.clone(),
        role,
        company,
        active: true,
        password: String::new(),
    };
    let input = input.check(tx.cx(), false).await?;
    match people::update(tx, person.id, input).await {
        Ok(_) => {}
        // Nobody locks everybody out, not by a rule either.
        Err(Error::Conflict("last-admin")) => {
            identity.ruled = true;
            tracing::warn!(user = %person.id, "the last administrator stays one");
            return Ok(person);
        }
        Err(error) => return Err(Failure::Error(error)),
    }
    let person = people::person(tx.db(), person.id).await?;
    give(tx, person.ok_or(Error::NotFound)?, made).await
}

/// Gives somebody a role that was made here, or takes the one away that they have.
async fn give(tx: &mut Tx, person: Person, made: Option<RoleId>) -> Result<Person> {
    if person.custom == made {
        return Ok(person);
    }
    match people::give_role(tx, person.id, made).await {
        Ok(_) => {}
        // Archived at this moment.
        Err(Error::Invalid(_)) => return Err(refused("rule", "the rule's role is archived")),
        Err(error) => return Err(Failure::Error(error)),
    }
    let person = people::person(tx.db(), person.id).await?;
    person.ok_or(Failure::Error(Error::NotFound))
}

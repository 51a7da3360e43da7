use std::sync::Arc;

use kit::{
    App, CompanyId, Context, Instant, Limits, Looks, Permission, Place, Problems, Result, Role,
    UserId, Zone,
};

use crate::guessable::Whose;
use crate::{RoleId, new_password};

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// The name others see.
    pub name: String,
    /// The address that they sign in with, in lower case.
    pub email: String,
    /// What they are.
    pub role: Role,
    /// Whose employee; the desk's own people have none.
    pub company: Option<CompanyId>,
    /// Whether they may sign in.
    pub active: bool,
    /// The language that they chose.
    pub locale: Option<String>,
    /// The zone that they chose; see [`Person::zone`].
    pub zone_name: Option<String>,
    /// How they want pages to look.
    pub looks: Looks,
    /// Since when.
    pub created_at: Instant,
    /// Whether the address is known to be theirs.
    pub confirmed: bool,
    /// Where their picture is kept.
    pub picture: Option<String>,
    /// How often what they sign in by has changed.
    pub stamp: i32,
    /// The role made here that they have.
    pub custom: Option<RoleId>,
    /// What that role lets them do, where it was looked up: see [`crate::asker`].
    pub(crate) powers: Option<Arc<[&'static Permission]>>,
    /// Where they may look, where not everywhere.
    pub limits: Option<Arc<Limits>>,
}

impl Person {
    /// The same person with no more than a technician's permissions, and none that they
    /// have not themselves: for what was given out to do some of their work.
    pub fn lower(&mut self) {
        if self.role.leads() {
            self.role = Role::Tech;
        }
        let kept = |powers: &Arc<[&'static Permission]>| {
            let kept = powers.iter().filter(|p| p.roles.contains(&Role::Tech));
            kept.copied().collect()
        };
        self.powers = self.powers.as_ref().map(kept);
    }

    /// Whether their limits, if they have any, leave a place: what is there can be handed
    /// to them.
    #[must_use]
    pub fn reaches(&self, place: Place) -> bool {
        self.limits.as_ref().is_none_or(|limits| {
            limits.leave_queue(place.queue) && limits.leave_company(place.company.map(CompanyId))
        })
    }

    /// The zone that they read times in: their own, or else the desk's. A name that the
    /// database of zones has dropped meanwhile is none.
    #[must_use]
    pub fn zone(&self, app: &App) -> Zone {
        let own = self.zone_name.as_deref();
        let own = own.and_then(|name| Zone::named(name).ok());
        own.unwrap_or_else(|| app.zone.clone())
    }
}

/// What is typed to make or change an account.
#[derive(Clone)]
pub struct PersonInput {
    /// See [`Person::name`].
    pub name: String,
    /// See [`Person::email`].
    pub email: String,
    /// See [`Person::role`].
    pub role: Role,
    /// See [`Person::company`].
    pub company: Option<CompanyId>,
    /// See [`Person::active`].
    pub active: bool,
    /// The new password; empty keeps the old one, and a new account then has none.
    pub password: String,
}

/// An input in order, its password hashed. Commands take this and not the input,
/// because a hash takes as long as a hundred writes: longer than anybody may hold
/// the database's one writer.
#[derive(Clone)]
pub struct CheckedPerson {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) company: Option<CompanyId>,
    pub(crate) active: bool,
    pub(crate) password_hash: Option<String>,
}

impl PersonInput {
    /// Cleans and checks the fields and hashes the password; `required` when one
    /// must be given.
    ///
    /// # Errors
    /// [`kit::Error::Invalid`] at each field.
    pub async fn check(mut self, cx: &Context, required: bool) -> Result<CheckedPerson> {
        let mut problems = Problems::default();
        self.name = problems.text("name", &self.name, 1..=160);
        self.email = check_email(&mut problems, &self.email);
        if self.role == Role::Client {
            // A requester without a company is a person in their own right (S2).
        } else {
            self.company = None;
        }
        if required || !self.password.is_empty() {
            let whose = Whose {
                name: &self.name,
                email: &self.email,
                company: self.company,
            };
            new_password::check(cx, &mut problems, &self.password, &whose).await?;
        }
        problems.done()?;
        let password_hash = match self.password.is_empty() {
            true => None,
            false => Some(new_password::hash(cx, &self.password).await?),
        };
        Ok(CheckedPerson {
            name: self.name,
            email: self.email,
            role: self.role,
            company: self.company,
            active: self.active,
            password_hash,
        })
    }
}

/// An address in order, in lower case.
///
/// # Errors
/// [`kit::Error::Invalid`] at `email`.
pub fn address(email: &str) -> Result<String> {
    let mut problems = Problems::default();
    let email = check_email(&mut problems, email);
    problems.done()?;
    Ok(email)
}

fn check_email(problems: &mut Problems, email: &str) -> String {
    let email = problems.text("email", email, 1..=160).to_lowercase();
    if problems.at("email").is_none() && !is_email(&email) {
        problems.add("email", "email");
    }
    email
}

/// The form that HTML's `<input type=email>` takes (WHATWG HTML, 4.10.5.1.5),
/// with a dot wanted in the domain.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    !local.is_empty()
        && local.chars().all(plain)
        && domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        assert!(is_email("ana.maria+x@sub.acme.test"));
        for bad in [
            "",
            "a",
            "a@b",
            "@acme.test",
            "a b@acme.test",
            "a@acme..test",
            "<a>@x.y",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}

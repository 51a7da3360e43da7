use kit::{CompanyId, Form, Problem, Problems, Result, Role};
use openidconnect::url::Url;

use crate::ProviderId;
use crate::rules::{Given, RoleRule};

/// Somebody who vouches for people, and what becomes of those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Which.
    pub id: ProviderId,
    /// What the sign-in page calls it.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its address, exactly as it names itself.
    pub issuer: String,
    /// Who the desk is there.
    pub client_id: String,
    /// What is asked for besides `openid`, with spaces between.
    pub scopes: String,
    /// From claims to roles; the first that fits counts.
    pub rules: Vec<RoleRule>,
    /// What somebody is whom no rule fits; `None` is not let in.
    pub default_role: Option<Role>,
    /// Whose employee a requester is.
    pub company: CompanyBy,
    /// Whether whoever has no account gets one.
    pub makes_accounts: bool,
    /// Whether an account is made only for an address that the provider has verified.
    pub wants_verified: bool,
    /// Whether it vouches for an account with the same verified address.
    pub links_accounts: bool,
    /// Whether anybody signs in by it.
    pub active: bool,
    /// How somebody must have shown there who they are (`acr`); `None` when that is not
    /// asked, and then its word is worth no more than a password.
    pub acr: Option<String>,
}

/// What says whose employee a requester is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompanyBy {
    /// Nothing; an administrator does.
    Nothing,
    /// The address, by the companies' domains.
    Domain,
    /// A claim with the company's name, or its name in addresses.
    Claim(String),
    /// All are of this one.
    Fixed(CompanyId),
}

impl CompanyBy {
    /// The stored names, which are the ends of locale keys.
    pub const CODES: [&str; 4] = ["nothing", "domain", "claim", "fixed"];

    /// The stored name.
    pub fn code(&self) -> &'static str {
        match self {
            CompanyBy::Nothing => "nothing",
            CompanyBy::Domain => "domain",
            CompanyBy::Claim(_) => "claim",
            CompanyBy::Fixed(_) => "fixed",
        }
    }
}

/// What is typed to make or change a provider.
#[derive(Clone, Debug, Default)]
pub struct ProviderInput {
    /// See [`Provider::name`].
    pub name: String,
    /// See [`Provider::slug`].
    pub slug: String,
    /// See [`Provider::issuer`]; the address of its discovery document will do.
    pub issuer: String,
    /// See [`Provider::client_id`].
    pub client_id: String,
    /// The password of the desk there; empty keeps what there is.
    pub secret: String,
    /// See [`Provider::scopes`].
    pub scopes: String,
    /// Claim, value and role of each rule, a role made here by its id; one that is wholly
    /// empty is none.
    pub rules: Vec<(String, String, String)>,
    /// A role, or `refuse`.
    pub default_role: String,
    /// One of [`CompanyBy::CODES`].
    pub company_by: String,
    /// For `claim`.
    pub company_claim: String,
    /// For `fixed`.
    pub company: String,
    /// See [`Provider::makes_accounts`].
    pub makes_accounts: bool,
    /// See [`Provider::wants_verified`].
    pub wants_verified: bool,
    /// See [`Provider::links_accounts`].
    pub links_accounts: bool,
    /// See [`Provider::active`].
    pub active: bool,
    /// See [`Provider::acr`]; empty is none.
    pub acr: String,
}

/// So many rules.
pub const RULES: usize = 20;
/// The choice of letting nobody in whom no rule fits.
pub const REFUSE: &str = "refuse";
/// Where a provider says what it can do.
const DISCOVERY: &str = "/.well-known/openid-configuration";

impl ProviderInput {
    /// What a form sent.
    #[must_use]
    pub fn from_form(form: &Form) -> ProviderInput {
        let text = |name| form.get(name).to_owned();
        let claims = form.all("rule_claim").zip(form.all("rule_value"));
        let rules = claims.zip(form.all("rule_role"));
        ProviderInput {
            name: text("name"),
            slug: text("slug"),
            issuer: text("issuer"),
            client_id: text("client_id"),
            secret: text("client_secret"),
            scopes: text("scopes"),
            rules: rules
                .map(|((claim, value), role)| (claim.to_owned(), value.to_owned(), role.to_owned()))
                .collect(),
            default_role: text("default_role"),
            company_by: text("company_by"),
            company_claim: text("company_claim"),
            company: text("company_id"),
            makes_accounts: form.ticked("makes_accounts"),
            wants_verified: form.ticked("wants_verified"),
            links_accounts: form.ticked("links_accounts"),
            active: form.ticked("active"),
            acr: text("acr"),
        }
    }

    /// The provider in order, and its new password if there is one.
    ///
    /// # Errors
    /// [`kit::Error::Invalid`] at each field.
    pub fn check(&self, id: ProviderId) -> Result<(Provider, Option<String>)> {
        let mut problems = Problems::default();
        let name = problems.text("name", &self.name, 1..=60);
        let slug = problems.text("slug", &self.slug, 1..=60);
        if problems.at("slug").is_none() && !is_slug(&slug) {
            problems.add("slug", "slug");
        }
        let issuer = issuer(&mut problems, &self.issuer);
        let client_id = problems.text("client_id", &self.client_id, 1..=255);
        let secret = problems.line("client_secret", Some(&self.secret), 1_000);
        let scopes = problems.text("scopes", &self.scopes, 0..=300);
        let scopes: Vec<&str> = scopes
            .split_whitespace()
            .filter(|s| *s != "openid")
            .collect();
        let rules = self.rules(&mut problems);
        let default_role = match self.default_role.as_str() {
            REFUSE => None,
            // More than a requester somebody becomes only where a rule says so.
            code => {
                if code != Role::Client.code() {
                    problems.add("default_role", "unknown");
                }
                Some(Role::Client)
            }
        };
        if default_role.is_none() && rules.is_empty() && problems.at("rules").is_none() {
            problems.add("default_role", "sso-nobody");
        }
        let company = self.company(&mut problems);
        let acr = problems.line("acr", Some(&self.acr), 200);
        // Several would be asked for with spaces between.
        if acr
            .as_ref()
            .is_some_and(|acr| acr.contains(char::is_whitespace))
        {
            problems.add("acr", "sso-acr");
        }
        problems.done()?;
        let provider = Provider {
            id,
            name,
            slug,
            issuer,
            client_id,
            scopes: scopes.join(" "),
            rules,
            default_role,
            company,
            makes_accounts: self.makes_accounts,
            wants_verified: self.wants_verified,
            links_accounts: self.links_accounts,
            active: self.active,
            acr,
        };
        Ok((provider, secret))
    }

    fn rules(&self, problems: &mut Problems) -> Vec<RoleRule> {
        let mut rules = Vec::new();
        for ((claim, value, role), number) in self.rules.iter().zip(1..) {
            // Short, or the message would be as long as what it complains about.
            let mut own = Problems::default();
            let claim = own.text("rules", claim, 0..=200);
            let value = own.text("rules", value, 0..=200);
            if claim.is_empty() && value.is_empty() && own.0.is_empty() {
                continue;
            }
            match Given::from_code(role) {
                Some(role) if own.0.is_empty() && !claim.is_empty() && !value.is_empty() => {
                    rules.push(RoleRule { claim, value, role });
                }
                _ => at_line(problems.add("rules", "sso-rule"), number),
            }
        }
        if rules.len() > RULES {
            problems.add("rules", "sso-many-rules").limit = i64::try_from(RULES).ok();
        }
        rules
    }

    fn company(&self, problems: &mut Problems) -> CompanyBy {
        match self.company_by.as_str() {
            "nothing" => CompanyBy::Nothing,
            "domain" => CompanyBy::Domain,
            "claim" => {
                CompanyBy::Claim(problems.text("company_claim", &self.company_claim, 1..=120))
            }
            "fixed" => match self.company.parse() {
                Ok(id) => CompanyBy::Fixed(id),
                Err(_) => {
                    problems.add("company_id", "required");
                    CompanyBy::Nothing
                }
            },
            _ => {
                problems.add("company_by", "unknown");
                CompanyBy::Nothing
            }
        }
    }
}

fn at_line(problem: &mut Problem, number: i64) {
    problem.limit = Some(number);
}

/// A provider's address. Who pastes where it says what it can do means the provider.
fn issuer(problems: &mut Problems, text: &str) -> String {
    let text = problems.text("issuer", text, 1..=500);
    let text = text.strip_suffix(DISCOVERY).unwrap_or(&text).to_owned();
    let is_good = |url: &Url| {
        matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    };
    let good = Url::parse(&text).is_ok_and(|url| is_good(&url));
    if problems.at("issuer").is_none() && !good {
        problems.add("issuer", "sso-issuer");
    }
    text
}

fn is_slug(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.starts_with('-') && !text.ends_with('-') && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> ProviderInput {
        ProviderInput {
            name: "Acme".to_owned(),
            slug: "acme".to_owned(),
            issuer: "https://id.acme.test/realms/a".to_owned(),
            client_id: "desk".to_owned(),
            default_role: "client".to_owned(),
            company_by: "nothing".to_owned(),
            ..ProviderInput::default()
        }
    }

    fn check(input: &ProviderInput) -> Result<(Provider, Option<String>)> {
        input.check(ProviderId(uuid::Uuid::nil()))
    }

    fn problem(input: &ProviderInput, field: &str) -> &'static str {
        match check(input) {
            Err(kit::Error::Invalid(problems)) => problems.at(field).map_or("", |p| p.code),
            _ => "",
        }
    }

    #[test]
    fn a_pasted_discovery_address_is_its_providers() {
        let mut input = input();
        input.issuer += DISCOVERY;
        input.scopes = " openid  email profile".to_owned();
        let (provider, secret) = check(&input).unwrap();
        assert_eq!(provider.issuer, "https://id.acme.test/realms/a");
        assert_eq!((provider.scopes.as_str(), secret), ("email profile", None));
    }

    #[test]
    fn what_is_no_provider_is_named() {
        for issuer in [
            "acme",
            "ftp://a.test",
            "javascript:alert(1)",
            "https://me:word@a.test",
            "https://a.test?x=1",
            "https://a.test#x",
            "https://",
        ] {
            let input = ProviderInput {
                issuer: issuer.to_owned(),
                ..input()
            };
            assert_eq!(problem(&input, "issuer"), "sso-issuer", "{issuer}");
        }
        let input = ProviderInput {
            slug: "a/b".to_owned(),
            ..input()
        };
        assert_eq!(problem(&input, "slug"), "slug");
    }

    #[test]
    fn nobody_becomes_more_than_a_requester_without_a_rule() {
        for role in ["admin", "tech", "supervisor", ""] {
            let input = ProviderInput {
                default_role: role.to_owned(),
                ..input()
            };
            assert_eq!(problem(&input, "default_role"), "unknown", "{role}");
        }
        let mut input = ProviderInput {
            default_role: REFUSE.to_owned(),
            ..input()
        };
        assert_eq!(problem(&input, "default_role"), "sso-nobody");
        let text = str::to_owned;
        input.rules = vec![
            (text(""), text(""), text("client")),
            (text("groups"), text("it"), text("tech")),
        ];
        assert_eq!(check(&input).unwrap().0.rules.len(), 1);
        input.rules.push((text("groups"), text(""), text("tech")));
        assert_eq!(problem(&input, "rules"), "sso-rule");
        input.rules[2].1 = text("x");
        input.rules[2].2 = text("king");
        assert_eq!(problem(&input, "rules"), "sso-rule");
    }
}

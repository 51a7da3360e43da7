use kit::{CompanyId, Form, IpNet, Problems, Result};

use crate::colours::Rgb;
use crate::{rules, slug, tax_id};

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Which.
    pub id: CompanyId,
    /// Its legal name (razão social).
    pub name: String,
    /// The name it goes by (nome fantasia).
    pub trade_name: Option<String>,
    /// CPF or CNPJ without punctuation, or another country's number.
    pub tax_id: Option<String>,
    /// Whether that is another country's number, which has no check digits of ours.
    pub foreign_id: bool,
    /// Whom to ask for.
    pub contact_name: Option<String>,
    /// That person's address.
    pub email: Option<String>,
    /// The telephone.
    pub phone: Option<String>,
    /// Street, number, town.
    pub address: Option<String>,
    /// What the desk should know about it.
    pub notes: Option<String>,
    /// Whether its people may open tickets.
    pub active: bool,
    /// Whether people register with any address (S3-174).
    pub any_domain: bool,
    /// Whether they must consent to how their data are used before they register.
    pub consent: bool,
}

/// What a company has besides: lists, and what its people see of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The domains whose addresses may register.
    pub domains: Vec<String>,
    /// From where its people may come; from everywhere when it is empty (S3-264).
    pub networks: Vec<IpNet>,
    /// Its name in addresses, such as `/auth/login/acme`.
    pub slug: Option<String>,
    /// Its colour, `#rrggbb`.
    pub colour: Option<String>,
    /// What its sign-in page says.
    pub login_text: Option<String>,
    /// What letters to its people end with.
    pub mail_footer: Option<String>,
}

/// What is typed to make or change a company.
#[derive(Clone, Debug, Default)]
pub struct CompanyInput {
    /// See [`Company::name`].
    pub name: String,
    /// See [`Company::trade_name`].
    pub trade_name: Option<String>,
    /// See [`Company::tax_id`]; punctuation is dropped.
    pub tax_id: Option<String>,
    /// See [`Company::foreign_id`].
    pub foreign_id: bool,
    /// See [`Company::contact_name`].
    pub contact_name: Option<String>,
    /// See [`Company::email`].
    pub email: Option<String>,
    /// See [`Company::phone`].
    pub phone: Option<String>,
    /// See [`Company::address`].
    pub address: Option<String>,
    /// See [`Company::notes`].
    pub notes: Option<String>,
    /// See [`Company::active`].
    pub active: bool,
    /// See [`Company::any_domain`].
    pub any_domain: bool,
    /// See [`Company::consent`].
    pub consent: bool,
    /// See [`Profile::domains`]; one a line.
    pub domains: String,
    /// See [`Profile::networks`]; one a line.
    pub allowed_ips: String,
    /// See [`Profile::slug`].
    pub slug: Option<String>,
    /// See [`Profile::colour`].
    pub colour: Option<String>,
    /// See [`Profile::login_text`].
    pub login_text: Option<String>,
    /// See [`Profile::mail_footer`].
    pub mail_footer: Option<String>,
}

impl Company {
    /// The tax id as people write it: `12.345.678/0001-95` or `123.456.789-09`.
    #[must_use]
    pub fn shown_tax_id(&self) -> Option<String> {
        let plain = self.tax_id.as_ref()?;
        Some(match self.foreign_id {
            true => plain.clone(),
            false => tax_id::shown(plain),
        })
    }
}

impl CompanyInput {
    pub(crate) fn from_form(form: &Form) -> CompanyInput {
        let some = |name| form.some(name).map(str::to_owned);
        CompanyInput {
            name: form.get("name").to_owned(),
            trade_name: some("trade_name"),
            tax_id: some("tax_id"),
            foreign_id: form.ticked("foreign_id"),
            contact_name: some("contact_name"),
            email: some("email"),
            phone: some("phone"),
            address: some("address"),
            notes: some("notes"),
            active: form.ticked("active"),
            any_domain: form.ticked("accept_any_domain"),
            consent: form.ticked("consent_required"),
            domains: form.get("domains").to_owned(),
            allowed_ips: form.get("allowed_ips").to_owned(),
            slug: some("slug"),
            colour: some("colour"),
            login_text: some("login_text"),
            mail_footer: some("mail_footer"),
        }
    }

    /// What this describes.
    pub(crate) fn check(self, id: CompanyId) -> Result<(Company, Profile)> {
        let mut problems = Problems::default();
        let company = Company {
            id,
            name: problems.text("name", &self.name, 1..=160),
            trade_name: problems.line("trade_name", self.trade_name.as_deref(), 160),
            tax_id: check_tax_id(&mut problems, self.tax_id.as_deref(), self.foreign_id),
            foreign_id: self.foreign_id,
            contact_name: problems.line("contact_name", self.contact_name.as_deref(), 160),
            email: problems.line("email", self.email.as_deref(), 160),
            phone: problems.line("phone", self.phone.as_deref(), 40),
            address: problems.line("address", self.address.as_deref(), 300),
            notes: some(problems.text(
                "notes",
                self.notes.as_deref().unwrap_or_default(),
                0..=4_000,
            )),
            active: self.active,
            any_domain: self.any_domain,
            consent: self.consent,
        };
        let profile = Profile {
            domains: rules::domains(&mut problems, &self.domains),
            networks: rules::networks(&mut problems, &self.allowed_ips),
            slug: slug::check(&mut problems, self.slug.as_deref()),
            colour: check_colour(&mut problems, self.colour.as_deref()),
            login_text: prose(&mut problems, "login_text", self.login_text.as_deref()),
            mail_footer: prose(&mut problems, "mail_footer", self.mail_footer.as_deref()),
        };
        problems.done()?;
        Ok((company, profile))
    }
}

/// A number without its punctuation. Whoever says that it is another country's is
/// believed; every other one must be a CPF or a CNPJ.
pub fn check_tax_id(problems: &mut Problems, text: Option<&str>, foreign: bool) -> Option<String> {
    let plain = tax_id::plain(text.unwrap_or_default());
    let plain = problems.line("tax_id", Some(&plain), 14)?;
    let known = match foreign {
        true => plain.bytes().all(|b| b.is_ascii_alphanumeric()),
        false => tax_id::is_valid(&plain),
    };
    if !known && problems.at("tax_id").is_none() {
        problems.add("tax_id", "tax-id");
    }
    Some(plain)
}

fn check_colour(problems: &mut Problems, text: Option<&str>) -> Option<String> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    let colour = Rgb::parse(text);
    if colour.is_none() {
        problems.add("colour", "colour");
    }
    colour.map(|colour| colour.to_string())
}

/// Some sentences that people read.
pub fn prose(problems: &mut Problems, field: &str, text: Option<&str>) -> Option<String> {
    some(problems.text(field, text.unwrap_or_default(), 0..=1_000))
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: CompanyInput) -> Result<(Company, Profile)> {
        input.check(CompanyId(uuid::Uuid::nil()))
    }

    fn acme() -> CompanyInput {
        CompanyInput {
            name: " Acme Ltda ".into(),
            ..CompanyInput::default()
        }
    }

    #[test]
    fn a_company_is_kept_without_punctuation_and_in_lower_case() {
        let (company, profile) = check(CompanyInput {
            tax_id: Some("11.222.333/0001-81".into()),
            domains: "Acme.Test\n".into(),
            colour: Some("#AA0000".into()),
            allowed_ips: "10.1.2.3/8".into(),
            ..acme()
        })
        .unwrap();
        assert_eq!(company.name, "Acme Ltda");
        assert_eq!(company.tax_id.as_deref(), Some("11222333000181"));
        assert_eq!(company.shown_tax_id().unwrap(), "11.222.333/0001-81");
        assert_eq!(profile.domains, ["acme.test"]);
        assert_eq!(profile.colour.as_deref(), Some("#aa0000"));
        assert_eq!(rules::shown_networks(&profile.networks), "10.0.0.0/8");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let Err(kit::Error::Invalid(problems)) = check(CompanyInput {
            tax_id: Some("11.222.333/0001-82".into()),
            domains: "acme".into(),
            allowed_ips: "here".into(),
            slug: Some("A B".into()),
            colour: Some("red;}".into()),
            ..CompanyInput::default()
        }) else {
            panic!("it was taken");
        };
        let fields: Vec<&str> = problems.0.iter().map(|p| p.field.as_str()).collect();
        let all = ["name", "tax_id", "domains", "allowed_ips", "slug", "colour"];
        assert_eq!(fields, all);
    }

    #[test]
    fn another_countrys_number_has_no_check_digits_of_ours() {
        let input = |foreign_id| CompanyInput {
            tax_id: Some("DE 123456789".into()),
            foreign_id,
            ..acme()
        };
        assert!(check(input(false)).is_err());
        let (company, _) = check(input(true)).unwrap();
        assert_eq!(company.shown_tax_id().unwrap(), "DE123456789");
    }
}

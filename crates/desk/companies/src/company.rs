use kit::{CompanyId, Form, Problems, Result};

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Which.
    pub id: CompanyId,
    /// Its legal name (razão social).
    pub name: String,
    /// The name it goes by (nome fantasia).
    pub trade_name: Option<String>,
    /// CPF or CNPJ without punctuation.
    pub tax_id: Option<String>,
    /// The domain of its people's addresses.
    pub domain: Option<String>,
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
    /// See [`Company::domain`].
    pub domain: Option<String>,
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
}

impl Company {
    /// The tax id as people write it: `12.345.678/0001-95` or `123.456.789-09`.
    #[must_use]
    pub fn shown_tax_id(&self) -> Option<String> {
        let plain = self.tax_id.as_ref()?;
        let marks: &[(usize, char)] = match plain.chars().count() {
            14 => &[(2, '.'), (5, '.'), (8, '/'), (12, '-')],
            11 => &[(3, '.'), (6, '.'), (9, '-')],
            _ => &[],
        };
        let mut shown = String::new();
        for (place, sign) in plain.chars().enumerate() {
            shown.extend(marks.iter().filter(|m| m.0 == place).map(|m| m.1));
            shown.push(sign);
        }
        Some(shown)
    }
}

impl CompanyInput {
    pub(crate) fn from_form(form: &Form) -> CompanyInput {
        let some = |name| form.some(name).map(str::to_owned);
        CompanyInput {
            name: form.get("name").to_owned(),
            trade_name: some("trade_name"),
            tax_id: some("tax_id"),
            domain: some("domain"),
            contact_name: some("contact_name"),
            email: some("email"),
            phone: some("phone"),
            address: some("address"),
            notes: some("notes"),
            active: form.ticked("active"),
        }
    }

    /// The company that this describes.
    pub(crate) fn check(self, id: CompanyId) -> Result<Company> {
        let mut problems = Problems::default();
        let tax_id = self.tax_id.map(|text| {
            text.chars()
                .filter(|c| !matches!(c, '.' | '-' | '/' | ' '))
                .collect::<String>()
                .to_uppercase()
        });
        let company = Company {
            id,
            name: problems.text("name", &self.name, 1..=160),
            trade_name: problems.line("trade_name", self.trade_name.as_deref(), 160),
            tax_id: problems.line("tax_id", tax_id.as_deref(), 14),
            domain: problems
                .line("domain", self.domain.as_deref(), 160)
                .map(|d| d.to_lowercase()),
            contact_name: problems.line("contact_name", self.contact_name.as_deref(), 160),
            email: problems.line("email", self.email.as_deref(), 160),
            phone: problems.line("phone", self.phone.as_deref(), 40),
            address: problems.line("address", self.address.as_deref(), 300),
            notes: problems.line("notes", self.notes.as_deref(), 4_000),
            active: self.active,
        };
        if company.domain.as_deref().is_some_and(|d| !is_domain(d)) {
            problems.add("domain", "domain");
        }
        problems.done()?;
        Ok(company)
    }
}

/// Labels of letters, digits and hyphens with dots between them (RFC 1123, 2.1).
fn is_domain(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_is_kept_without_punctuation_and_in_lower_case() {
        let input = CompanyInput {
            name: " Acme Ltda ".into(),
            tax_id: Some("11.222.333/0001-81".into()),
            domain: Some("Acme.Test".into()),
            ..CompanyInput::default()
        };
        let company = input.check(CompanyId(uuid::Uuid::nil())).unwrap();
        assert_eq!(company.name, "Acme Ltda");
        assert_eq!(company.tax_id.as_deref(), Some("11222333000181"));
        assert_eq!(company.shown_tax_id().unwrap(), "11.222.333/0001-81");
        assert_eq!(company.domain.as_deref(), Some("acme.test"));
    }

    #[test]
    fn a_tax_id_is_shown_as_people_write_it() {
        for (plain, shown) in [
            ("12345678909", "123.456.789-09"),
            ("12ABC34501DE35", "12.ABC.345/01DE-35"),
            ("1234", "1234"),
        ] {
            let input = CompanyInput {
                name: "Acme".into(),
                tax_id: Some(plain.into()),
                ..CompanyInput::default()
            };
            let company = input.check(CompanyId(uuid::Uuid::nil())).unwrap();
            assert_eq!(company.shown_tax_id().unwrap(), shown);
        }
    }

    #[test]
    fn a_domain_is_labels_with_dots() {
        assert!(is_domain("acme.com.br"));
        for bad in ["acme", "acme..com", "-a.com", "a b.com", "x@acme.com", "."] {
            assert!(!is_domain(bad), "{bad}");
        }
    }
}

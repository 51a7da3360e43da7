use askama::Template;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, Role, redirect_done, render_with};
use ui::{Components, Field};

use crate::check::{Finding, Mark, check};
use crate::commands::{self, secret_name};
use crate::oidc::redirect_url;
use crate::provider::{CompanyBy, Provider, ProviderInput, REFUSE, RULES};
use crate::store::providers;
use crate::{LIST, ProviderId};

/// So many empty rules wait to be filled.
const SPARE: usize = 2;

#[derive(Template)]
#[template(path = "provider.html")]
struct Edit {
    p: Page,
    form: Form,
    /// What is said of the secret: a locale key.
    secret_hint: &'static str,
    /// Where the provider must send people back to.
    redirect: String,
    rules: Vec<(String, String, String)>,
    roles: Vec<(String, String)>,
    defaults: Vec<(String, String)>,
    company_ways: Vec<(String, String)>,
    companies: Vec<(String, String)>,
    /// What the test found, if it was asked for.
    findings: Option<Vec<Finding>>,
}

impl Edit {
    /// One part of a rule.
    fn part(&self, name: &str, label: &str, number: &usize, value: &str) -> Field<'_> {
        let field = self.p.field(name, label).value(value).max(200);
        field.id(&format!("{name}_{number}"))
    }

    fn role_of(&self, number: &usize, role: &str) -> Field<'_> {
        let field = self.p.field("rule_role", "sso-rule-role").value(role);
        let field = field.choice(&self.roles).required();
        field.id(&format!("rule_role_{number}"))
    }

    fn works(&self) -> bool {
        let findings = self.findings.iter().flatten();
        findings.clone().all(|finding| finding.mark != Mark::Bad)
    }
}

pub async fn new(cx: Context) -> Result<Response> {
    let form = Form::default()
        .with("scopes", "email profile")
        .with("default_role", "client")
        .with("company_by", "domain")
        .with("makes_accounts", "on")
        .with("wants_verified", "on")
        .with("active", "on");
    page(&cx, None, form, Problems::default(), None).await
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    save(&cx, None, form).await
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let provider = found(&cx, &id).await?;
    let form = kept(&provider);
    page(&cx, Some(&provider), form, Problems::default(), None).await
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let provider = found(&cx, &id).await?;
    save(&cx, Some(&provider), form).await
}

/// Keeps what was typed, or only tries it.
async fn save(cx: &Context, before: Option<&Provider>, form: Form) -> Result<Response> {
    let input = ProviderInput::from_form(&form);
    let id = before.map(|provider| provider.id);
    if form.ticked("test") {
        return test(cx, before, form, &input).await;
    }
    let mut tx = cx.begin().await?;
    match commands::save(&mut tx, id, &input).await {
        Ok(Some(_)) => tx.commit().await?,
        Ok(None) => {}
        Err(Error::Invalid(problems)) => {
            drop(tx);
            return page(cx, before, form, problems, None).await;
        }
        Err(error) => return Err(error),
    }
    Ok(redirect_done(LIST, "saved"))
}

async fn test(
    cx: &Context,
    before: Option<&Provider>,
    form: Form,
    input: &ProviderInput,
) -> Result<Response> {
    let id = before.map_or(ProviderId(uuid::Uuid::nil()), |provider| provider.id);
    let (provider, typed) = match input.check(id) {
        Ok(checked) => checked,
        Err(Error::Invalid(problems)) => return page(cx, before, form, problems, None).await,
        Err(error) => return Err(error),
    };
    let secret = match (typed, before) {
        (Some(typed), _) => Some(typed),
        // What was agreed with one is not told to another.
        (None, Some(before)) if before.issuer == provider.issuer => {
            let kept = cx.app.vault.get(cx.db(), &secret_name(before.id)).await;
            // One that cannot be read is typed again.
            kept.unwrap_or_default()
        }
        (None, _) => None,
    };
    let findings = check(cx, &provider, secret).await;
    page(cx, before, form, Problems::default(), Some(findings)).await
}

async fn page(
    cx: &Context,
    before: Option<&Provider>,
    form: Form,
    problems: Problems,
    findings: Option<Vec<Finding>>,
) -> Result<Response> {
    let status = problems.status();
    let pair = |code: &str, key: String| (code.to_owned(), cx.text(&key, &[]));
    let role = |role: &Role| pair(role.code(), format!("role-{}", role.code()));
    let ways = CompanyBy::CODES.map(|code| pair(code, format!("sso-company-by-{code}")));
    let mut companies = vec![(String::new(), cx.text("company-none", &[]))];
    for (id, name) in companies::names(cx.db()).await? {
        companies.push((id.to_string(), name));
    }
    let secret = match before {
        Some(provider) => cx.app.vault.get(cx.db(), &secret_name(provider.id)).await,
        None => Ok(None),
    };
    let secret_hint = match secret {
        Ok(None) => "sso-secret-hint",
        Ok(Some(_)) => "sso-secret-kept",
        // The database came from elsewhere without its key (S4-260): it is typed again.
        Err(kit::VaultError::Unreadable(_)) => "sso-secret-unreadable",
        Err(error) => return Err(Error::internal(error)),
    };
    let made = people::custom_roles(cx.db()).await?.into_iter();
    let made = made.filter(|role| role.active);
    let made = made.map(|role| (role.id.to_string(), role.name));
    let p = match before {
        Some(provider) => Page::titled(cx, provider.name.clone()),
        None => Page::new(cx, "sso-new"),
    };
    let edit = Edit {
        p: p.with(problems),
        secret_hint,
        redirect: redirect_url(cx, form.some("slug").unwrap_or("…")),
        rules: rules(&form),
        roles: Role::ALL.iter().map(role).chain(made).collect(),
        defaults: vec![
            role(&Role::Client),
            pair(REFUSE, "sso-default-refuse".to_owned()),
        ],
        company_ways: ways.into(),
        companies,
        findings,
        form,
    };
    let mut response = render_with(status, &edit)?;
    // A password that was typed to be tried stands in the page once more.
    let never = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(CACHE_CONTROL, never);
    Ok(response)
}

/// The rules that were typed, and some room.
fn rules(form: &Form) -> Vec<(String, String, String)> {
    let mut rules = ProviderInput::from_form(form).rules;
    rules.retain(|(claim, value, _)| !claim.trim().is_empty() || !value.trim().is_empty());
    rules.truncate(RULES + SPARE);
    let room = (rules.len() + SPARE).min(RULES.max(rules.len()));
    rules.resize_with(room, || {
        (String::new(), String::new(), Role::Tech.code().to_owned())
    });
    rules
}

/// The form as the provider is kept.
fn kept(provider: &Provider) -> Form {
    let default = provider.default_role.map_or(REFUSE, Role::code);
    let mut form = Form::default()
        .with("name", &provider.name)
        .with("slug", &provider.slug)
        .with("issuer", &provider.issuer)
        .with("client_id", &provider.client_id)
        .with("scopes", &provider.scopes)
        .with("default_role", default)
        .with("company_by", provider.company.code())
        .with("acr", provider.acr.as_deref().unwrap_or_default());
    for rule in &provider.rules {
        form = form
            .with("rule_claim", &rule.claim)
            .with("rule_value", &rule.value)
            .with("rule_role", rule.role.to_string());
    }
    form = match &provider.company {
        CompanyBy::Claim(claim) => form.with("company_claim", claim),
        CompanyBy::Fixed(id) => form.with("company_id", id.to_string()),
        CompanyBy::Nothing | CompanyBy::Domain => form,
    };
    for (name, ticked) in [
        ("makes_accounts", provider.makes_accounts),
        ("wants_verified", provider.wants_verified),
        ("links_accounts", provider.links_accounts),
        ("active", provider.active),
    ] {
        if ticked {
            form = form.with(name, "on");
        }
    }
    form
}

async fn found(cx: &Context, id: &str) -> Result<Provider> {
    let id: ProviderId = id.parse().map_err(|_| Error::NotFound)?;
    providers::find(cx.db(), id).await?.ok_or(Error::NotFound)
}

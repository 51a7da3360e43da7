use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use kit::{CompanyId, Context, Page, Query, Result, render};
use serde::Deserialize;
use ui::Components;

use crate::company::Company;
use crate::{commands, store, tax_id};

#[derive(Template)]
#[template(path = "companies.html")]
struct Index {
    p: Page,
    companies: Vec<Company>,
    domains: HashMap<CompanyId, Vec<String>>,
    q: String,
    state: &'static str,
    states: [(&'static str, &'static str); 3],
}

impl Index {
    fn may_make(&self) -> bool {
        commands::may_make(self.p.cx())
    }

    fn is_on(&self, state: &str) -> bool {
        self.state == state
    }
}

#[derive(Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
}

/// What the list may be narrowed to, with the locale key of its name.
const STATES: [(&str, &str); 3] = [
    ("", "company-every-state"),
    ("active", "active"),
    ("archived", "archived"),
];

pub async fn index(cx: Context, Query(query): Query<ListQuery>) -> Result<Response> {
    let q: String = query.q.trim().chars().take(100).collect();
    let known = STATES.iter().find(|(code, _)| *code == query.state);
    let state = known.map_or("", |(code, _)| *code);
    let mut companies = store::list(cx.db()).await?;
    let domains = store::domains_of(cx.db(), None).await?;
    let scope = cx.scope();
    companies.retain(|company| scope.sees_company(Some(company.id)));
    companies.retain(|company| {
        let of_state = state.is_empty() || company.active == (state == "active");
        let domains = domains.get(&company.id).map_or(&[][..], Vec::as_slice);
        of_state && matches(company, domains, &q)
    });
    render(&Index {
        p: Page::new(&cx, "companies"),
        companies,
        domains,
        q,
        state,
        states: STATES,
    })
}

/// Whether a company is meant: there are hundreds, which are all read anyway.
fn matches(company: &Company, domains: &[String], q: &str) -> bool {
    let wanted = q.to_lowercase();
    let number = tax_id::plain(q);
    let names = [Some(&company.name), company.trade_name.as_ref()];
    let mut texts = names.into_iter().flatten().chain(domains);
    texts.any(|text| text.to_lowercase().contains(&wanted))
        || company
            .tax_id
            .as_ref()
            .is_some_and(|id| !number.is_empty() && id.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::CompanyInput;

    #[test]
    fn a_company_is_found_by_what_people_know_of_it() {
        let input = CompanyInput {
            name: "Ações Ltda".into(),
            tax_id: Some("11222333000181".into()),
            ..CompanyInput::default()
        };
        let (company, _) = input.check(CompanyId(uuid::Uuid::nil())).unwrap();
        let domains = ["acoes.test".to_owned()];
        for q in ["", "AÇÕES", "acoes.test", "11.222.333", "0001-81"] {
            assert!(matches(&company, &domains, q), "{q}");
        }
        for q in ["beta", "-", "99"] {
            assert!(!matches(&company, &[], q), "{q}");
        }
    }
}

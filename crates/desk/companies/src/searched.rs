//! How companies are found: by legal and trade name, CNPJ or CPF with or without
//! punctuation, and whom to ask for (S4-106).

use event_log::Event;
use kit::{App, CompanyId, Context, Indexed, Reading, Result};
use search::{Document, Hit};
use uuid::Uuid;

use crate::{Company, MANAGE, store};

pub const INDEXED: Indexed = Indexed {
    kind: "company",
    next: |app, after| Box::pin(store::next_ids(app.db.reader(), after)),
    touched,
    documents: |app, ids| Box::pin(documents(app, ids)),
    hits: |cx, ids| Box::pin(hits(cx, ids)),
};

fn touched<'a>(_: &'a App, event: &'a Event, after: Option<Uuid>) -> Reading<'a, Uuid> {
    let own = event.kind.starts_with("company.") && after.is_none();
    Box::pin(async move { Ok(own.then_some(event.subject).into_iter().collect()) })
}

async fn documents(app: &App, ids: Vec<Uuid>) -> Result<Vec<Document>> {
    let companies = store::some(app.db.reader(), ids).await?;
    let ids = companies.iter().map(|company| company.id).collect();
    let mut domains = store::domains_of(app.db.reader(), Some(ids)).await?;
    let whole = |company: Company| {
        let domains = domains.remove(&company.id).unwrap_or_default();
        document(company, &domains)
    };
    Ok(companies.into_iter().map(whole).collect())
}

fn document(company: Company, domains: &[String]) -> Document {
    let title = [Some(company.name), company.trade_name];
    let text = [
        Some(domains.join("\n")),
        company.contact_name,
        company.email,
        company.address,
        company.notes,
    ];
    let words = |all: &[Option<String>]| {
        let all: Vec<&str> = all.iter().flatten().map(String::as_str).collect();
        all.join("\n")
    };
    Document {
        kind: INDEXED.kind,
        id: company.id.0,
        title: words(&title),
        codes: [company.tax_id, company.phone]
            .into_iter()
            .flatten()
            .collect(),
        text: words(&text),
        tags: vec!["queue=any".to_owned(), format!("company={}", company.id)],
        ..Document::default()
    }
}

/// Who may not keep the list is shown the company's tickets instead.
async fn hits(cx: &Context, ids: Vec<Uuid>) -> Result<Vec<Hit>> {
    let scope = cx.scope();
    let mut companies = store::some(cx.db(), ids).await?;
    companies.retain(|company| scope.sees_company(Some(company.id)));
    let hit = |company: Company| {
        let CompanyId(id) = company.id;
        let about = [company.trade_name.clone(), company.shown_tax_id()];
        Hit {
            id,
            path: match cx.actor.may(&MANAGE) {
                true => format!("/admin/companies/{id}"),
                false => format!("/tickets?company={id}"),
            },
            about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            title: company.name,
            icon: "building",
        }
    };
    Ok(companies.into_iter().map(hit).collect())
}

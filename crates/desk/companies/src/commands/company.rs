use kit::{CompanyId, Context, Error, Result, Tx, new_id};

use crate::company::{Company, CompanyInput};
use crate::events::CompanyEvent;
use crate::{MANAGE, store};

/// Whether the actor may make companies at all: whoever is limited to some would not see
/// another one, and would learn which of the others are here by what is taken.
pub fn may_make(cx: &Context) -> bool {
    cx.actor.may(&MANAGE) && cx.scope().sees_company(None)
}

/// Makes a company.
///
/// # Errors
/// [`Error::Invalid`] at the field; a tax id and a slug are used once.
/// [`Error::Forbidden`] for whoever is limited to some.
pub async fn create(tx: &mut Tx, input: CompanyInput) -> Result<Company> {
    tx.cx().require(&MANAGE)?;
    if !may_make(tx.cx()) {
        return Err(Error::Forbidden("limits"));
    }
    let (company, profile) = input.check(CompanyId(new_id(tx.now())))?;
    store::insert(tx, &company).await?;
    store::set_domains(tx, company.id, &profile.domains).await?;
    let mut face = store::faces::face(tx.db(), company.id).await?;
    let bare = face.clone();
    face.wear(&profile);
    if face != bare {
        store::faces::keep(tx, face).await?;
    }
    tx.record(&CompanyEvent::Created(company.id, company.name.clone()));
    Ok(company)
}

/// Changes a company; `false` when nothing differs.
///
/// # Errors
/// As [`create`], and [`Error::NotFound`].
pub async fn update(tx: &mut Tx, id: CompanyId, input: CompanyInput) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    let old = store::find(tx.db(), id).await?;
    let old = old.filter(|_| tx.cx().scope().sees_company(Some(id)));
    let old = old.ok_or(Error::NotFound)?;
    let (new, profile) = input.check(id)?;
    let mut face = store::faces::hold(tx, id).await?;
    let mut domains = store::domains_of(tx.db(), Some(vec![id])).await?;
    let worn = face
        .clone()
        .profile(domains.remove(&id).unwrap_or_default());
    let mut fields = Vec::new();
    let mut compare = |name, same: bool| {
        if !same {
            fields.push(name);
        }
    };
    compare("name", old.name == new.name);
    compare("trade_name", old.trade_name == new.trade_name);
    compare(
        "tax_id",
        old.tax_id == new.tax_id && old.foreign_id == new.foreign_id,
    );
    compare("contact_name", old.contact_name == new.contact_name);
    compare("email", old.email == new.email);
    compare("phone", old.phone == new.phone);
    compare("address", old.address == new.address);
    compare("notes", old.notes == new.notes);
    compare("active", old.active == new.active);
    compare("accept_any_domain", old.any_domain == new.any_domain);
    compare("consent_required", old.consent == new.consent);
    compare("domains", worn.domains == profile.domains);
    compare("allowed_ips", worn.networks == profile.networks);
    compare("slug", worn.slug == profile.slug);
    compare("colour", worn.colour == profile.colour);
    compare("login_text", worn.login_text == profile.login_text);
    compare("mail_footer", worn.mail_footer == profile.mail_footer);
    if fields.is_empty() {
        return Ok(false);
    }
    if old != new {
        store::update(tx, &new).await?;
    }
    if worn.domains != profile.domains {
        store::set_domains(tx, id, &profile.domains).await?;
    }
    if worn != profile {
        face.wear(&profile);
        store::faces::keep(tx, face).await?;
    }
    tx.record(&CompanyEvent::Updated(id, fields));
    Ok(true)
}

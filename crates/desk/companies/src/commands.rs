use kit::{CompanyId, Error, Result, Tx, new_id};

use crate::company::{Company, CompanyInput};
use crate::events::CompanyEvent;
use crate::{MANAGE, store};

/// Makes a company.
///
/// # Errors
/// [`Error::Invalid`] at the field; a tax id is used once.
pub async fn create(tx: &mut Tx, input: CompanyInput) -> Result<Company> {
    tx.cx().require(&MANAGE)?;
    let company = input.check(CompanyId(new_id(tx.now())))?;
    store::insert(tx, &company).await?;
    tx.record(&CompanyEvent::Created(company.id, company.name.clone()));
    Ok(company)
}

/// Changes a company; `false` when nothing differs.
///
/// # Errors
/// As [`create`], and [`Error::NotFound`].
pub async fn update(tx: &mut Tx, id: CompanyId, input: CompanyInput) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    let old = store::find(tx.db(), id).await?.ok_or(Error::NotFound)?;
    let new = input.check(id)?;
    let mut fields = Vec::new();
    let mut compare = |name, same: bool| {
        if !same {
            fields.push(name);
        }
    };
    compare("name", old.name == new.name);
    compare("trade_name", old.trade_name == new.trade_name);
    compare("tax_id", old.tax_id == new.tax_id);
    compare("domain", old.domain == new.domain);
    compare("contact_name", old.contact_name == new.contact_name);
    compare("email", old.email == new.email);
    compare("phone", old.phone == new.phone);
    compare("address", old.address == new.address);
    compare("notes", old.notes == new.notes);
    compare("active", old.active == new.active);
    if fields.is_empty() {
        return Ok(false);
    }
    store::update(tx, &new).await?;
    tx.record(&CompanyEvent::Updated(id, fields));
    Ok(true)
}

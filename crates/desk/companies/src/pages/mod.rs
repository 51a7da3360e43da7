//! `/admin/companies`, `/admin/config`, and the files of brands.

pub mod brand;
pub mod config;
pub mod edit;
pub mod list;
pub mod sign;

use kit::{CompanyId, Context, Error, Result};

use crate::company::Company;
use crate::store;

async fn found(cx: &Context, id: &str) -> Result<Company> {
    let id: CompanyId = id.parse().map_err(|_| Error::NotFound)?;
    store::find(cx.db(), id).await?.ok_or(Error::NotFound)
}

//! `/admin/companies`, `/admin/config`, what they say of privacy, and the files of brands.

pub mod brand;
pub mod config;
pub mod edit;
pub mod list;
pub mod privacy;
pub mod sign;

use kit::{CompanyId, Context, Error, Result};

use crate::company::Company;
use crate::store;

async fn found(cx: &Context, id: &str) -> Result<Company> {
    let id: CompanyId = id.parse().map_err(|_| Error::NotFound)?;
    // What is not theirs is not found, also for a supervisor with limits.
    let found = store::find(cx.db(), id).await?;
    let found = found.filter(|company| cx.scope().sees_company(Some(company.id)));
    found.ok_or(Error::NotFound)
}

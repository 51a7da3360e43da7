//! With which companies people may make their own account.

use std::collections::HashMap;

use kit::{CompanyId, Result};

use crate::store;

/// A company that takes people who register by themselves: no more than anybody may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Which.
    pub id: CompanyId,
    /// The name that it goes by.
    pub name: String,
    /// Its name in addresses; its id where it has none.
    pub slug: String,
    /// Whether they must consent first.
    pub consent: bool,
}

/// The companies that take people who register by themselves, by name: active ones that
/// take any address, or that have a domain.
///
/// # Errors
/// When the database refuses.
pub async fn open_for_registration(db: &impl sea_orm::ConnectionTrait) -> Result<Vec<Open>> {
    let domains = store::domains_of(db, None).await?;
    let rows = store::registering(db, domains.into_keys().collect()).await?;
    let ids = rows.iter().map(|(id, ..)| *id).collect();
    let slugs: HashMap<_, _> = store::faces::slugs(db, ids).await?.into_iter().collect();
    let open = |(id, name, consent): (CompanyId, String, bool)| Open {
        id,
        name,
        slug: slugs.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        consent,
    };
    Ok(rows.into_iter().map(open).collect())
}

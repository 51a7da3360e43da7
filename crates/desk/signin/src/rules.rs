//! Which roles must show something beside the password.

use kit::{Context, Result, Role, Tx};
use people::MANAGE;
use sea_orm::ConnectionTrait;

use crate::events::FactorEvent;
use crate::store::rules as store;

/// Whether whoever has this role must.
///
/// # Errors
/// When the database refuses.
pub async fn must(db: &impl ConnectionTrait, role: Role) -> Result<bool> {
    store::has(db, role.code()).await
}

/// The roles that must.
///
/// # Errors
/// When the database refuses.
pub async fn all(cx: &Context) -> Result<Vec<String>> {
    store::all(cx.db()).await
}

/// Says which roles must; `false` when it was so already.
///
/// # Errors
/// [`kit::Error::Forbidden`] for whoever may not.
pub async fn set(tx: &mut Tx, wanted: &[Role]) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    let now = store::all(tx.db()).await?;
    let mut changed = false;
    for role in Role::ALL {
        let (is, shall) = (now.iter().any(|r| r == role.code()), wanted.contains(&role));
        match (is, shall) {
            (false, true) => store::insert(tx.db(), role.code().to_owned()).await?,
            (true, false) => store::delete(tx.db(), role.code()).await?,
            _ => continue,
        }
        changed = true;
    }
    if changed {
        let roles = wanted.iter().map(|role| role.code().to_owned()).collect();
        tx.record(&FactorEvent::Rules(roles));
    }
    Ok(changed)
}

//! What people agreed to: which version of which text about their data, when, and from
//! where (S3-175).

use std::collections::HashMap;

use companies::PrivacyMark;
use kit::{Actor, CompanyId, Context, Instant, Result, Role, Tx, UserId, new_id};

use crate::events::AccountEvent;
use crate::store::consents::{self as store, Model};

/// Somebody's agreement to a text.
pub struct Consent {
    /// To which version.
    pub mark: PrivacyMark,
    /// Since when.
    pub at: Instant,
}

impl From<Model> for Consent {
    fn from(row: Model) -> Consent {
        Consent {
            mark: PrivacyMark {
                owner: row.owner,
                version: row.version,
            },
            at: row.at,
        }
    }
}

/// The version that holds for a company's people now.
///
/// # Errors
/// When the database refuses.
pub async fn holding(
    db: &impl sea_orm::ConnectionTrait,
    company: Option<CompanyId>,
) -> Result<PrivacyMark> {
    let text = companies::privacy(db, company).await?;
    Ok(text.map_or(PrivacyMark::NONE, |text| text.mark))
}

/// Notes that somebody agreed to a version: to the one that holds, as the caller has
/// looked up by [`holding`] in this transaction.
///
/// # Errors
/// When the database refuses.
pub async fn give(tx: &mut Tx, user: UserId, mark: PrivacyMark) -> Result<()> {
    let row = Model {
        id: new_id(tx.now()),
        user_id: user,
        owner: mark.owner,
        version: mark.version,
        at: tx.now(),
        ip: tx.cx().ip.map(|ip| ip.to_string()),
    };
    if store::insert(tx.db(), row).await? {
        tx.record(&AccountEvent::Consented(user, mark));
    }
    Ok(())
}

/// Somebody's newest agreement to any version of a text.
///
/// # Errors
/// When the database refuses.
pub async fn newest(cx: &Context, user: UserId, owner: CompanyId) -> Result<Option<Consent>> {
    Ok(store::newest(cx.db(), user, owner).await?.map(Into::into))
}

/// Whether the reader must agree to a text before they go on: their company wants that,
/// and they have not agreed to the version that holds. Asked with every page, and so
/// from memory.
///
/// # Errors
/// When the database refuses.
pub async fn consent_owed(cx: &Context) -> Result<bool> {
    let Actor::User(user) = &cx.actor else {
        return Ok(false);
    };
    let Some(company) = user.company.filter(|_| user.role == Role::Client) else {
        return Ok(false);
    };
    let Some(mark) = companies::privacy_owed(&cx.app, cx.seq, company).await? else {
        return Ok(false);
    };
    let read = |ids: Vec<UserId>| async move {
        let mut given: HashMap<UserId, Vec<PrivacyMark>> =
            ids.iter().map(|id| (*id, Vec::new())).collect();
        for row in store::of(cx.db(), ids).await? {
            let marks = given.entry(row.user_id).or_default();
            marks.push(Consent::from(row).mark);
        }
        Ok(given)
    };
    let given = cx.kept_each("consents", "consents", vec![user.id], read);
    let given = given.await?;
    Ok(!given
        .get(&user.id)
        .is_some_and(|marks| marks.contains(&mark)))
}

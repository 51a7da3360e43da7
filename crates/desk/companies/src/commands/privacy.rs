use kit::{CompanyId, Error, Problems, Result, Tx};

use crate::events::CompanyEvent;
use crate::store::privacy::Model;
use crate::store::{self, faces::DESK, privacy};
use crate::{CONFIGURE, MANAGE};

/// So many characters: as much as the smallest of the databases keeps in one field.
const MOST: usize = 15_000;

/// Writes the next version of what a company (or the desk, for `None`) tells people about
/// their data; `false` when nothing differs. An empty text takes it away: then the desk's
/// holds. `after` is the version that the writer saw.
///
/// # Errors
/// [`Error::Conflict`] when somebody else wrote one meanwhile.
pub async fn set_privacy(
    tx: &mut Tx,
    company: Option<CompanyId>,
    after: i32,
    text: &str,
) -> Result<bool> {
    tx.cx().require(match company {
        Some(_) => &MANAGE,
        None => &CONFIGURE,
    })?;
    if let Some(id) = company {
        store::find(tx.db(), id).await?.ok_or(Error::NotFound)?;
    }
    let mut problems = Problems::default();
    let text = problems.text("privacy", text, 0..=MOST);
    problems.done()?;
    let body = Some(text).filter(|text| !text.is_empty());
    let owner = company.unwrap_or(DESK);
    let old = privacy::newest(tx.db(), owner).await?;
    let (version, before) = old.map_or((0, None), |old| (old.version, old.body));
    if before == body {
        return Ok(false);
    }
    if version != after {
        return Err(Error::Conflict("privacy-newer"));
    }
    let row = Model {
        owner,
        version: version + 1,
        body,
        created_at: tx.now(),
        created_by: tx.cx().actor.id(),
    };
    privacy::insert(tx, row).await?;
    tx.record(&CompanyEvent::Privacy(company, version + 1));
    Ok(true)
}

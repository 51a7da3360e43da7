//! What a company tells people about their data: a text that anybody may read, kept in
//! all its versions, so that what somebody agreed to can be shown for ever (S3-175).

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use kit::{App, CompanyId, Instant, Result};

use crate::store::{faces::DESK, privacy as store};

/// A version of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Privacy {
    /// Whose text it is and which version.
    pub mark: PrivacyMark,
    /// The text itself, plain.
    pub text: String,
    /// Since when it holds.
    pub at: Instant,
}

/// Which text, and which version of it: what somebody agrees to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PrivacyMark {
    /// The company, or the desk, whose id is the one of nobody.
    pub owner: CompanyId,
    /// Counted from 1; 0 when nobody had written one yet.
    pub version: i32,
}

impl PrivacyMark {
    /// Of whoever agreed before there was a text.
    pub const NONE: PrivacyMark = PrivacyMark {
        owner: DESK,
        version: 0,
    };
}

/// As a form carries it.
impl fmt::Display for PrivacyMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.owner, self.version)
    }
}

impl FromStr for PrivacyMark {
    type Err = ();

    fn from_str(text: &str) -> Result<PrivacyMark, ()> {
        let (owner, version) = text.split_once(':').ok_or(())?;
        Ok(PrivacyMark {
            owner: owner.parse().map_err(|_| ())?,
            version: version.parse().map_err(|_| ())?,
        })
    }
}

/// The text that holds for a company's people: its own, or else the desk's, which
/// holds for whoever has no company (`None`), too.
///
/// # Errors
/// When the database refuses.
pub async fn privacy(
    db: &impl sea_orm::ConnectionTrait,
    company: Option<CompanyId>,
) -> Result<Option<Privacy>> {
    if let Some(id) = company
        && let Some(own) = store::newest(db, id).await?.and_then(Row::shown)
    {
        return Ok(Some(own));
    }
    Ok(store::newest(db, DESK).await?.and_then(Row::shown))
}

/// The text that the people of a company must have agreed to before they go on, if it
/// wants that, and if there is one. `seq` as for [`crate::welcome`]: asked with every
/// page, and so from memory.
///
/// # Errors
/// When the database refuses.
pub async fn privacy_owed(app: &App, seq: i64, company: CompanyId) -> Result<Option<PrivacyMark>> {
    let read = owed(app.db.reader());
    let owed = app.live.list("privacy", "customers", seq.max(0), read);
    Ok(owed.await?.get(&company).copied())
}

use store::Model as Row;

impl Row {
    /// The text, unless the company took its own away.
    fn shown(self) -> Option<Privacy> {
        let mark = PrivacyMark {
            owner: self.owner,
            version: self.version,
        };
        let (text, at) = (self.body?, self.created_at);
        Some(Privacy { mark, text, at })
    }
}

/// What the people of each company that wants it must have agreed to, where there is
/// a text.
pub(crate) async fn owed(
    db: &impl sea_orm::ConnectionTrait,
) -> Result<HashMap<CompanyId, PrivacyMark>> {
    let asking = crate::store::consenting(db).await?;
    if asking.is_empty() {
        return Ok(HashMap::new());
    }
    let marks = store::newest_marks(db).await?;
    let mark = |owner: CompanyId| {
        let version = *marks.get(&owner)?;
        Some(PrivacyMark { owner, version })
    };
    let of = |id: CompanyId| Some((id, mark(id).or_else(|| mark(DESK))?));
    Ok(asking.into_iter().filter_map(of).collect())
}

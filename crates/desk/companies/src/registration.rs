//! With which companies people may make their own account.

use std::collections::HashMap;

use kit::{CompanyId, Context, Error, Result};

use crate::faces::{faces, slug_in};
use crate::privacy::{PrivacyMark, owed};
use crate::{slug, store};

/// A company that takes people who register by themselves: no more than anybody may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Which.
    pub id: CompanyId,
    /// The name that it goes by.
    pub name: String,
    /// Its name in addresses; its id where it has none.
    pub slug: String,
    /// What they must agree to first.
    pub consent: Option<PrivacyMark>,
}

/// The companies that take people who register by themselves, by name: active ones that
/// take any address, or that have a domain. Where addresses are not `proved`, a domain
/// says nothing, and only the former are.
///
/// # Errors
/// When the database refuses.
pub async fn open_for_registration(
    db: &impl sea_orm::ConnectionTrait,
    proved: bool,
) -> Result<Vec<Open>> {
    let with_domain = match proved {
        true => store::domains_of(db, None).await?.into_keys().collect(),
        false => Vec::new(),
    };
    let rows = store::registering(db, with_domain).await?;
    let ids = rows.iter().map(|(id, ..)| *id).collect();
    let slugs: HashMap<_, _> = store::faces::slugs(db, ids).await?.into_iter().collect();
    let marks = owed(db).await?;
    let mark = |id: CompanyId| marks.get(&id).copied().unwrap_or(PrivacyMark::NONE);
    let open = |(id, name, consent): (CompanyId, String, bool)| Open {
        id,
        name,
        slug: slugs.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        consent: consent.then(|| mark(id)),
    };
    Ok(rows.into_iter().map(open).collect())
}

/// The company that an address of a public page names, by its name in addresses or by
/// its id, and what people call it; `None` for the desk's own.
///
/// # Errors
/// [`Error::NotFound`] when it names none.
pub async fn place_of(cx: &Context, place: &str) -> Result<Option<(CompanyId, String)>> {
    if place == slug::DESK {
        return Ok(None);
    }
    let id = match place.parse() {
        Ok(id) => Some(id),
        Err(_) => faces(&cx.app, cx.app.live.head()).await?.named(place),
    };
    let company = store::find(cx.db(), id.ok_or(Error::NotFound)?).await?;
    let company = company.ok_or(Error::NotFound)?;
    let name = company.trade_name.unwrap_or(company.name);
    Ok(Some((company.id, name)))
}

/// The company whose door a public page is.
pub struct Visited {
    /// Which.
    pub id: CompanyId,
    /// The name that it goes by.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
}

impl Visited {
    /// What the addresses that lead on from a page end with, to keep to the door.
    #[must_use]
    pub fn query(visited: Option<&Visited>) -> String {
        visited.map_or_else(String::new, |door| format!("?company={}", door.slug))
    }
}

/// The company for which the reader has opened a page: `/auth/login/acme`,
/// `?company=acme`. One that is archived has no door, nor has one without a name in
/// addresses.
///
/// # Errors
/// When the database refuses.
pub async fn visited(cx: &Context) -> Result<Option<Visited>> {
    let Some(place) = slug_in(&cx.path) else {
        return Ok(None);
    };
    let faces = faces(&cx.app, cx.app.live.head()).await?;
    let Some(id) = faces.named(place).filter(|_| slug::is_slug(place)) else {
        return Ok(None);
    };
    let company = store::find(cx.db(), id).await?;
    let company = company.filter(|company| company.active);
    Ok(company.map(|company| Visited {
        id,
        name: company.trade_name.unwrap_or(company.name),
        slug: place.to_owned(),
    }))
}

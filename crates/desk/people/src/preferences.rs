//! How a person wants the desk to look, in which language, and with which clock.

use kit::{Density, Error, Locale, Result, Theme, Tx, Zone};

use crate::Person;
use crate::store;

/// What is to be changed; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// Which colours.
    pub theme: Option<Theme>,
    /// How much stands on a screen.
    pub density: Option<Density>,
    /// Whether single keys do nothing.
    pub keys_off: Option<bool>,
    /// Which language; `Some(None)` follows the browser.
    pub locale: Option<Option<Locale>>,
    /// Which zone; `Some(None)` is the desk's.
    pub zone: Option<Option<Zone>>,
}

/// Changes one's own preferences. They are no change of the desk, so nothing is
/// recorded.
///
/// # Errors
/// [`Error::SignIn`] for nobody.
pub async fn prefer(tx: &mut Tx, new: Preferences) -> Result<Person> {
    let me = tx.cx().actor.user()?.id;
    let mut row = store::row_for_update(tx.db(), me)
        .await?
        .ok_or(Error::SignIn)?;
    if let Some(theme) = new.theme {
        row.theme = Some(theme.code().to_owned());
    }
    if let Some(density) = new.density {
        row.density = Some(density.code().to_owned());
    }
    if let Some(keys_off) = new.keys_off {
        row.keys_off = keys_off;
    }
    if let Some(locale) = new.locale {
        row.locale = locale.map(|l| l.tag().to_owned());
    }
    if let Some(zone) = new.zone {
        row.zone = zone.map(|zone| zone.name().to_owned());
    }
    store::update(tx.db(), row.clone()).await?;
    Ok(row.into())
}

use std::ops::Deref;
use std::sync::Arc;

use i18n::{I18n, Zone};
use mail::Mailer;
use search::Index;
use storage::Storage;
use vault::Vault;

use crate::{Clock, Db, Key, Live, Nav, Permission, Route, Settings};

/// Everything that lives as long as the process. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is put together from.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The texts.
    pub i18n: I18n,
    /// The uploaded files.
    pub storage: Storage,
    /// The settings.
    pub settings: Settings,
    /// The zone of the desk: of protocols, and of whoever has not chosen one.
    pub zone: Zone,
    /// The clock.
    pub clock: Clock,
    /// The installation's secret.
    pub key: Key,
    /// The entries of the menu, in order.
    pub nav: Vec<Nav>,
    /// The entries of the administration's index, in order.
    pub admin: Vec<Nav>,
    /// Every permission there is.
    pub permissions: Vec<&'static Permission>,
    /// Every route there is.
    pub routes: Vec<Route>,
    /// What is searched in.
    pub index: Arc<Index>,
    /// What open pages hear of.
    pub live: Arc<Live>,
    /// What leaves the desk by mail.
    pub mail: Mailer,
    /// The secrets that must be read again.
    pub vault: Vault,
    /// From an asset's plain name to its hashed URL.
    pub asset: fn(&str) -> &'static str,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> App {
        App(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

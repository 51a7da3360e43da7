//! Secrets at rest: what the desk must be able to read again, such as the password
//! of a mail server, sealed with AES-256-GCM under a key of its own (S4-259).
//!
//! A row says by which key it was sealed. Without that key it is unreadable, and
//! nothing else is tried (S4-260). Its name is sealed along with it, so that rows
//! cannot be exchanged.

mod keys;
mod seal;
mod store;

pub use keys::Keys;
pub use store::{MIGRATIONS, Resealed};

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use thiserror::Error;

use db::Instant;

/// Why a secret could not be kept or read.
#[derive(Debug, Error)]
pub enum VaultError {
    /// It was sealed under a key that is not here, or it was changed since.
    #[error("the secret {0:?} cannot be read with the key of this installation")]
    Unreadable(String),
    /// The file of keys cannot be used.
    #[error("the encryption key: {0}")]
    Key(#[from] std::io::Error),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// What a secret is read as.
pub type Result<T, E = VaultError> = std::result::Result<T, E>;

/// Seals and opens. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

impl Vault {
    /// A vault with these keys.
    #[must_use]
    pub fn open(keys: Keys) -> Vault {
        Vault(Arc::new(keys))
    }

    /// Keeps `text` under `name`, in the place of what was there.
    ///
    /// # Errors
    /// When the key cannot be had or the database refuses.
    pub async fn put(
        &self,
        tx: &DatabaseTransaction,
        name: &str,
        text: &str,
        now: Instant,
    ) -> Result<()> {
        // A key that was replaced while this is not committed would leave the file, and
        // with it what could read this row.
        store::share_fence(tx).await?;
        // Asked for each time: another process may have changed the key meanwhile.
        let sealed = seal::seal(&self.0.sealing()?, name, text);
        Ok(store::put(tx, name, sealed, now).await?)
    }

    /// The secret under `name`, if there is one.
    ///
    /// # Errors
    /// [`VaultError::Unreadable`] when it was sealed under another key.
    pub async fn get(&self, db: &impl ConnectionTrait, name: &str) -> Result<Option<String>> {
        match store::get(db, name).await? {
            Some(sealed) => self.unseal(name, &sealed).map(Some),
            None => Ok(None),
        }
    }

    /// Forgets the secret under `name`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove(&self, db: &impl ConnectionTrait, name: &str) -> Result<()> {
        Ok(store::remove(db, name).await?)
    }

    /// Seals every row again that is not under the newest key. What cannot be read
    /// stays as it is and is named.
    ///
    /// # Errors
    /// When the key cannot be had or the database refuses.
    pub async fn reseal(&self, tx: &DatabaseTransaction, now: Instant) -> Result<Resealed> {
        store::close_fence(tx).await?;
        let newest = self.0.sealing()?;
        let mut done = Resealed::default();
        for row in store::all(tx).await? {
            if seal::key_of(&row.sealed) == Some(newest.id) {
                continue;
            }
            match self.unseal(&row.name, &row.sealed) {
                Ok(text) => {
                    let sealed = seal::seal(&newest, &row.name, &text);
                    store::put(tx, &row.name, sealed, now).await?;
                    done.count += 1;
                }
                Err(VaultError::Unreadable(name)) => done.unreadable.push(name),
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    /// Forgets the keys that no row needs any more.
    ///
    /// # Errors
    /// When the file cannot be written or the database refuses.
    pub async fn retire(&self, db: &impl ConnectionTrait) -> Result<()> {
        let rows = store::all(db).await?;
        let needed = rows.iter().filter_map(|row| seal::key_of(&row.sealed));
        Ok(self.0.keep_only(&needed.collect::<Vec<_>>())?)
    }

    fn unseal(&self, name: &str, sealed: &[u8]) -> Result<String> {
        let unreadable = || VaultError::Unreadable(name.to_owned());
        let id = seal::key_of(sealed).ok_or_else(unreadable)?;
        let key = self.0.with_id(id)?.ok_or_else(unreadable)?;
        seal::open(&key, name, sealed).ok_or_else(unreadable)
    }
}

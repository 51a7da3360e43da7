//! Files: what people upload, outside any web root, under names that we choose.
//!
//! What a file is, is told by its content ([`sniff`]), never by its name.

mod kind;
mod sweep;

pub use kind::{Kind, Refused, clean_name, sniff};

use std::path::Path as FsPath;
use std::sync::Arc;

use bytes::Bytes;
use futures::future::ready;
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// A file could not be written, read or removed.
#[derive(Debug, Error)]
pub enum StorageError {
    /// There is none under this name.
    #[error("there is no such file")]
    Missing,
    /// The directory or the service refused.
    #[error("the file store failed: {0}")]
    Failed(String),
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> StorageError {
        match error {
            object_store::Error::NotFound { .. } => StorageError::Missing,
            other => StorageError::Failed(other.to_string()),
        }
    }
}

/// Where files are kept. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
}

impl Storage {
    /// Keeps files below `directory`, which is made when it is missing (S1-083).
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn local(directory: &FsPath) -> Result<Storage, StorageError> {
        std::fs::create_dir_all(directory).map_err(|e| StorageError::Failed(e.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(directory)?.with_automatic_cleanup(true);
        Ok(Storage {
            store: Arc::new(store),
        })
    }

    /// Writes a file under `key`, whole or not at all.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn put(&self, key: &str, content: Bytes) -> Result<(), StorageError> {
        self.store.put(&Path::from(key), content.into()).await?;
        Ok(())
    }

    /// Reads the file under `key`.
    ///
    /// # Errors
    /// [`StorageError::Missing`] when there is none.
    pub async fn get(&self, key: &str) -> Result<Bytes, StorageError> {
        Ok(self.store.get(&Path::from(key)).await?.bytes().await?)
    }

    /// Removes the file under `key`; one that is gone already is fine.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn remove(&self, key: &str) -> Result<(), StorageError> {
        match self.store.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The keys below `directory` that were written before an instant, in
    /// milliseconds since 1970.
    fn written_before(
        &self,
        directory: &str,
        before: i64,
    ) -> BoxStream<'static, Result<String, StorageError>> {
        let files = self.store.list(Some(&Path::from(directory)));
        files
            .try_filter(move |file| ready(file.last_modified.timestamp_millis() < before))
            .map_ok(|file| file.location.to_string())
            .map_err(StorageError::from)
            .boxed()
    }
}

/// The SHA-256 of a file's content, in lower-case hexadecimal.
#[must_use]
pub fn fingerprint(content: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(content)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

//! Files are written before the commit that names them. One whose commit never came is
//! nobody's and is removed.

use std::collections::HashSet;
use std::future::Future;

use futures::TryStreamExt;

use crate::{Storage, StorageError};

/// A younger file may still get its commit: a day, in milliseconds.
const YOUNG: i64 = 24 * 60 * 60 * 1_000;
/// So many are looked up with one read.
const AT_ONCE: usize = 500;

impl Storage {
    /// Removes the files below `directory` that are old enough to be somebody's by `now`,
    /// in milliseconds since 1970, and are nobody's: `known` says which of these keys are.
    ///
    /// # Errors
    /// When the store refuses, and those of `known`.
    pub async fn sweep<E, K>(
        &self,
        directory: &str,
        now: i64,
        known: impl Fn(Vec<String>) -> K,
    ) -> Result<(), E>
    where
        E: From<StorageError>,
        K: Future<Output = Result<HashSet<String>, E>>,
    {
        let mut some = self
            .written_before(directory, now - YOUNG)
            .try_chunks(AT_ONCE);
        loop {
            match some.try_next().await {
                Ok(Some(keys)) => self.remove_unknown(keys, &known).await?,
                Ok(None) => return Ok(()),
                Err(error) => return Err(error.1.into()),
            }
        }
    }

    /// Removes those of these files that are nobody's.
    ///
    /// # Errors
    /// As [`Storage::sweep`].
    pub async fn remove_unknown<E, K>(
        &self,
        keys: Vec<String>,
        known: impl Fn(Vec<String>) -> K,
    ) -> Result<(), E>
    where
        E: From<StorageError>,
        K: Future<Output = Result<HashSet<String>, E>>,
    {
        let known = known(keys.clone()).await?;
        for key in keys.iter().filter(|key| !known.contains(*key)) {
            tracing::info!(key, "a file that is nobody's is removed");
            self.remove(key).await?;
        }
        Ok(())
    }
}

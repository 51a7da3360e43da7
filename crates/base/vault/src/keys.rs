//! Where the keys come from. There may be several while one takes over from
//! another: the first seals, each opens what it sealed.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use crate::seal::SealKey;

/// The keys of a vault.
pub struct Keys {
    /// The texts that the keys are made from, newest first.
    known: RwLock<Vec<SealKey>>,
    file: Option<PathBuf>,
}

/// So many characters a text must have to be made a key of.
const SHORTEST: usize = 32;

impl Keys {
    /// Keys that somebody else keeps, newest first.
    #[must_use]
    pub fn given<'a>(texts: impl IntoIterator<Item = &'a str>) -> Keys {
        Keys {
            known: RwLock::new(texts.into_iter().map(SealKey::from_text).collect()),
            file: None,
        }
    }

    /// The keys in `file`, one a line, newest first; the first one is made when
    /// there is no such file.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is damaged.
    pub fn kept(file: &Path) -> Result<Keys> {
        let texts = match read(file) {
            Err(e) if e.kind() == ErrorKind::NotFound => {
                make(file, &secret::Key::token())?;
                read(file)?
            }
            other => other?,
        };
        Ok(Keys {
            known: RwLock::new(keys(&texts)),
            file: Some(file.to_owned()),
        })
    }

    /// Puts a new key before the others in the file. From now on it seals; what
    /// the others sealed stays readable.
    ///
    /// # Errors
    /// When the keys are not in a file, or it cannot be written.
    pub fn add(file: &Path) -> Result<()> {
        let _alone = alone(file)?;
        let mut texts = read(file)?;
        texts.insert(0, secret::Key::token());
        replace(file, &texts)
    }

    /// The key that seals.
    pub(crate) fn sealing(&self) -> Result<SealKey> {
        self.look_again()?;
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let first = known.first().cloned();
        first.ok_or_else(|| Error::other("there is none"))
    }

    /// The key with this id, if it is here.
    pub(crate) fn with_id(&self, id: [u8; 4]) -> Result<Option<SealKey>> {
        let find = || {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            known.iter().find(|key| key.id == id).cloned()
        };
        if let Some(key) = find() {
            return Ok(Some(key));
        }
        // Another process may have made a new one since.
        self.look_again()?;
        Ok(find())
    }

    /// Takes out of the file what neither seals nor is needed.
    pub(crate) fn keep_only(&self, needed: &[[u8; 4]]) -> Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let alone = alone(file)?;
        let texts = read(file)?;
        let is_needed = |text: &str| needed.contains(&SealKey::from_text(text).id);
        let kept: Vec<String> = texts
            .iter()
            .enumerate()
            .filter(|(i, text)| *i == 0 || is_needed(text))
            .map(|(_, text)| text.clone())
            .collect();
        if kept.len() < texts.len() {
            replace(file, &kept)?;
        }
        drop(alone);
        self.look_again()
    }

    fn look_again(&self) -> Result<()> {
        if let Some(file) = &self.file {
            let found = keys(&read(file)?);
            *self.known.write().unwrap_or_else(PoisonError::into_inner) = found;
        }
        Ok(())
    }
}

fn keys(texts: &[String]) -> Vec<SealKey> {
    texts.iter().map(|text| SealKey::from_text(text)).collect()
}

fn read(file: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(file)?;
    let lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    match !lines.is_empty() && lines.iter().all(|line| line.len() >= SHORTEST) {
        true => Ok(lines),
        false => Err(Error::other(format!("{} is damaged", file.display()))),
    }
}

/// Makes the file unless another process was faster. A crash leaves a whole file or none.
fn make(file: &Path, text: &str) -> Result<()> {
    let _alone = alone(file)?;
    match file.try_exists()? {
        true => Ok(()),
        false => replace(file, &[text.to_owned()]),
    }
}

/// Only one process at a time changes the file; a lock ends with its process.
fn alone(file: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    let lock = options.open(file.with_extension("key.lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// A crash leaves the old file or the new one, never half of one.
fn replace(file: &Path, texts: &[String]) -> Result<()> {
    let beside = file.with_extension("key.new");
    write(
        OpenOptions::new().create(true).truncate(true),
        &beside,
        &texts.join("\n"),
    )?;
    std::fs::rename(&beside, file)?;
    // The new name itself must be on the disk before anything is sealed with it.
    match file.parent().filter(|p| !p.as_os_str().is_empty()) {
        Some(directory) if cfg!(unix) => File::open(directory)?.sync_all(),
        _ => Ok(()),
    }
}

/// Writes a file that only its owner may read.
fn write(options: &mut OpenOptions, file: &Path, text: &str) -> Result<()> {
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_key_is_its_owners_alone_and_stays() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("encryption.key");
        let first = Keys::kept(&file).unwrap().sealing().unwrap();
        assert_eq!(Keys::kept(&file).unwrap().sealing().unwrap().id, first.id);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens_until_nothing_needs_it() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("encryption.key");
        let keys = Keys::kept(&file).unwrap();
        let old = keys.sealing().unwrap().id;
        Keys::add(&file).unwrap();
        let new = keys.sealing().unwrap().id;
        assert!(new != old && keys.with_id(old).unwrap().is_some());
        keys.keep_only(&[old, new]).unwrap();
        assert!(keys.with_id(old).unwrap().is_some());
        keys.keep_only(&[new]).unwrap();
        assert!(keys.with_id(old).unwrap().is_none());
        assert_eq!(keys.sealing().unwrap().id, new);
    }

    #[test]
    fn a_crash_while_it_is_written_leaves_no_half_of_a_key() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("encryption.key");
        // What a process left that died while it wrote the first one.
        std::fs::write(file.with_extension("key.new"), "half").unwrap();
        let keys = Keys::kept(&file).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap().len(), 64);
        std::fs::write(file.with_extension("key.new"), "half").unwrap();
        let old = keys.sealing().unwrap().id;
        Keys::add(&file).unwrap();
        assert!(keys.sealing().unwrap().id != old && keys.with_id(old).unwrap().is_some());
    }

    #[test]
    fn a_damaged_file_is_no_key_and_is_not_replaced_by_one() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("encryption.key");
        for text in ["", "short", "\n\n"] {
            std::fs::write(&file, text).unwrap();
            assert!(Keys::kept(&file).is_err(), "{text:?}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        }
    }
}

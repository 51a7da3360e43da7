//! Argon2id, away from the threads that answer requests.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use kit::{Error, Result};

/// The PHC string of a password, with a salt of its own.
pub async fn hash(password: String) -> Result<String> {
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    })
    .await
    .map_err(Error::internal)?
    .map_err(Error::internal)
}

/// Whether `password` is the one of `hash`. Without a hash it takes as long and
/// says no, so that an unknown address answers like a wrong password.
pub async fn matches(password: String, hash: Option<String>) -> Result<bool> {
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let matches = password.len() <= 1_000
            && PasswordHash::new(&hash).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            });
        known && matches
    })
    .await
    .map_err(Error::internal)
}

/// A hash of the default cost that belongs to nobody.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCE$\
    JWx0SgVmxkTBz3xgnYFBIjcNhc1nmgv0wcbPQcTAn1g";

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_hashes_of_one_password_differ_and_both_match() {
        let (a, b) = (
            hash("segredo 1".into()).await.unwrap(),
            hash("segredo 1".into()).await.unwrap(),
        );
        assert!(a != b && a.starts_with("$argon2id$"));
        assert!(matches("segredo 1".into(), Some(a)).await.unwrap());
        assert!(!matches("segredo 2".into(), Some(b)).await.unwrap());
        assert!(!matches("".into(), None).await.unwrap());
    }

    #[test]
    fn the_hash_of_nobody_costs_as_much_as_any_other() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let some = Argon2::default().hash_password(b"x").unwrap();
        assert_eq!(nobody.params.to_string(), some.params.to_string());
    }
}

//! The installation's secret: what signs and what cannot be guessed.

use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The installation's secret, from which every other key is derived by purpose.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl Key {
    /// The key made from the setting `SECRET_KEY`.
    #[must_use]
    pub fn new(secret: &str) -> Key {
        Key(secret.as_bytes().to_vec())
    }

    /// HMAC-SHA-256 of `message` under the key for `purpose`.
    #[must_use]
    pub fn sign(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        mac(&mac(&self.0, purpose.as_bytes()), message)
    }

    /// The same as lower-case hexadecimal.
    #[must_use]
    pub fn sign_hex(&self, purpose: &str, message: &[u8]) -> String {
        hex(&self.sign(purpose, message))
    }
}

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mut mac) => {
            mac.update(message);
            mac.finalize().into_bytes().into()
        }
        // HMAC takes keys of any length, so this never happens.
        Err(_) => [0; 32],
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl Key {
    /// A new token of 256 random bits, in hexadecimal.
    #[must_use]
    pub fn token() -> String {
        let mut bytes = [0_u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        hex(&bytes)
    }

    /// Compares without telling by its duration where the two differ.
    #[must_use]
    pub fn same(a: &str, b: &str) -> bool {
        a.as_bytes().ct_eq(b.as_bytes()).into()
    }
}

//! One sealed text: `1`, the key's id (4 bytes), a random nonce (12 bytes), and the
//! ciphertext with its tag. The name is the associated data.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use rand::Rng;

const VERSION: u8 = 1;
const NONCE: usize = 12;
/// What stands before the ciphertext.
const HEAD: usize = 1 + 4 + NONCE;

/// A key of 256 bits, made from a text.
#[derive(Clone)]
pub(crate) struct SealKey {
    /// What rows name it by; it tells nothing of the key.
    pub(crate) id: [u8; 4],
    cipher: Aes256Gcm,
}

impl SealKey {
    pub(crate) fn from_text(text: &str) -> SealKey {
        let text = secret::Key::new(text);
        let [a, b, c, d, ..] = text.sign("vault", b"id");
        SealKey {
            id: [a, b, c, d],
            cipher: Aes256Gcm::new(&text.sign("vault", b"aes-256-gcm").into()),
        }
    }
}

pub(crate) fn seal(key: &SealKey, name: &str, text: &str) -> Vec<u8> {
    let mut nonce = [0; NONCE];
    rand::rng().fill_bytes(&mut nonce);
    let payload = Payload {
        msg: text.as_bytes(),
        aad: name.as_bytes(),
    };
    // It fails for texts of 64 GB only; then nothing is kept rather than the text.
    let sealed = key
        .cipher
        .encrypt(&nonce.into(), payload)
        .unwrap_or_default();
    [&[VERSION][..], &key.id, &nonce, &sealed].concat()
}

/// The text, unless another key sealed it, or it was changed, or it stood under
/// another name.
pub(crate) fn open(key: &SealKey, name: &str, sealed: &[u8]) -> Option<String> {
    let nonce: [u8; NONCE] = sealed.get(HEAD - NONCE..HEAD)?.try_into().ok()?;
    let payload = Payload {
        msg: sealed.get(HEAD..)?,
        aad: name.as_bytes(),
    };
    let text = key.cipher.decrypt(&nonce.into(), payload).ok()?;
    String::from_utf8(text).ok()
}

/// By which key it was sealed; `None` for what is no sealed text at all.
pub(crate) fn key_of(sealed: &[u8]) -> Option<[u8; 4]> {
    match sealed {
        [VERSION, a, b, c, d, rest @ ..] if rest.len() > NONCE => Some([*a, *b, *c, *d]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digit = |i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(digit).collect()
    }

    /// Test case 16 of "The Galois/Counter Mode of Operation", the paper that NIST
    /// took GCM from: a key of 256 bits, with associated data.
    #[test]
    fn the_cipher_is_aes_256_gcm_by_the_test_vector() {
        let key: [u8; 32] =
            bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
                .try_into()
                .unwrap();
        let nonce: [u8; 12] = bytes("cafebabefacedbaddecaf888").try_into().unwrap();
        let payload = Payload {
            msg: &bytes(
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                 1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            ),
            aad: &bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        };
        let sealed = Aes256Gcm::new(&key.into()).encrypt(&nonce.into(), payload);
        assert_eq!(
            sealed.unwrap(),
            bytes(
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                 8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
                 76fc6ece0f4e1768cddf8853bb2d551b"
            )
        );
    }

    #[test]
    fn what_was_sealed_is_opened_by_its_key_and_name_only() {
        let (key, other) = (SealKey::from_text("one"), SealKey::from_text("two"));
        let sealed = seal(&key, "telegram", "123:abc");
        assert_eq!(open(&key, "telegram", &sealed).unwrap(), "123:abc");
        assert_ne!(sealed, seal(&key, "telegram", "123:abc"));
        assert!(open(&other, "telegram", &sealed).is_none());
        assert!(open(&key, "whatsapp", &sealed).is_none());
        assert_eq!(key_of(&sealed), Some(key.id));
    }

    #[test]
    fn a_changed_bit_is_noticed_wherever_it_is() {
        let key = SealKey::from_text("one");
        let sealed = seal(&key, "x", "secret");
        for at in 5..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(open(&key, "x", &bad).is_none(), "byte {at}");
        }
        for short in 0..sealed.len() {
            assert!(open(&key, "x", &sealed[..short]).is_none());
        }
        assert_eq!(key_of(b"plain text that nobody sealed"), None);
    }
}

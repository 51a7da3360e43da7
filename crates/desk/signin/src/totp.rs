//! Codes that an authenticator app makes of a key and the time (RFC 6238).

use kit::{App, Error, Instant, Result, UserId, percent_encode};
use qrcode::{Color, EcLevel, QrCode};
use rand::Rng;
use sea_orm::ConnectionTrait;
use totp_rs::{Builder, Secret, Totp};

/// Where the key of somebody's app is kept.
pub fn place(user: UserId) -> String {
    format!("totp/{user}")
}

/// A new key, as apps take it: 160 bits in base 32.
pub fn new_key() -> String {
    let mut bytes = [0_u8; 20];
    rand::rng().fill_bytes(&mut bytes);
    Secret::from(bytes).to_base32()
}

/// The key that is kept at a place, if there is one that can be read.
///
/// # Errors
/// When the database refuses.
pub async fn key_at(app: &App, db: &impl ConnectionTrait, place: &str) -> Result<Option<String>> {
    match app.vault.get(db, place).await {
        Ok(key) => Ok(key),
        // Their other means still let them in.
        Err(kit::VaultError::Unreadable(name)) => {
            tracing::error!(name, "a key of an authenticator app cannot be read");
            Ok(None)
        }
        Err(error) => Err(Error::internal(error)),
    }
}

/// The step of which `code` is, the ones beside it included: clocks differ.
pub fn step_of(key: &str, code: &str, now: Instant) -> Option<i64> {
    let step = totp(key)?.check(code, seconds(now))?;
    i64::try_from(step).ok()
}

fn totp(key: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(key).ok()?;
    Builder::new().with_secret(secret).build().ok()
}

fn seconds(now: Instant) -> u64 {
    u64::try_from(now.millis() / 1_000).unwrap_or_default()
}

/// The key in groups, for typing it.
pub fn in_groups(key: &str) -> String {
    let signs: Vec<char> = key.chars().collect();
    let groups = signs.chunks(4).map(|group| group.iter().collect());
    groups.collect::<Vec<String>>().join(" ")
}

/// What apps read from the picture, or open on the same device.
pub fn url(desk: &str, email: &str, key: &str) -> String {
    // A colon would end the name.
    let desk = percent_encode(&desk.replace(':', " "));
    let email = percent_encode(&email.replace(':', " "));
    format!("otpauth://totp/{desk}:{email}?secret={key}&issuer={desk}")
}

/// A picture of squares: its side, and the path of the dark ones.
pub struct Picture {
    /// How many squares a side has, with the empty ones around it.
    pub side: usize,
    /// As in an SVG's `d`.
    pub path: String,
}

/// Empty squares around it, which readers need.
const QUIET: usize = 4;

/// The picture of a text.
///
/// # Errors
/// When the text is too long for one.
pub fn picture(text: &str) -> Result<Picture> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M);
    let code = code.map_err(Error::internal)?;
    let width = code.width();
    let mut path = String::new();
    for y in 0..width {
        let mut x = 0;
        while x < width {
            let run = (x..width)
                .take_while(|x| code[(*x, y)] == Color::Dark)
                .count();
            if run > 0 {
                path += &format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Ok(Picture {
        side: width + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238's test vectors, in base 32.
    const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: i64) -> Instant {
        Instant(seconds * 1_000)
    }

    #[test]
    fn codes_are_those_of_the_standards_test_vectors() {
        // The vectors have eight digits; six are their end.
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(step_of(KEY, code, at(time)), Some(time / 30), "{time}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let code = "287082";
        for (time, step) in [(0, Some(1)), (29, Some(1)), (59, Some(1)), (89, Some(1))] {
            assert_eq!(step_of(KEY, code, at(time)), step, "{time}");
        }
        assert_eq!(step_of(KEY, code, at(90)), None);
        assert_eq!(step_of(KEY, "28708", at(59)), None);
        assert_eq!(step_of(KEY, "abcdef", at(59)), None);
        assert_eq!(step_of("not base 32!", code, at(59)), None);
    }

    #[test]
    fn a_new_key_has_160_bits() {
        assert_eq!(new_key().len(), 32);
        assert_ne!(new_key(), new_key());
        assert!(step_of(&new_key(), "000000", at(0)).is_none_or(|step| step <= 1));
    }

    #[test]
    fn the_picture_has_its_quiet_edge() {
        let picture = picture(&url("Balcão", "ana@desk.test", KEY)).unwrap();
        assert!(picture.side > 30 && picture.path.starts_with("M4 4h7v1h-7z"));
    }
}

//! Codes that are written down and kept for the day when nothing else is at hand.
//!
//! One has 120 random bits, so that a keyed hash of it is enough (ASVS 6.5.2).

use kit::{App, Result, Tx, UserId};
use rand::RngExt;

use crate::store::factors as store;

/// So many are made at once.
pub const COUNT: usize = 10;
/// Letters and digits that nobody takes for one another.
const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 24;
const GROUP: usize = 6;

/// Makes somebody's codes anew; those before are worth nothing. They are shown once:
/// only their hashes are kept.
///
/// # Errors
/// When the database refuses.
pub async fn make(tx: &Tx, user: UserId) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..COUNT).map(|_| random()).collect();
    let app = &tx.cx().app;
    let hashes = codes.iter().map(|code| hash(app, user, &plain(code)));
    store::replace_codes(tx.db(), user, hashes.collect()).await?;
    Ok(codes)
}

/// Uses a code up; `false` when it is none.
///
/// # Errors
/// When the database refuses.
pub async fn use_up(tx: &Tx, user: UserId, typed: &str) -> Result<bool> {
    let typed = plain(typed);
    if typed.len() != LENGTH {
        return Ok(false);
    }
    store::use_code(tx.db(), user, &hash(&tx.cx().app, user, &typed)).await
}

fn random() -> String {
    let mut rng = rand::rng();
    let signs: Vec<char> = (0..LENGTH)
        .map(|_| char::from(SIGNS[rng.random_range(0..SIGNS.len())]))
        .collect();
    let groups = signs.chunks(GROUP).map(|group| group.iter().collect());
    groups.collect::<Vec<String>>().join("-")
}

/// What was meant by what was typed.
fn plain(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect()
}

fn hash(app: &App, user: UserId, code: &str) -> String {
    app.key
        .sign_hex("recovery code", format!("{user} {code}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_was_meant() {
        let code = random();
        assert_eq!(code.len(), LENGTH + 3);
        assert_eq!(plain(&code).len(), LENGTH);
        assert_eq!(plain(" 0O-iL lx "), "00111x");
        assert_eq!(plain(&code.to_uppercase()), plain(&code));
        assert_ne!(random(), random());
    }
}

//! The settings of what stands before the desk, and of the key that secrets are kept under.

use std::net::IpAddr;

use kit::IpNet;
use vault::{Keys, Vault};

use super::Config;

/// So many characters a key must have.
const SHORTEST: usize = 32;

/// The proxies that are believed, each an address or a network.
pub(super) fn proxies(get: impl Fn(&str) -> Option<String>, wrong: &mut Vec<String>) -> Vec<IpNet> {
    let text = get("TRUSTED_PROXIES").unwrap_or_default();
    let mut proxies = Vec::new();
    for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
        let net: Option<IpNet> = one.parse().ok();
        match net.or_else(|| one.parse().ok().map(|ip: IpAddr| IpNet::from(ip))) {
            // Who trusts everybody takes any address that a client makes up.
            Some(net) if net.prefix_len() > 0 => proxies.push(net),
            _ => wrong.push(format!(
                "TRUSTED_PROXIES must be addresses or networks with commas between, such as 127.0.0.1, 10.0.0.0/8, not {one:?}"
            )),
        }
    }
    proxies
}

/// The machines of one's own network that may be asked.
pub(super) fn outgoing(
    get: impl Fn(&str) -> Option<String>,
    wrong: &mut Vec<String>,
) -> settings::Outgoing {
    let text = get("OUTGOING_PRIVATE").unwrap_or_default();
    let mut allowed = settings::Outgoing::default();
    for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
        let net: Option<IpNet> = one.parse().ok();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        match net.or_else(|| one.parse().ok().map(|ip: IpAddr| IpNet::from(ip))) {
            // Who allows everything has no fence at all.
            Some(net) if net.prefix_len() > 0 => allowed.networks.push(net),
            None if one.chars().all(is_name) => allowed.hosts.push(one.to_lowercase()),
            _ => wrong.push(format!(
                "OUTGOING_PRIVATE must be hosts, addresses or networks with commas between, such as keycloak.internal, 10.1.2.0/24, not {one:?}"
            )),
        }
    }
    allowed
}

/// The service that knows stolen passwords.
pub(super) fn breached(
    get: impl Fn(&str) -> Option<String>,
    wrong: &mut Vec<String>,
) -> Option<String> {
    let text = get("BREACHED_PASSWORDS")?;
    let place = text.trim().trim_end_matches('/');
    let is_place = place.parse::<axum::http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("https" | "http")) && uri.query().is_none()
    });
    if !is_place {
        wrong.push(format!("BREACHED_PASSWORDS must be an address such as https://api.pwnedpasswords.com/range, not {text:?}"));
    }
    is_place.then(|| place.to_owned())
}

/// Whether it matters how often somebody asks.
pub(super) fn limits(get: impl Fn(&str) -> Option<String>, wrong: &mut Vec<String>) -> bool {
    match get("RATE_LIMITS").as_deref() {
        None | Some("on") => true,
        Some("off") => false,
        Some(other) => {
            wrong.push(format!("RATE_LIMITS must be on or off, not {other:?}"));
            true
        }
    }
}

/// The keys for secrets that are set, newest first.
pub(super) fn encryption(
    get: impl Fn(&str) -> Option<String>,
    wrong: &mut Vec<String>,
) -> Vec<String> {
    let new = get("ENCRYPTION_KEY_NEW");
    let now = get("ENCRYPTION_KEY");
    if new.is_some() && now.is_none() {
        wrong
            .push("ENCRYPTION_KEY_NEW takes over from ENCRYPTION_KEY, which is not set".to_owned());
    }
    let keys: Vec<String> = new.into_iter().chain(now).collect();
    if keys.iter().any(|key| key.trim().len() < SHORTEST) {
        wrong.push("ENCRYPTION_KEY must be at least 32 random characters; for example: openssl rand -hex 32".to_owned());
    }
    if get("SECRET_KEY").is_some_and(|secret| keys.contains(&secret)) {
        wrong.push("ENCRYPTION_KEY must not be the same as SECRET_KEY".to_owned());
    }
    keys
}

/// The file that keeps the encryption key where none is set.
#[must_use]
pub fn key_file(config: &Config) -> std::path::PathBuf {
    config.settings.data.join("encryption.key")
}

/// The vault under the keys that are set, or under the one that was made for this
/// data directory.
///
/// # Errors
/// When the file cannot be read or written.
pub fn vault(config: &Config) -> std::io::Result<Vault> {
    let keys = match &config.encryption[..] {
        [] => Keys::kept(&key_file(config))?,
        set => Keys::given(set.iter().map(|key| key.trim())),
    };
    Ok(Vault::open(keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> (Vec<IpNet>, Vec<String>) {
        let get = |name: &str| {
            let found = pairs.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut wrong = Vec::new();
        let proxies = proxies(get, &mut wrong);
        encryption(get, &mut wrong);
        (proxies, wrong)
    }

    #[test]
    fn proxies_are_addresses_and_networks() {
        let (proxies, wrong) = of(&[(
            "TRUSTED_PROXIES",
            " 127.0.0.1, 10.0.0.0/8 ,::1,2001:db8::/32,",
        )]);
        assert_eq!(proxies.len(), 4);
        assert!(wrong.is_empty(), "{wrong:?}");
        for bad in [
            "nginx",
            "10.0.0.0/33",
            "0.0.0.0/0",
            "::/0",
            "10.0.0",
            "127.0.0.1:80",
        ] {
            let (_, wrong) = of(&[("TRUSTED_PROXIES", bad)]);
            assert_eq!(wrong.len(), 1, "{bad}");
        }
    }

    #[test]
    fn the_encryption_key_is_long_and_a_key_of_its_own() {
        let (long, other) = (
            "0123456789abcdef0123456789abcdef",
            "fedcba9876543210fedcba9876543210",
        );
        let wrong = |pairs: &[(&str, &str)]| of(pairs).1.len();
        assert_eq!(wrong(&[("ENCRYPTION_KEY", long)]), 0);
        assert_eq!(
            wrong(&[("ENCRYPTION_KEY", long), ("ENCRYPTION_KEY_NEW", other)]),
            0
        );
        assert_eq!(wrong(&[("ENCRYPTION_KEY", "short")]), 1);
        assert_eq!(wrong(&[("ENCRYPTION_KEY_NEW", long)]), 1);
        assert_eq!(wrong(&[("ENCRYPTION_KEY", long), ("SECRET_KEY", long)]), 1);
    }
}

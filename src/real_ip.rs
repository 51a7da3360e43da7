//! From where a request comes. A proxy says in `X-Forwarded-For` for whom it asks;
//! anybody else can write that header, too, so it counts only as far as each one
//! who passed it on is known (S4-249).
//!
//! `Forwarded` (RFC 7239) is not read: a proxy that writes one of the two headers
//! passes the other on as the client wrote it, so only one can be believed.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::HeaderMap;
use kit::IpNet;

/// The header that is believed.
const FOR: &str = "x-forwarded-for";

/// From where a request comes, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The address.
    pub ip: IpAddr,
    /// Whether the first proxy was asked by `https`, if it says so.
    pub https: bool,
}

/// The right-most address that is not a trusted proxy's own.
#[must_use]
pub fn origin(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Origin {
    let peer = peer.to_canonical();
    if !is_trusted(peer, trusted) {
        notice(peer, headers);
        return Origin {
            ip: peer,
            https: false,
        };
    }
    let mut ip = peer;
    // What is no text ends the search where it stands, not the whole line: the proxy's
    // own word stands at its end.
    let lines: Vec<_> = headers
        .get_all(FOR)
        .iter()
        .map(|v| String::from_utf8_lossy(v.as_bytes()))
        .collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        // Whoever wrote something else is the last one that is known.
        let Some(address) = address(hop) else { break };
        ip = address;
        if !is_trusted(ip, trusted) {
            break;
        }
    }
    let proto = headers.get("x-forwarded-proto");
    Origin {
        ip,
        https: proto.is_some_and(|p| p.as_bytes().eq_ignore_ascii_case(b"https")),
    }
}

fn is_trusted(ip: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&ip))
}

/// An address, with or without a port, brackets or quotes.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim().trim_matches('"');
    let bare = hop
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(hop);
    let ip = bare.parse().ok();
    let ip = ip.or_else(|| hop.parse().ok().map(|with_port: SocketAddr| with_port.ip()));
    ip.map(|ip: IpAddr| ip.to_canonical())
}

/// A proxy that nobody named would make everybody one: the log says so, once.
fn notice(peer: IpAddr, headers: &HeaderMap) {
    static SAID: AtomicBool = AtomicBool::new(false);
    let near = match peer {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    if near && headers.contains_key(FOR) && !SAID.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            %peer,
            "a proxy passes X-Forwarded-For on and is not in TRUSTED_PROXIES: its own address counts for everybody behind it"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Who asks, when `peer` connects and says so; 10.0.0.0/8, ::1 and 2001:db8::/32 are trusted.
    fn who(peer: &str, lines: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "::1/128", "2001:db8::/32"].map(|n| n.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FOR, line.parse().unwrap());
        }
        origin(ip(peer), &headers, &trusted).ip.to_string()
    }

    #[test]
    fn what_is_no_text_hides_nothing_that_the_proxy_wrote() {
        let mut headers = HeaderMap::new();
        let line = axum::http::HeaderValue::from_bytes(b"\xe9, 8.8.8.8").unwrap();
        headers.append(FOR, line);
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let origin = origin(ip("10.0.0.1"), &headers, &trusted);
        assert_eq!(origin.ip, ip("8.8.8.8"));
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(who("203.0.113.7", &["9.9.9.9"]), "203.0.113.7");
        assert_eq!(who("203.0.113.7", &["10.0.0.1"]), "203.0.113.7");
        assert_eq!(who("203.0.113.7", &[]), "203.0.113.7");
    }

    #[test]
    fn a_trusted_proxy_says_for_whom_it_asks() {
        assert_eq!(who("10.0.0.1", &["9.9.9.9"]), "9.9.9.9");
        assert_eq!(who("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(who("::1", &["2803:1::5"]), "2803:1::5");
        // A socket that listens for both kinds shows IPv4 like this.
        assert_eq!(who("::ffff:10.0.0.1", &["::ffff:9.9.9.9"]), "9.9.9.9");
    }

    #[test]
    fn what_the_client_wrote_itself_stands_left_and_does_not_count() {
        assert_eq!(who("10.0.0.1", &["1.1.1.1, 9.9.9.9"]), "9.9.9.9");
        assert_eq!(who("10.0.0.1", &["10.0.0.9, 9.9.9.9"]), "9.9.9.9");
        assert_eq!(who("10.0.0.1", &["1.1.1.1", "9.9.9.9"]), "9.9.9.9");
        // Two proxies in a row.
        assert_eq!(who("10.0.0.1", &["1.1.1.1, 9.9.9.9, 10.0.0.2"]), "9.9.9.9");
        assert_eq!(
            who("10.0.0.1", &["1.1.1.1, 9.9.9.9", "10.0.0.2"]),
            "9.9.9.9"
        );
    }

    #[test]
    fn all_of_them_trusted_means_the_first_one() {
        assert_eq!(who("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn odd_spellings_are_understood_or_end_the_search() {
        for (line, who_it_is) in [
            ("9.9.9.9:4711", "9.9.9.9"),
            ("[2803:1::5]", "2803:1::5"),
            ("\"[2803:1::5]:4711\"", "2803:1::5"),
            ("  9.9.9.9  ", "9.9.9.9"),
            ("", "10.0.0.1"),
            (",,", "10.0.0.1"),
            ("unknown", "10.0.0.1"),
            ("9.9.9.9, unknown", "10.0.0.1"),
            ("9.9.9.9, _hidden, 10.0.0.2", "10.0.0.2"),
            ("999.1.1.1", "10.0.0.1"),
            ("9.9.9.9; DROP TABLE", "10.0.0.1"),
            ("9.9.9.9:99999", "10.0.0.1"),
        ] {
            assert_eq!(who("10.0.0.1", &[line]), who_it_is, "{line:?}");
        }
    }

    #[test]
    fn fifty_hops_are_walked_and_no_more_than_needed() {
        let mut hops = vec!["1.1.1.1".to_owned(), "9.9.9.9".to_owned()];
        hops.extend((1..=48).map(|n| format!("10.0.1.{n}")));
        assert_eq!(who("10.0.0.1", &[&hops.join(", ")]), "9.9.9.9");
    }

    #[test]
    fn only_a_trusted_proxy_says_that_it_was_asked_by_https() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert!(origin(ip("10.0.0.1"), &headers, &trusted).https);
        assert!(!origin(ip("203.0.113.7"), &headers, &trusted).https);
    }
}

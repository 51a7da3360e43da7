//! Who may register with a company, and from where its people may come.

use std::net::IpAddr;

use kit::{IpNet, Problems};

/// So many lines of each are taken.
const LINES: usize = 200;

/// The domains of a list, one a line, as mail is sent to them: lower case, and letters
/// beyond ASCII in Punycode (RFC 5891). A line that is none is a problem that names it.
pub fn domains(problems: &mut Problems, text: &str) -> Vec<String> {
    let mut domains = Vec::new();
    for (number, line) in lines(problems, "domains", text) {
        let name = line.trim_start_matches('@');
        match domain(name) {
            Some(domain) => domains.push(domain),
            None => wrong(problems, "domains", "domain-line", number, line),
        }
    }
    domains.sort();
    domains.dedup();
    domains
}

/// What stands behind the @ of an address, written as the lists are.
pub fn domain_of(email: &str) -> Option<String> {
    let (_, name) = email.rsplit_once('@')?;
    domain(name)
}

fn domain(name: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii(name).ok()?;
    is_domain(&ascii).then_some(ascii)
}

/// Labels of letters, digits and hyphens with dots between them (RFC 1123, 2.1).
fn is_domain(text: &str) -> bool {
    text.contains('.')
        && text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

/// The addresses and networks of a list, one a line: `192.168.1.5`, `10.0.0.0/8`.
pub fn networks(problems: &mut Problems, text: &str) -> Vec<IpNet> {
    let mut networks = Vec::new();
    for (number, line) in lines(problems, "allowed_ips", text) {
        match network(line) {
            Some(network) => networks.push(network),
            None => wrong(problems, "allowed_ips", "network-line", number, line),
        }
    }
    networks.sort();
    networks.dedup();
    networks
}

/// The networks of a list that was checked when it was kept.
pub fn kept_networks(text: &str) -> Vec<IpNet> {
    text.lines().filter_map(network).collect()
}

fn network(line: &str) -> Option<IpNet> {
    let line = line.trim();
    let one = line.parse::<IpAddr>().map(IpNet::from);
    let network = one.or_else(|_| line.parse::<IpNet>()).ok()?;
    Some(network.trunc())
}

/// As the list is kept and shown: a single address without its length.
pub fn shown_networks(networks: &[IpNet]) -> String {
    let line = |net: &IpNet| match net.prefix_len() == net.max_prefix_len() {
        true => net.addr().to_string(),
        false => net.to_string(),
    };
    networks.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether somebody may come from `ip`. Without a list from everywhere; with one, not
/// from an address that nobody knows.
pub fn allow(networks: &[IpNet], ip: Option<IpAddr>) -> bool {
    if networks.is_empty() {
        return true;
    }
    // A socket of both families shows IPv4 as ::ffff:10.0.0.1.
    let Some(ip) = ip.map(|ip| ip.to_canonical()) else {
        return false;
    };
    networks.iter().any(|network| network.contains(&ip))
}

/// The lines that say something, counted from 1.
fn lines<'a>(
    problems: &mut Problems,
    field: &str,
    text: &'a str,
) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
    if text.lines().count() > LINES {
        problems.add(field, "too-many-lines").limit = i64::try_from(LINES).ok();
    }
    let numbered = text.lines().take(LINES).zip(1..);
    numbered
        .map(|(line, number)| (number, line.trim()))
        .filter(|(_, line)| !line.is_empty())
}

fn wrong(problems: &mut Problems, field: &str, code: &'static str, number: usize, line: &str) {
    let problem = problems.add(field, code);
    problem.limit = i64::try_from(number).ok();
    problem.about = Some(line.chars().filter(|c| !c.is_control()).take(60).collect());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Vec<String>, Problems) {
        let mut problems = Problems::default();
        let found = domains(&mut problems, text);
        (found, problems)
    }

    #[test]
    fn domains_are_kept_as_mail_knows_them() {
        let (found, problems) = of("Acme.Test\r\n\n @ação.com.br \nacme.test");
        assert_eq!(
            found,
            ["acme.test", "xn--ao-siap.com.br"].map(str::to_owned)
        );
        assert!(problems.0.is_empty());
        assert_eq!(domain_of("ana@AÇÃO.com.br").unwrap(), found[1]);
        assert_eq!(domain_of("ana@sub.acme.test").unwrap(), "sub.acme.test");
        assert_eq!(domain_of("ana"), None);
    }

    #[test]
    fn a_line_that_is_no_domain_is_named() {
        for bad in [
            "acme",
            "acme..com",
            "-a.com",
            "a b.com",
            "x@acme.com",
            ".",
            "a_b.com",
            "\0",
        ] {
            let (_, problems) = of(&format!("acme.com\n{bad}"));
            assert_eq!(problems.at("domains").unwrap().limit, Some(2), "{bad}");
        }
    }

    #[test]
    fn only_whoever_comes_from_a_listed_network_is_let_in() {
        let mut problems = Problems::default();
        let list = networks(&mut problems, "10.0.0.0/8\n192.168.1.5\n2001:db8::/32\n");
        assert!(problems.0.is_empty());
        let from = |ip: &str| allow(&list, Some(ip.parse().unwrap()));
        assert!(from("10.1.2.3") && from("192.168.1.5") && from("2001:db8::1"));
        assert!(from("::ffff:10.1.2.3"));
        assert!(!from("8.8.8.8") && !from("192.168.1.6") && !from("2001:db9::1"));
        assert!(!allow(&list, None));
        assert!(allow(&[], None));
        assert_eq!(kept_networks(&shown_networks(&list)), list);
    }

    #[test]
    fn a_line_that_is_no_network_is_named() {
        for bad in [
            "10.0.0.0/33",
            "300.1.1.1",
            "10.0.0",
            "host",
            "10.0.0.1-9",
            "::/129",
        ] {
            let mut problems = Problems::default();
            networks(&mut problems, &format!("\n10.0.0.1\n{bad}"));
            let problem = problems.at("allowed_ips").unwrap();
            assert_eq!(
                (problem.limit, problem.about.as_deref()),
                (Some(3), Some(bad))
            );
        }
    }
}

//! How mail leaves the desk (requirements Z, `MAIL_…`).

use settings::{Delivery, Mail, Password, Security, Smtp};

type Get<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads the settings of mail; `base_url` says what the desk's own host is called.
pub fn read(get: Get<'_>, base_url: &str, wrong: &mut Vec<String>) -> Mail {
    let host = host(base_url);
    let sender = get("MAIL_DEFAULT_SENDER").unwrap_or_else(|| format!("Balcão <balcao@{host}>"));
    let suppressed = switch(get, "MAIL_SUPPRESS_SEND", wrong);
    let delivery = match (smtp(get, wrong), suppressed) {
        // What is set wrong is said even while nothing is sent.
        (Some(smtp), false) => Delivery::Smtp(smtp),
        _ => Delivery::Suppressed,
    };
    let mail = Mail {
        delivery,
        sender,
        host,
    };
    if let Err(error) = mail::check(&mail) {
        wrong.push(format!("MAIL_DEFAULT_SENDER or MAIL_CA_FILE: {error}"));
    }
    mail
}

/// The server, unless there is none.
fn smtp(get: Get<'_>, wrong: &mut Vec<String>) -> Option<Smtp> {
    let starts = switch(get, "MAIL_USE_TLS", wrong);
    let wraps = switch(get, "MAIL_USE_SSL", wrong);
    let (security, usual) = match (starts, wraps) {
        (true, true) => {
            wrong.push(
                "MAIL_USE_TLS (STARTTLS) and MAIL_USE_SSL (TLS from the first byte) exclude each other: set one of them"
                    .to_owned(),
            );
            (Security::StartTls, 587)
        }
        (true, false) => (Security::StartTls, 587),
        (false, true) => (Security::Tls, 465),
        (false, false) => (Security::Plain, 25),
    };
    let port = match get("MAIL_PORT").map(|text| (text.trim().parse(), text)) {
        None => usual,
        Some((Ok(port), _)) if port > 0 => port,
        Some((_, text)) => {
            wrong.push(format!(
                "MAIL_PORT must be a number from 1 to 65535, not {text:?}"
            ));
            usual
        }
    };
    let password = get("MAIL_PASSWORD").unwrap_or_default();
    let login = get("MAIL_USERNAME").map(|user| (user.trim().to_owned(), Password(password)));
    let root = get("MAIL_CA_FILE").and_then(|path| match std::fs::read_to_string(path.trim()) {
        Ok(pem) => Some(pem),
        Err(error) => {
            wrong.push(format!("MAIL_CA_FILE {path:?} cannot be read: {error}"));
            None
        }
    });
    Some(Smtp {
        server: get("MAIL_SERVER")?.trim().to_owned(),
        port,
        security,
        login,
        root,
    })
}

fn switch(get: Get<'_>, name: &str, wrong: &mut Vec<String>) -> bool {
    match get(name).map(|text| text.trim().to_lowercase()).as_deref() {
        None | Some("0" | "false" | "no" | "off") => false,
        Some("1" | "true" | "yes" | "on") => true,
        Some(other) => {
            wrong.push(format!("{name} must be 1 or 0, not {other:?}"));
            false
        }
    }
}

/// The host of a URL; `localhost` when it has none that may stand in an address.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => host,
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    match !host.is_empty() && host.chars().all(fits) {
        true => host.to_owned(),
        false => "localhost".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Mail, Vec<String>> {
        let get = |name: &str| {
            let found = pairs.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut wrong = Vec::new();
        let mail = read(&get, "https://desk.example.com:8443", &mut wrong);
        match wrong.is_empty() {
            true => Ok(mail),
            false => Err(wrong),
        }
    }

    fn server(pairs: &[(&str, &str)]) -> Smtp {
        let pairs = [&[("MAIL_SERVER", "mx.test")], pairs].concat();
        match with(&pairs).unwrap().delivery {
            Delivery::Smtp(smtp) => smtp,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_a_server_nothing_is_sent() {
        let mail = with(&[]).unwrap();
        assert!(matches!(mail.delivery, Delivery::Suppressed));
        assert_eq!(mail.sender, "Balcão <balcao@desk.example.com>");
        let off = [("MAIL_SERVER", "mx.test"), ("MAIL_SUPPRESS_SEND", "1")];
        assert!(matches!(with(&off).unwrap().delivery, Delivery::Suppressed));
        let on = [("MAIL_SERVER", "mx.test"), ("MAIL_SUPPRESS_SEND", "0")];
        assert!(matches!(with(&on).unwrap().delivery, Delivery::Smtp(_)));
    }

    #[test]
    fn what_protects_the_way_also_says_the_usual_port() {
        for (pairs, security, port) in [
            (&[][..], Security::Plain, 25),
            (&[("MAIL_USE_TLS", "1")], Security::StartTls, 587),
            (&[("MAIL_USE_SSL", "true")], Security::Tls, 465),
            (
                &[("MAIL_USE_TLS", "0"), ("MAIL_PORT", "8025")],
                Security::Plain,
                8025,
            ),
        ] {
            let smtp = server(pairs);
            assert_eq!((smtp.security, smtp.port), (security, port), "{pairs:?}");
        }
    }

    #[test]
    fn starttls_and_ssl_at_once_refuse_the_start() {
        let both = [("MAIL_USE_TLS", "1"), ("MAIL_USE_SSL", "1")];
        assert_eq!(with(&both).unwrap_err().len(), 1);
    }

    #[test]
    fn every_wrong_setting_of_mail_is_named_at_once() {
        let wrong = with(&[
            ("MAIL_PORT", "65536"),
            ("MAIL_USE_TLS", "perhaps"),
            ("MAIL_SUPPRESS_SEND", "2"),
            ("MAIL_CA_FILE", "/nowhere/ca.pem"),
            ("MAIL_DEFAULT_SENDER", "nobody"),
        ])
        .unwrap_err();
        assert_eq!(wrong.len(), 5, "{wrong:?}");
    }

    #[test]
    fn the_password_is_not_in_what_a_program_prints_of_its_settings() {
        let smtp = server(&[("MAIL_USERNAME", "desk"), ("MAIL_PASSWORD", "geheim")]);
        assert!(!format!("{smtp:?}").contains("geheim"));
        assert_eq!(smtp.login.unwrap().1.0, "geheim");
        assert!(server(&[("MAIL_PASSWORD", "geheim")]).login.is_none());
    }

    #[test]
    fn the_host_is_what_people_type() {
        for (url, name) in [
            ("https://desk.example.com/", "desk.example.com"),
            ("http://127.0.0.1:5000", "127.0.0.1"),
            ("http://[::1]:5000", "[::1]"),
            ("http://a b", "localhost"),
            ("", "localhost"),
        ] {
            assert_eq!(host(url), name);
        }
    }
}

//! Every setting: its name, its default, whether it is a secret, what it is for.
//! Read from the environment and from a file `.env` beside it, which the
//! environment overrules.

mod brand;
mod log;
mod mail;
mod shield;

pub use log::Log;
pub use shield::{key_file, vault};

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use kit::{Key, Registration, Settings, Vocabulary};

/// One setting, as `balcao config` lists it.
pub struct Setting {
    /// The variable's name.
    pub name: &'static str,
    /// What holds when it is not set, in words.
    pub default: &'static str,
    /// Whether its value is never shown.
    pub secret: bool,
    /// What it is for.
    pub help: &'static str,
}

const fn setting(name: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting {
        name,
        default,
        secret: false,
        help,
    }
}

const fn secret(name: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting {
        name,
        default,
        secret: true,
        help,
    }
}

/// All of them.
pub const SETTINGS: &[Setting] = &[
    setting(
        "APP_ENV",
        "development",
        "production or development; FLASK_ENV is understood, too",
    ),
    setting("BIND", "127.0.0.1:5000", "address and port to listen on"),
    setting(
        "BASE_URL",
        "http:// and BIND",
        "the address that people type; https:// makes cookies Secure",
    ),
    setting(
        "DATA_DIR",
        "./data",
        "where the SQLite file, uploads and the made secret lie",
    ),
    setting("UPLOAD_DIR", "DATA_DIR/uploads", "where uploaded files lie"),
    secret(
        "DATABASE_URL",
        "sqlite: in DATA_DIR",
        "sqlite:…, postgres://… or mysql://…",
    ),
    secret(
        "SECRET_KEY",
        "made and kept in DATA_DIR (development only)",
        "at least 32 random characters; a new one ends every session",
    ),
    setting(
        "TIMEZONE",
        "America/Sao_Paulo",
        "IANA name of the zone in which times are shown",
    ),
    setting(
        "REGISTRATION",
        "client",
        "who may make an account: client, tech or off",
    ),
    setting(
        "STATUS_VOCABULARY",
        "full",
        "words for the states: full, simple, triage, service_desk, field_service",
    ),
    setting(
        "REALTIME",
        "sse",
        "how open pages hear what changes: sse (Server-Sent Events) or ws (a WebSocket)",
    ),
    setting(
        "SESSION_LIFETIME_SECONDS",
        "28800",
        "a session ends so long after its sign-in",
    ),
    setting(
        "SESSION_IDLE_SECONDS",
        "7200",
        "a session ends so long after its last use",
    ),
    setting(
        "TRUSTED_PROXIES",
        "none",
        "addresses and networks whose X-Forwarded-For is believed, such as 127.0.0.1, 10.0.0.0/8",
    ),
    setting(
        "RATE_LIMITS",
        "on",
        "on or off: whether it matters how often an address or an account asks",
    ),
    setting(
        "OUTGOING_PRIVATE",
        "none",
        "hosts, addresses and networks of your own that the desk may ask by HTTP, such as keycloak.internal, 10.1.2.0/24; without TLS, too",
    ),
    setting(
        "BREACHED_PASSWORDS",
        "none: nobody is asked",
        "a service that knows stolen passwords, such as https://api.pwnedpasswords.com/range; it learns five digits of a hash",
    ),
    secret(
        "ENCRYPTION_KEY",
        "made and kept in DATA_DIR/encryption.key",
        "at least 32 random characters, other than SECRET_KEY: what passwords of other services are kept under",
    ),
    secret(
        "ENCRYPTION_KEY_NEW",
        "none",
        "while one key takes over from another: the new one",
    ),
    setting(
        "BRAND_PRIMARY",
        "the product's own green",
        "the accent colour of pages and letters, such as #0f6e68, where a company has none of its own",
    ),
    setting(
        "BRAND_PRIMARY_DARK",
        "made from BRAND_PRIMARY",
        "the colour of a button under the pointer",
    ),
    setting(
        "BRAND_PRIMARY_LIGHT",
        "made from BRAND_PRIMARY",
        "the light colour behind what is chosen, in light themes",
    ),
    setting("MAX_FILE_MB", "20", "the largest file that is taken"),
    setting("MAX_BODY_MB", "50", "the largest request that is taken"),
    setting(
        "ADMIN_EMAIL",
        "none: a setup link is printed",
        "the first administrator, made on an empty database",
    ),
    secret(
        "ADMIN_PASSWORD",
        "none",
        "the first administrator's password",
    ),
    setting(
        "MAIL_SERVER",
        "none: nothing is sent",
        "the mail server (SMTP) that letters go to",
    ),
    setting(
        "MAIL_PORT",
        "25; 587 with MAIL_USE_TLS, 465 with MAIL_USE_SSL",
        "the mail server's port",
    ),
    setting(
        "MAIL_USE_TLS",
        "0",
        "1: STARTTLS, and nothing is sent to a server that does not offer it",
    ),
    setting("MAIL_USE_SSL", "0", "1: TLS from the first byte"),
    setting(
        "MAIL_USERNAME",
        "none: nobody signs in",
        "the user name at the mail server",
    ),
    secret("MAIL_PASSWORD", "none", "the password at the mail server"),
    setting(
        "MAIL_DEFAULT_SENDER",
        "Balcão <balcao@ and BASE_URL's host>",
        "what stands in From: an address, or a name and an address in <>",
    ),
    setting(
        "MAIL_CA_FILE",
        "none: the public ones",
        "a root certificate (PEM) to trust beside the public ones",
    ),
    setting(
        "MAIL_SUPPRESS_SEND",
        "0",
        "1: nothing is sent; the log names what would have been",
    ),
    setting("LOG", "info", "what is logged, as in tracing's filters"),
    setting("LOG_FORMAT", "text", "text or json"),
    setting(
        "LOG_DIR",
        "none: standard error only",
        "a directory of the desk's own in which the log lies as well, in a file for each day",
    ),
    setting(
        "LOG_DAYS",
        "14",
        "so many of these files are kept beside today's",
    ),
];

/// What a process is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// What the features know.
    pub settings: Settings,
    /// Where to listen.
    pub bind: SocketAddr,
    /// The first administrator's address and password.
    pub admin: Option<(String, String)>,
    /// The installation's secret, if it is set.
    pub secret_key: Option<String>,
    /// The keys that secrets are kept under, newest first, if they are set.
    pub encryption: Vec<String>,
    /// What is logged.
    pub log: Log,
    /// What will do for now, and would not in production.
    pub warnings: Vec<&'static str>,
}

/// Reads the settings through `get`.
///
/// # Errors
/// Every wrong setting, in a sentence each.
pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Config, Vec<String>> {
    let mut wrong = Vec::new();
    let get = |name: &str| get(name).filter(|value| !value.trim().is_empty());
    let number = |name: &str, default: i64, wrong: &mut Vec<String>| match get(name) {
        None => default,
        Some(text) => match text.trim().parse() {
            Ok(n) if n > 0 => n,
            _ => {
                wrong.push(format!(
                    "{name} must be a whole number above 0, not {text:?}"
                ));
                default
            }
        },
    };
    let env = get("APP_ENV").or_else(|| get("FLASK_ENV"));
    let production = match env.as_deref() {
        None | Some("development") => false,
        Some("production") => true,
        Some(other) => {
            wrong.push(format!(
                "APP_ENV must be production or development, not {other:?}"
            ));
            true
        }
    };
    let bind_text = get("BIND").unwrap_or_else(|| "127.0.0.1:5000".to_owned());
    let bind = bind_text.parse().unwrap_or_else(|_| {
        wrong.push(format!(
            "BIND must be an address and a port, such as 127.0.0.1:5000, not {bind_text:?}"
        ));
        SocketAddr::from(([127, 0, 0, 1], 5000))
    });
    let data = PathBuf::from(get("DATA_DIR").unwrap_or_else(|| "data".to_owned()));
    let timezone = get("TIMEZONE").unwrap_or_else(|| "America/Sao_Paulo".to_owned());
    if i18n::Zone::named(&timezone).is_err() {
        wrong.push(format!(
            "TIMEZONE {timezone:?} is not in the IANA time zone database"
        ));
    }
    let registration = match get("REGISTRATION").as_deref() {
        None | Some("client") => Registration::Client,
        Some("tech") => Registration::Tech,
        Some("off") => Registration::Off,
        Some(other) => {
            wrong.push(format!(
                "REGISTRATION must be client, tech or off, not {other:?}"
            ));
            Registration::Off
        }
    };
    let vocabulary = match get("STATUS_VOCABULARY").as_deref() {
        None | Some("full") => Vocabulary::Full,
        Some("simple") => Vocabulary::Simple,
        Some("triage") => Vocabulary::Triage,
        Some("service_desk") => Vocabulary::ServiceDesk,
        Some("field_service") => Vocabulary::FieldService,
        Some(other) => {
            wrong.push(format!("STATUS_VOCABULARY must be full, simple, triage, service_desk or field_service, not {other:?}"));
            Vocabulary::Full
        }
    };
    let sockets = match get("REALTIME").as_deref() {
        None | Some("sse") => false,
        Some("ws") => true,
        Some(other) => {
            wrong.push(format!("REALTIME must be sse or ws, not {other:?}"));
            false
        }
    };
    let database_url = get("DATABASE_URL")
        .unwrap_or_else(|| format!("sqlite:{}", data.join("balcao.db").display()));
    if let Err(error) = db::normalise(&database_url) {
        wrong.push(error.to_string());
    }
    let secret_key = get("SECRET_KEY");
    let mut warnings = Vec::new();
    let weak = "SECRET_KEY must be set to at least 32 random characters without spaces in production; for example: openssl rand -hex 32";
    match (production, &secret_key) {
        (true, None) => wrong.push(weak.to_owned()),
        (true, Some(key)) if is_weak(key) => wrong.push(weak.to_owned()),
        (false, Some(key)) if is_weak(key) => warnings.push(weak),
        _ => {}
    }
    let admin = match (get("ADMIN_EMAIL"), get("ADMIN_PASSWORD")) {
        (Some(email), Some(password)) => Some((email, password)),
        (None, None) => None,
        _ => {
            wrong.push("ADMIN_EMAIL and ADMIN_PASSWORD are set together or not at all".to_owned());
            None
        }
    };
    let megabytes = |name, default, wrong: &mut Vec<String>| {
        usize::try_from(number(name, default, wrong)).unwrap_or(1) * 1_000_000
    };
    let base_url = get("BASE_URL")
        .unwrap_or_else(|| format!("http://{bind}"))
        .trim_end_matches('/')
        .to_owned();
    let settings = Settings {
        mail: mail::read(&get, &base_url, &mut wrong),
        brand: brand::read(&get, &mut wrong),
        uploads: get("UPLOAD_DIR").map_or_else(|| data.join("uploads"), PathBuf::from),
        base_url,
        data,
        database_url,
        timezone,
        production,
        registration,
        vocabulary,
        sockets,
        session_seconds: number("SESSION_LIFETIME_SECONDS", 28_800, &mut wrong),
        idle_seconds: number("SESSION_IDLE_SECONDS", 7_200, &mut wrong),
        file_bytes: megabytes("MAX_FILE_MB", 20, &mut wrong),
        body_bytes: megabytes("MAX_BODY_MB", 50, &mut wrong),
        proxies: shield::proxies(get, &mut wrong),
        limits: shield::limits(get, &mut wrong),
        outgoing: shield::outgoing(get, &mut wrong),
        breached_passwords: shield::breached(get, &mut wrong),
    };
    let encryption = shield::encryption(get, &mut wrong);
    let log = log::read(get, &mut wrong);
    if wrong.is_empty() {
        Ok(Config {
            settings,
            bind,
            admin,
            secret_key,
            encryption,
            log,
            warnings,
        })
    } else {
        Err(wrong)
    }
}

/// Whether a secret is short, or not random but words, such as what a manual has in its
/// place.
fn is_weak(secret: &str) -> bool {
    let secret = secret.trim();
    let different: BTreeSet<char> = secret.chars().collect();
    secret.len() < 32 || different.len() < 8 || secret.contains(char::is_whitespace)
}

/// Reads the settings of this process.
///
/// # Errors
/// As [`read`].
#[allow(clippy::disallowed_methods)] // the one place that may look at the environment
pub fn from_environment() -> Result<Config, Vec<String>> {
    // A missing file is fine; the environment overrules what it says (S3-332).
    drop(dotenvy::dotenv());
    read(|name| std::env::var(name).ok())
}

/// What this process logs, whatever else is set.
///
/// # Errors
/// As [`read`].
#[allow(clippy::disallowed_methods)] // as above
pub fn log_from_environment() -> Result<Log, Vec<String>> {
    let mut wrong = Vec::new();
    let log = log::read(|name| std::env::var(name).ok(), &mut wrong);
    if wrong.is_empty() {
        Ok(log)
    } else {
        Err(wrong)
    }
}

/// The secret that is set, or the one that was made for this data directory.
///
/// # Errors
/// When the file cannot be read or written.
pub fn key(config: &Config) -> std::io::Result<Key> {
    match &config.secret_key {
        Some(secret) => Ok(Key::new(secret)),
        None => kept_key(&config.settings.data.join("secret.key")),
    }
}

fn kept_key(file: &Path) -> std::io::Result<Key> {
    match std::fs::read_to_string(file) {
        Ok(secret) if secret.trim().len() >= 32 => Ok(Key::new(secret.trim())),
        Ok(_) => Err(std::io::Error::other(format!(
            "{} is damaged",
            file.display()
        ))),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let secret = Key::token();
            write_private(file, &secret)?;
            Ok(Key::new(&secret))
        }
        Err(error) => Err(error),
    }
}

/// Writes a file that only its owner may read.
///
/// # Errors
/// When it cannot be written.
pub fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(file)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        read(|name| {
            let found = pairs.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let config = with(&[]).unwrap();
        assert_eq!(config.bind.port(), 5000);
        assert!(config.settings.database_url.starts_with("sqlite:"));
        assert!(!config.settings.secure());
    }

    #[test]
    fn every_wrong_setting_is_named_at_once() {
        let wrong = with(&[
            ("TIMEZONE", "Mars/Base"),
            ("STATUS_VOCABULARY", "x"),
            ("REALTIME", "telegraph"),
            ("BIND", "here"),
            ("DATABASE_URL", "oracle://x"),
            ("MAX_FILE_MB", "-1"),
        ])
        .unwrap_err();
        assert_eq!(wrong.len(), 6, "{wrong:?}");
    }

    #[test]
    fn production_refuses_to_start_without_a_secret() {
        assert!(with(&[("APP_ENV", "production")]).is_err());
        assert!(with(&[("FLASK_ENV", "production"), ("SECRET_KEY", "short")]).is_err());
        let long = "0123456789abcdef0123456789abcdef";
        assert!(with(&[("APP_ENV", "production"), ("SECRET_KEY", long)]).is_ok());
        // Nor with what is no secret: what the guide has in its place, or one key held down.
        let guide = include_str!("../docs/guide/install.md");
        let line = guide.lines().find_map(|l| l.strip_prefix("SECRET_KEY="));
        let held = "0".repeat(64);
        for known in [line.unwrap(), &held] {
            assert!(with(&[("APP_ENV", "production"), ("SECRET_KEY", known)]).is_err());
            // For a look at it on one's own machine, it is told and no more.
            let config = with(&[("SECRET_KEY", known)]).unwrap();
            assert_eq!(config.warnings.len(), 1, "{known}");
        }
        assert!(with(&[("SECRET_KEY", long)]).unwrap().warnings.is_empty());
    }

    #[test]
    fn every_setting_that_is_read_is_listed() {
        let source = concat!(
            include_str!("config.rs"),
            include_str!("config/brand.rs"),
            include_str!("config/log.rs"),
            include_str!("config/mail.rs"),
            include_str!("config/shield.rs")
        );
        let listed: Vec<&str> = SETTINGS.iter().map(|s| s.name).collect();
        let names = source
            .split("get(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        for name in names.filter(|n| !n.is_empty() && *n != "FLASK_ENV") {
            assert!(listed.contains(&name), "{name} is read and not listed");
        }
    }
}

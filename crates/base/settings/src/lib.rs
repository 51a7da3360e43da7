//! What an installation is set to: data without behaviour. The front door reads it
//! from the environment; `balcao config` lists every setting with its meaning. And what
//! its readers have set for themselves: how pages look.

mod looks;

use std::fmt;
use std::path::PathBuf;

pub use ipnet::IpNet;
pub use looks::{Brand, Density, Looks, Theme};

/// Who may make an account by themselves (requirements 1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Requesters.
    Client,
    /// Technicians: a small internal desk.
    Tech,
    /// Nobody; an administrator makes accounts.
    Off,
}

/// Which words the seven states are shown with (requirements 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// Every state by its own name.
    Full,
    /// Aberto, Em andamento, Resolvido.
    Simple,
    /// Aberto, Aguardando, Fechado.
    Triage,
    /// Novo, Em atendimento, Aguardando, Resolvido, Fechado.
    ServiceDesk,
    /// Aberto, Pendente, Agendado, Escalonado, Fechado.
    FieldService,
}

/// How mail leaves the desk.
#[derive(Clone, Debug)]
pub struct Mail {
    /// By which way.
    pub delivery: Delivery,
    /// What stands in From: an address, or `Name <address>`.
    pub sender: String,
    /// The desk's own host name, which ids of messages end with.
    pub host: String,
}

/// The ways that mail may take.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// Through a server.
    Smtp(Smtp),
    /// None: the log names what would have been sent.
    Suppressed,
    /// Into memory, for tests.
    Kept,
}

/// A mail server, and how to speak with it.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Its name, which its certificate must bear.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// What protects the way there.
    pub security: Security,
    /// User name and password; without them nobody signs in.
    pub login: Option<(String, Password)>,
    /// A root certificate (PEM) to trust beside the public ones.
    pub root: Option<String>,
}

/// What protects the way to a mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Nothing.
    Plain,
    /// STARTTLS, without which nothing is sent.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// A password, which no log shows.
#[derive(Clone)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// The colours of whoever has none of their own, `#rrggbb` (S3-195).
#[derive(Clone, Debug, Default)]
pub struct BrandColours {
    /// The accent.
    pub primary: Option<String>,
    /// A button under the pointer; made from the accent otherwise.
    pub dark: Option<String>,
    /// What stands behind what is chosen; made from the accent otherwise.
    pub light: Option<String>,
}

/// Which machines of one's own network the desk may ask by HTTP.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// By their names.
    pub hosts: Vec<String>,
    /// By their addresses.
    pub networks: Vec<IpNet>,
}

/// What the installation is set to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where everything is kept that is not in a database server.
    pub data: PathBuf,
    /// Where uploaded files are kept.
    pub uploads: PathBuf,
    /// Which database.
    pub database_url: String,
    /// The base of every link that leaves the desk, without a slash at the end.
    pub base_url: String,
    /// The name of the IANA zone in which times are shown.
    pub timezone: String,
    /// Whether errors that only a developer may make stop the program.
    pub production: bool,
    /// Who may make an account.
    pub registration: Registration,
    /// Which words the states are shown with.
    pub vocabulary: Vocabulary,
    /// A session ends so long after its sign-in, in seconds.
    pub session_seconds: i64,
    /// A session ends so long after its last request, in seconds.
    pub idle_seconds: i64,
    /// Whether open pages hear over a WebSocket, not over Server-Sent Events.
    pub sockets: bool,
    /// The largest file that is taken, in bytes.
    pub file_bytes: usize,
    /// The largest request that is taken, in bytes.
    pub body_bytes: usize,
    /// The proxies that are believed when they say for whom they ask.
    pub proxies: Vec<IpNet>,
    /// Whether it matters how often somebody asks.
    pub limits: bool,
    /// Which machines of one's own network the desk may ask by HTTP.
    pub outgoing: Outgoing,
    /// The service that knows stolen passwords, without a slash at the end; nobody is
    /// asked without.
    pub breached_passwords: Option<String>,
    /// How mail leaves the desk.
    pub mail: Mail,
    /// The colours of whoever has none of their own.
    pub brand: BrandColours,
}

impl Settings {
    /// Whether links to the desk are `https`, so that cookies are `Secure`.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// What the names of cookies begin with. Behind `https` a browser takes and keeps a
    /// name that begins so for this host alone, whole and by TLS only.
    #[must_use]
    pub fn cookie_prefix(&self) -> &'static str {
        if self.secure() { "__Host-" } else { "" }
    }
}

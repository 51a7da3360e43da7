//! What an installation is set to: data without behaviour. The front door reads it
//! from the environment; `balcao config` lists every setting with its meaning.

use std::path::PathBuf;

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
}

impl Settings {
    /// Whether links to the desk are `https`, so that cookies are `Secure`.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

use std::error::Error as _;

use jobs::Failure;
use lettre::transport::smtp;
use thiserror::Error;

/// Why a letter was not sent.
#[derive(Clone, Debug, Error)]
pub enum MailError {
    /// Another try may help: the server is away, busy, or wants another password.
    #[error("{0}")]
    Later(String),
    /// No further try can help: there is no such address, or the server refuses
    /// this letter for good.
    #[error("{0}")]
    Never(String),
}

/// Answers about who sends, not about the letter (RFC 4954, 6): whoever runs the
/// desk mends the settings, and what waits can go.
const SIGN_IN: [u16; 4] = [530, 534, 535, 538];

impl MailError {
    /// Whether no further try can help.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, MailError::Never(_))
    }

    /// The words of what went wrong between us and the server, without `secret`.
    pub(crate) fn of(error: &smtp::Error, secret: Option<&str>) -> MailError {
        let mut words = match (error.status(), error.source()) {
            // The server's own words say more than any of ours.
            (Some(code), Some(source)) => format!("{code} {source}"),
            _ => error.to_string(),
        };
        if let Some(secret) = secret.filter(|secret| !secret.is_empty()) {
            words = words.replace(secret, "…");
        }
        let code = error.status().map(u16::from);
        let about_sender = code.is_some_and(|code| SIGN_IN.contains(&code));
        match error.is_permanent() && !about_sender {
            true => MailError::Never(words),
            false => MailError::Later(words),
        }
    }
}

/// How a job fails that sends a letter.
impl From<MailError> for Failure {
    fn from(error: MailError) -> Failure {
        match error.is_final() {
            true => Failure::hopeless(error.to_string()),
            false => error.to_string().into(),
        }
    }
}

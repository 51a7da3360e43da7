use std::fmt::Display;

use kit::Error;

/// Why somebody whom a provider sent is not let in.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The end of a locale key: what they read.
    pub code: &'static str,
    /// What the log says, which they do not read: it may be somebody else's words.
    pub why: String,
}

/// Why a sign-in does not go on.
#[derive(Debug)]
pub enum Failure {
    /// They are not let in.
    Refused(Refusal),
    /// The desk's own trouble.
    Error(Error),
}

/// How parts of a sign-in answer.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// A refusal; what others wrote is cut and put on one line.
pub fn refused(code: &'static str, why: impl Display) -> Failure {
    let why = why.to_string();
    let line = why.chars().map(|c| if c.is_control() { ' ' } else { c });
    Failure::Refused(Refusal {
        code,
        why: line.take(300).collect(),
    })
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(error)
    }
}

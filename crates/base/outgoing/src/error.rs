use std::error::Error as StdError;
use std::io;

use thiserror::Error;

/// Why there is no answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// It is no address of a web server.
    #[error("no address of a web server")]
    Address,
    /// It would go in the clear.
    #[error("the address does not begin with https://")]
    NotSecure,
    /// It is a machine of one's own network, which the settings do not allow.
    #[error("the address leads into the network of this machine")]
    Private,
    /// Nobody knows the name.
    #[error("the name is not known")]
    Unknown,
    /// Nobody takes the call.
    #[error("the machine does not take the call")]
    Away,
    /// The other side is not who it should be, or speaks no TLS of today.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// It took too long.
    #[error("no answer in time")]
    Late,
    /// There is more than anybody needs.
    #[error("the answer is too large")]
    TooLarge,
    /// The other side points elsewhere, which is not followed.
    #[error("the address points to another one")]
    Redirected,
    /// Something else.
    #[error("{0}")]
    Other(String),
}

impl Error {
    /// A name for texts: `private`, `late`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Address => "address",
            Error::NotSecure => "not-secure",
            Error::Private => "private",
            Error::Unknown => "unknown",
            Error::Away => "away",
            Error::Tls(_) => "tls",
            Error::Late => "late",
            Error::TooLarge => "too-large",
            Error::Redirected => "redirected",
            Error::Other(_) => "other",
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Error {
        let mut why: Option<&(dyn StdError + 'static)> = Some(&error);
        while let Some(cause) = why {
            if let Some(own) = cause.downcast_ref::<Error>() {
                return own.clone();
            }
            if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
                return Error::Tls(tls.to_string());
            }
            // An error of the machine carries another one without naming it its source.
            let carried = cause.downcast_ref::<io::Error>().and_then(|e| e.get_ref());
            if let Some(tls) = carried.and_then(|e| e.downcast_ref::<rustls::Error>()) {
                return Error::Tls(tls.to_string());
            }
            why = match carried {
                Some(carried) => Some(carried as &(dyn StdError + 'static)),
                None => cause.source(),
            };
        }
        if error.is_timeout() {
            Error::Late
        } else if error.is_connect() {
            Error::Away
        } else if error.is_builder() {
            Error::Address
        } else {
            // With no address in it: that may hold what is nobody else's.
            Error::Other(error.without_url().to_string())
        }
    }
}

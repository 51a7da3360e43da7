use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::{DbErr, SqlErr};

use crate::Problems;

/// What a command, a query or a handler answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every way to fail. One layer of the front door turns it into a page with ways
/// out, or into `{"errors":[…]}`.
///
/// The texts in the variants are the ends of locale keys: `Forbidden("role")`
/// reads `refused-role`, `Conflict("closed")` reads `conflict-closed`.
#[derive(Clone, Debug)]
pub enum Error {
    /// There is none, or it is not yours (404).
    NotFound,
    /// You may not (403).
    Forbidden(&'static str),
    /// Nobody has signed in (a redirect to the sign-in page, or 401).
    SignIn,
    /// What was sent is wrong, field by field (422).
    Invalid(Problems),
    /// What was sent cannot be understood at all (400).
    BadRequest(&'static str),
    /// Not in this state (409).
    Conflict(&'static str),
    /// Too often (429); try again after so many seconds.
    TooMany(i64),
    /// Too much (413).
    TooLarge,
    /// Of a media type that this address does not take (415).
    MediaType,
    /// The database is away (503).
    Unavailable,
    /// Our fault (500). The report goes to the log, the request's id to the page.
    Internal(Arc<str>),
}

impl Error {
    /// Our fault, with a report for the log.
    pub fn internal(report: impl std::fmt::Display) -> Error {
        Error::Internal(report.to_string().into())
    }

    /// One field is wrong.
    #[must_use]
    pub fn field(field: &'static str, code: &'static str) -> Error {
        Error::Invalid(Problems::of(field, code))
    }

    /// What a refused write comes to: a problem at `field` when another has the value.
    /// The constraint decides, so that two at once cannot both have it.
    pub fn taken(field: &'static str) -> impl FnOnce(DbErr) -> Error {
        move |error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::field(field, "taken"),
            _ => error.into(),
        }
    }

    /// The HTTP status it is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden(_) => StatusCode::FORBIDDEN,
            Error::SignIn => StatusCode::UNAUTHORIZED,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::BadRequest(_) => StatusCode::BAD_REQUEST,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Error {
        if db::is_away(&error) || db::is_deadlock(&error) {
            tracing::warn!(%error, "the database is away");
            return Error::Unavailable;
        }
        Error::internal(error)
    }
}

impl From<storage::StorageError> for Error {
    fn from(error: storage::StorageError) -> Error {
        match error {
            storage::StorageError::Missing => Error::NotFound,
            storage::StorageError::Failed(_) => Error::internal(error),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Error {
        Error::internal(error)
    }
}

/// Carries the error to the layer that words it.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

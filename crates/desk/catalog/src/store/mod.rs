//! The SQL of the catalogue. The lists are short: an administrator keeps them.

pub mod categories;
pub mod channels;
pub mod queues;

use kit::{Error, Problems};
use sea_orm::{DbErr, SqlErr};

/// So many entries are read at most.
const MOST: u64 = 2_000;

/// The constraint decides, so that two at once cannot both have the name.
fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Invalid(Problems::of("name", "taken")),
        _ => error.into(),
    }
}

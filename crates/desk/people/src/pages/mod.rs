//! `/auth`, `/setup`, `/preferences`, `/admin` and `/admin/users`.

pub mod admin;
pub mod auth;
pub mod preferences;
pub mod setup;
pub mod users;

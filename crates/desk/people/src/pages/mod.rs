//! `/auth`, `/setup`, `/admin` and `/admin/users`.

pub mod admin;
pub mod auth;
pub mod setup;
pub mod users;

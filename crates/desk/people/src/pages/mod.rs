//! `/auth`, `/setup`, `/preferences`, `/admin/users` and `/admin/roles`.

pub mod auth;
pub mod preferences;
pub mod roles;
pub mod setup;
pub mod users;

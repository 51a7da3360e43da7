//! The desk, tested through HTTP on every database that this machine has.
//!
//! Each test is a sentence about behaviour. It runs on SQLite; with
//! `BALCAO_TEST_DATABASES=all` it runs on PostgreSQL and MariaDB, too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    missing_docs
)]

mod support;

mod api;
mod attachments;
mod catalog;
mod databases;
mod event_log;
mod house;
mod import;
mod jobs;
mod lifecycle;
mod lists;
mod opening;
mod people;
mod routes;
mod security;
mod timeline;

//! The desk, tested through HTTP on every database that this machine has.
//!
//! Each test is a sentence about behaviour. It runs on SQLite; with
//! `BALCAO_TEST_DATABASES=postgres,mariadb` it runs on those, too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::zombie_processes,
    missing_docs
)]

mod support;

mod accounts;
mod answers;
mod api;
mod attachments;
mod audit;
mod catalog;
mod companies;
mod crash;
mod databases;
mod demo;
mod event_log;
mod house;
mod import;
mod jobs;
mod lifecycle;
mod lists;
mod live;
mod live_socket;
mod mail;
mod opening;
mod people;
mod presence;
mod routes;
mod search;
mod security;
mod shield;
mod timeline;
mod vault;
mod workspace;

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
mod admin;
mod answers;
mod api;
mod attachments;
mod audit;
mod audit_acts;
mod bodies;
mod catalog;
mod companies;
mod crash;
mod databases;
mod demo;
mod event_log;
mod forms;
mod hardening;
mod house;
mod immune;
mod immune_doors;
mod import;
mod jobs;
mod lifecycle;
mod limited;
mod lists;
mod live;
mod live_socket;
mod mail;
mod opening;
mod passwords;
mod people;
mod presence;
mod privacy;
mod released;
mod roles;
mod routes;
mod search;
mod security;
mod settings;
mod shield;
mod signin;
mod signin_rules;
mod sso;
mod sso_provider;
mod sso_rules;
mod sweep;
mod timeline;
mod vault;
mod workspace;
mod zones;

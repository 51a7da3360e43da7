//! The front door: puts the features together and serves them. No rule of the
//! desk lives here.

pub mod admin;
pub mod config;
pub mod cookies;
pub mod demo;
pub mod desk;
pub mod docs;
pub mod features;
pub mod find;
pub mod fresh;
pub mod headers;
pub mod import;
pub mod indexer;
pub mod limits;
pub mod live;
pub mod pages;
pub mod real_ip;
pub mod refusal;
pub mod router;
pub mod serve;
pub mod shield;
pub mod tools;

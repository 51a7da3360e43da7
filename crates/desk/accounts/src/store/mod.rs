//! The SQL of links and of tokens.

pub mod links;
pub mod tokens;

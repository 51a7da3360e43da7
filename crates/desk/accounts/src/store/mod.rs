//! The SQL of links, of tokens and of what people agreed to.

pub mod consents;
pub mod links;
pub mod tokens;

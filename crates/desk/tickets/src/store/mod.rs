//! All the SQL of tickets.

pub mod attachments;
pub mod comments;
pub mod copies;
pub mod list;
pub mod participants;
pub mod presence;
pub mod ticket;
pub mod undos;
pub mod views;

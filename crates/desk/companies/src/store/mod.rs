//! The SQL of companies, their domains, and what their people see of their own.

mod companies;
mod domains;
pub mod faces;
pub mod privacy;

pub use companies::{
    consenting, count, find, insert, list, named, names, names_of, next_ids, registering, some,
    update,
};
pub use domains::{admits, domains_of, fits, of_email, set_domains};

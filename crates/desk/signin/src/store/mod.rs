pub mod factors;
pub mod passkeys;
pub mod pending;
pub mod rules;
pub mod unproved;

pub mod identities;
pub mod providers;
pub mod starts;

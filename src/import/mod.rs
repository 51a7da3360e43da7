//! Brings in what another system knows, through the desk's own commands and
//! under the recorded clock.

mod event_log;
mod mapping;
mod people;

pub use event_log::{Report, event_log};
pub use mapping::Mapping;

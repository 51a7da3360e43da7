//! Brings in what another system knows, through the desk's own commands and
//! under the recorded clock.

mod event_log;
mod mapping;
mod people;
mod rows;
mod table;

pub use event_log::event_log;
pub use mapping::Mapping;
pub use rows::{TicketMapping, tickets};
pub use table::{Report, Table};

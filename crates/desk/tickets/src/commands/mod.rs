//! What people do to tickets, one command a file. Pages and API call the same.

mod assign;
mod attach;
mod close;
mod comment;
mod edit;
mod escalate;
mod hold;
mod open;
mod participants;
mod recorded;
mod reopen;
mod resolve;
mod retract;
mod sweep;
mod wait;

pub use assign::{assign, take, transfer};
pub use close::{Closing, close, confirm};
pub use comment::{NewComment, comment};
pub use edit::{Correction, edit, set_category, set_priority, set_queue};
pub use escalate::escalate;
pub use hold::Target;
pub use open::{Opening, open};
pub use participants::{add_participant, remove_participant};
pub use recorded::recorded;
pub use reopen::reopen;
pub use resolve::resolve;
pub use retract::{REMOVE_FILES, RETRACT_MINUTES, remover, retract};
pub use sweep::{SWEEP_FILES, sweeper};
pub use wait::{resume, wait};

pub(crate) use edit::category_text;

/// A description, a comment, a solution: at most so many characters.
pub const TEXT: usize = 20_000;
/// A title.
pub const TITLE: usize = 200;
/// A reason for escalating or closing.
pub const REASON: usize = 500;

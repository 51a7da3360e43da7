//! What people do to tickets, one command a file. Pages and API call the same.

mod assign;
mod attach;
mod bulk;
mod close;
mod comment;
mod edit;
mod escalate;
mod hold;
mod move_to;
mod open;
mod participants;
mod presence;
mod recorded;
mod release;
mod reopen;
mod resolve;
mod retract;
mod sweep;
mod views;
mod wait;

pub use assign::{assign, take, transfer};
pub use bulk::{BULK, Each, Outcome, UNDO_MINUTES, bulk, undo};
pub use close::{Closing, close, confirm};
pub use comment::{NewComment, comment};
pub use edit::{Correction, edit, set_category, set_priority, set_queue};
pub use escalate::escalate;
pub use hold::Target;
pub use move_to::move_to;
pub use open::{Opening, open};
pub use participants::{add_participant, remove_participant};
pub use presence::{SWEEP_PRESENCE, attend, presence_sweeper};
pub use recorded::recorded;
pub use release::releaser;
pub use reopen::reopen;
pub use resolve::resolve;
pub use retract::{REMOVE_FILES, RETRACT_MINUTES, remover, retract};
pub use sweep::{SWEEP_FILES, sweeper};
pub use views::{NewView, remove_view, save_view};
pub use wait::{resume, wait};

pub(crate) use edit::category_text;
pub(crate) use move_to::act_to;

/// A description, a comment, a solution: at most so many characters.
pub const TEXT: usize = 20_000;
/// A title.
pub const TITLE: usize = 200;
/// A reason for escalating or closing.
pub const REASON: usize = 500;

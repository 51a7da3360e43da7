//! Tells open pages what changed. Each process follows the log, whoever wrote
//! to it, and passes on *what* changed, never content; the page fetches itself
//! again, and the ordinary permissions decide what it shows.

mod follow;
mod listen;
mod socket;
mod sse;

pub use follow::{catch_up, check, follow, pass_by};
pub use socket::socket;
pub use sse::stream;

use std::time::Duration;

/// An idle stream says something so often, because proxies cut what is silent (S3-129).
const HEARTBEAT: Duration = Duration::from_secs(20);
/// So many events are read at once.
const ROUND: u64 = 500;

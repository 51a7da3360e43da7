//! The SQL of the catalogue. The lists are short: an administrator keeps them.

pub mod categories;
pub mod channels;
pub mod queues;

/// So many entries are read at most.
const MOST: u64 = 2_000;

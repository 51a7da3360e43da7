use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::Instant;

/// Where the time comes from: the machine, or a test that moves it.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until it is moved.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that shows `now` until it is moved.
    #[must_use]
    pub fn set(now: Instant) -> Clock {
        Clock::Set(Arc::new(AtomicI64::new(now.millis())))
    }

    /// The present instant.
    #[must_use]
    #[allow(clippy::disallowed_methods)] // the one place that may ask the machine
    pub fn now(&self) -> Instant {
        match self {
            Clock::Set(millis) => Instant(millis.load(Ordering::SeqCst)),
            Clock::System => {
                let since = std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .unwrap_or_default();
                Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
        }
    }

    /// Moves a set clock on; the machine's cannot be moved.
    pub fn advance_minutes(&self, minutes: i64) {
        if let Clock::Set(millis) = self {
            millis.fetch_add(minutes * 60_000, Ordering::SeqCst);
        }
    }
}

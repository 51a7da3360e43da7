use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// A point in time: UTC milliseconds since 1970, the same on three databases.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    DeriveValueType,
)]
pub struct Instant(pub i64);

impl Instant {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }

    /// This instant and `n` seconds (negative: before it).
    #[must_use]
    pub fn plus_seconds(self, n: i64) -> Instant {
        Instant(self.0.saturating_add(n.saturating_mul(1000)))
    }

    /// This instant and `n` minutes (negative: before it).
    #[must_use]
    pub fn plus_minutes(self, n: i64) -> Instant {
        self.plus_seconds(n.saturating_mul(60))
    }

    /// How many milliseconds lie between `earlier` and this instant.
    #[must_use]
    pub fn since(self, earlier: Instant) -> i64 {
        self.0 - earlier.0
    }
}

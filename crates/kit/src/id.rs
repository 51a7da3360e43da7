use rand::Rng;
use uuid::Uuid;

use crate::Instant;

/// Makes a type for the ids of one kind of thing, so that a ticket's id cannot
/// be passed where a user's is wanted.
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType,
        )]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        /// Ids are made here, never counted by the database.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map($name)
            }
        }
    };
}

id!(
    /// A person who can sign in.
    UserId
);
id!(
    /// A customer company, or the desk's own.
    CompanyId
);

/// A version 7 UUID (RFC 9562) of the time `now`: in time order for the index,
/// with 74 random bits so that nobody guesses the next one (S4-261).
#[must_use]
pub fn new_id(now: Instant) -> Uuid {
    let mut random = [0_u8; 10];
    rand::rng().fill_bytes(&mut random);
    let millis = u64::try_from(now.millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// When [`new_id`] made an id, to the millisecond; the beginning of time for others.
#[must_use]
pub fn made_at(id: Uuid) -> Instant {
    let (seconds, nanos) = id.get_timestamp().map_or((0, 0), |time| time.to_unix());
    let millis = seconds.saturating_mul(1_000) + u64::from(nanos / 1_000_000);
    Instant(i64::try_from(millis).unwrap_or_default())
}

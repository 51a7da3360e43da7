//! What every feature of the desk is made with.
//!
//! [`Context`] says who asks, in which language, at what time; [`Tx`] is the only
//! way to write; [`Error`] is every way to fail; [`Form`] is what a page sent;
//! [`Page`] is what a page shows around its own content; [`Feature`] is how a
//! slice of the desk makes itself known to the front door.

mod access;
mod actor;
mod app;
mod clock;
mod context;
mod error;
mod feature;
mod form;
mod id;
mod indexed;
mod json;
mod looks;
mod page;
mod paging;
mod problems;
mod topic;
mod tx;

pub use access::{Access, Permission, Route, Routes};
pub use actor::{Actor, Role, Scope, User};
pub use app::{App, Parts};
pub use clock::Clock;
pub use context::{Context, cookie};
pub use error::{Error, Result};
pub use feature::{Feature, Nav, handler};
pub use form::{Form, Upload, percent_encode, query_pairs, with_query};
pub use id::{CompanyId, UserId, new_id};
pub use indexed::{Indexed, Reading, find};
pub use json::{Json, Query};
pub use looks::{Brand, Density, Looks, Theme};
pub use page::{Page, redirect, redirect_done, render, render_with};
pub use paging::{Cursor, PAGE};
pub use problems::{Problem, Problems};
pub use settings::{IpNet, Registration, Settings, Vocabulary};
pub use topic::{Owners, Passing, Topic};
pub use tx::{Record, Tx};

pub use db::{Db, Instant};
pub use event_log::ActorKind;
pub use i18n::{Locale, Texts, Zone};
pub use live::{Change, Live, News};
pub use secret::Key;
pub use vault::{Vault, VaultError};

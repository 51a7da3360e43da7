//! What every feature of the desk is made with.
//!
//! [`Context`] says who asks, in which language, at what time; [`Tx`] is the only
//! way to write; [`Error`] is every way to fail; [`Form`] is what a page sent;
//! [`Page`] is what a page shows around its own content; [`Feature`] is how a
//! slice of the desk makes itself known to the front door.

mod access;
mod actor;
mod app;
mod context;
mod error;
mod feature;
mod form;
mod id;
mod indexed;
mod json;
mod limits;
mod page;
mod paging;
mod problems;
mod topic;
mod tx;

pub use access::{Access, Permission, Route, Routes};
pub use actor::{Actor, Role, User};
pub use app::{App, Parts};
pub use context::{Context, cookie};
pub use error::{Error, Result};
pub use feature::{Feature, Nav, handler};
pub use form::{Form, Upload, percent_encode, query_pairs, with_query};
pub use id::{CompanyId, UserId, made_at, new_id};
pub use indexed::{Indexed, Reading, find};
pub use json::{Json, Query};
pub use limits::{Limits, Scope};
pub use page::{Page, redirect, redirect_done, render, render_with};
pub use paging::{Cursor, PAGE};
pub use problems::{Problem, Problems};
pub use settings::{Brand, Density, IpNet, Looks, Registration, Settings, Theme, Vocabulary};
pub use topic::{Owners, Passing, Topic, Whose};
pub use tx::{Record, Tx};

pub use db::{Clock, Db, Instant};
pub use event_log::ActorKind;
pub use i18n::{Locale, Texts, Zone};
pub use live::{Change, Live, Move, News, Place};
pub use secret::Key;
pub use vault::{Vault, VaultError};

//! Finds things by the words in them, the same whichever database they are in.
//!
//! The index lies beside the database and can always be made again from it: it
//! remembers how far into the event log it has read, in the same commit as what
//! it wrote, so that whoever keeps it up to date goes on from there. It knows
//! nothing of a desk: what is indexed is a [`Document`], who may find it is part
//! of every question ([`Wanted`]).

mod index;
mod query;
#[cfg(test)]
mod tests;
mod words;

pub use index::{Index, Place, Rebuild, SearchError};
pub use query::{Found, Reader, Wanted};
pub use words::{Piece, excerpt, folded, mark};

use uuid::Uuid;

/// A thing as it can be found.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// What kind of thing, such as `ticket`.
    pub kind: &'static str,
    /// Which.
    pub id: Uuid,
    /// What it is called; a word in here weighs more.
    pub title: String,
    /// Numbers that it is known by, found also by a part of them, whatever the
    /// punctuation: a protocol, a telephone number, a CNPJ.
    pub codes: Vec<String>,
    /// Every other word that anybody who sees it may find it by.
    pub text: String,
    /// Words that only the desk's staff may find it by.
    pub internal: String,
    /// What it is filtered by, such as `status=open`.
    pub tags: Vec<String>,
    /// Who may find it besides the staff.
    pub owner: Option<Uuid>,
    /// When it came about, in milliseconds since 1970.
    pub at: i64,
}

/// Something that was found.
pub struct Hit {
    /// Which.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// What else tells it from others.
    pub about: String,
    /// Its page.
    pub path: String,
    /// Its icon's name.
    pub icon: &'static str,
}

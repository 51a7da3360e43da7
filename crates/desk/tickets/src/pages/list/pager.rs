//! The pages of a list.

use kit::{Context, Cursor, PAGE};

use super::{anew, get};
use crate::filter::Pair;
use crate::store::list::{COUNTED, From};

/// Where in the list we are.
#[derive(Default)]
pub struct Pager {
    /// "Página 1 de 3".
    pub text: String,
    /// Where the list begins, on every page but that one.
    pub first: Option<String>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// The last page, where it is known.
    pub last: Option<String>,
}

/// How many tickets a list has.
#[derive(Clone, Copy)]
pub enum Total {
    /// So many: a number that is kept.
    Kept(i64),
    /// So many, as far as anybody counted, which is [`COUNTED`].
    Counted(i64),
}

impl Total {
    fn rows(self) -> u64 {
        let (Total::Kept(n) | Total::Counted(n)) = self;
        u64::try_from(n).unwrap_or_default()
    }

    fn is_at_least(self) -> bool {
        matches!(self, Total::Counted(COUNTED..))
    }
}

/// Where in the list the URL points to: a page's number, and the cursor that the
/// link to it carried. Without a cursor the rows before it, or behind it, are
/// walked over, of which there are at most [`COUNTED`].
pub struct Place {
    pub page: u64,
    pub pages: u64,
    /// There is no such page, or no way to it; but there is to this one.
    pub instead: Option<u64>,
    pub from: From,
    total: Total,
}

impl Place {
    pub fn of(pairs: &[Pair], total: Total) -> Place {
        let pages = total.rows().div_ceil(PAGE).max(1);
        let page: u64 = get(pairs, "page").parse().unwrap_or(1).clamp(1, 1_000_000);
        let after = get(pairs, "after").parse().ok().map(From::After);
        let before = get(pairs, "before").parse().ok().map(From::Before);
        let walk = COUNTED.unsigned_abs();
        let start = (page.min(pages) - 1) * PAGE;
        let end = (start + PAGE).min(total.rows());
        let behind = total.rows().saturating_sub(end);
        // From whichever end is nearer; where nobody counted to the end, it is not known.
        let from_start = start <= behind || total.is_at_least();
        let (from, instead) = match after.or(before) {
            Some(from) => (from, None),
            None if page > pages => (From::Row(0), Some(pages)),
            None if from_start && start <= walk => (From::Row(start), None),
            None if !from_start && behind <= walk => (From::End(behind, end - start), None),
            None => (From::Row(0), Some(walk / PAGE)),
        };
        Place {
            page,
            pages,
            instead,
            from,
            total,
        }
    }

    /// The links; `lines` are what the page shows, and `next` where the next begins.
    pub fn pager(
        &self,
        cx: &Context,
        pairs: &[Pair],
        before: Option<&Cursor>,
        next: Option<&Cursor>,
    ) -> Pager {
        let at = |n: u64, name: &str, cursor: Option<&Cursor>| {
            let cursor = cursor.map(Cursor::to_string).unwrap_or_default();
            let place = [("page", n.to_string()), (name, cursor)];
            let place = place
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            anew(pairs, &place)
        };
        let key = match self.total.is_at_least() {
            true => "page-of-many",
            false => "page-of",
        };
        let args = [
            ("page", self.page.to_string().into()),
            ("pages", self.pages.to_string().into()),
        ];
        let begun = self.page > 1 || !matches!(self.from, From::Row(0));
        let known = !self.total.is_at_least() && self.pages > self.page + 1;
        Pager {
            text: cx.text(key, &args),
            first: begun.then(|| ui::first_page(&cx.path)),
            previous: (self.page > 1).then(|| match before {
                Some(cursor) => at(self.page - 1, "before", Some(cursor)),
                None => at((self.page - 1).min(self.pages), "before", None),
            }),
            next: next.map(|cursor| at(self.page + 1, "after", Some(cursor))),
            last: (known && next.is_some()).then(|| at(self.pages, "after", None)),
        }
    }
}

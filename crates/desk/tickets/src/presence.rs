//! Who looks at a ticket now, and who is writing. It comes and goes: nothing of it
//! stands in the log, and a minute later nobody knows.

/// Whoever was not heard of for so long is gone, said or not.
pub const ALIVE_SECONDS: i64 = 60;

/// What somebody does at a ticket's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// They have it open.
    Looking,
    /// They are writing something on it.
    Writing,
    /// They have left. It is kept for a while, so that other nodes hear of it.
    Gone,
}

impl Presence {
    /// The stored name, and the one that pages send.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Presence::Looking => "looking",
            Presence::Writing => "writing",
            Presence::Gone => "gone",
        }
    }

    /// What a name stands for.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Presence> {
        [Presence::Looking, Presence::Writing, Presence::Gone]
            .into_iter()
            .find(|presence| presence.code() == code)
    }
}

/// A tab of a browser: a short word that its page made up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab(String);

impl Tab {
    /// The longest that is taken.
    pub const MOST: usize = 16;

    /// The tab of a word, unless it is none that a page would make up.
    #[must_use]
    pub fn named(word: &str) -> Option<Tab> {
        let fits = (1..=Tab::MOST).contains(&word.len());
        let plain = word.bytes().all(|b| b.is_ascii_alphanumeric());
        (fits && plain).then(|| Tab(word.to_owned()))
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_is_a_short_word() {
        assert!(Tab::named("k3x9").is_some());
        for word in ["", "a b", "é", "0123456789abcdefg"] {
            assert_eq!(Tab::named(word), None, "{word:?}");
        }
    }

    #[test]
    fn each_presence_is_known_by_its_name() {
        for presence in [Presence::Looking, Presence::Writing, Presence::Gone] {
            assert_eq!(Presence::from_code(presence.code()), Some(presence));
        }
        assert_eq!(Presence::from_code("asleep"), None);
    }
}

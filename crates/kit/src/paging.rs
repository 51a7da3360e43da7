use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Rows on a page.
pub const PAGE: u64 = 25;

/// The place in a sorted list after which the next page begins: the sort
/// values and the id of the last row seen. Opaque to whoever carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The values that the list is sorted by, in order.
    pub keys: Vec<i64>,
    /// The id, which decides between rows of equal values.
    pub id: Uuid,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for key in &self.keys {
            write!(f, "{key}_")?;
        }
        write!(f, "{}", self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Cursor, ()> {
        let (keys, id) = match text.rsplit_once('_') {
            Some((keys, id)) => (keys, id),
            None => ("", text),
        };
        let keys: Result<Vec<i64>, _> = keys
            .split('_')
            .filter(|k| !k.is_empty())
            .map(str::parse)
            .collect();
        Ok(Cursor {
            keys: keys.map_err(|_| ())?,
            id: id.parse().map_err(|_| ())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_through_a_url() {
        let cursor = Cursor {
            keys: vec![2, -1_700_000_000_000],
            id: Uuid::from_u128(7),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "x", "1_2", "1_x_00000000000000000000000000000007"] {
            assert_eq!(bad.parse::<Cursor>(), Err(()), "{bad}");
        }
    }
}

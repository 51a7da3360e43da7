use kit::{query_pairs, with_query};

/// What says in a list's URL at which place of the list we are.
const PLACE: [&str; 3] = ["page", "after", "before"];

/// The URL of the first page of the list that `here` shows a page of: the same
/// filters without the place.
#[must_use]
pub fn first_page(here: &str) -> String {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let pairs = query_pairs(query);
    let filters: Vec<(&str, &str)> = pairs
        .iter()
        .filter(|(name, value)| !value.is_empty() && !PLACE.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    with_query(path, &filters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_has_the_filters_and_no_place() {
        for (here, first) in [
            (
                "/tickets?page=2&after=7_00&q=a%26b&view=all",
                "/tickets?q=a%26b&view=all",
            ),
            (
                "/tickets/TCK-1?before=12&only=staff",
                "/tickets/TCK-1?only=staff",
            ),
            ("/admin/users?q=&after=7", "/admin/users"),
            ("/tickets", "/tickets"),
        ] {
            assert_eq!(first_page(here), first);
        }
    }
}

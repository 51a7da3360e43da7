//! A company's name in addresses.

use kit::Problems;

/// The desk's own place among them.
pub const DESK: &str = "desk";
const MOST: usize = 60;

/// Small letters, digits and hyphens between them.
pub fn check(problems: &mut Problems, text: Option<&str>) -> Option<String> {
    let slug = problems.line("slug", text, MOST)?;
    if slug == DESK {
        problems.add("slug", "taken");
    } else if !is_slug(&slug) {
        problems.add("slug", "slug");
    }
    Some(slug)
}

pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        // An id stands at the same place where there is no such name.
        && text.parse::<uuid::Uuid>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_small_letters_digits_and_hyphens() {
        let check = |text| {
            let mut problems = Problems::default();
            drop(check(&mut problems, Some(text)));
            problems.0.is_empty()
        };
        assert!(check("acme") && check("acme-2") && check(""));
        for bad in ["Acme", "a b", "-a", "a-", "á", "../x", "desk", "a/b"] {
            assert!(!check(bad), "{bad}");
        }
    }
}

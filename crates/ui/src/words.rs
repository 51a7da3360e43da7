//! Small things in words: how long ago, how large, who.

use kit::{Instant, Page};

/// How long ago, in one unit: "há 5 min".
pub fn ago(p: &Page, at: Instant) -> String {
    let minutes = p.cx().now.since(at) / 60_000;
    let (key, count) = match minutes {
        ..1 => return p.t("ago-now"),
        1..60 => ("ago-minutes", minutes),
        60..1_440 => ("ago-hours", minutes / 60),
        1_440..43_200 => ("ago-days", minutes / 1_440),
        43_200..525_600 => ("ago-months", minutes / 43_200),
        _ => ("ago-years", minutes / 525_600),
    };
    p.tn(key, count)
}

/// A file's size in bytes, in the unit that reads best.
pub fn size(lang: &str, bytes: i64) -> String {
    match bytes {
        b if b < 1_000 => format!("{b} B"),
        b if b < 1_000_000 => format!("{} kB", b / 1_000),
        b => {
            let tenths = b / 100_000;
            let text = format!("{}.{} MB", tenths / 10, tenths % 10);
            match lang {
                "en" => text,
                _ => text.replace('.', ","),
            }
        }
    }
}

/// A number in groups of three digits, as the language writes them (Unicode CLDR).
pub fn number(lang: &str, n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mark = match lang {
        "en" => ',',
        // Spanish groups from five digits on.
        "es" if digits.len() < 5 => return n.to_string(),
        _ => '.',
    };
    let mut text = String::from(if n < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// One or two initials.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|w| w.chars().next());
    let first = words.next();
    first
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

/// One of twelve hues, always the same for a name.
pub fn hue(name: &str) -> u32 {
    name.bytes()
        .fold(7_u32, |h, b| h.wrapping_mul(31).wrapping_add(u32::from(b)))
        % 12
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        for (lang, n, written) in [
            ("pt-BR", 999, "999"),
            ("pt-BR", 1_234_567, "1.234.567"),
            ("en", -12_345, "-12,345"),
            ("es", 1_234, "1234"),
            ("es", 12_345, "12.345"),
        ] {
            assert_eq!(number(lang, n), written);
        }
    }
}

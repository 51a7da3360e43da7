//! What nobody should send, and how one sees that it did no harm.

use super::{Answer, html};

/// Where other people's pages are.
pub const ELSEWHERE: &str = "evil.test";

/// Texts with what is wrong with them. The large ones take their time.
pub fn texts(most: Option<usize>, large: bool) -> Vec<(&'static str, String)> {
    let mut texts = vec![
        ("empty", String::new()),
        ("blank", " \t ".to_owned()),
        ("too long", "x".repeat(most.unwrap_or(30_000) + 1)),
    ];
    if large {
        texts.push(("a megabyte", "á".repeat(500_000)));
        let marks = "\u{0336}".repeat(3_000);
        texts.push(("many marks on a letter", format!("z{marks}")));
    }
    texts.extend(SHORT.map(|(name, text)| (name, text.to_owned())));
    texts
}

/// For fields that nobody writes into: a choice, a box, what a page remembers.
pub fn few() -> Vec<(&'static str, String)> {
    let mut few = vec![("empty", String::new()), ("long", "x".repeat(30_000))];
    let some = SHORT.iter().step_by(3);
    few.extend(some.map(|(name, text)| (*name, (*text).to_owned())));
    few
}

/// Those that fit everywhere.
pub const SHORT: [(&str, &str); 17] = [
    (
        "HTML",
        "<b id=evil>x</b><script id=evil>alert(1)</script><img id=evil src=x onerror=alert(1)>",
    ),
    (
        "the end of a field",
        "\"'></textarea></select></option></title></template></script><b id=evil>",
    ),
    (
        "an attribute",
        "x\" id=\"evil\" onfocus=\"alert(1)\" autofocus=\"",
    ),
    ("right to left", "\u{202e}gpj.exe\u{2066}\u{200f}"),
    ("zero width", "\u{200b}\u{2060}\u{feff}\u{200d}"),
    ("zero width in a word", "ad\u{200b}min\u{ad}"),
    ("null", "a\0b"),
    ("control characters", "\u{1}\u{8}\u{1b}[31m\u{7f}\u{85}"),
    (
        "lines of a header",
        "a\r\nSet-Cookie: evil=1\r\nBcc: x@evil.test\r\n\r\n<b id=evil>",
    ),
    (
        "a template",
        "{{ 7 * 7 }}{% include '/etc/passwd' %}${7*7}<%= 7*7 %>#{7*7}",
    ),
    ("SQL", "'; DROP TABLE tickets; --\" OR 1=1 \\"),
    ("a formula", "=HYPERLINK(\"https://evil.test\")"),
    ("a huge number", "99999999999999999999999999999999"),
    ("a number that is none", "-1e999"),
    ("a path", "../../../../etc/passwd"),
    ("another site", "https://evil.test/\\@evil.test"),
    ("a script's address", "javascript:alert(document.domain)"),
];

/// The same in bytes that are no text, as a form would send them.
pub const NO_TEXT: [(&str, &str); 7] = [
    ("a percent sign", "%"),
    ("half a byte", "%f"),
    ("no digits", "%zz%u0041"),
    ("no UTF-8", "%ff%fe%80"),
    ("too long a form", "%c0%ae%c0%ae%2f"),
    ("half a pair", "%ed%a0%80"),
    ("null", "a%00b"),
];

/// A page on which nothing that somebody wrote has become a part of the page, and a
/// way on that stays here.
#[track_caller]
pub fn did_no_harm(answer: &Answer, what: &str) {
    let to = answer.location();
    let own = to.is_empty() || (to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'));
    assert!(own, "{what} leads to {to}");
    let cookies = answer.headers.get_all("set-cookie").iter();
    for cookie in cookies {
        assert!(
            !cookie.to_str().unwrap().starts_with("evil"),
            "{what}: {cookie:?}"
        );
    }
    // Nothing that nobody should send is there at all: most pages need not be read.
    let sent = ["evil", "alert(", "javascript"]
        .iter()
        .any(|word| answer.shows(word));
    if !sent || !answer.header("content-type").starts_with("text/html") {
        return;
    }
    for element in html::elements(&answer.body) {
        let evil = element.get("id") == "evil" || element.attributes().any(acts);
        assert!(!evil, "{what}: {element:?}");
    }
}

/// Whether an attribute runs something or leads elsewhere.
fn acts((name, value): (&str, &str)) -> bool {
    let value = value.trim().to_lowercase();
    match name {
        "href" | "src" | "action" | "formaction" | "srcset" | "poster" | "data" => {
            let place = value.split(['?', '#']).next().unwrap_or_default();
            place.starts_with("javascript:")
                || place.starts_with("data:text")
                || (place.starts_with("http") || place.starts_with("//"))
                    && place.contains(ELSEWHERE)
        }
        "style" | "srcdoc" => true,
        name => name.starts_with("on"),
    }
}

#[test]
fn harm_would_be_seen() {
    let seen = |html: &str| {
        let elements = html::elements(html).into_iter();
        let mut elements = elements.filter(|e| e.get("id") == "evil" || e.attributes().any(acts));
        elements.next().is_some()
    };
    for (name, text) in &SHORT[..3] {
        assert!(seen(&format!("<input value=\"{text}\">{text}")), "{name}");
        let escaped = text.replace('<', "&lt;").replace('"', "&quot;");
        assert!(
            !seen(&format!("<input value=\"{escaped}\">{escaped}")),
            "{name}"
        );
    }
    assert!(seen("<a href=' JavaScript:alert(1)'>") && seen("<a href='//evil.test'>"));
    assert!(!seen("<a href='/x?next=https://evil.test'>"));
}

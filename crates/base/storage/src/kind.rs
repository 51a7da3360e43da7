//! What a file is, by its first bytes (S4-084).

/// A kind of file that the desk takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The name's ending, lower case, without the dot.
    pub ending: &'static str,
    /// The media type it is served as.
    pub media_type: &'static str,
    /// Whether a browser may show it in place: raster images and PDF only.
    pub inline: bool,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nothing in it.
    Empty,
    /// A kind that the desk does not take.
    Kind,
    /// The content is of another kind than the name says.
    Lies,
}

const fn kind(ending: &'static str, media_type: &'static str, inline: bool) -> Kind {
    Kind {
        ending,
        media_type,
        inline,
    }
}

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// Every ending that is taken. Endings that mean the same share a media type.
const KINDS: &[Kind] = &[
    kind("png", "image/png", true),
    kind("jpg", "image/jpeg", true),
    kind("jpeg", "image/jpeg", true),
    kind("gif", "image/gif", true),
    kind("webp", "image/webp", true),
    kind("pdf", "application/pdf", true),
    kind("txt", TEXT, false),
    kind("log", TEXT, false),
    kind("csv", TEXT, false),
    kind("docx", WORD, false),
    kind("xlsx", EXCEL, false),
    kind("pptx", SLIDES, false),
    kind("odt", "application/vnd.oasis.opendocument.text", false),
    kind(
        "ods",
        "application/vnd.oasis.opendocument.spreadsheet",
        false,
    ),
    kind("zip", "application/zip", false),
    kind("mp3", "audio/mpeg", false),
    kind("mp4", "video/mp4", false),
];

/// Text is always served as plain text, whatever it holds: HTML in a `.txt` stays inert.
const TEXT: &str = "text/plain";

/// What the file is, when its name and its content agree.
///
/// # Errors
/// Says why the file is not taken.
pub fn sniff(name: &str, content: &[u8]) -> Result<Kind, Refused> {
    if content.is_empty() {
        return Err(Refused::Empty);
    }
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase())
        .unwrap_or_default();
    let named = *KINDS
        .iter()
        .find(|kind| kind.ending == ending)
        .ok_or(Refused::Kind)?;
    let found = infer::get(content).map(|found| found.mime_type());
    let agrees = if named.media_type == TEXT {
        // `infer` calls HTML, XML and scripts by their names; all of them are text.
        found.is_none_or(|m| m.starts_with("text/")) && is_text(content)
    } else {
        found == Some(named.media_type)
    };
    if agrees {
        Ok(named)
    } else {
        Err(Refused::Lies)
    }
}

/// No NUL, and not many other control characters: UTF-8 and Latin-1 alike.
fn is_text(content: &[u8]) -> bool {
    let odd = content
        .iter()
        .filter(|b| **b < 0x20 && !matches!(**b, b'\n' | b'\r' | b'\t' | 0x0c | 0x1b))
        .count();
    !content.contains(&0) && odd * 100 <= content.len()
}

/// The name to show and to give back: the last part of a path, without control
/// characters, at most 120 characters with its ending kept (S3-082).
#[must_use]
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect();
    let clean = clean.trim().trim_start_matches('.');
    if clean.is_empty() {
        return "file".to_owned();
    }
    let length = clean.chars().count();
    if length <= 120 {
        return clean.to_owned();
    }
    let tail: String = clean.chars().skip(length - 20).collect();
    let head: String = clean.chars().take(99).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = &[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13];
    const ZIP: &[u8] = &[b'P', b'K', 3, 4, 20, 0, 0, 0];
    const EXE: &[u8] = &[b'M', b'Z', 0x90, 0, 3, 0, 0, 0];

    #[test]
    fn a_file_that_is_what_its_name_says_is_taken() {
        assert_eq!(sniff("a.PNG", PNG).unwrap().media_type, "image/png");
        assert_eq!(sniff("a.zip", ZIP).unwrap().media_type, "application/zip");
        assert_eq!(sniff("a.txt", "olá\n".as_bytes()).unwrap().media_type, TEXT);
        assert_eq!(sniff("a.txt", b"<html><script>").unwrap().media_type, TEXT);
    }

    #[test]
    fn a_file_that_lies_about_its_kind_is_refused() {
        assert_eq!(sniff("foto.jpg", ZIP), Err(Refused::Lies));
        assert_eq!(sniff("a.pdf", EXE), Err(Refused::Lies));
        assert_eq!(sniff("a.pdf", PNG), Err(Refused::Lies));
        assert_eq!(sniff("a.txt", EXE), Err(Refused::Lies));
        assert_eq!(sniff("a.pdf", b"texto"), Err(Refused::Lies));
    }

    #[test]
    fn a_kind_that_can_run_is_refused() {
        for name in ["a.exe", "a.html", "a.svg", "a.js", "a", "a.bat"] {
            assert_eq!(sniff(name, b"x"), Err(Refused::Kind), "{name}");
        }
    }

    #[test]
    fn a_name_is_cleaned_of_paths_and_tricks() {
        assert_eq!(clean_name("../../x.png"), "x.png");
        assert_eq!(clean_name("c:\\dir\\a\0b.pdf"), "ab.pdf");
        assert_eq!(clean_name("foto\u{202e}gpj.exe"), "fotogpj.exe");
        assert_eq!(clean_name("///"), "file");
        let long = format!("{}.pdf", "a".repeat(300));
        assert!(clean_name(&long).chars().count() <= 120 && clean_name(&long).ends_with(".pdf"));
    }
}

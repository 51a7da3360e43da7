use std::collections::BTreeSet;

use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, NgramTokenizer, RawTokenizer, RemoveLongFilter,
    SimpleTokenizer, TextAnalyzer, WhitespaceTokenizer,
};

/// Words are alike whatever their case and accents.
pub(crate) fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(60))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

/// A whole text as words are compared: in lower case and without accents.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut analyzer = TextAnalyzer::builder(RawTokenizer::default())
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build();
    let mut stream = analyzer.token_stream(text);
    match stream.next() {
        Some(token) => token.text.clone(),
        None => String::new(),
    }
}

/// Codes are taken apart into every three characters that follow each other, so
/// that any part of one finds it.
pub(crate) fn code_analyzer() -> tantivy::Result<TextAnalyzer> {
    Ok(TextAnalyzer::builder(NgramTokenizer::all_ngrams(PART, PART)?).build())
}

/// Beginnings are made by [`beginnings`] and only taken apart.
pub(crate) fn begun_analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(WhitespaceTokenizer::default()).build()
}

/// The longest beginning of a word that is looked for as one.
const BEGUN: usize = 15;

/// The beginning by which a word is looked for: all of it, unless it is very long.
pub(crate) fn beginning(word: &str) -> &str {
    let end = word.char_indices().nth(BEGUN);
    end.map_or(word, |(at, _)| &word[..at])
}

/// Every beginning of every word of some texts, each once. With them a word that
/// was begun is looked up as fast as a whole one, however many words go on from it.
pub(crate) fn beginnings(texts: &[&str]) -> String {
    let mut all = BTreeSet::new();
    for text in texts {
        each(text, |_, _, word| {
            let longest = beginning(word);
            // The longer ones come first: where one is known, the shorter are, too.
            let ends = longest.char_indices().map(|(at, c)| at + c.len_utf8());
            for end in ends.rev() {
                if !all.insert(longest[..end].to_owned()) {
                    break;
                }
            }
        });
    }
    let mut text = String::new();
    for begun in all {
        text.push_str(&begun);
        text.push(' ');
    }
    text
}

/// The shortest part of a code that is looked for.
pub(crate) const PART: usize = 3;

/// A code without its punctuation, in lower case.
pub(crate) fn squashed(code: &str) -> String {
    let mut text = String::new();
    each(code, |_, _, word| text.push_str(word));
    text
}

/// The words of a text, folded.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    each(text, |_, _, word| all.push(word.to_owned()));
    all
}

/// Calls `f` with each word's place in the text, in bytes, and its folded form.
fn each(text: &str, mut f: impl FnMut(usize, usize, &str)) {
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(text);
    while let Some(token) = stream.next() {
        f(token.offset_from, token.offset_to, &token.text);
    }
}

/// From so many letters on, a word is also found with one of them wrong.
pub(crate) const FORGIVEN: usize = 4;

/// A part of a text, and whether it is what was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text, as it was written.
    pub text: String,
    /// Whether it is a hit.
    pub hit: bool,
}

/// Takes a text apart into what was looked for and what stands between.
#[must_use]
pub fn mark(text: &str, looked_for: &str) -> Vec<Piece> {
    pieces(text, &hits(text, &wanted(looked_for)))
}

/// The part of a text, of about `most` characters, where what was looked for
/// first stands; `None` when it does not stand there.
#[must_use]
pub fn excerpt(text: &str, looked_for: &str, most: usize) -> Option<Vec<Piece>> {
    let wanted = wanted(looked_for);
    let first = hits(text, &wanted).first()?.0;
    let before = text[..first].char_indices().rev().take(most / 3).last();
    let mut from = before.map_or(first, |(at, _)| at);
    if from > 0 {
        // Begin with a whole word.
        from += text[from..first]
            .char_indices()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(n, c)| n + c.len_utf8());
    }
    let rest = &text[from..];
    let end = rest
        .char_indices()
        .nth(most)
        .map_or(rest.len(), |(at, _)| at);
    let mut part = String::new();
    if from > 0 {
        part.push('…');
    }
    part.push_str(rest[..end].trim_end());
    if end < rest.len() {
        part.push('…');
    }
    Some(pieces(&part, &hits(&part, &wanted)))
}

fn wanted(looked_for: &str) -> Vec<String> {
    let mut all = words(looked_for);
    all.extend(looked_for.split_whitespace().map(squashed));
    all.retain(|word| !word.is_empty());
    all
}

/// Where each wanted word stands; where it does not, what differs by one letter.
fn hits(text: &str, wanted: &[String]) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    each(text, |from, to, word| {
        words.push((from, to, word.to_owned()))
    });
    let mut hits = BTreeSet::new();
    for wanted in wanted {
        let begun = words.iter().filter(|(.., word)| word.starts_with(wanted));
        let mut found: Vec<_> = begun.collect();
        if found.is_empty() {
            found = words
                .iter()
                .filter(|(.., w)| is_nearly(w, wanted))
                .collect();
        }
        hits.extend(found.into_iter().map(|(from, to, _)| (*from, *to)));
    }
    hits.into_iter().collect()
}

fn is_nearly(word: &str, wanted: &str) -> bool {
    wanted.chars().count() >= FORGIVEN
        && word.len().abs_diff(wanted.len()) <= 1
        && strsim::osa_distance(word, wanted) <= 1
}

fn pieces(text: &str, hits: &[(usize, usize)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut add = |text: &str, hit| {
        if !text.is_empty() {
            pieces.push(Piece {
                text: text.to_owned(),
                hit,
            });
        }
    };
    let mut at = 0;
    for (from, to) in hits {
        add(&text[at..*from], false);
        add(&text[*from..*to], true);
        at = *to;
    }
    add(&text[at..], false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[Piece]) -> String {
        let mark = |p: &Piece| match p.hit {
            true => format!("[{}]", p.text),
            false => p.text.clone(),
        };
        pieces.iter().map(mark).collect()
    }

    #[test]
    fn every_word_has_its_beginnings_once() {
        assert_eq!(beginnings(&["Oi, ói!", "O"]), "o oi ");
        assert_eq!(beginnings(&[""]), "");
        let long = beginnings(&["inconstitucionalissimamente"]);
        assert_eq!(long.split_whitespace().count(), BEGUN);
        assert!(long.contains(beginning("inconstitucionalmente")));
    }

    #[test]
    fn hits_are_marked_whatever_case_accents_and_one_wrong_letter() {
        let text = "Impressão não sai: a IMPRESSORA está sem toner";
        assert_eq!(
            shown(&mark(text, "impressao impresora toner")),
            "[Impressão] não sai: a [IMPRESSORA] está sem [toner]"
        );
        assert_eq!(
            shown(&mark("Ponto para a clínica Baraúna", "bara")),
            "Ponto para a clínica [Baraúna]"
        );
        assert_eq!(shown(&mark(text, "nada")), text);
        assert_eq!(shown(&mark("<b>x</b>", "b")), "<[b]>x</[b]>");
    }

    #[test]
    fn an_excerpt_shows_the_first_hit_with_whole_words_around_it() {
        let text = "uma palavra e outra ".repeat(20) + "aqui está o toner " + &"e mais ".repeat(30);
        let part = shown(&excerpt(&text, "toner", 60).unwrap());
        assert!(part.contains("[toner]") && part.starts_with('…') && part.ends_with('…'));
        assert!(part.chars().count() < 70, "{part}");
        assert_eq!(excerpt(&text, "nada disso", 60), None);
        // A space of two bytes, as word processors write it.
        let pasted = "palavra\u{a0}".repeat(20) + "toner";
        assert!(shown(&excerpt(&pasted, "toner", 60).unwrap()).contains("[toner]"));
    }

    #[test]
    fn a_code_is_one_whatever_its_punctuation() {
        assert_eq!(squashed("12.345.678/0001-95"), "12345678000195");
        assert_eq!(squashed("TCK-2026-ÃB"), "tck2026ab");
    }
}

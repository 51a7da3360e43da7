use std::ops::Bound;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, Query, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{Order, Searcher, TantivyDocument, Term};
use uuid::Uuid;

use crate::index::Fields;
use crate::words::{FORGIVEN, PART, beginning, squashed, words};

/// Who asks: it is part of the question, so that nothing else is ever found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The desk's staff: everything, and by internal words, too.
    Staff,
    /// Somebody of the staff who finds only what has, of each list, at least one tag.
    Within(Vec<Vec<String>>),
    /// Somebody who finds only what is their own.
    Owner(Uuid),
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Who asks.
    pub reader: Reader,
    /// The words, as they were typed: all of them must be there. Without a word
    /// nothing is found.
    pub words: String,
    /// Only things of this kind.
    pub kind: Option<&'static str>,
    /// Only things that have, of each list, at least one tag.
    pub tags: Vec<Vec<String>>,
    /// Only what came about at or after this.
    pub from: Option<i64>,
    /// Only what came about before this.
    pub until: Option<i64>,
    /// The newest first, and not what fits best.
    pub newest: bool,
    /// How many to leave out.
    pub offset: usize,
    /// How many to give at most.
    pub limit: usize,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Kinds and ids, what fits best first.
    pub things: Vec<(String, Uuid)>,
    /// How many there are in all.
    pub total: usize,
}

pub(crate) fn find(
    searcher: &Searcher,
    fields: &Fields,
    wanted: &Wanted,
) -> tantivy::Result<Found> {
    let exact = run(searcher, fields, wanted, false)?;
    // One wrong letter is forgiven where there is little without it: it costs
    // more, and whoever typed right has what they wanted.
    if exact.total < wanted.limit && wanted.words.chars().count() >= FORGIVEN {
        let forgiving = run(searcher, fields, wanted, true)?;
        return Ok(forgiving);
    }
    Ok(exact)
}

fn run(
    searcher: &Searcher,
    fields: &Fields,
    wanted: &Wanted,
    forgive: bool,
) -> tantivy::Result<Found> {
    let Some(question) = question(fields, wanted, forgive) else {
        return Ok(Found::default());
    };
    let top = TopDocs::with_limit(wanted.limit.max(1)).and_offset(wanted.offset);
    let (addresses, total) = if wanted.newest {
        let top = top.order_by_fast_field::<i64>("at", Order::Desc);
        let (found, total) = searcher.search(&question, &(top, Count))?;
        (
            found.into_iter().map(|(_, doc)| doc).collect::<Vec<_>>(),
            total,
        )
    } else {
        let (found, total) = searcher.search(&question, &(top.order_by_score(), Count))?;
        (found.into_iter().map(|(_, doc)| doc).collect(), total)
    };
    let mut things = Vec::with_capacity(addresses.len());
    for address in addresses {
        let document: TantivyDocument = searcher.doc(address)?;
        let key = document.get_first(fields.key).and_then(|v| v.as_str());
        let named = key.and_then(|key| key.split_once(' '));
        if let Some((kind, id)) = named
            && let Ok(id) = id.parse()
        {
            things.push((kind.to_owned(), id));
        }
    }
    Ok(Found { things, total })
}

fn question(fields: &Fields, wanted: &Wanted, forgive: bool) -> Option<BooleanQuery> {
    let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    let must = |query: Box<dyn Query>| (Occur::Must, query);
    for chunk in chunks(&wanted.words) {
        all.push(must(Box::new(said(
            fields,
            &chunk,
            &wanted.reader,
            forgive,
        )?)));
    }
    if all.is_empty() {
        return None;
    }
    let within = match &wanted.reader {
        Reader::Staff => &[][..],
        Reader::Within(tags) => tags,
        Reader::Owner(owner) => {
            all.push(must(is(fields.owner, &owner.to_string())));
            &[]
        }
    };
    if let Some(kind) = wanted.kind {
        all.push(must(is(fields.kind, kind)));
    }
    for some in wanted.tags.iter().chain(within) {
        let any = some.iter().map(|tag| is(fields.tag, tag)).collect();
        all.push(must(Box::new(silent(Box::new(BooleanQuery::union(any))))));
    }
    if wanted.from.is_some() || wanted.until.is_some() {
        let at = |millis| Term::from_field_i64(fields.at, millis);
        let range = RangeQuery::new(
            wanted
                .from
                .map_or(Bound::Unbounded, |from| Bound::Included(at(from))),
            wanted
                .until
                .map_or(Bound::Unbounded, |until| Bound::Excluded(at(until))),
        );
        all.push(must(Box::new(silent(Box::new(range)))));
    }
    Some(BooleanQuery::new(all))
}

/// What must each be there. A number typed with spaces between its parts, such as
/// a telephone's, is one.
fn chunks(typed: &str) -> Vec<String> {
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let is_number = digits > PART && !typed.chars().any(char::is_alphabetic);
    let all = match is_number {
        true => vec![typed.to_owned()],
        false => typed.split_whitespace().map(str::to_owned).collect(),
    };
    let said = |chunk: &String| chunk.chars().any(char::is_alphanumeric);
    all.into_iter().filter(said).take(MOST).collect()
}

/// So many words of a question are looked at.
const MOST: usize = 12;

/// One chunk: it is part of a code, or each of its words is there.
fn said(fields: &Fields, chunk: &str, reader: &Reader, forgive: bool) -> Option<BooleanQuery> {
    let mut any: Vec<Box<dyn Query>> = Vec::new();
    let code = squashed(chunk);
    if may_be_code(&code) {
        any.push(scored(Box::new(part_of_code(fields.code, &code)), 6.0));
    }
    let words = words(chunk);
    if !words.is_empty() {
        let each = words
            .iter()
            .map(|word| has_word(fields, word, reader, forgive))
            .collect();
        any.push(Box::new(BooleanQuery::intersection(each)));
    }
    (!any.is_empty()).then(|| BooleanQuery::union(any))
}

/// Whether it looks like a part of a code: there is a digit in it, or it is so long and
/// of the six letters that hexadecimal numbers have, as hardly any word is.
fn may_be_code(text: &str) -> bool {
    let has_digit = text.chars().any(|c| c.is_ascii_digit());
    let is_hexadecimal = text.chars().all(|c| c.is_ascii_hexdigit());
    text.len() >= PART && (has_digit || is_hexadecimal && text.len() >= 2 * PART)
}

fn part_of_code(field: Field, code: &str) -> BooleanQuery {
    let letters: Vec<char> = code.chars().collect();
    let parts = letters.windows(PART).map(|part| {
        let part: String = part.iter().collect();
        is(field, &part)
    });
    BooleanQuery::intersection(parts.collect())
}

/// The word is there, or one that begins with it. That alone decides; whole words
/// say in addition how well it fits.
fn has_word(fields: &Fields, word: &str, reader: &Reader, forgive: bool) -> Box<dyn Query> {
    let mut places = vec![(fields.title, 4.0), (fields.text, 1.0)];
    let mut begun = vec![fields.begun];
    if !matches!(reader, Reader::Owner(_)) {
        places.push((fields.internal, 0.8));
        begun.push(fields.begun_internal);
    }
    let begins = begun.into_iter().map(|field| is(field, beginning(word)));
    let mut there: Vec<Box<dyn Query>> = begins.collect();
    if beginning(word) != word {
        // Few are so long: those words themselves are looked through.
        let longer = |(field, _): &(Field, f32)| {
            let term = Term::from_field_text(*field, word);
            silent(Box::new(FuzzyTermQuery::new_prefix(term, 0, false)))
        };
        there = places
            .iter()
            .map(longer)
            .map(|q| Box::new(q) as Box<dyn Query>)
            .collect();
    }
    let mut fits: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for (field, weight) in places {
        let term = Term::from_field_text(field, word);
        if forgive && word.chars().count() >= FORGIVEN {
            let nearly = FuzzyTermQuery::new(term.clone(), 1, true);
            there.push(scored(Box::new(nearly), weight * 0.3));
        }
        let whole = TermQuery::new(term, IndexRecordOption::WithFreqs);
        let whole = BoostQuery::new(Box::new(whole), weight);
        fits.push((Occur::Should, Box::new(whole)));
    }
    fits.push((Occur::Must, Box::new(BooleanQuery::union(there))));
    Box::new(BooleanQuery::new(fits))
}

fn is(field: Field, text: &str) -> Box<dyn Query> {
    let term = Term::from_field_text(field, text);
    Box::new(silent(Box::new(TermQuery::new(
        term,
        IndexRecordOption::Basic,
    ))))
}

/// Decides, and says nothing about how well it fits.
fn silent(query: Box<dyn Query>) -> ConstScoreQuery {
    ConstScoreQuery::new(query, 0.0)
}

fn scored(query: Box<dyn Query>, score: f32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, score))
}

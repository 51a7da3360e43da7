//! The texts of canned answers as templates.
//!
//! Anybody at the desk writes them, so they are a small part of what minijinja
//! understands: `{{ requester.name }}`, and `{% if company.name %}` with `elif`,
//! `else` and `endif`. Between the braces stand names and nothing else. What could
//! make a short text large (loops, assignments, `"a" * 100000000`) is refused when
//! it is saved, and fuel ends whatever should get past that.

use std::collections::BTreeMap;

use minijinja::{Environment, Value};

use crate::{Facts, Variable};

/// Enough for any text that can be saved: the shortest variable, `{{today}}`, takes
/// three instructions for nine characters.
const FUEL: u64 = 10_000;

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no variable of this name.
    Unknown(String),
    /// This may not stand between braces.
    Refused(String),
    /// In this line the braces or the conditions do not fit together.
    Syntax(usize),
}

/// Whether `body` can be filled in on any ticket.
///
/// # Errors
/// Says what is wrong and where.
pub fn check(body: &str) -> Result<(), Fault> {
    let mut rest = body;
    while let Some(tag) = Tag::next(&mut rest) {
        tag.check()?;
    }
    let environment = environment();
    environment
        .template_from_str(body)
        .map_err(|error| Fault::Syntax(error.line().unwrap_or(1)))?;
    Ok(())
}

/// The text with its variables filled in; plain text, whatever the values are. One
/// that cannot be filled in is given as it was written.
#[must_use]
pub fn fill(body: &str, facts: &Facts) -> String {
    let environment = environment();
    let filled = environment
        .template_from_str(body)
        .and_then(|template| template.render(values(facts)));
    filled.unwrap_or_else(|_| body.to_owned())
}

/// Without filters, tests, functions or a way to other templates.
fn environment<'a>() -> Environment<'a> {
    let mut environment = Environment::empty();
    environment.set_fuel(Some(FUEL));
    environment
}

/// `requester.name` is `name` in `requester`.
fn values(facts: &Facts) -> Value {
    let mut top: BTreeMap<&'static str, Value> = BTreeMap::new();
    let mut inner: BTreeMap<&'static str, BTreeMap<&'static str, Value>> = BTreeMap::new();
    for variable in Variable::ALL {
        let value = Value::from(facts.value(variable));
        match variable.name().split_once('.') {
            Some((of, name)) => {
                inner.entry(of).or_default().insert(name, value);
            }
            None => {
                top.insert(variable.name(), value);
            }
        }
    }
    for (of, values) in inner {
        top.insert(of, Value::from(values));
    }
    Value::from(top)
}

/// What stands between braces.
enum Tag<'a> {
    /// `{{ … }}`
    Value(&'a str),
    /// `{% … %}`
    Statement(&'a str),
}

impl<'a> Tag<'a> {
    /// The next one, with `rest` behind it. What is not closed is left to minijinja.
    fn next(rest: &mut &'a str) -> Option<Tag<'a>> {
        loop {
            let text = *rest;
            let (at, close) = ["{{", "{%", "{#"]
                .into_iter()
                .zip(["}}", "%}", "#}"])
                .filter_map(|(open, close)| Some((text.find(open)?, close)))
                .min()?;
            let (inside, behind) = text[at + 2..].split_once(close)?;
            *rest = behind;
            // A minus at the brace eats the space beside it.
            let inside = inside.strip_prefix('-').unwrap_or(inside);
            let inside = inside.strip_suffix('-').unwrap_or(inside).trim();
            match close {
                "}}" => return Some(Tag::Value(inside)),
                "%}" => return Some(Tag::Statement(inside)),
                _ => {}
            }
        }
    }

    fn check(&self) -> Result<(), Fault> {
        match self {
            Tag::Value(inside) => name(inside),
            Tag::Statement(inside) => {
                let mut words = inside.split_whitespace();
                match words.next() {
                    Some("if" | "elif") => words
                        .filter(|word| !matches!(*word, "not" | "and" | "or"))
                        .try_for_each(name),
                    Some("else" | "endif") if words.next().is_none() => Ok(()),
                    _ => Err(Fault::Refused((*inside).to_owned())),
                }
            }
        }
    }
}

/// Whether it is the name of a variable, and of one that there is.
fn name(word: &str) -> Result<(), Fault> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    if Variable::ALL.iter().any(|variable| variable.name() == word) {
        Ok(())
    } else if !word.is_empty() && word.chars().all(plain) {
        Err(Fault::Unknown(word.to_owned()))
    } else {
        Err(Fault::Refused(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_filled_in() {
        let known = |text: &str| fill(text, &Facts::default());
        assert_eq!(known("[{{ requester.name }}]"), "[]");
        assert_eq!(
            known("a{% if company.name %} b{% else %} c{% endif %}"),
            "a c"
        );
        assert_eq!(known("{ preço } < 5 & \"x\""), "{ preço } < 5 & \"x\"");
    }

    #[test]
    fn every_variable_can_be_written() {
        let all: Vec<String> = Variable::ALL.into_iter().map(Variable::written).collect();
        assert_eq!(check(&all.join(" ")), Ok(()));
        assert_eq!(
            check("{%- if not me.name and today -%} x {%- elif today %}{% endif %}"),
            Ok(())
        );
        assert_eq!(
            check("{# {{ um lembrete }} #} sem variáveis, 100% {"),
            Ok(())
        );
        assert_eq!(check(&"{{today}}".repeat(555)), Ok(()));
        let filled = fill(&"{{today}}.".repeat(500), &Facts::default());
        assert_eq!(filled, ".".repeat(500));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let unknown = |name: &str| Err(Fault::Unknown(name.to_owned()));
        let refused = |part: &str| Err(Fault::Refused(part.to_owned()));
        for (body, wrong) in [
            ("{{ nome }}", unknown("nome")),
            ("{{ requester }}", unknown("requester")),
            ("{{ today.year }}", unknown("today.year")),
            ("{% if vip %}x{% endif %}", unknown("vip")),
            ("{{ me.name | upper }}", refused("me.name | upper")),
            ("{{ \"a\" * 100000000 }}", refused("\"a\" * 100000000")),
            ("{{ }}", refused("")),
            ("{% for x in [1] %}{% endfor %}", refused("for x in [1]")),
            (
                "{% set a = today ~ today %}",
                refused("set a = today ~ today"),
            ),
            ("{% include today %}", refused("include today")),
            ("{% raw %}{{ x }}{% endraw %}", refused("raw")),
            ("{% if me.name == today %}x{% endif %}", refused("==")),
            ("um\n{{ today", Err(Fault::Syntax(2))),
            ("um\ndois\n{% if today %}", Err(Fault::Syntax(3))),
            ("{% endif %}", Err(Fault::Syntax(1))),
        ] {
            assert_eq!(check(body), wrong, "{body}");
        }
    }

    #[test]
    fn what_would_never_end_ends() {
        let doubling = "{% set a = 'aaaaaaaa' %}".to_owned()
            + "{% for x in [1, 2, 3, 4, 5, 6, 7, 8, 9] %}{% for y in [1, 2, 3, 4, 5, 6, 7, 8, 9] %}\
               {% for z in [1, 2, 3, 4, 5, 6, 7, 8, 9] %}{% for w in [1, 2, 3, 4, 5, 6, 7, 8, 9] %}\
               {{ a }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}";
        assert!(check(&doubling).is_err());
        assert_eq!(fill(&doubling, &Facts::default()), doubling);
    }
}

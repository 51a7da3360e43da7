use std::ops::RangeInclusive;

use axum::http::StatusCode;

use crate::{Error, Result};

/// One thing that is wrong with what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// At which field; empty when it is about the whole.
    pub field: String,
    /// The end of a locale key: `required` reads `problem-required`.
    pub code: &'static str,
    /// A number for the text, such as the limit.
    pub limit: Option<i64>,
    /// A word for the text, such as a file's name.
    pub about: Option<String>,
}

/// Everything that is wrong with what was sent, so that the sender hears it once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// One problem at one field.
    #[must_use]
    pub fn of(field: &str, code: &'static str) -> Problems {
        let mut problems = Problems::default();
        problems.add(field, code);
        problems
    }

    /// Adds a problem.
    pub fn add(&mut self, field: &str, code: &'static str) -> &mut Problem {
        self.0.push(Problem {
            field: field.to_owned(),
            code,
            limit: None,
            about: None,
        });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// The problem at `field`, if there is one.
    #[must_use]
    pub fn at(&self, field: &str) -> Option<&Problem> {
        self.0.iter().find(|p| p.field == field)
    }

    /// Cleans a text and checks its length in characters. A range from 0 makes
    /// it optional.
    pub fn text(&mut self, field: &str, value: &str, length: RangeInclusive<usize>) -> String {
        let clean = clean(value);
        let count = clean.chars().count();
        if count < *length.start() {
            if count == 0 {
                self.add(field, "required");
            } else {
                self.add(field, "too-short").limit = i64::try_from(*length.start()).ok();
            }
        } else if count > *length.end() {
            self.add(field, "too-long").limit = i64::try_from(*length.end()).ok();
        }
        clean
    }

    /// An optional text on one line: `None` when it is empty.
    pub fn line(&mut self, field: &str, value: Option<&str>, most: usize) -> Option<String> {
        let line = value.unwrap_or_default().replace(['\r', '\n'], " ");
        let clean = self.text(field, &line, 0..=most);
        (!clean.is_empty()).then_some(clean)
    }

    /// With what a form is answered that these stand in: 200 without any.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.0.is_empty() {
            true => StatusCode::OK,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// All is well, or the error that says what is not.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is any problem.
    pub fn done(self) -> Result<()> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(Error::Invalid(self)),
        }
    }
}

/// Trims, brings line ends to `\n` and drops what no text needs: control
/// characters (PostgreSQL refuses NUL) other than line ends and tabs.
fn clean(value: &str) -> String {
    let unix = value.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = unix
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    // A text of nothing but invisible characters is an empty one.
    if kept.chars().all(|c| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    }) {
        return String::new();
    }
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cleaned_before_it_is_measured() {
        let mut problems = Problems::default();
        assert_eq!(problems.text("a", " x\r\ny\0 ", 1..=3), "x\ny");
        assert!(problems.0.is_empty());
        problems.text("b", "\u{200b} \u{feff}", 1..=3);
        assert_eq!(problems.at("b").unwrap().code, "required");
        problems.text("c", "çãéí", 1..=3);
        assert_eq!(problems.at("c").unwrap().limit, Some(3));
    }
}

use kit::{Error, Problems, Result, Tx, UserId, new_id};

use crate::events::AnswerEvent;
use crate::template::{Fault, check};
use crate::{AnswerId, SHARE, USE, store};

/// So many characters of a title, of a shortcut, of a text.
const TITLE: usize = 80;
const SHORTCUT: usize = 30;
pub(crate) const BODY: usize = 5_000;

/// A text that is written once and sent often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which.
    pub id: AnswerId,
    /// Its name, used once among the shared ones and once among somebody's own.
    pub title: String,
    /// What is typed after `/` to get it at once; used once, as the title is.
    pub shortcut: Option<String>,
    /// The text, with variables in it.
    pub body: String,
    /// Whose own it is; everybody's when it is nobody's.
    pub owner: Option<UserId>,
    /// Whether it is offered.
    pub active: bool,
}

impl Answer {
    /// Whether the whole desk uses it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.owner.is_none()
    }
}

/// What is typed to make or change a canned answer.
#[derive(Clone, Debug)]
pub struct AnswerInput {
    /// See [`Answer::title`].
    pub title: String,
    /// See [`Answer::shortcut`]; the slash may stand before it.
    pub shortcut: String,
    /// See [`Answer::body`].
    pub body: String,
    /// Whether the whole desk uses it.
    pub shared: bool,
    /// See [`Answer::active`].
    pub active: bool,
}

/// Makes a canned answer (`id` is `None`) or changes one.
///
/// # Errors
/// [`Error::Invalid`] at the field, [`Error::NotFound`] for somebody else's own,
/// [`Error::Forbidden`] for a shared one without the permission.
pub async fn save(tx: &mut Tx, id: Option<AnswerId>, input: AnswerInput) -> Result<Answer> {
    tx.cx().require(&USE)?;
    let me = tx.cx().actor.id();
    let old = match id {
        Some(id) => Some(store::find(tx.db(), me, id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    if input.shared || old.as_ref().is_some_and(Answer::is_shared) {
        tx.cx().require(&SHARE)?;
    }
    let owner = match input.shared {
        true => None,
        false => Some(tx.cx().actor.user()?.id),
    };
    let mut problems = Problems::default();
    let answer = Answer {
        id: id.unwrap_or_else(|| AnswerId(new_id(tx.now()))),
        title: problems.text("title", &input.title, 1..=TITLE),
        shortcut: shortcut(&mut problems, &input.shortcut),
        body: problems.text("body", &input.body, 1..=BODY),
        owner,
        active: input.active,
    };
    if let Err(fault) = check(&answer.body) {
        name(&mut problems, fault);
    }
    problems.done()?;
    match old {
        None => store::insert(tx, &answer).await?,
        Some(_) => store::update(tx, &answer).await?,
    }
    tx.record(&match old {
        None => AnswerEvent::Created(answer.clone()),
        Some(_) => AnswerEvent::Updated(answer.clone()),
    });
    Ok(answer)
}

/// What can be typed after a slash without thinking: no capitals, no accents.
fn shortcut(problems: &mut Problems, typed: &str) -> Option<String> {
    let typed = typed.trim().trim_start_matches('/');
    let line = problems.line("shortcut", Some(typed), SHORTCUT)?;
    let line = line.to_lowercase();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !line.chars().all(fits) {
        problems.add("shortcut", "answer-shortcut");
    }
    Some(line)
}

/// Says at the text what is wrong with its variables.
pub(crate) fn name(problems: &mut Problems, fault: Fault) {
    match fault {
        Fault::Unknown(name) => {
            problems.add("body", "answer-variable").about = Some(name);
        }
        Fault::Refused(part) => {
            problems.add("body", "answer-refused").about = Some(part);
        }
        Fault::Syntax(line) => {
            problems.add("body", "answer-syntax").limit = i64::try_from(line).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortcut_is_what_is_typed_after_the_slash() {
        let mut problems = Problems::default();
        for (typed, kept) in [
            (" /senha ", Some("senha")),
            ("Visita-2", Some("visita-2")),
            ("", None),
            ("/", None),
        ] {
            assert_eq!(shortcut(&mut problems, typed).as_deref(), kept, "{typed}");
        }
        assert!(problems.0.is_empty());
        for wrong in ["duas palavras", "café", "a/b", &"a".repeat(31)] {
            let mut problems = Problems::default();
            _ = shortcut(&mut problems, wrong);
            assert!(problems.at("shortcut").is_some(), "{wrong}");
        }
    }
}

//! `/dashboard` and `/tickets`.

pub mod acts;
pub mod choices;
pub mod dashboard;
pub mod edit;
pub mod files;
pub mod found;
pub mod list;
pub mod new;
pub mod presence;
pub mod show;

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;
use catalog::{Channel, QueueId};
use kit::{CompanyId, Context, Page, Result, UserId, redirect_done};
use search::Piece;
use ui::Components;

use crate::policy;
use crate::status::Status;
use crate::store::list::Line;
use crate::ticket::{Priority, Ticket};
use crate::timeline::status_word;

/// The names behind the ids of the tickets on a page: a read for each kind of
/// thing, however many tickets there are.
#[derive(Default)]
pub struct Names {
    people: HashMap<UserId, Arc<people::Person>>,
    companies: HashMap<CompanyId, Arc<String>>,
    queues: Arc<HashMap<QueueId, String>>,
}

impl Names {
    async fn of(cx: &Context, lines: &[Line]) -> Result<Names> {
        let people = lines
            .iter()
            .flat_map(|l| [l.requester_id, l.assignee_id])
            .flatten()
            .collect();
        let companies = lines.iter().filter_map(|l| l.company_id).collect();
        Ok(Names {
            people: people::named(cx, people).await?,
            companies: companies::named(cx, companies).await?,
            queues: queue_names(cx).await?,
        })
    }

    /// A person's name.
    fn person(&self, id: &Option<UserId>) -> Option<&str> {
        self.people.get(&(*id)?).map(|p| p.name.as_str())
    }

    /// A company's name.
    fn company(&self, id: &Option<CompanyId>) -> Option<&str> {
        self.companies.get(&(*id)?).map(|name| name.as_str())
    }

    /// A queue's name.
    fn queue(&self, id: &Option<QueueId>) -> Option<&str> {
        self.queues.get(&(*id)?).map(String::as_str)
    }

    /// Who asked: an account's name, or the one that was given.
    fn requester<'a>(&'a self, line: &'a Line) -> Option<&'a str> {
        self.person(&line.requester_id)
            .or(line.contact_name.as_deref())
    }
}

/// Every channel.
pub(crate) async fn channels(cx: &Context) -> Result<Arc<Vec<Channel>>> {
    let channels = cx.kept("channels", "channels", catalog::channels(cx.db()));
    channels.await
}

/// What every queue is called.
pub(crate) async fn queue_names(cx: &Context) -> Result<Arc<HashMap<QueueId, String>>> {
    let names = cx.kept("queue names", "queues", catalog::queue_names(cx.db()));
    names.await
}

/// The marks of tickets, called on `p` in a template.
pub trait Marks {
    /// A dot and a word for where a ticket stands.
    fn status(&self, status: &Status) -> ui::Html;
    /// A flag and a word for how soon it should be dealt with.
    fn priority(&self, priority: &Priority) -> ui::Html;
    /// A ticket's title, with what was searched for marked in it.
    fn title_of(&self, line: &Line) -> ui::Html;
    /// The place where words were found, or else what was said last.
    fn said_in(&self, line: &Line) -> ui::Html;
}

impl Marks for Page {
    fn status(&self, status: &Status) -> ui::Html {
        ui::status(status.code(), &status_word(self.cx(), *status))
    }

    fn priority(&self, priority: &Priority) -> ui::Html {
        let urgent = *priority >= Priority::High;
        let icon = if urgent { "flag-filled" } else { "flag" };
        ui::priority(
            self,
            priority.code(),
            icon,
            &self.tk("priority-", priority.code()),
        )
    }

    fn title_of(&self, line: &Line) -> ui::Html {
        match &line.hits {
            Some(hits) => self.marked(&hits.title),
            None => self.marked(&[plain(&line.title)]),
        }
    }

    fn said_in(&self, line: &Line) -> ui::Html {
        match line.hits.as_ref().and_then(|hits| hits.said.as_ref()) {
            Some(found) => self.marked(found),
            None => self.marked(&[plain(line.last_line.as_deref().unwrap_or(&line.excerpt))]),
        }
    }
}

fn plain(text: &str) -> Piece {
    Piece {
        text: text.to_owned(),
        hit: false,
    }
}

/// The beginning of a text on one line, whole words only: for templates.
fn beginning(text: &str, most: usize) -> String {
    let mut words = text.split_whitespace();
    let mut kept = words.next().unwrap_or_default().to_owned();
    let mut count = kept.chars().count();
    for word in words {
        count += 1 + word.chars().count();
        if count > most {
            let end = kept.trim_end_matches([',', ';', ':', '.', '-']).len();
            kept.truncate(end);
            return kept + "…";
        }
        kept.push(' ');
        kept.push_str(word);
    }
    kept
}

/// Whether the reader may correct tickets: for templates.
fn may_edit(p: &Page) -> bool {
    p.may(&policy::EDIT)
}

/// Where an act on a ticket leads: back to its page, or to the list when it has brought
/// the ticket where the actor may not look.
fn led_on(cx: &Context, ticket: &Ticket, done: &'static str) -> Response {
    let scope = cx.scope();
    match scope.limits().is_none() || scope.reaches(ticket.place()) {
        true => redirect_done(&path(ticket), done),
        false => redirect_done("/tickets", "ticket-handed-on"),
    }
}

/// Where a ticket's page is.
fn path(ticket: &Ticket) -> String {
    format!("/tickets/{}", ticket.protocol)
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn a_beginning_ends_with_a_word() {
        assert_eq!(beginning("duas\npalavras", 20), "duas palavras");
        assert_eq!(beginning("uma frase, e mais", 11), "uma frase…");
        assert_eq!(beginning("inconstitucional", 5), "inconstitucional");
        assert_eq!(beginning("", 5), "");
    }
}

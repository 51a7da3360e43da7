//! The list when words are searched for: what the index finds, and why.

use std::collections::HashMap;

use kit::{Context, PAGE, Result};
use search::{excerpt, mark};

use crate::TicketId;
use crate::filter::{Filter, Pair, Sort};
use crate::searched::{self, Stretch};
use crate::store::comments;
use crate::store::list::{self, Hits, Line};

/// So many characters are shown around a hit.
const AROUND: usize = 140;

/// The tickets of a page in which words were found.
#[derive(Default)]
pub struct Found {
    /// What fits best first.
    pub lines: Vec<Line>,
    /// How many there are in all.
    pub total: i64,
    /// Whether the index is still being made: there may be more.
    pub preparing: bool,
}

/// The words of a query, as far as they are looked at.
pub fn words(pairs: &[Pair]) -> String {
    let q = pairs.iter().find(|(name, _)| name == "q");
    let q = q.map_or("", |(_, value)| value.trim());
    q.chars().take(200).collect()
}

/// The page of tickets that begins after `offset` of those found.
pub async fn page(cx: &Context, words: &str, filter: &Filter, offset: u64) -> Result<Found> {
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let stretch = Stretch {
        offset: usize::try_from(offset).unwrap_or(usize::MAX),
        limit,
        newest: filter.sort != Sort::Best,
    };
    let Some(found) = searched::find(cx, words, filter, stretch).await? else {
        return Ok(Found {
            lines: Vec::new(),
            total: 0,
            preparing: true,
        });
    };
    let ids: Vec<TicketId> = found.things.iter().map(|(_, id)| TicketId(*id)).collect();
    let mut lines = list::lines(cx, &ids, filter).await?;
    mark_in(cx, words, &mut lines).await?;
    Ok(Found {
        total: i64::try_from(found.total).unwrap_or(i64::MAX),
        preparing: false,
        lines,
    })
}

/// Notes on each line where the words stand in it.
async fn mark_in(cx: &Context, words: &str, lines: &mut [Line]) -> Result<()> {
    let ids: Vec<TicketId> = lines.iter().map(|line| line.id).collect();
    let mut texts: HashMap<TicketId, Vec<String>> = HashMap::new();
    for ticket in list::tickets(cx, &ids).await? {
        let own = [Some(ticket.description), ticket.solution];
        texts.insert(ticket.id, own.into_iter().flatten().collect());
    }
    for comment in comments::of_tickets(cx.db(), cx.scope(), ids).await? {
        texts
            .entry(comment.ticket_id)
            .or_default()
            .push(comment.content);
    }
    for line in lines {
        let own = texts.remove(&line.id).unwrap_or_default();
        line.hits = Some(Hits {
            title: mark(&line.title, words),
            said: own.iter().find_map(|text| excerpt(text, words, AROUND)),
        });
    }
    Ok(())
}

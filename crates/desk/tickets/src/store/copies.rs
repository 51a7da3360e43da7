//! Tickets told once and told again in volume: the same conversations and events
//! with new ids at other times, written many rows at once. For demonstrations
//! and measurements; nobody's real history comes this way.

use std::collections::HashMap;

use event_log::{Event, NewEvent};
use kit::{Instant, Result, Tx, new_id};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder};
use serde_json::json;

use super::{comments, ticket};
use crate::events::TicketEvent;
use crate::tallies;
use crate::ticket::new_protocol;
use crate::{CommentId, TicketId};

/// A ticket with everything that was said and done about it.
pub struct Original {
    ticket: ticket::Model,
    comments: Vec<comments::Model>,
    events: Vec<Event>,
}

impl Original {
    /// Whether it is over: what can be told of years ago.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ticket.closed_at.is_some()
    }

    /// This one, if it is over or was as recent as `at` is: nobody forgets an open
    /// ticket for years.
    #[must_use]
    pub fn within(&self, now: Instant, at: Instant) -> Option<&Original> {
        let recent = now.since(at) <= now.since(self.ticket.created_at) + 86_400_000;
        (self.is_over() || recent).then_some(self)
    }

    /// From its opening to the last thing that was said or done about it, in milliseconds.
    #[must_use]
    pub fn length(&self) -> i64 {
        self.ticket.updated_at.since(self.ticket.created_at)
    }
}

/// Every ticket there is, whole: for a small desk with a story.
///
/// # Errors
/// When the database refuses.
pub async fn originals(db: &impl ConnectionTrait) -> Result<Vec<Original>> {
    let mut originals = Vec::new();
    for ticket in ticket::Entity::find()
        .order_by_asc(ticket::Column::Id)
        .all(db)
        .await?
    {
        let wanted = comments::Wanted {
            internal: true,
            after: None,
            before: None,
            limit: 1_000,
        };
        originals.push(Original {
            comments: comments::of_ticket(db, ticket.id, wanted).await?,
            events: event_log::about(db, ticket.id.0, &[], None, 1_000).await?,
            ticket,
        });
    }
    Ok(originals)
}

/// Rows that go into one INSERT: a ticket has 29 columns, SQLite takes 32,766 values.
const ROWS_AT_ONCE: usize = 1_000;

/// Tells each of `told` again as if it had been opened at its instant.
///
/// # Errors
/// When the database refuses.
pub async fn copy(tx: &mut Tx, told: &[(&Original, Instant)]) -> Result<()> {
    let mut tickets = Vec::with_capacity(told.len());
    let mut said = Vec::new();
    for (original, opened) in told {
        let shift = opened.since(original.ticket.created_at);
        let moved = |at: Instant| Instant(at.0 + shift);
        let id = TicketId(new_id(*opened));
        let mut ticket = original.ticket.clone();
        ticket.id = id;
        ticket.protocol = new_protocol(&tx.cx().app.zone, *opened);
        ticket.created_at = *opened;
        ticket.updated_at = moved(ticket.updated_at);
        ticket.public_at = moved(ticket.public_at);
        ticket.resolved_at = ticket.resolved_at.map(moved);
        ticket.closed_at = ticket.closed_at.map(moved);
        let mut names = HashMap::new();
        for comment in &original.comments {
            let mut comment = comment.clone();
            let at = moved(comment.created_at);
            let new = CommentId(new_id(at));
            names.insert(comment.id.to_string(), new);
            comment.id = new;
            comment.ticket_id = id;
            comment.created_at = at;
            comment.retracted_at = comment.retracted_at.map(moved);
            said.push(comment.into_active_model());
        }
        let company = ticket.company_id.map(|c| c.0);
        tallies::note(tx, None, Some(ticket.place()));
        tickets.push(ticket.into_active_model());
        for event in &original.events {
            let Some((kind, _)) = TicketEvent::KINDS.iter().find(|(k, _)| *k == event.kind) else {
                continue;
            };
            let mut data = event.data.clone();
            if let Some(new) = data["comment"].as_str().and_then(|old| names.get(old)) {
                data["comment"] = json!(new);
            }
            tx.retell(NewEvent {
                kind,
                subject: id.0,
                company,
                actor: event.actor,
                actor_kind: event.actor_kind,
                ip: None,
                at: moved(event.at),
                data,
            });
        }
    }
    for rows in chunks(tickets) {
        ticket::Entity::insert_many(rows)
            .exec_without_returning(tx.db())
            .await?;
    }
    for rows in chunks(said) {
        comments::Entity::insert_many(rows)
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}

fn chunks<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let some: Vec<T> = rows.by_ref().take(ROWS_AT_ONCE).collect();
        (!some.is_empty()).then_some(some)
    })
}

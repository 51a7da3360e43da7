//! `/tickets/{ticket}/presence`: who else of the desk is at a ticket, as a part of
//! its page that the page fetches by itself.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::{Context, Form, Page, Problems, Result, UserId, render};
use ui::Components;

use crate::TicketId;
use crate::commands;
use crate::presence::{ALIVE_SECONDS, Presence, Tab};
use crate::store::{presence, ticket as store};

/// So many faces are shown; the sentence counts the rest.
const FACES: usize = 3;

#[derive(Template)]
#[template(path = "presence.html")]
struct Others {
    p: Page,
    groups: Vec<Group>,
}

/// Those who do the same.
struct Group {
    what: Presence,
    people: Vec<(UserId, String)>,
    said: String,
}

impl Group {
    /// Everybody's name, for whoever wants to know more than the sentence says.
    fn names(&self) -> String {
        let names: Vec<&str> = self.people.iter().map(|(_, name)| name.as_str()).collect();
        names.join(", ")
    }

    /// Who they are, for the page's script.
    fn ids(&self) -> String {
        let ids: Vec<String> = self.people.iter().map(|(id, _)| id.to_string()).collect();
        ids.join(" ")
    }

    fn faces(&self) -> &[(UserId, String)] {
        &self.people[..self.people.len().min(FACES)]
    }
}

pub async fn show(cx: Context, Path(name): Path<String>) -> Result<Response> {
    let ticket = store::find(cx.db(), cx.scope(), &name).await?;
    others(&cx, ticket.id).await
}

pub async fn tell(cx: Context, Path(name): Path<String>, form: Form) -> Result<Response> {
    let mut problems = Problems::default();
    let (tab, what) = (
        Tab::named(form.get("tab")),
        Presence::from_code(form.get("state")),
    );
    if tab.is_none() {
        problems.add("tab", "unknown");
    }
    let (Some(tab), Some(what)) = (tab, what) else {
        if what.is_none() {
            problems.add("state", "unknown");
        }
        problems.done()?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let mut tx = cx.begin().await?;
    let (ticket, is_new) = commands::attend(&mut tx, &name, &tab, what).await?;
    tx.commit_silently("who looks is no history").await?;
    if is_new {
        // It is not in the log, but this node's pages need not wait for the next look.
        cx.app.live.committed();
    }
    match what {
        Presence::Gone => Ok(StatusCode::NO_CONTENT.into_response()),
        _ => others(&cx, ticket).await,
    }
}

async fn others(cx: &Context, ticket: TicketId) -> Result<Response> {
    let since = cx.now.plus_seconds(-ALIVE_SECONDS);
    let there = presence::at_ticket(cx.db(), ticket, cx.actor.id(), since).await?;
    // Somebody with two tabs does what they do in the busier one.
    let mut busiest: BTreeMap<UserId, Presence> = BTreeMap::new();
    for (user, what) in there {
        let known = busiest.entry(user).or_insert(what);
        *known = what.max(*known);
    }
    let people = people::named(cx, busiest.keys().copied().collect()).await?;
    let mut groups = Vec::new();
    for (what, key) in [
        (Presence::Writing, "presence-writing"),
        (Presence::Looking, "presence-looking"),
    ] {
        let mut same: Vec<(UserId, String)> = busiest
            .iter()
            .filter(|(_, does)| **does == what)
            .filter_map(|(id, _)| Some((*id, people.get(id)?.name.clone())))
            .collect();
        same.sort_by(|(_, one), (_, other)| one.cmp(other));
        if !same.is_empty() {
            let said = said(cx, key, &same);
            let people = same;
            groups.push(Group { what, people, said });
        }
    }
    let p = Page::new(cx, "ticket");
    render(&Others { p, groups })
}

/// "Ana e Bruno estão vendo".
fn said(cx: &Context, key: &str, people: &[(UserId, String)]) -> String {
    let name = |at: usize| people.get(at).map_or("", |(_, name)| name.as_str());
    let count = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let args = [
        ("count", count.into()),
        ("name", name(0).into()),
        ("second", name(1).into()),
        ("more", (count - 1).into()),
    ];
    cx.text(key, &args)
}

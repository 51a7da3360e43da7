//! The search over everything (S4-106): tickets, companies and people, each as far
//! as the reader may see them.

use askama::Template;
use axum::response::Response;
use kit::{Context, Page, Query, Result, redirect, render};
use search::{Hit, Wanted, mark};
use serde::Deserialize;
use ui::Components;

use crate::indexer;

/// So many of each kind are shown.
const OF_EACH: usize = 8;

#[derive(Template)]
#[template(path = "search.html")]
struct Search {
    p: Page,
    found: Found,
}

#[derive(Template)]
#[template(path = "hits.html")]
struct Hits {
    p: Page,
    found: Found,
}

/// What some words were found in.
struct Found {
    words: String,
    groups: Vec<Group>,
    /// The index is being made: there may be more.
    preparing: bool,
}

/// What was found of one kind.
struct Group {
    kind: &'static str,
    hits: Vec<Hit>,
    total: usize,
    /// Where all of them are.
    all: Option<String>,
}

/// What is searched for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// `/search`: what was found, by kind. A protocol leads to its ticket at once.
pub async fn page(cx: Context, Query(asked): Query<Asked>) -> Result<Response> {
    let found = found(&cx, asked).await?;
    let first = found.groups.first().and_then(|group| group.hits.first());
    let named = format!("/tickets/{}", found.words.to_lowercase());
    if let Some(hit) = first.filter(|hit| hit.path.to_lowercase() == named) {
        return Ok(redirect(&hit.path));
    }
    let p = Page::new(&cx, "search-title");
    render(&Search { p, found })
}

/// `/search/hits`: the same as a part of a page.
pub async fn hits(cx: Context, Query(asked): Query<Asked>) -> Result<Response> {
    let found = found(&cx, asked).await?;
    let p = Page::new(&cx, "search-title");
    render(&Hits { p, found })
}

async fn found(cx: &Context, asked: Asked) -> Result<Found> {
    let words: String = asked.q.trim().chars().take(200).collect();
    let (groups, preparing) = groups(cx, &words).await?;
    Ok(Found {
        words,
        groups,
        preparing,
    })
}

async fn groups(cx: &Context, words: &str) -> Result<(Vec<Group>, bool)> {
    let mut groups = Vec::new();
    let Some(reader) = cx.scope().reader() else {
        return Ok((groups, false));
    };
    for indexed in indexer::all() {
        let wanted = Wanted {
            reader: reader.clone(),
            words: words.to_owned(),
            kind: Some(indexed.kind),
            tags: Vec::new(),
            from: None,
            until: None,
            newest: false,
            offset: 0,
            limit: OF_EACH,
        };
        let Some(found) = kit::find(&cx.app, wanted).await? else {
            return Ok((groups, true));
        };
        let ids: Vec<_> = found.things.iter().map(|(_, id)| *id).collect();
        let place = |hit: &Hit| ids.iter().position(|id| *id == hit.id);
        let mut hits = (indexed.hits)(cx, ids.clone()).await?;
        hits.sort_by_key(place);
        if !hits.is_empty() {
            groups.push(Group {
                kind: indexed.kind,
                all: (indexed.kind == "ticket" && found.total > hits.len())
                    .then(|| kit::with_query("/tickets", &[("q", words)])),
                total: found.total,
                hits,
            });
        }
    }
    Ok((groups, false))
}

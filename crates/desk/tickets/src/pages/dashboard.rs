use askama::Template;
use axum::response::Response;
use kit::{Context, Page, Result, render};
use ui::Components;

use super::{Marks, Names};
use crate::filter::{Filter, Sort, View};
use crate::store::list::{self, From, Line};
use crate::tallies::Tallies;

/// The first page after signing in: for staff what burns, for a requester their own.
#[derive(Template)]
#[template(path = "dashboard.html")]
struct Dashboard {
    p: Page,
    staff: bool,
    /// The first name, for the greeting.
    name: String,
    tiles: Vec<Tile>,
    mine: Vec<Line>,
    waiting: Vec<Line>,
    names: Names,
}

/// A number that leads to the tickets behind it.
struct Tile {
    view: View,
    count: String,
    alert: bool,
}

pub async fn show(cx: Context) -> Result<Response> {
    let staff = cx.scope().sees_internal();
    let views: &[View] = match staff {
        true => &[
            View::Unassigned,
            View::Mine,
            View::Working,
            View::Waiting,
            View::Escalated,
            View::Resolved,
        ],
        false => &[View::Active, View::Waiting, View::Resolved, View::All],
    };
    let counts: Vec<i64> = match staff {
        true => {
            let tallies = Tallies::kept(&cx).await?;
            let me = cx.actor.id();
            views.iter().map(|view| tallies.of(*view, me)).collect()
        }
        false => {
            let filters: Vec<Filter> = views.iter().map(|view| Filter::of(*view)).collect();
            list::counts(&cx, &filters).await?
        }
    };
    let p = Page::new(&cx, "dashboard");
    let tile = |(view, count): (&View, i64)| Tile {
        view: *view,
        count: p.number(count),
        alert: count > 0 && matches!(view, View::Unassigned | View::Escalated),
    };
    let tiles = views.iter().zip(counts).map(tile).collect();
    let mine = if staff { View::Mine } else { View::Active };
    let mine = some(&cx, mine, Sort::Updated).await?;
    let waiting = match staff {
        true => some(&cx, View::Unassigned, Sort::Created).await?,
        false => Vec::new(),
    };
    let both: Vec<Line> = mine.iter().chain(&waiting).cloned().collect();
    let user = cx.actor.user()?;
    render(&Dashboard {
        p,
        staff,
        name: user
            .name
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned(),
        tiles,
        names: Names::of(&cx, &both).await?,
        mine,
        waiting,
    })
}

async fn some(cx: &Context, view: View, sort: Sort) -> Result<Vec<Line>> {
    let filter = Filter {
        view,
        sort,
        requester: !cx.scope().sees_internal(),
        ..Filter::default()
    };
    Ok(list::page(cx, &filter, &From::Row(0), 8).await?.0)
}

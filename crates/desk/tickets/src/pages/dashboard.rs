use askama::Template;
use axum::response::Response;
use kit::{Context, Page, Result, render};
use ui::Components;

use super::{Marks, Names};
use crate::filter::{Filter, Sort, View};
use crate::store::list::{self, COUNTED_AT_TABS, From, Line};

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
    let counts = list::view_counts(&cx, views).await?;
    let tile = |view: &View| {
        let count = counts.get(view.code()).copied().unwrap_or_default();
        Tile {
            view: *view,
            count: match count {
                COUNTED_AT_TABS.. => format!("{}+", COUNTED_AT_TABS - 1),
                n => n.to_string(),
            },
            alert: count > 0 && matches!(view, View::Unassigned | View::Escalated),
        }
    };
    let mine = if staff { View::Mine } else { View::Active };
    let mine = some(&cx, mine, Sort::Updated).await?;
    let waiting = match staff {
        true => some(&cx, View::Unassigned, Sort::Created).await?,
        false => Vec::new(),
    };
    let both: Vec<Line> = mine.iter().chain(&waiting).cloned().collect();
    let user = cx.actor.user()?;
    render(&Dashboard {
        p: Page::new(&cx, "dashboard"),
        staff,
        name: user
            .name
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned(),
        tiles: views.iter().map(tile).collect(),
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

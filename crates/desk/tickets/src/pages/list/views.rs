//! The tabs above the list, the views that somebody saved, and saving them.

use axum::extract::Path;
use axum::response::Response;
use kit::{Context, Error, Form, Result, redirect_done};

use super::{filter, get, sent_back, some, url};
use crate::ViewId;
use crate::commands::{self, NewView};
use crate::filter::{Filter, Pair, View};
use crate::policy::SHARE_VIEWS;
use crate::store::list;
use crate::store::views as store;
use crate::tallies::Tallies;

/// What can be chosen above a list, with how much is in it.
#[derive(Default)]
pub struct Views {
    pub tabs: Vec<Tab>,
    pub saved: Vec<Saved>,
}

/// One tab above the list.
pub struct Tab {
    pub view: View,
    pub count: i64,
    pub url: String,
    pub current: bool,
}

/// A view that somebody saved.
pub struct Saved {
    pub id: ViewId,
    pub name: String,
    pub shared: bool,
    /// Whether the reader may change it.
    pub own: bool,
    /// Not counted where words are searched for.
    pub count: Option<String>,
    pub url: String,
    pub current: bool,
}

/// What says where in a list one is, and not which list it is.
const PLACE: [&str; 6] = ["page", "after", "before", "saved", "open", "done"];

/// So many saved views have a number: each is counted anew for each page.
const COUNTED: usize = 12;

impl Views {
    /// Those of the desk's staff; a requester has a few tabs without numbers, which
    /// the template knows.
    pub async fn of(
        cx: &Context,
        tallies: &Tallies,
        chosen: &Filter,
        pairs: &[Pair],
    ) -> Result<Views> {
        let me = cx.actor.user()?.id;
        let rows = store::list(cx).await?;
        let queries: Vec<Vec<Pair>> = rows.iter().map(|r| kit::query_pairs(&r.query)).collect();
        // A filter by something that is gone since is no reason for no page.
        let counted: Vec<Option<Filter>> = queries
            .iter()
            .enumerate()
            .map(|(at, pairs)| match some(pairs, "q") {
                None if at < COUNTED => filter(cx, pairs).ok(),
                _ => None,
            })
            .collect();
        let filters: Vec<Filter> = counted.iter().flatten().cloned().collect();
        let mut counts = list::counts(cx, &filters)
            .await?
            .into_iter()
            .map(list::said);
        let current = get(pairs, "saved");
        let show = get(pairs, "show");
        let tab = |view: View| Tab {
            view,
            count: tallies.of(view, Some(me)),
            url: url(&[], &[("view", view.code()), ("show", show)]),
            current: current.is_empty() && chosen.view == view,
        };
        let tabs = View::ALL.into_iter().map(tab).collect();
        let saved = rows.iter().zip(queries).zip(counted);
        let saved = saved.map(|((row, query), filter)| {
            let id = row.id.to_string();
            Saved {
                url: url(&query, &[("saved", &id)]),
                current: current == id,
                own: row.owner_id == me || cx.actor.may(&SHARE_VIEWS),
                count: filter.and_then(|_| counts.next()),
                id: row.id,
                name: row.name.clone(),
                shared: row.shared,
            }
        });
        Ok(Views {
            saved: saved.collect(),
            tabs,
        })
    }

    /// The saved view that is being looked at.
    pub fn current(&self) -> Option<&Saved> {
        self.saved.iter().find(|view| view.current)
    }
}

/// `POST /tickets/views`: saves the list that is being looked at.
pub async fn create(cx: Context, form: Form) -> Result<Response> {
    save(cx, None, form).await
}

/// `POST /tickets/views/{view}`: saves it under the name that is there.
pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    save(cx, Some(id), form).await
}

async fn save(cx: Context, id: Option<ViewId>, form: Form) -> Result<Response> {
    let mut pairs = kit::query_pairs(form.get("query"));
    pairs.retain(|(name, _)| !PLACE.contains(&name.as_str()));
    let plain = url(&pairs, &[]);
    let new = NewView {
        name: form.get("view_name").to_owned(),
        shared: form.ticked("shared"),
        query: plain.split_once('?').map_or("", |(_, q)| q).to_owned(),
    };
    let mut tx = cx.begin().await?;
    match commands::save_view(&mut tx, id, new).await {
        Ok(id) => {
            tx.commit().await?;
            let here = url(&pairs, &[("saved", &id.to_string())]);
            Ok(redirect_done(&here, "view-saved"))
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let query = form.get("query").to_owned();
            sent_back(cx, &query, "view", form, problems).await
        }
        Err(error) => Err(error),
    }
}

/// `POST /tickets/views/{view}/remove`.
pub async fn remove(cx: Context, Path(id): Path<String>, _form: Form) -> Result<Response> {
    let id: ViewId = id.parse().map_err(|_| Error::NotFound)?;
    let mut tx = cx.begin().await?;
    commands::remove_view(&mut tx, id).await?;
    tx.commit().await?;
    Ok(redirect_done("/tickets", "view-removed"))
}

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use kit::{Context, Page, Result, render};
use ui::Components;

use crate::store::{identities, providers};
use crate::{Provider, ProviderId};

#[derive(Template)]
#[template(path = "providers.html")]
struct Index {
    p: Page,
    providers: Vec<Provider>,
    counts: HashMap<ProviderId, i64>,
}

impl Index {
    /// For how many accounts one vouches.
    fn count(&self, id: &ProviderId) -> i64 {
        self.counts.get(id).copied().unwrap_or_default()
    }
}

pub async fn index(cx: Context) -> Result<Response> {
    render(&Index {
        p: Page::new(&cx, "sso"),
        providers: providers::list(cx.db()).await?,
        counts: identities::counts(cx.db()).await?,
    })
}

//! `/auth/sso/{slug}/callback`: whoever is vouched for elsewhere comes in, or shows
//! something else besides.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use kit::{Context, Query, Result, Tx};
use sso::{BackQuery, Vouched};

use crate::enter::{Entry, enter_by};

pub async fn back(
    cx: Context,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Query(query): Query<BackQuery>,
) -> Result<Response> {
    sso::back(&cx, &headers, &slug, query, |tx, vouched| {
        Box::pin(come_in(tx, vouched))
    })
    .await
}

async fn come_in(tx: &mut Tx, vouched: &Vouched<'_>) -> Result<Response> {
    let Vouched {
        person,
        by,
        device,
        next,
        strong,
    } = *vouched;
    let entry = match strong {
        true => Entry::In(people::start_by(tx, person, device, Some(by)).await?),
        false => enter_by(tx, person, device, next, Some(by)).await?,
    };
    entry.response(next)
}

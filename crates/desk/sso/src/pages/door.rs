//! Leaving for a provider, and coming back.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kit::{Context, Error, Page, Query, Result, redirect, redirect_done, render_with};
use people::{own_path, set_cookie};
use serde::Deserialize;
use ui::Components;

use crate::flow::{self, Door, Returned};
use crate::refusal::Failure;
use crate::start::Begun;
use crate::store::providers;
use crate::{OWN, Provider};

use super::own;

/// Somebody is not let in.
#[derive(Template)]
#[template(path = "refused.html")]
struct Refused {
    p: Page,
    /// The provider's name.
    name: String,
    slug: String,
    /// Why: the end of the locale key.
    code: &'static str,
    /// Whether another try can end better.
    again: bool,
}

#[derive(Deserialize)]
pub struct LeaveQuery {
    #[serde(default)]
    next: String,
    #[serde(default)]
    link: String,
}

/// Sends the browser to the provider. That another page can make it go there does no
/// harm: nobody is signed in who does not come back with this browser's own state.
pub async fn leave(
    cx: Context,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Query(query): Query<LeaveQuery>,
) -> Result<Response> {
    let provider = found(&cx, &slug).await?;
    let next = own_path(&query.next);
    let link = match (query.link.as_str(), cx.actor.id()) {
        ("", None) => None,
        ("", Some(_)) => return Ok(redirect(next)),
        (ticket, Some(me)) if own::is_ticket(&cx, &slug, ticket) => Some(me),
        _ => return Err(Error::NotFound),
    };
    match flow::leave(&cx, &provider, next, link).await {
        Ok((url, start)) => {
            let mut response = redirect(&url);
            set_cookie(&mut response, &Begun::of(&headers).and(&start).cookie())?;
            Ok(response)
        }
        Err(failure) => refused(&cx, &provider, failure),
    }
}

/// What stands in the address that a provider sends somebody back to.
#[derive(Deserialize)]
pub struct BackQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    iss: Option<String>,
    #[serde(default)]
    error: String,
}

/// Takes somebody back whom a provider sent, and lets them in by `door`. `slug` is the
/// provider's name in addresses.
///
/// # Errors
/// [`Error::NotFound`] when nobody is called so; what the desk could not do.
pub async fn back(
    cx: &Context,
    headers: &HeaderMap,
    slug: &str,
    query: BackQuery,
    door: Door,
) -> Result<Response> {
    let provider = found(cx, slug).await?;
    let before = Begun::of(headers);
    let begun = before.resumed(&cx.app, &query.state).is_some();
    let others = before.without(&cx.app, &query.state);
    let returned = Returned {
        state: query.state,
        code: query.code,
        iss: query.iss,
        error: query.error,
    };
    let mut response = match flow::back(cx, headers, &provider, &returned, door).await {
        Ok(Some(answer)) => answer,
        Ok(None) => redirect_done(OWN, "sso-linked"),
        Err(failure) => refused(cx, &provider, failure)?,
    };
    if begun {
        set_cookie(&mut response, &others.cookie())?;
    }
    Ok(response)
}

async fn found(cx: &Context, slug: &str) -> Result<Provider> {
    let provider = providers::active(cx.db(), &slug.replace('\0', "")).await?;
    provider.ok_or(Error::NotFound)
}

fn refused(cx: &Context, provider: &Provider, failure: Failure) -> Result<Response> {
    let refusal = match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Error(error) => return Err(error),
    };
    let (slug, code, why) = (&provider.slug, refusal.code, &refusal.why);
    tracing::warn!(request = %cx.request_id, provider = slug, code, why, "single sign-on");
    let page = Refused {
        p: Page::new(cx, "sso-refused"),
        name: provider.name.clone(),
        slug: provider.slug.clone(),
        code: refusal.code,
        again: matches!(
            refusal.code,
            "over" | "denied" | "unreachable" | "token" | "provider" | "weak"
        ),
    };
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

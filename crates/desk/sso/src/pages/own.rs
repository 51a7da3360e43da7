//! Who vouches for oneself.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use kit::{Context, Error, Form, Instant, Key, Page, Problems, Result, redirect_done, render_with};
use people::{prove, session_cookie};
use ui::Components;

use crate::store::{identities, providers};
use crate::{IdentityId, OWN, Provider, ProviderId, commands};

/// Who has shown their password may go on to the provider for so long.
const TICKET_MINUTES: i64 = 10;

#[derive(Template)]
#[template(path = "own.html")]
struct Own {
    p: Page,
    linked: Vec<Linked>,
    /// Those who do not vouch for them yet: slug and name.
    others: Vec<(String, String)>,
    /// Where they go on to be vouched for: the address and the provider's name.
    on: Option<(String, String)>,
    form: Form,
    has_password: bool,
}

#[derive(Template)]
#[template(path = "unlink.html")]
struct Unlink {
    p: Page,
    id: IdentityId,
    name: String,
    has_password: bool,
}

struct Linked {
    id: IdentityId,
    name: String,
    email: Option<String>,
    seen_at: Instant,
    active: bool,
}

pub async fn show(cx: Context) -> Result<Response> {
    page(&cx, Form::default(), Problems::default(), None).await
}

/// Who shows that it is them gets a way on to the provider: a link, because a form may
/// not lead to another site.
pub async fn link(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let provider = providers::active(cx.db(), &form.get("provider").replace('\0', "")).await?;
    let Some(provider) = provider else {
        let problems = Problems::of("provider", "unknown");
        return page(&cx, form, problems, None).await;
    };
    match prove(&cx, "password_now", form.get("password_now"), &headers).await {
        Ok(()) => {
            let path = format!("/auth/sso/{}", provider.slug);
            let path = kit::with_query(&path, &[("link", &ticket(&cx, &provider.slug))]);
            let on = Some((path, provider.name));
            page(&cx, Form::default(), Problems::default(), on).await
        }
        Err(Error::Invalid(problems)) => page(&cx, form, problems, None).await,
        Err(error) => Err(error),
    }
}

/// Asks for the password before anything is unlinked.
pub async fn ask(cx: Context, Path(id): Path<String>) -> Result<Response> {
    sure(&cx, &id, Problems::default()).await
}

pub async fn unlink(
    cx: Context,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    let its: IdentityId = id.parse().map_err(|_| Error::NotFound)?;
    // A wrong password is counted, so what is not theirs comes first.
    commands::unlinkable(&cx, cx.db(), its).await?;
    match prove(&cx, "password_now", form.get("password_now"), &headers).await {
        Ok(()) => {}
        Err(Error::Invalid(problems)) => return sure(&cx, &id, problems).await,
        Err(error) => return Err(error),
    }
    let mut tx = cx.begin().await?;
    let session = session_cookie(&headers);
    commands::unlink(&mut tx, its, session.as_deref()).await?;
    tx.commit().await?;
    Ok(redirect_done(OWN, "sso-unlinked"))
}

async fn sure(cx: &Context, id: &str, problems: Problems) -> Result<Response> {
    let id: IdentityId = id.parse().map_err(|_| Error::NotFound)?;
    let (_, name) = commands::unlinkable(cx, cx.db(), id).await?;
    let status = problems.status();
    let title = cx.text("sso-unlink-name", &[("name", name.as_str().into())]);
    let unlink = Unlink {
        p: Page::titled(cx, title).with(problems),
        id,
        name,
        has_password: people::has_password(cx).await?,
    };
    render_with(status, &unlink)
}

/// What lets this session, and no other, be linked at this provider for a while.
fn ticket(cx: &Context, slug: &str) -> String {
    let until = cx.now.plus_minutes(TICKET_MINUTES).millis();
    format!("{until}.{}", signature(cx, slug, until))
}

fn signature(cx: &Context, slug: &str, until: i64) -> String {
    let about = format!("{until} {slug} {}", cx.csrf);
    cx.app.key.sign_hex("sso link", about.as_bytes())
}

/// Whether somebody has shown that it is them, a moment ago, in this session.
pub(super) fn is_ticket(cx: &Context, slug: &str, ticket: &str) -> bool {
    let Some((until, signed)) = ticket.split_once('.') else {
        return false;
    };
    let until: i64 = until.parse().unwrap_or_default();
    cx.now.millis() < until && Key::same(&signature(cx, slug, until), signed)
}

async fn page(
    cx: &Context,
    form: Form,
    problems: Problems,
    on: Option<(String, String)>,
) -> Result<Response> {
    let me = cx.actor.user()?.id;
    let all = providers::list(cx.db()).await?;
    let all: HashMap<ProviderId, Provider> = all.into_iter().map(|p| (p.id, p)).collect();
    let own = identities::of(cx.db(), me).await?;
    let is_linked = |id: ProviderId| own.iter().any(|identity| identity.provider_id == id);
    let others = all.values().filter(|p| p.active && !is_linked(p.id));
    let mut others: Vec<_> = others.map(|p| (p.slug.clone(), p.name.clone())).collect();
    others.sort_by(|a, b| a.1.cmp(&b.1));
    let linked = own.into_iter().filter_map(|identity| {
        let provider = all.get(&identity.provider_id)?;
        Some(Linked {
            id: identity.id,
            name: provider.name.clone(),
            email: identity.email,
            seen_at: identity.seen_at,
            active: provider.active,
        })
    });
    let status = problems.status();
    let own = Own {
        linked: linked.collect(),
        p: Page::new(cx, "sso-own").with(problems),
        has_password: people::has_password(cx).await?,
        others,
        on,
        form,
    };
    render_with(status, &own)
}

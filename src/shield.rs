//! The first thing that a request meets: who asks, from where, in which
//! language; and the last thing that an answer passes.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use kit::{Actor, App, Context, Error, Key, Locale, Looks, Result, Theme, cookie, new_id};
use people::{Asker, Person};

use crate::fresh;
use crate::router::changes;

/// Puts the [`Context`] into the request and the headers onto the answer.
pub async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let begun = Stopwatch::now();
    let headers = request.headers();
    let ip = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let visit = cookie(headers, "visit").map(str::to_owned);
    let new_visit = visit.is_none().then(Key::token);
    let api = is_api(request.uri().path());
    let signs_in = request.uri().path() == "/api/v1/auth/login";
    let who = match signs_in {
        true => Ok(None),
        false => identify(&app, headers, api, by_hand(request.uri().path(), headers)).await,
    };
    let (asker, away) = match who {
        Ok(asker) => (asker, None),
        Err(error) => (None, Some(error)),
    };
    // A page that answers a form belongs to no place in the log.
    let placed = api || !changes(&request);
    let seq = asker.as_ref().filter(|_| placed).map(|a| a.seq);
    let person = asker.map(|asker| asker.person);
    let binding = cookie(headers, "session").filter(|_| person.is_some());
    let binding = binding.or(visit.as_deref()).or(new_visit.as_deref());
    let mut cx = context(
        &app,
        &request,
        person.as_ref(),
        ip,
        binding.unwrap_or_default(),
    );
    let flash = cx.flash.is_some();
    let refused =
        away.or_else(|| (!api && foreign(&app, &request)).then_some(Error::Forbidden("csrf")));
    cx.seq = seq.unwrap_or_default();
    let tag = fresh::tag(&mut cx, &request);
    let unchanged = tag.as_ref().and_then(|tag| fresh::unchanged(&request, tag));
    let line = Line::of(&request, &cx);
    request.extensions_mut().insert(cx.clone());
    let mut response = match (refused, unchanged) {
        // The layer inside words it, so it must pass there.
        (Some(error), _) => crate::refusal::answer(&cx, error, api),
        (None, Some(unchanged)) => unchanged,
        (None, None) => next.run(request).await,
    };
    if let Some(tag) = tag {
        fresh::put(&mut response, tag);
    }
    finish(&mut response, &cx, new_visit.filter(|_| !api), flash);
    line.log(&response, begun);
    response
}

/// Whether somebody did something, and not the page by itself: what a page asks
/// for while nobody sits there must not keep the session alive.
fn by_hand(path: &str, headers: &HeaderMap) -> bool {
    !matches!(path, "/live" | "/live/ws" | "/sync/check") && !headers.contains_key("x-refresh")
}

/// The person of the session cookie, or on the API of the bearer token. A cookie
/// is worth nothing there, so no other site can use it.
async fn identify(
    app: &App,
    headers: &HeaderMap,
    api: bool,
    by_hand: bool,
) -> Result<Option<Asker>> {
    if !api {
        return match cookie(headers, "session") {
            Some(token) => people::resume(app, token, by_hand).await,
            None => Ok(None),
        };
    }
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    match token {
        // Who shows a token means to be somebody: an old one is not "nobody".
        Some(token) => match people::bearer(app, token).await? {
            Some(asker) => Ok(Some(asker)),
            None => Err(Error::SignIn),
        },
        None => Ok(None),
    }
}

fn context(
    app: &App,
    request: &Request,
    person: Option<&Person>,
    ip: Option<IpAddr>,
    binding: &str,
) -> Context {
    let headers = request.headers();
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let now = app.clock.now();
    let locale = person
        .and_then(|p| Locale::from_tag(p.locale.as_deref()?))
        .or_else(|| cookie(headers, "language").and_then(Locale::from_tag))
        .unwrap_or_else(|| Locale::negotiate(text(header::ACCEPT_LANGUAGE).unwrap_or_default()));
    // The page that a form stands on, not the address that only takes forms.
    let path = match changes(request) {
        true => text(header::REFERER).and_then(own_path).unwrap_or("/"),
        false => request.uri().path_and_query().map_or("/", |p| p.as_str()),
    };
    Context {
        app: app.clone(),
        actor: person.map_or(Actor::Nobody, Actor::from),
        locale,
        now,
        ip,
        request_id: new_id(now).to_string().into(),
        path: path.into(),
        csrf: app.key.sign_hex("csrf", binding.as_bytes()).into(),
        looks: person.map_or_else(|| looks(headers), |p| p.looks),
        seq: 0,
        flash: cookie(headers, "flash")
            .filter(|v| !v.is_empty())
            .map(Arc::from),
    }
}

/// What a browser remembers of whoever has not signed in yet.
fn looks(headers: &HeaderMap) -> Looks {
    Looks {
        theme: cookie(headers, "theme")
            .and_then(Theme::from_code)
            .unwrap_or_default(),
        ..Looks::default()
    }
}

/// The path and query of a URL.
fn own_path(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.find('/').map(|at| &rest[at..])
}

/// Whether a change comes from a page of another site. Browsers say where from
/// (Fetch Metadata, Origin); whoever says nothing must still know the form's token.
/// A socket changes nothing, but the other page could read what comes through it,
/// which it could not of an answer.
fn foreign(app: &App, request: &Request) -> bool {
    if !changes(request) && !opens_socket(request.headers()) {
        return false;
    }
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if matches!(text("sec-fetch-site"), Some("cross-site" | "same-site")) {
        return true;
    }
    let Some(origin) = text("origin") else {
        return false;
    };
    // Behind a proxy the Host may be its own; what people type is the setting.
    let place = |url: &str| url.split_once("://").map(|(_, rest)| rest.to_lowercase());
    let origin = place(origin).unwrap_or_default();
    let ours = [
        place(&app.settings.base_url),
        text("host").map(str::to_lowercase),
    ];
    !ours.into_iter().flatten().any(|host| host == origin)
}

/// Whether a WebSocket is asked for; no script can say so in an ordinary request.
#[must_use]
pub fn opens_socket(headers: &HeaderMap) -> bool {
    headers.contains_key(header::SEC_WEBSOCKET_KEY)
}

/// Whether the answer is for a program.
#[must_use]
pub fn is_api(path: &str) -> bool {
    path.starts_with("/api/v1")
}

const CSP: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; \
    form-action 'self'; frame-ancestors 'none'";

fn finish(response: &mut Response, cx: &Context, visit: Option<String>, flash: bool) {
    let redirects = response.status().is_redirection();
    let headers = response.headers_mut();
    let mut keep = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    keep(header::CONTENT_SECURITY_POLICY, CSP);
    keep(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    keep(header::X_FRAME_OPTIONS, "DENY");
    keep(header::REFERRER_POLICY, "same-origin");
    let mut set = |cookie: String| {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, value);
        }
    };
    if let Some(visit) = visit {
        set(format!("visit={visit}; Path=/; HttpOnly; SameSite=Lax"));
    }
    if flash && !redirects {
        set("flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax".to_owned());
    }
    if cx.app.settings.secure() {
        secure_cookies(headers);
    }
    if let Ok(id) = HeaderValue::from_str(&cx.request_id) {
        headers.insert("x-request-id", id);
    }
}

/// Where the desk's address is `https`, no cookie of it travels in the clear,
/// whoever set it.
fn secure_cookies(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .cloned()
        .collect();
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        let secured = [cookie.as_bytes(), b"; Secure"].concat();
        if let Ok(value) = HeaderValue::from_bytes(&secured) {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

/// One line of the log for each request (S4-250).
struct Line {
    method: String,
    path: String,
    id: Arc<str>,
    user: Option<String>,
    ip: Option<IpAddr>,
}

impl Line {
    fn of(request: &Request, cx: &Context) -> Line {
        let path = request.uri().path();
        Line {
            method: request.method().to_string(),
            // What opens the desk for its first administrator is no one else's to read.
            path: match path.starts_with("/setup/") {
                true => "/setup/…".to_owned(),
                false => path.to_owned(),
            },
            id: cx.request_id.clone(),
            user: cx.actor.id().map(|id| id.to_string()),
            ip: cx.ip,
        }
    }

    fn log(self, response: &Response, begun: Stopwatch) {
        tracing::info!(
            request = %self.id,
            method = self.method,
            path = self.path,
            status = response.status().as_u16(),
            ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            user = self.user,
            ip = self.ip.map(|ip| ip.to_string()),
            "request"
        );
    }
}

//! The first thing that a request meets: who asks, from where, in which
//! language; and the last thing that an answer passes.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use kit::{Actor, App, Context, Error, Key, Locale, Looks, Result, Theme, cookie, new_id};
use people::{Asker, Person};

use crate::limits::{Class, Limits, Who};
use crate::real_ip::{self, Origin};
use crate::router::changes;
use crate::{cookies, fresh, headers, refusal};

/// What stands before the desk, for as long as the process lives.
#[derive(Clone)]
pub struct Shield {
    app: App,
    limits: Arc<Limits>,
}

impl Shield {
    /// A shield that nobody has met yet.
    #[must_use]
    pub fn of(app: &App) -> Shield {
        Shield {
            app: app.clone(),
            limits: Arc::new(Limits::new(&app.clock, app.settings.limits)),
        }
    }
}

/// Puts the [`Context`] into the request and the headers onto the answer.
pub async fn guard(State(shield): State<Shield>, mut request: Request, next: Next) -> Response {
    let begun = Stopwatch::now();
    let app = &shield.app;
    cookies::come_in(&app.settings, request.headers_mut());
    let id: Arc<str> = new_id(app.clock.now()).to_string().into();
    let origin = origin(app, &request);
    let ip = origin.map(|origin| origin.ip);
    let limit = shield.at_the_door(&request, ip);
    let foreign = !is_api(request.uri().path()) && foreign(app, &request);
    stage(&id, "shield");
    let headers = request.headers();
    let visit = cookie(headers, "visit").map(str::to_owned);
    let new_visit = visit.is_none().then(Key::token);
    let api = is_api(request.uri().path());
    let signs_in = request.uri().path() == "/api/v1/auth/login";
    let writes = changes(&request);
    let used = by_hand(request.uri().path(), headers);
    let who = match api {
        _ if signs_in || limit.is_some() => Ok(None),
        true => by_token(app, headers, writes).await,
        false => by_cookie(app, headers, used).await,
    };
    let (asker, away) = match who {
        Ok(asker) => (asker, None),
        Err(error) => (None, Some(error)),
    };
    // A page that answers a form belongs to no place in the log.
    let placed = api || !changes(&request);
    let known = asker.as_ref().map_or(0, |asker| asker.seq);
    let seq = asker.as_ref().filter(|_| placed).map(|a| a.seq);
    let person = asker.map(|asker| asker.person);
    let binding = cookie(headers, "session").filter(|_| person.is_some());
    let binding = binding.or(visit.as_deref()).or(new_visit.as_deref());
    stage(&id, "authentication");
    let limit = limit.or_else(|| shield.once_known(person.as_ref(), ip, api));
    let mut cx = context(
        app,
        &request,
        person.as_ref(),
        ip,
        binding.unwrap_or_default(),
        id,
    );
    let flash = cx.flash.is_some();
    let elsewhere = match companies::welcome(&mut cx, known).await {
        Err(Error::Forbidden(why)) => turned_away(&mut cx, &request, why),
        other => other.err(),
    };
    let refused = limit
        .map(|(_, seconds)| Error::TooMany(seconds))
        .or(away)
        .or_else(|| foreign.then_some(Error::Forbidden("csrf")))
        .or(elsewhere)
        .or_else(|| {
            request
                .uri()
                .path()
                .contains("%00")
                .then_some(Error::NotFound)
        });
    without_nul(&mut request);
    cx.seq = seq.unwrap_or_default();
    // A database that is away is for the page to say.
    let owed = refused.is_none()
        && waits_for_consent(&request)
        && accounts::consent_owed(&cx).await.unwrap_or_default();
    let tag = fresh::tag(&mut cx, &request);
    let unchanged = tag.as_ref().and_then(|tag| fresh::unchanged(&request, tag));
    let mut line = Line::of(&request, &cx);
    line.limit = limit.map(|(class, _)| class.name());
    let secret = shows_secrets(&request);
    request.extensions_mut().insert(cx.clone());
    let mut response = match (refused, unchanged) {
        (Some(Error::TooMany(seconds)), _) if !api => {
            refusal::too_many(&cx, seconds, request).await
        }
        // The layer inside words it, so it must pass there.
        (Some(error), _) => refusal::answer(&cx, error, api),
        (None, _) if owed => kit::redirect(&kit::with_query("/lgpd", &[("next", &cx.path)])),
        (None, Some(unchanged)) => unchanged,
        (None, None) => next.run(request).await,
    };
    if let Some(tag) = tag {
        fresh::put(&mut response, tag);
    }
    if secret || api {
        never_kept(&mut response, secret);
    }
    finish(&mut response, &cx, new_visit.filter(|_| !api), flash);
    let https = app.settings.secure() || origin.is_some_and(|origin| origin.https);
    headers::put(response.headers_mut(), https);
    line.log(&response, begun);
    response
}

impl Shield {
    /// The limit that a route has of its own, before anybody is asked who they are.
    fn at_the_door(&self, request: &Request, ip: Option<IpAddr>) -> Option<(Class, i64)> {
        let with_token = request.headers().contains_key(header::AUTHORIZATION);
        let class = Class::of_route(request.method(), route(request)?, with_token)?;
        self.take(class, Who::At(ip?))
    }

    /// The limit of everything, by the account or else by the address.
    fn once_known(
        &self,
        person: Option<&Person>,
        ip: Option<IpAddr>,
        api: bool,
    ) -> Option<(Class, i64)> {
        match (person, api) {
            (Some(person), true) => self.take(Class::Api, Who::Is(person.id)),
            (Some(person), false) => self.take(Class::Pages, Who::Is(person.id)),
            (None, true) => self.take(Class::ApiByNobody, Who::At(ip?)),
            (None, false) => self.take(Class::PagesByNobody, Who::At(ip?)),
        }
    }

    fn take(&self, class: Class, who: Who) -> Option<(Class, i64)> {
        let wait = self.limits.take(class, who).err();
        wait.map(|seconds| (class, seconds))
    }
}

/// From where it comes; unknown where there is no connection.
fn origin(app: &App, request: &Request) -> Option<Origin> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let proxies = &app.settings.proxies;
    Some(real_ip::origin(peer.0.ip(), request.headers(), proxies))
}

/// The path as the route is declared, with its parameters in braces.
fn route(request: &Request) -> Option<&str> {
    let path = request.extensions().get::<MatchedPath>();
    path.map(MatchedPath::as_str)
}

/// As [`Context::stage`], before there is a context.
fn stage(id: &str, stage: &str) {
    tracing::debug!(target: "stage", request = %id, stage);
}

/// Whether this is a page that whoever has yet to agree to their company's text about
/// their data does not see before (S3-175). What a form does goes on, or what was just
/// written would be lost; so does what a page asks for by itself, and a program.
fn waits_for_consent(request: &Request) -> bool {
    let path = request.uri().path();
    // What anybody may read is among it.
    let begins = [
        "/lgpd", "/auth", "/api", "/brand", "/live", "/sync", "/health",
    ];
    let goes_on = |begin: &&str| path == *begin || path.starts_with(&format!("{begin}/"));
    // A link from a letter is used up first, and not carried along in an address.
    !changes(request)
        && !shows_secrets(request)
        && path != "/favicon.ico"
        && !begins.iter().any(goes_on)
}

/// Nothing is asked for with a NUL in it: PostgreSQL refuses it even in a question.
fn without_nul(request: &mut Request) {
    let Some(query) = request.uri().query().filter(|q| q.contains("%00")) else {
        return;
    };
    let mut query = query.to_owned();
    while query.contains("%00") {
        query = query.replace("%00", "");
    }
    if let Ok(uri) = format!("{}?{query}", request.uri().path()).parse() {
        *request.uri_mut() = uri;
    }
}

/// Whether a link that opens something by itself is part of the address, or a
/// password or a code of the page.
fn shows_secrets(request: &Request) -> bool {
    request.uri().path().starts_with("/auth/")
        || route(request).is_some_and(|route| route.ends_with("/{token}"))
}

/// Nobody between keeps it, nor the browser: over what a handler says where it
/// shows secrets, and for programs where it says nothing.
fn never_kept(response: &mut Response, whatever_it_says: bool) {
    let headers = response.headers_mut();
    if whatever_it_says || !headers.contains_key(header::CACHE_CONTROL) {
        let never = HeaderValue::from_static("no-store");
        headers.insert(header::CACHE_CONTROL, never);
    }
}

/// Who may not come from where they are (S3-264) is nobody here: they read what
/// everybody may before signing in, and they may sign out. The rest is refused.
fn turned_away(cx: &mut Context, request: &Request, why: &'static str) -> Option<Error> {
    let path = request.uri().path();
    if path == "/auth/logout" {
        return None;
    }
    cx.actor = Actor::Nobody;
    let before = ["/auth/", "/brand/", "/health"];
    let public = path == "/" || before.iter().any(|begin| path.starts_with(begin));
    (!public).then_some(Error::Forbidden(why))
}

/// Whether somebody did something, and not the page by itself: what a page asks
/// for while nobody sits there must not keep the session alive.
fn by_hand(path: &str, headers: &HeaderMap) -> bool {
    !matches!(path, "/live" | "/live/ws" | "/sync/check") && !headers.contains_key("x-refresh")
}

/// The person of the session cookie.
async fn by_cookie(app: &App, headers: &HeaderMap, used: bool) -> Result<Option<Asker>> {
    match cookie(headers, "session") {
        Some(token) => people::resume(app, token, used).await,
        None => Ok(None),
    }
}

/// On the API, the person of the bearer token. A cookie is worth nothing there, so no
/// other site can use it.
async fn by_token(app: &App, headers: &HeaderMap, changes: bool) -> Result<Option<Asker>> {
    let Some(shown) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let token = shown
        .to_str()
        .ok()
        .and_then(|v| v.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        // Who shows something means to be somebody, and is not limited as nobody is.
        .ok_or(Error::SignIn)?;
    let asker = match token.starts_with(accounts::TOKEN_PREFIX) {
        true => accounts::bearer(app, token, changes).await?,
        false => people::bearer(app, token).await?,
    };
    // Who shows a token means to be somebody: an old one is not "nobody".
    asker.map(Some).ok_or(Error::SignIn)
}

fn context(
    app: &App,
    request: &Request,
    person: Option<&Person>,
    ip: Option<IpAddr>,
    binding: &str,
    id: Arc<str>,
) -> Context {
    let headers = request.headers();
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let now = app.clock.now();
    let locale = person
        .and_then(|p| Locale::from_tag(p.locale.as_deref()?))
        .or_else(|| cookie(headers, "language").and_then(Locale::from_tag))
        .unwrap_or_else(|| Locale::negotiate(text(header::ACCEPT_LANGUAGE).unwrap_or_default()));
    let zone = person.map_or_else(|| app.zone.clone(), |p| p.zone(app));
    // The page that a form stands on, not the address that only takes forms.
    let path = match changes(request) {
        true => text(header::REFERER).and_then(own_path).unwrap_or("/"),
        false => request.uri().path_and_query().map_or("/", |p| p.as_str()),
    };
    Context {
        app: app.clone(),
        actor: person.map_or(Actor::Nobody, Actor::from),
        locale,
        zone,
        now,
        ip,
        request_id: id,
        path: path.into(),
        csrf: app.key.sign_hex("csrf", binding.as_bytes()).into(),
        looks: person.map_or_else(|| looks(headers), |p| p.looks),
        brand: Arc::default(),
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

fn finish(response: &mut Response, cx: &Context, visit: Option<String>, flash: bool) {
    let redirects = response.status().is_redirection();
    let headers = response.headers_mut();
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
    cookies::go_out(&cx.app.settings, headers);
    if let Ok(id) = HeaderValue::from_str(&cx.request_id) {
        headers.insert("x-request-id", id);
    }
}

/// One line of the log for each request (S4-250).
struct Line {
    method: String,
    path: String,
    id: Arc<str>,
    user: Option<String>,
    ip: Option<IpAddr>,
    /// Which limit it met.
    limit: Option<&'static str>,
}

impl Line {
    fn of(request: &Request, cx: &Context) -> Line {
        let path = request.uri().path();
        Line {
            method: request.method().to_string(),
            // A link that opens something by itself is no one else's to read.
            path: match route(request).and_then(|route| route.strip_suffix("{token}")) {
                Some(before) => format!("{before}…"),
                None => path.to_owned(),
            },
            id: cx.request_id.clone(),
            user: cx.actor.id().map(|id| id.to_string()),
            ip: cx.ip,
            limit: None,
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
            limit = self.limit,
            "request"
        );
    }
}

//! Every URL of the product, and the layers that each request walks through.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use kit::{Access, App, Error, Routes};
use tower::Layer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::normalize_path::{NormalizePath, NormalizePathLayer};

use crate::shield::{self, Shield};
use crate::{docs, features, find, headers, live, pages, refusal};

/// The routes of every feature and the front door's own.
#[must_use]
pub fn routes() -> Routes {
    let own = Routes::new()
        .get("/", Access::Public, pages::landing)
        .get("/health", Access::Public, pages::health)
        .get("/health-check", Access::Public, pages::health)
        .get("/search", Access::SignedIn, find::page)
        .get("/search/hits", Access::SignedIn, find::hits)
        .get("/live", Access::SignedIn, live::stream)
        .get("/live/ws", Access::SignedIn, live::socket)
        .get("/sync/check", Access::SignedIn, live::check)
        .get("/api/docs", Access::Public, docs::page)
        .get("/api/v1/openapi.json", Access::Public, docs::openapi);
    features::ALL
        .iter()
        .map(|feature| (feature.routes)())
        .fold(own, Routes::merge)
}

/// What is served: the routes behind the shield. A trailing slash makes no difference.
pub fn service(app: &App) -> NormalizePath<Router> {
    let router = routes()
        .router
        .route("/favicon.ico", get(pages::favicon))
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { axum::http::StatusCode::METHOD_NOT_ALLOWED })
        .layer(DefaultBodyLimit::max(app.settings.body_bytes))
        .layer(CatchPanicLayer::custom(refusal::panicked))
        .layer(from_fn(refusal::word))
        .layer(from_fn_with_state(Shield::of(app), shield::guard))
        .with_state(app.clone());
    // Files are the same for everybody: no session is read for them, no cookie set.
    let files = get(ui::serve).layer(from_fn_with_state(app.clone(), headers::only));
    let router = router.route("/static/{name}", files);
    NormalizePathLayer::trim_trailing_slash().layer(router)
}

/// Whether a request may change something.
#[must_use]
pub fn changes(request: &Request) -> bool {
    !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    )
}

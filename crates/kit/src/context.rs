use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use i18n::{Arg, Locale, Zone};

use crate::{Actor, App, Brand, Error, Instant, Looks, Permission, Result, Scope, Tx};

/// Who asks, in which language, at what time. Every command and query takes one.
#[derive(Clone)]
pub struct Context {
    /// The process.
    pub app: App,
    /// Who asks.
    pub actor: Actor,
    /// In which language they read.
    pub locale: Locale,
    /// In which zone they read times.
    pub zone: Zone,
    /// When: one instant for the whole request.
    pub now: Instant,
    /// From which address, where one is known.
    pub ip: Option<IpAddr>,
    /// The request's id, as in the log and on the error page.
    pub request_id: Arc<str>,
    /// The path and query asked for.
    pub path: Arc<str>,
    /// What a form of this session must bring back.
    pub csrf: Arc<str>,
    /// How the reader wants pages to look.
    pub looks: Looks,
    /// Whose colours and signs they wear.
    pub brand: Arc<Brand>,
    /// The newest event when the request came: what an open page was made from.
    pub seq: i64,
    /// What the last request did and this page says.
    pub flash: Option<Arc<str>>,
}

impl Context {
    /// A context outside any request: a command line, a schedule, an import.
    #[must_use]
    pub fn system(app: &App) -> Context {
        Context {
            app: app.clone(),
            actor: Actor::System,
            locale: Locale::default(),
            zone: app.zone.clone(),
            now: app.clock.now(),
            ip: None,
            request_id: "".into(),
            path: "".into(),
            csrf: "".into(),
            looks: Looks::default(),
            brand: Arc::default(),
            seq: 0,
            flash: None,
        }
    }

    /// What the actor may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::of(&self.actor)
    }

    /// Starts the only thing that can write.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database is away.
    pub async fn begin(&self) -> Result<Tx> {
        Tx::begin(self.clone()).await
    }

    /// For reading.
    #[must_use]
    pub fn db(&self) -> &db::Reader {
        self.app.db.reader()
    }

    /// A small list that stands on many pages and that only events of `topic` change:
    /// from memory while none came since it was read, or else from `read`.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn kept<T: Send + Sync + 'static>(
        &self,
        name: &'static str,
        topic: &str,
        read: impl Future<Output = Result<T>>,
    ) -> Result<Arc<T>> {
        self.app.live.list(name, topic, self.seq, read).await
    }

    /// The same for things by their ids, of which a page shows some: `read` is asked
    /// for those that are not in memory.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn kept_each<K, V, R>(
        &self,
        name: &'static str,
        topic: &str,
        ids: Vec<K>,
        read: impl FnOnce(Vec<K>) -> R,
    ) -> Result<HashMap<K, Arc<V>>>
    where
        K: Copy + Eq + Hash + Send + 'static,
        V: Send + Sync + 'static,
        R: Future<Output = Result<HashMap<K, V>>>,
    {
        let live = &self.app.live;
        live.each(name, topic, self.seq, ids, read).await
    }

    /// How far this request has come (S4-267); `LOG=info,stage=debug` shows it.
    pub fn stage(&self, stage: &str) {
        tracing::debug!(target: "stage", request = %self.request_id, stage);
    }

    /// A text in the reader's language.
    #[must_use]
    pub fn text(&self, key: &str, args: &[Arg<'_>]) -> String {
        self.app.i18n.text(self.locale, key, args)
    }

    /// Refuses whoever lacks `permission`.
    ///
    /// # Errors
    /// [`Error::SignIn`] or [`Error::Forbidden`].
    pub fn require(&self, permission: &Permission) -> Result<()> {
        match self.actor {
            Actor::Nobody => Err(Error::SignIn),
            _ if self.actor.may(permission) => Ok(()),
            _ => Err(Error::Forbidden("role")),
        }
    }
}

/// The front door puts a context into every request.
impl<S: Sync> FromRequestParts<S> for Context {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Context> {
        parts
            .extensions
            .get::<Context>()
            .cloned()
            .ok_or_else(|| Error::internal("a request without a context"))
    }
}

/// The value of the cookie `name`.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, value)| value)
}

use std::sync::Arc;

use i18n::Texts;
use jobs::{Failure, Handler, Schedule};
use serde_json::Value;

use crate::{Access, App, Error, Indexed, Passing, Permission, Routes, Topic};
use db::Migration;

/// An entry of the menu or of the administration's index.
#[derive(Clone, Copy, Debug)]
pub struct Nav {
    /// The locale key of its name; `<key>-about` describes it in the index.
    pub text: &'static str,
    /// The icon's name in the sprite.
    pub icon: &'static str,
    /// Where it leads.
    pub path: &'static str,
    /// Who sees it.
    pub access: Access,
}

/// A slice of the desk, from database to page, as the front door knows it.
#[derive(Clone, Copy)]
pub struct Feature {
    /// Its name.
    pub name: &'static str,
    /// Its schema.
    pub migrations: &'static [Migration],
    /// Its texts.
    pub texts: Texts,
    /// What it lets some roles do.
    pub permissions: &'static [&'static Permission],
    /// Its pages and its part of the API.
    pub routes: fn() -> Routes,
    /// Its entries in the menu.
    pub nav: &'static [Nav],
    /// Its entries in the administration's index.
    pub admin: &'static [Nav],
    /// Its part of the API's contract.
    pub openapi: fn() -> utoipa::openapi::OpenApi,
    /// What carries out its jobs.
    pub handlers: fn(&App) -> Vec<Handler>,
    /// Its jobs that come again and again.
    pub schedules: &'static [Schedule],
    /// The things whose changes open pages hear of.
    pub topics: &'static [Topic],
    /// What they hear of that leaves no trace in the log.
    pub passing: &'static [Passing],
    /// The things that people search for.
    pub indexed: &'static [Indexed],
}

impl Feature {
    /// For a feature without a part in the API.
    pub const NO_API: fn() -> utoipa::openapi::OpenApi = utoipa::openapi::OpenApi::default;
    /// For a feature without jobs.
    pub const NO_JOBS: fn(&App) -> Vec<Handler> = |_| Vec::new();
}

/// What carries out the jobs of a kind; an error stands on the job's row.
pub fn handler<R>(
    app: &App,
    kind: &'static str,
    run: impl Fn(App, Value) -> R + Send + Sync + 'static,
) -> Handler
where
    R: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let app = app.clone();
    let run = Arc::new(move |payload| Box::pin(run(app.clone(), payload)) as _);
    Handler { kind, run }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        format!("{error:?}").into()
    }
}

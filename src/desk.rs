//! Opens a desk: database, files, texts and secret, put together for the features.

use std::sync::Arc;

use i18n::{I18n, Zone};
use kit::{App, Clock, Context, Db, Error, Key, Parts, Vault};
use mail::Mailer;
use storage::Storage;
use thiserror::Error;

use crate::features;

/// Why a desk could not be opened, in words for whoever started it.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Schema(#[from] db::MigrateError),
    /// A directory or a file could not be made.
    #[error("{0}")]
    File(String),
    /// The settings of mail will not do.
    #[error("mail cannot be sent like this: {0}")]
    Mail(String),
    /// The program's own texts are wrong.
    #[error("the texts are wrong: {0}")]
    Texts(String),
    /// The first lists could not be made.
    #[error("the first start failed: {0:?}")]
    FirstStart(Error),
}

/// Connects, brings the schema up to date, and puts the parts together.
///
/// # Errors
/// [`OpenError`] says what stood in the way.
pub async fn open(
    settings: kit::Settings,
    key: Key,
    vault: Vault,
    clock: Clock,
) -> Result<App, OpenError> {
    if settings.database_url.starts_with("sqlite:") {
        make_directory_of(&settings.database_url)?;
    }
    let db = Db::connect(&settings.database_url).await?;
    open_on(db, settings, key, vault, clock).await
}

/// The same on a database that is connected already.
///
/// # Errors
/// As [`open`].
pub async fn open_on(
    db: Db,
    settings: kit::Settings,
    key: Key,
    vault: Vault,
    clock: Clock,
) -> Result<App, OpenError> {
    db::migrate(&db, &features::migrations()).await?;
    let storage = Storage::local(&settings.uploads).map_err(|e| OpenError::File(e.to_string()))?;
    let i18n = I18n::new(&features::texts()).map_err(OpenError::Texts)?;
    let zone = Zone::named(&settings.timezone).map_err(|e| OpenError::File(e.0))?;
    let mail = Mailer::new(&settings.mail).map_err(|e| OpenError::Mail(e.to_string()))?;
    let index = search::Index::at(&settings.data.join("search"));
    let routes = crate::router::routes();
    let collect = |of: fn(&kit::Feature) -> &'static [kit::Nav]| {
        features::ALL
            .iter()
            .flat_map(of)
            .copied()
            .collect::<Vec<_>>()
    };
    let mut nav = collect(|f| f.nav);
    // The administration stands last in the menu, whoever brings it.
    nav.sort_by_key(|n| n.path == "/admin");
    let app = App::new(Parts {
        db,
        i18n,
        storage,
        settings,
        zone,
        clock,
        key,
        nav,
        admin: collect(|f| f.admin),
        permissions: features::ALL
            .iter()
            .flat_map(|f| f.permissions)
            .copied()
            .collect(),
        routes: routes.table,
        index,
        live: Arc::default(),
        mail,
        vault,
        asset: ui::asset,
    });
    first_start(&app).await.map_err(OpenError::FirstStart)?;
    tickets::tallies::begin(&Context::system(&app))
        .await
        .map_err(OpenError::FirstStart)?;
    Ok(app)
}

/// An empty desk gets a company and the usual lists, to be renamed (S3-202).
async fn first_start(app: &App) -> kit::Result<()> {
    let cx = Context::system(app);
    if !companies::names(cx.db()).await?.is_empty() || people::people_exist(cx.db()).await? {
        return Ok(());
    }
    let mut tx = cx.begin().await?;
    let company = companies::CompanyInput {
        name: cx.text("company-default", &[]),
        active: true,
        ..companies::CompanyInput::default()
    };
    companies::create(&mut tx, company).await?;
    catalog::first_lists(&mut tx).await?;
    tx.commit().await
}

fn make_directory_of(url: &str) -> Result<(), OpenError> {
    let normal = db::normalise(url).map_err(|e| OpenError::File(e.to_string()))?;
    let path = normal.trim_start_matches("sqlite:");
    let path = path.split('?').next().unwrap_or_default();
    match std::path::Path::new(path).parent() {
        Some(parent) if !parent.as_os_str().is_empty() => std::fs::create_dir_all(parent)
            .map_err(|e| OpenError::File(format!("{}: {e}", parent.display()))),
        _ => Ok(()),
    }
}

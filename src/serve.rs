//! Serves a desk until it is told to stop, and does its background work.

use std::net::SocketAddr;
use std::time::Duration;

use axum::ServiceExt;
use axum::extract::Request;
use jobs::{Handler, Schedule};
use kit::App;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::{features, indexer, live, router};

/// How long the background rests when there is nothing to do.
const REST: Duration = Duration::from_secs(2);

/// Serves `app` on `listener` until `stop` turns true or its sender is gone.
///
/// # Errors
/// When the socket fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let background = tokio::spawn(background(app.clone(), stop.clone()));
    let live = tokio::spawn(live::follow(app.clone(), stop.clone()));
    let index = tokio::spawn(indexer::follow(app.clone(), stop.clone()));
    let closing = app.live.clone();
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(
        router::service(&app),
    );
    axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            drop(stop.wait_for(|stop| *stop).await);
            // An open stream would keep the server from ending.
            closing.close();
        })
        .await?;
    drop(background.await);
    drop(live.await);
    drop(index.await);
    Ok(())
}

/// What carries out jobs, and the jobs that come again and again.
#[must_use]
pub fn workers(app: &App) -> (Vec<Handler>, Vec<Schedule>) {
    let handlers = features::ALL.iter().flat_map(|f| (f.handlers)(app));
    let schedules = features::ALL.iter().flat_map(|f| f.schedules).copied();
    (handlers.collect(), schedules.collect())
}

async fn background(app: App, mut stop: watch::Receiver<bool>) {
    let (handlers, schedules) = workers(&app);
    loop {
        let worked = match round(&app, &handlers, &schedules).await {
            Ok(worked) => worked,
            Err(error) => {
                tracing::warn!(%error, "the background work will be tried again");
                false
            }
        };
        let rest = if worked { Duration::ZERO } else { REST };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// One round: plans what is due again and carries out one job. `false` when
/// there was none.
///
/// # Errors
/// When the database refuses.
pub async fn round(
    app: &App,
    handlers: &[Handler],
    schedules: &[Schedule],
) -> Result<bool, sea_orm::DbErr> {
    let now = app.clock.now();
    jobs::plan(&app.db, schedules, now).await?;
    jobs::run_one(&app.db, handlers, now).await
}

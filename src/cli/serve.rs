use balcao::config::Config;
use kit::{App, Context};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Serves the desk of the settings.
pub async fn run() -> Result<(), String> {
    let config = super::serving()?;
    let app = super::open(&config).await?;
    if let Some((email, password)) = &config.admin
        && people::first_admin(&app, email, password)
            .await
            .map_err(|e| {
                let why = super::refused(&Context::system(&app), &e);
                format!("ADMIN_EMAIL and ADMIN_PASSWORD will not do: {why}")
            })?
    {
        println!("The administrator {email} was made.");
    }
    listen(app, &config).await
}

/// Listens until Ctrl+C or SIGTERM, finishing what is under way.
pub async fn listen(app: App, config: &Config) -> Result<(), String> {
    let listener = TcpListener::bind(config.bind)
        .await
        .map_err(|e| format!("{}: {e}", config.bind))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    if app.mail.server().is_none() {
        println!(
            "No mail is sent, and the log names what would be: MAIL_SERVER is not set, or MAIL_SUPPRESS_SEND is 1."
        );
    }
    // Whoever waits for the desk reads so far and may stop reading then.
    println!("Balcão is at http://{address}");
    if let Some(path) = people::setup_link(&app)
        .await
        .map_err(|e| format!("{e:?}"))?
    {
        println!(
            "First start: make the administrator's account at {}{path}",
            config.settings.base_url
        );
        println!("The link works once, for 24 hours; a new start prints a new one.");
    }
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        signal().await;
        _ = stop.send(true);
    });
    balcao::serve::serve(app, listener, stopped)
        .await
        .map_err(|e| e.to_string())
}

async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    _ = tokio::signal::ctrl_c().await;
}

use std::net::SocketAddr;
use std::path::PathBuf;

use balcao::config;
use clap::Args;

#[derive(Args)]
pub struct Demo {
    /// Where the demo's own data lie; made on the first start, kept afterwards
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Address and port to listen on
    #[arg(long, default_value = "127.0.0.1:5000")]
    bind: SocketAddr,
    /// So many tickets instead of the story's sixty
    #[arg(long)]
    tickets: Option<usize>,
    /// Let everybody ask as often as they like: for tests that sign in all the time
    #[arg(long)]
    no_limits: bool,
    /// Make the data and stop without serving
    #[arg(long)]
    no_serve: bool,
}

/// Serves a desk with a story.
pub async fn run(demo: Demo) -> Result<(), String> {
    let log = config::log_from_environment().map_err(|wrong| super::said(&wrong))?;
    super::log::begin(&log)?;
    let data = demo.data.display().to_string();
    let bind = demo.bind.to_string();
    // The demo has settings of its own: it never touches the user's database.
    let config = config::read(|name| match name {
        "DATA_DIR" => Some(data.clone()),
        "BIND" => Some(bind.clone()),
        "REGISTRATION" => Some("client".to_owned()),
        "RATE_LIMITS" if demo.no_limits => Some("off".to_owned()),
        // A demonstration is left open over lunch.
        "SESSION_IDLE_SECONDS" | "SESSION_LIFETIME_SECONDS" => Some("86400".to_owned()),
        _ => None,
    })
    .map_err(|wrong| wrong.join("\n"))?;
    let app = super::open(&config).await?;
    let logins = balcao::demo::prepare(&app, &demo.data, demo.tickets)
        .await
        .map_err(|e| format!("the demo's data could not be made: {e}"))?;
    println!("\nSign in as any of these:\n");
    for login in &logins {
        println!(
            "  {:<11} {:<28} {:<36} {}",
            login.role, login.name, login.email, login.password
        );
    }
    println!(
        "\n(also in {})\n",
        demo.data.join("demo-logins.json").display()
    );
    if demo.no_serve {
        return Ok(());
    }
    super::serve::listen(app, &config).await
}

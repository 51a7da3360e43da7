//! The commands, one file each. What they print is for people at a terminal.
#![allow(clippy::print_stdout)]

mod config;
mod demo;
mod doctor;
mod import;
mod key;
mod log;
mod migrate;
mod replay;
mod serve;
mod user;

use balcao::config::Config;
use balcao::desk;
use clap::{Parser, Subcommand};
use kit::{App, Clock};

/// A service desk in one binary.
#[derive(Parser)]
#[command(version, about, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the desk (also what happens without a command)
    Serve,
    /// Serve a desk with people, companies and tickets to look around in
    Demo(demo::Demo),
    /// Bring the database's schema up to date
    Migrate,
    /// Bring in tickets from elsewhere
    Import(import::Import),
    /// Make again what is made from the event log
    Replay(replay::Replay),
    /// The key under which secrets are kept
    Key(key::KeyCommand),
    /// Make an account
    User(user::UserCommand),
    /// Look for damage: the schema and the log's chain
    Doctor,
    /// List every setting with its default and its meaning
    Config,
}

/// Runs the command; an error is the sentence to print.
pub async fn run(arguments: Arguments) -> Result<(), String> {
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run().await,
        Command::Demo(demo) => demo::run(demo).await,
        Command::Migrate => migrate::run().await,
        Command::Import(import) => import::run(import).await,
        Command::Replay(replay) => replay::run(replay).await,
        Command::Key(key) => key::run(key).await,
        Command::User(user) => user::run(user).await,
        Command::Doctor => doctor::run().await,
        Command::Config => {
            config::run();
            Ok(())
        }
    }
}

/// The settings of a command, with logging begun: the files of the log are the server's.
fn settings() -> Result<Config, String> {
    let mut config = balcao::config::from_environment().map_err(|wrong| said(&wrong))?;
    config.log.directory = None;
    begun(config)
}

/// The settings of a server, with logging begun.
fn serving() -> Result<Config, String> {
    begun(balcao::config::from_environment().map_err(|wrong| said(&wrong))?)
}

fn begun(config: Config) -> Result<Config, String> {
    log::begin(&config.log)?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    Ok(config)
}

/// Everything that is set wrong, as it is printed.
fn said(wrong: &[String]) -> String {
    format!("the settings are wrong:\n  {}", wrong.join("\n  "))
}

/// Why something was refused, in words.
fn refused(cx: &kit::Context, error: &kit::Error) -> String {
    match error {
        kit::Error::Invalid(problems) => {
            let words: Vec<String> = problems.0.iter().map(|p| cx.word(p)).collect();
            words.join(" ")
        }
        other => format!("{other:?}"),
    }
}

/// Opens the desk of `config`.
async fn open(config: &Config) -> Result<App, String> {
    std::fs::create_dir_all(&config.settings.data)
        .map_err(|e| format!("{}: {e}", config.settings.data.display()))?;
    let key = balcao::config::key(config).map_err(|e| format!("the secret key: {e}"))?;
    let vault = balcao::config::vault(config).map_err(|e| format!("the encryption key: {e}"))?;
    desk::open(config.settings.clone(), key, vault, Clock::System)
        .await
        .map_err(|e| e.to_string())
}

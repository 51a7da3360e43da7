use balcao::indexer;
use clap::{Args, Subcommand};

#[derive(Args)]
pub struct Replay {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The search index: a desk that serves makes it again and goes on answering
    /// meanwhile; otherwise it is made at the next start
    Search,
}

/// Asks for what is made from the log to be made again.
pub async fn run(replay: Replay) -> Result<(), String> {
    let What::Search = replay.what;
    let app = super::open(&super::settings()?).await?;
    indexer::ask_for_replay(&app)
        .await
        .map_err(|e| format!("{e:?}"))?;
    println!("the search index is made again by each process that serves this desk");
    Ok(())
}

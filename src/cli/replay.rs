use balcao::indexer;
use clap::{Args, Subcommand};
use kit::{App, Context, Result};

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
    /// The numbers at the tabs and on the dashboard; stop the desk first
    Counters,
}

/// Asks for what is made from the log to be made again.
pub async fn run(replay: Replay) -> std::result::Result<(), String> {
    let app = super::open(&super::settings()?).await?;
    let said = match replay.what {
        What::Search => {
            let asked = indexer::ask_for_replay(&app).await;
            asked.map(|()| "the search index is made again by each process that serves this desk")
        }
        What::Counters => recount(&app).await.map(|()| "the numbers are right"),
    };
    println!("{}", said.map_err(|e| format!("{e:?}"))?);
    Ok(())
}

async fn recount(app: &App) -> Result<()> {
    let mut tx = Context::system(app).begin().await?;
    tickets::tallies::recount(&mut tx).await?;
    tx.commit_silently("what is counted did not change").await
}

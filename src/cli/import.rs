use std::path::{Path, PathBuf};

use balcao::import::{Mapping, Report, TicketMapping, event_log, tickets};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

#[derive(Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A table of changes, one row each, as service desks export them (CSV, also .gz)
    EventLog {
        /// The table
        file: PathBuf,
        /// Which column is what: see examples/incident-event-log.toml
        #[arg(long)]
        mapping: PathBuf,
    },
    /// A table of tickets, one row each (CSV, also .gz)
    Tickets {
        /// The table
        file: PathBuf,
        /// Which column is what: see examples/ticket-texts.toml
        #[arg(long)]
        mapping: PathBuf,
    },
}

/// Brings in a history; what is already there is left alone.
pub async fn run(import: Import) -> Result<(), String> {
    let config = super::settings()?;
    let app = super::open(&config).await?;
    let bar = ProgressBar::new(0);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:40} {percent:>3}%  {pos} of {len} bytes  {msg}  {eta}")
    {
        bar.set_style(style);
    }
    let progress = |read, size, tickets| {
        bar.set_length(size);
        bar.set_position(read);
        bar.set_message(format!("{tickets} tickets"));
    };
    let report = match import.what {
        What::EventLog { file, mapping } => {
            let mapping = Mapping::parse(&text(&mapping)?)?;
            event_log(&app, &file, &mapping, progress).await?
        }
        What::Tickets { file, mapping } => {
            let mapping = TicketMapping::parse(&text(&mapping)?)?;
            tickets(&app, &file, &mapping, progress).await?
        }
    };
    bar.finish_and_clear();
    print(&report);
    Ok(())
}

fn text(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))
}

fn print(report: &Report) {
    for (line, why) in &report.skipped {
        println!("line {line}: {why}");
    }
    println!(
        "{} rows read: {} tickets came in, {} were here already, {} rows were skipped, {} rows changed nothing",
        report.rows,
        report.tickets,
        report.known,
        report.skipped.len(),
        report.silent
    );
}

//! `make bench`: measures a release build and writes `docs/benchmarks.md`.
//!
//! Times on a shared machine mean little, so what is measured is the server's CPU
//! time and what stands beside it in the same run: the same router answering a
//! page that asks the database nothing.

#![allow(clippy::disallowed_methods, clippy::print_stdout)] // it starts servers, times them and prints

mod awake;
mod client;
mod measure;
mod report;
mod server;

use std::path::PathBuf;

use measure::Figures;
use report::Row;
use server::{Desk, Made};

/// Tickets of the desk that a company has after some years.
const MEDIUM: usize = 20_000;
/// Tickets of a provider with a hundred companies.
const LARGE: usize = 1_000_000;

#[tokio::main]
async fn main() -> Result<(), String> {
    let large = match std::env::args().nth(1) {
        Some(n) => n.parse().map_err(|_| format!("not a number: {n}"))?,
        None => LARGE,
    };
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut rows = Vec::new();
    let small = Made::with(&root, 60)?;
    rows.extend(small_desk(&small).await?);
    let medium = Made::with(&root, MEDIUM)?;
    let made = Made::with(&root, large)?;
    rows.extend(report::making(&made));
    let figures = both(&medium, &made).await?;
    rows.extend(report::requests(&figures));
    rows.extend(large_desk(&made, figures.last()).await?);
    rows.extend(live(&small).await?);
    report::write(&root, &rows, large)
}

/// A small desk that has just begun.
async fn small_desk(made: &Made) -> Result<Vec<Row>, String> {
    let desk = Desk::start(made).await?;
    let name = "memory after the start, a small desk";
    Ok(vec![report::memory(name, desk.memory()?, 60)])
}

/// A desk of some years, and a provider's.
async fn both(medium: &Made, large: &Made) -> Result<Vec<Figures>, String> {
    let (one, other) = (Desk::start(medium).await?, Desk::start(large).await?);
    one.indexed().await?;
    other.indexed().await?;
    measure::requests(&[(&one, medium), (&other, large)]).await
}

/// What only shows when there are many: starting, memory, searching.
async fn large_desk(made: &Made, figures: Option<&Figures>) -> Result<Vec<Row>, String> {
    let mut starts = Vec::new();
    for _ in 0..5 {
        let desk = Desk::start(made).await?;
        starts.push(desk.answered_after);
    }
    let desk = Desk::start(made).await?;
    let search = measure::searches(&desk, made).await?;
    measure::load(&desk, made).await?;
    let mut rows = report::searching(&search);
    rows.push(report::start(&starts));
    rows.push(report::memory("memory under load", desk.memory()?, 250));
    rows.extend(figures.map(report::created));
    Ok(rows)
}

/// Five thousand open pages.
async fn live(made: &Made) -> Result<Vec<Row>, String> {
    let desk = Desk::start(made).await?;
    let heard = measure::streams(&desk, made, 5_000).await?;
    Ok(report::streams(&heard))
}

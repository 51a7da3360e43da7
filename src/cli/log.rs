//! Begins the log: to standard error, and where it is wanted to a file for each day.

use std::io::IsTerminal;
use std::path::Path;

use balcao::config::Log;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

/// Begins it. A second call in one process is refused, which is fine.
///
/// # Errors
/// The sentence to print when the files cannot be written.
pub fn begin(log: &Log) -> Result<(), String> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|e| e.to_string())?;
    let colours = std::io::stderr().is_terminal();
    let mut places = vec![lines(std::io::stderr, log.json, colours)];
    if let Some(directory) = &log.directory {
        make(directory).map_err(|e| format!("LOG_DIR {}: {e}", directory.display()))?;
        let files = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix("balcao")
            .filename_suffix("log")
            // One more than that: what is pruned makes room for today's.
            .max_log_files(log.days + 1)
            .build(directory)
            .map_err(|e| format!("LOG_DIR {}: {e}", directory.display()))?;
        places.push(lines(files, log.json, false));
    }
    drop(
        tracing_subscriber::registry()
            .with(places.with_filter(filter))
            .try_init(),
    );
    Ok(())
}

/// Makes a directory that only its owner may look into, unless it is there.
fn make(directory: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

fn lines<W>(writer: W, json: bool, colours: bool) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer).with_ansi(colours);
    match json {
        true => lines.json().boxed(),
        false => lines.boxed(),
    }
}

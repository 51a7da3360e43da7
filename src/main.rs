//! `balcao`: the command line.

mod cli;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Threads that answer requests: half as many as there are processors, since the
/// database has threads of its own. With one for each, a request wanders between
/// them whenever it waits for the database, which cost a fifth of its time.
fn workers() -> usize {
    let processors = std::thread::available_parallelism();
    processors.map_or(1, |n| n.get() / 2).max(1)
}

fn main() -> std::process::ExitCode {
    let arguments = cli::Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers())
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("balcao: {error}");
            return std::process::ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::run(arguments)) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("balcao: {message}");
            std::process::ExitCode::FAILURE
        }
    }
}

//! What is logged, how it is written and where it lies (S4-250).

use std::path::PathBuf;

/// The log of a process.
#[derive(Clone, Debug)]
pub struct Log {
    /// What is logged, as in tracing's filters.
    pub filter: String,
    /// Whether each line is JSON.
    pub json: bool,
    /// Where it lies in files, beside what goes to standard error.
    pub directory: Option<PathBuf>,
    /// So many files are kept beside today's, one for each day (UTC).
    pub days: usize,
}

/// Reads the settings of the log.
pub fn read(get: impl Fn(&str) -> Option<String>, wrong: &mut Vec<String>) -> Log {
    let get = |name: &str| get(name).filter(|value| !value.trim().is_empty());
    let filter = get("LOG").unwrap_or_else(|| "info,sqlx=warn".to_owned());
    if let Err(error) = tracing_subscriber::EnvFilter::try_new(&filter) {
        wrong.push(format!("LOG {filter:?} is no filter: {error}"));
    }
    let json = match get("LOG_FORMAT").as_deref() {
        None | Some("text") => false,
        Some("json") => true,
        Some(other) => {
            wrong.push(format!("LOG_FORMAT must be text or json, not {other:?}"));
            false
        }
    };
    let days = match get("LOG_DAYS").map(|text| (text.trim().parse(), text)) {
        None => 14,
        Some((Ok(days), _)) if days > 0 => days,
        Some((_, text)) => {
            wrong.push(format!(
                "LOG_DAYS must be a whole number above 0, not {text:?}"
            ));
            14
        }
    };
    Log {
        filter,
        json,
        directory: get("LOG_DIR").map(PathBuf::from),
        days,
    }
}

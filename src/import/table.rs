use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What an import did.
#[derive(Debug, Default)]
pub struct Report {
    /// Rows read.
    pub rows: u64,
    /// Tickets that came in.
    pub tickets: u64,
    /// Tickets that were here already.
    pub known: u64,
    /// Rows that changed nothing that the desk keeps.
    pub silent: u64,
    /// Rows that could not be used: their lines, and why.
    pub skipped: Vec<(u64, String)>,
}

/// A CSV file, also a compressed one (`.gz`), with its names in the first line.
pub struct Table {
    /// The columns' names.
    pub header: csv::StringRecord,
    rows: csv::Reader<BufReader<Box<dyn Read + Send>>>,
    line: u64,
    read: Arc<AtomicU64>,
    size: u64,
}

impl Table {
    /// Opens the file and reads its first line.
    ///
    /// # Errors
    /// Says what is wrong with the file.
    pub fn open(file: &Path) -> Result<Table, String> {
        let wrong = |e: std::io::Error| format!("{}: {e}", file.display());
        let source = File::open(file).map_err(wrong)?;
        let size = source.metadata().map_err(wrong)?.len();
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted(source, read.clone());
        let plain: Box<dyn Read + Send> = match file.extension().is_some_and(|e| e == "gz") {
            true => Box::new(flate2::read::GzDecoder::new(counted)),
            false => Box::new(counted),
        };
        let mut rows = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(BufReader::new(plain));
        Ok(Table {
            header: rows.headers().map_err(|e| e.to_string())?.clone(),
            rows,
            line: 1,
            read,
            size,
        })
    }

    /// The next row with its line, the header being line 1; `None` at the end.
    pub fn next(&mut self) -> Option<(u64, Result<csv::StringRecord, String>)> {
        let row = self.rows.records().next()?;
        self.line += 1;
        Some((self.line, row.map_err(|e| e.to_string())))
    }

    /// The bytes read so far, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.read.load(Ordering::Relaxed), self.size)
    }
}

/// Counts the bytes that were read.
struct Counted(File, Arc<AtomicU64>);

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.read(buffer)?;
        self.1.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

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

/// A row is so long at most: what unpacks without end has one that never ends, and
/// would take all the memory there is.
const ROW: u64 = 16_000_000;

/// A CSV file, also a compressed one (`.gz`), with its names in the first line.
pub struct Table {
    /// The columns' names.
    pub header: csv::StringRecord,
    rows: csv::Reader<BufReader<Row>>,
    line: u64,
    /// What was unpacked for the row that is being read.
    unpacked: Arc<AtomicU64>,
    /// The file cannot be read any further.
    broken: bool,
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
        let unpacked = Arc::new(AtomicU64::new(0));
        let row = Row(plain, unpacked.clone());
        let mut rows = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(BufReader::new(row));
        Ok(Table {
            header: rows.headers().map_err(|e| e.to_string())?.clone(),
            rows,
            line: 1,
            unpacked,
            broken: false,
            read,
            size,
        })
    }

    /// The next row with its line, the header being line 1; `None` at the end.
    pub fn next_row(&mut self) -> Option<(u64, Result<csv::StringRecord, String>)> {
        if self.broken {
            return None;
        }
        self.unpacked.store(0, Ordering::Relaxed);
        let row = self.rows.records().next()?;
        self.line += 1;
        self.broken = row.as_ref().is_err_and(csv::Error::is_io_error);
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

/// Gives up on a row that does not end.
struct Row(Box<dyn Read + Send>, Arc<AtomicU64>);

impl Read for Row {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.read(buffer)?;
        let so_far = self.1.fetch_add(n as u64, Ordering::Relaxed);
        match so_far + n as u64 > ROW {
            true => Err(std::io::Error::other("a row is longer than 16 MB")),
            false => Ok(n),
        }
    }
}

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::directory::error::LockError;
use tantivy::indexer::LogMergePolicy;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions,
};
use tantivy::{
    IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term,
};
use thiserror::Error;
use uuid::Uuid;

use crate::Document;
use crate::query::{self, Found, Wanted};
use crate::words::{analyzer, beginnings, begun_analyzer, code_analyzer, squashed};

/// Changes with every change of the fields, of the tags that things have, or of how
/// words are taken apart: an index of another version is made again.
const VERSION: u32 = 3;
/// The name of the file that says which directory is the index.
const CURRENT: &str = "current";
/// Parts with fewer documents are merged with each other whatever their sizes. Each
/// commit makes a part, so everything below this is written again with each few
/// commits: with Tantivy's 10,000 that was a quarter of what opening a ticket took.
const SMALL: u32 = 1_000;
/// Memory for what is being written, in bytes; the least that Tantivy takes.
const WRITING: usize = 15_000_000;
/// The same while everything is made again.
const REBUILDING: usize = 100_000_000;
/// An index up to this size is read through when it is opened, to find damage; a
/// larger one is trusted until something in it cannot be read.
const READ_THROUGH: u64 = 200_000_000;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum SearchError {
    /// There is no index yet, or it is damaged: it has to be made again.
    #[error("there is no index: {0}")]
    Missing(String),
    /// Another process writes to it.
    #[error("another process keeps this index")]
    Elsewhere,
    /// The disk or the index refused.
    #[error("the index failed: {0}")]
    Failed(String),
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> SearchError {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => SearchError::Elsewhere,
            TantivyError::DataCorruption(why) => SearchError::Missing(format!("{why:?}")),
            other => SearchError::Failed(other.to_string()),
        }
    }
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> SearchError {
        SearchError::Failed(error.to_string())
    }
}

/// How far into the log an index has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number of the last event.
    pub seq: i64,
    /// What tells that event from another log's event of the same number.
    pub mark: String,
}

/// The index of one process. Every call may read or write files: not for a
/// thread that answers requests.
pub struct Index {
    root: PathBuf,
    open: Mutex<Option<Arc<Open>>>,
    /// See [`Index::read_to`].
    read_to: AtomicI64,
}

struct Open {
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    writer: Mutex<Option<IndexWriter>>,
}

/// The columns of the index.
pub(crate) struct Fields {
    pub key: Field,
    pub kind: Field,
    pub title: Field,
    pub code: Field,
    pub text: Field,
    pub internal: Field,
    /// The beginnings of the words of `title` and `text`.
    pub begun: Field,
    /// The beginnings of the words of `internal`.
    pub begun_internal: Field,
    pub tag: Field,
    pub owner: Field,
    pub at: Field,
}

fn schema() -> (Schema, Fields) {
    let words = |tokenizer: &str, option| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let text = || words("words", IndexRecordOption::WithFreqs);
    let mut schema = Schema::builder();
    let fields = Fields {
        key: schema.add_text_field("key", STRING | STORED),
        kind: schema.add_text_field("kind", STRING),
        title: schema.add_text_field("title", text()),
        code: schema.add_text_field("code", words("codes", IndexRecordOption::Basic)),
        text: schema.add_text_field("text", text()),
        internal: schema.add_text_field("internal", text()),
        begun: schema.add_text_field("begun", words("begun", IndexRecordOption::Basic)),
        begun_internal: schema
            .add_text_field("begun_internal", words("begun", IndexRecordOption::Basic)),
        tag: schema.add_text_field("tag", STRING),
        owner: schema.add_text_field("owner", STRING),
        at: schema.add_i64_field("at", NumericOptions::default().set_fast().set_indexed()),
    };
    (schema.build(), fields)
}

impl Open {
    /// Writes with the one writer. A writer that failed once fails for ever
    /// after: the next act gets a new one.
    fn writing(
        &self,
        act: impl FnOnce(&mut IndexWriter) -> Result<(), SearchError>,
    ) -> Result<(), SearchError> {
        let mut held = lock(&self.writer);
        let mut writer = match held.take() {
            Some(writer) => writer,
            None => {
                let writer = self.index.writer_with_num_threads(1, WRITING)?;
                let mut merging = LogMergePolicy::default();
                merging.set_min_layer_size(SMALL);
                writer.set_merge_policy(Box::new(merging));
                writer
            }
        };
        act(&mut writer)?;
        *held = Some(writer);
        Ok(())
    }
}

impl Index {
    /// The index below `root`; nothing is opened yet.
    #[must_use]
    pub fn at(root: &Path) -> Arc<Index> {
        Arc::new(Index {
            root: root.to_owned(),
            open: Mutex::new(None),
            read_to: AtomicI64::new(-1),
        })
    }

    /// How far it has read.
    ///
    /// # Errors
    /// [`SearchError::Missing`] when it has to be made.
    pub fn place(&self) -> Result<Place, SearchError> {
        let open = self.opened()?;
        let meta = open.index.load_metas()?;
        let payload = meta.payload.unwrap_or_default();
        let place = payload.split_once(' ').and_then(|(seq, mark)| {
            Some(Place {
                seq: seq.parse().ok()?,
                mark: mark.to_owned(),
            })
        });
        let place = place.ok_or_else(|| SearchError::Missing("it was never finished".into()))?;
        self.read_to.store(place.seq, Ordering::Release);
        Ok(place)
    }

    /// The last event of the log that answers know of, as far as this process has
    /// seen; -1 before it has looked. Reads no file.
    #[must_use]
    pub fn read_to(&self) -> i64 {
        self.read_to.load(Ordering::Acquire)
    }

    /// What is found.
    ///
    /// # Errors
    /// [`SearchError::Missing`] while there is no index.
    pub fn find(&self, wanted: &Wanted) -> Result<Found, SearchError> {
        let open = self.opened()?;
        let asked = || query::find(&open.reader.searcher(), &open.fields, wanted);
        // What reads a damaged file may panic instead of saying so.
        let answer = match catch_unwind(AssertUnwindSafe(asked)) {
            Ok(answer) => answer.map_err(SearchError::from),
            Err(_) => Err(SearchError::Missing("it could not be read".into())),
        };
        if matches!(answer, Err(SearchError::Missing(_))) {
            self.put_aside(&open);
        }
        answer
    }

    /// Puts `documents` in the place of what was there of them and takes `gone`
    /// away; nothing of it is found before [`Index::commit`].
    ///
    /// # Errors
    /// [`SearchError::Elsewhere`] when another process does this. What was put since
    /// the last commit is forgotten.
    pub fn put(
        &self,
        gone: &[(&'static str, Uuid)],
        documents: Vec<Document>,
    ) -> Result<(), SearchError> {
        let open = self.opened()?;
        open.writing(|writer| {
            for (kind, id) in gone {
                writer.delete_term(key(&open.fields, kind, *id));
            }
            put(&open.fields, writer, documents, true)
        })
    }

    /// Commits what was put, together with how far the log was read.
    ///
    /// # Errors
    /// As [`Index::put`].
    pub fn commit(&self, place: &Place) -> Result<(), SearchError> {
        let open = self.opened()?;
        open.writing(|writer| commit(writer, place))?;
        open.reader.reload()?;
        self.read_to.store(place.seq, Ordering::Release);
        Ok(())
    }

    /// Begins an index beside this one, which goes on answering until the new one
    /// is finished.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn rebuild(self: &Arc<Self>) -> Result<Rebuild, SearchError> {
        let name = format!("v{VERSION}-{}", Uuid::now_v7().simple());
        let path = self.root.join(name);
        // What an earlier one left that was never finished.
        let current = fs::read_to_string(self.root.join(CURRENT)).unwrap_or_default();
        self.tidy(&self.root.join(current.trim()));
        fs::create_dir_all(&path)?;
        let (schema, fields) = schema();
        let index = prepared(
            tantivy::Index::builder()
                .schema(schema)
                .settings(IndexSettings::default())
                .create_in_dir(&path)?,
        )?;
        let writer = index.writer_with_num_threads(1, REBUILDING)?;
        Ok(Rebuild {
            whole: self.clone(),
            path,
            index,
            fields,
            writer,
        })
    }

    /// Forgets what is open: it was found damaged. The next question finds nothing
    /// until it is made again.
    pub fn discard(&self) {
        if let Ok(open) = self.opened() {
            self.put_aside(&open);
        }
    }

    /// The same, unless another one was put in its place meanwhile.
    fn put_aside(&self, damaged: &Arc<Open>) {
        let mut open = lock(&self.open);
        if !open.as_ref().is_some_and(|open| Arc::ptr_eq(open, damaged)) {
            return;
        }
        if let Err(error) = fs::remove_file(self.root.join(CURRENT)) {
            tracing::warn!(%error, "the damaged index could not be put aside");
        }
        *open = None;
        self.read_to.store(-1, Ordering::Release);
    }

    fn opened(&self) -> Result<Arc<Open>, SearchError> {
        let mut open = lock(&self.open);
        if let Some(open) = open.as_ref() {
            return Ok(open.clone());
        }
        let found = Arc::new(self.open_current()?);
        *open = Some(found.clone());
        Ok(found)
    }

    fn open_current(&self) -> Result<Open, SearchError> {
        let missing = |why: String| SearchError::Missing(why);
        let name =
            fs::read_to_string(self.root.join(CURRENT)).map_err(|e| missing(e.to_string()))?;
        if !name.starts_with(&format!("v{VERSION}-")) {
            return Err(missing("it is of another version".into()));
        }
        let path = self.root.join(name.trim());
        let index = tantivy::Index::open_in_dir(&path).map_err(|e| missing(e.to_string()))?;
        let index = prepared(index)?;
        if size(&path) <= READ_THROUGH {
            let damaged = index
                .validate_checksum()
                .map_err(|e| missing(e.to_string()))?;
            if !damaged.is_empty() {
                return Err(missing(format!("{damaged:?} are damaged")));
            }
        }
        open(index).map_err(|e| missing(e.to_string()))
    }

    /// Takes away every directory but the current one.
    fn tidy(&self, keep: &Path) {
        let others = fs::read_dir(&self.root).into_iter().flatten().flatten();
        for other in others.filter(|e| e.path() != keep && e.path().is_dir()) {
            if let Err(error) = fs::remove_dir_all(other.path()) {
                tracing::warn!(%error, "an old index stays on the disk");
            }
        }
    }
}

/// An index that is being made.
pub struct Rebuild {
    whole: Arc<Index>,
    path: PathBuf,
    index: tantivy::Index,
    fields: Fields,
    writer: IndexWriter,
}

impl Rebuild {
    /// Adds what is not in it yet.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn add(&mut self, documents: Vec<Document>) -> Result<(), SearchError> {
        put(&self.fields, &mut self.writer, documents, false)
    }

    /// Puts it in the place of the one before.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(mut self, place: &Place) -> Result<(), SearchError> {
        commit(&mut self.writer, place)?;
        self.writer.wait_merging_threads()?;
        let new = open(self.index)?;
        let mut current = lock(&self.whole.open);
        // Written beside and renamed: there is one or the other, never half of one.
        let name = self.path.file_name().unwrap_or_default();
        let beside = self.whole.root.join("current.new");
        fs::write(&beside, name.as_encoded_bytes())?;
        fs::rename(&beside, self.whole.root.join(CURRENT))?;
        let old = current.replace(Arc::new(new));
        // Its last reader may still be reading; the files go when they are closed.
        drop(old);
        self.whole.read_to.store(place.seq, Ordering::Release);
        self.whole.tidy(&self.path);
        Ok(())
    }
}

fn prepared(index: tantivy::Index) -> Result<tantivy::Index, SearchError> {
    index.tokenizers().register("words", analyzer());
    index.tokenizers().register("begun", begun_analyzer());
    index.tokenizers().register("codes", code_analyzer()?);
    Ok(index)
}

fn open(index: tantivy::Index) -> Result<Open, SearchError> {
    let (_, fields) = schema();
    let reader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()?;
    Ok(Open {
        index,
        reader,
        fields,
        writer: Mutex::new(None),
    })
}

fn put(
    fields: &Fields,
    writer: &mut IndexWriter,
    documents: Vec<Document>,
    instead: bool,
) -> Result<(), SearchError> {
    for document in documents {
        let mut row = TantivyDocument::default();
        if instead {
            writer.delete_term(key(fields, document.kind, document.id));
        }
        row.add_text(fields.key, format!("{} {}", document.kind, document.id));
        row.add_text(fields.kind, document.kind);
        let begun = beginnings(&[&document.title, &document.text]);
        row.add_text(fields.begun, begun);
        row.add_text(fields.begun_internal, beginnings(&[&document.internal]));
        row.add_text(fields.title, document.title);
        for code in &document.codes {
            row.add_text(fields.code, squashed(code));
        }
        row.add_text(fields.text, document.text);
        row.add_text(fields.internal, document.internal);
        for tag in &document.tags {
            row.add_text(fields.tag, tag);
        }
        if let Some(owner) = document.owner {
            row.add_text(fields.owner, owner.to_string());
        }
        row.add_i64(fields.at, document.at);
        writer.add_document(row)?;
    }
    Ok(())
}

fn commit(writer: &mut IndexWriter, place: &Place) -> Result<(), SearchError> {
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&format!("{} {}", place.seq, place.mark));
    commit.commit()?;
    Ok(())
}

fn key(fields: &Fields, kind: &str, id: Uuid) -> Term {
    Term::from_field_text(fields.key, &format!("{kind} {id}"))
}

fn size(directory: &Path) -> u64 {
    let files = fs::read_dir(directory).into_iter().flatten().flatten();
    files
        .filter_map(|file| file.metadata().ok())
        .map(|m| m.len())
        .sum()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

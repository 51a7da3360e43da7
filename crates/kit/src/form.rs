use axum::RequestExt;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;

use crate::{App, Context, Error, Problems, Result};

/// A file that was sent with a form or to the API.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The name it had, cleaned.
    pub name: String,
    /// What is in it.
    pub content: Bytes,
}

/// What a page's form sent, URL-encoded or multipart. The only way to a form's
/// body, and it refuses one that does not carry the session's CSRF token.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    /// The files, in order.
    pub files: Vec<Upload>,
    /// Files that were over the limit: named to the sender, not kept.
    pub too_large: Vec<String>,
    /// More files were sent than are taken at once.
    too_many: bool,
}

/// The name of the hidden field.
pub(crate) const CSRF_FIELD: &str = "csrf";
/// A field other than a file holds at most so many bytes (20,000 characters).
const FIELD_BYTES: usize = 200_000;
/// So many files at once.
const FILES: usize = 10;

impl Form {
    /// The value of `name`; empty when it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, v)| v)
    }

    /// The value of `name` unless it is empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|v| !v.is_empty())
    }

    /// Every value of `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        !matches!(self.get(name), "" | "0" | "false" | "off")
    }

    /// The id in `name`; `None` when it is empty, a problem when it is no id.
    pub fn id<T: std::str::FromStr>(&self, name: &str, problems: &mut Problems) -> Option<T> {
        let text = self.some(name)?;
        let id = text.parse().ok();
        if id.is_none() {
            problems.add(name, "unknown");
        }
        id
    }

    /// Puts a value in, for a form shown with values that nobody typed.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Form {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// The problems of files that were over the limits.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming each of them.
    pub fn refuse_large_files(&self, limit: usize) -> Result<()> {
        let mut problems = Problems::default();
        for name in &self.too_large {
            let problem = problems.add("files", "file-too-large");
            problem.about = Some(name.clone());
            problem.limit = i64::try_from(limit / 1_000_000).ok();
        }
        if self.too_many {
            problems.add("files", "too-many-files").limit = i64::try_from(FILES).ok();
        }
        problems.done()
    }

    async fn read(request: Request, app: &App) -> Result<Form> {
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        if let Ok(boundary) = multer::parse_boundary(kind) {
            return multipart(request, boundary, app).await;
        }
        if !kind.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Error::MediaType);
        }
        let body = Bytes::from_request(request, app)
            .await
            .map_err(|_| Error::TooLarge)?;
        Ok(Form {
            fields: url_decode(&body),
            ..Form::default()
        })
    }
}

impl FromRequest<App> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Form> {
        let (mut parts, body) = request.into_parts();
        let cx = Context::from_request_parts(&mut parts, app).await?;
        let form = Form::read(Request::from_parts(parts, body), app).await?;
        if !crate::Key::same(form.get(CSRF_FIELD), &cx.csrf) {
            return Err(Error::Forbidden("csrf"));
        }
        Ok(form)
    }
}

/// Reads a multipart body for the API, which needs no CSRF token.
impl Upload {
    /// The files of a multipart request.
    ///
    /// # Errors
    /// [`Error::MediaType`] when it is none; [`Error::Invalid`] for files over the limit.
    pub async fn all(request: Request, app: &App) -> Result<Vec<Upload>> {
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| Error::MediaType)?;
        let form = multipart(request, boundary, app).await?;
        form.refuse_large_files(app.settings.file_bytes)?;
        Ok(form.files)
    }
}

async fn multipart(request: Request, boundary: String, app: &App) -> Result<Form> {
    let body = request.into_limited_body().into_data_stream();
    let mut multipart = multer::Multipart::new(body, boundary);
    let mut form = Form::default();
    while let Some(field) = multipart.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file) => read_file(field, &file, &mut form, app.settings.file_bytes).await?,
            None => {
                let bytes = limited(field, FIELD_BYTES).await?.ok_or(Error::TooLarge)?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                form.fields.push((name, text));
            }
        }
    }
    Ok(form)
}

async fn read_file(
    field: multer::Field<'_>,
    name: &str,
    form: &mut Form,
    limit: usize,
) -> Result<()> {
    // A browser sends an empty part for a file field that was left alone.
    let name_given = !name.is_empty();
    let content = limited(field, limit).await?;
    let name = storage::clean_name(name);
    match content {
        None => form.too_large.push(name),
        Some(content) if !name_given && content.is_empty() => {}
        Some(_) if form.files.len() == FILES => form.too_many = true,
        Some(content) => form.files.push(Upload {
            name,
            content: content.into(),
        }),
    }
    Ok(())
}

/// The whole field, or `None` when it is over the limit (read to its end all the same).
async fn limited(mut field: multer::Field<'_>, most: usize) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut over = false;
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        over |= bytes.len() + chunk.len() > most;
        if over {
            bytes.clear();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((!over).then_some(bytes))
}

fn unreadable(error: multer::Error) -> Error {
    match error {
        multer::Error::StreamReadFailed(e) if format!("{e:?}").contains("LengthLimit") => {
            Error::TooLarge
        }
        _ => Error::BadRequest("multipart"),
    }
}

/// Decodes `application/x-www-form-urlencoded` (WHATWG URL, 5.1).
fn url_decode(body: &[u8]) -> Vec<(String, String)> {
    let decode = |bytes: &[u8]| {
        let spaced: Vec<u8> = bytes
            .iter()
            .map(|b| if *b == b'+' { b' ' } else { *b })
            .collect();
        percent_encoding::percent_decode(&spaced)
            .decode_utf8_lossy()
            .into_owned()
    };
    body.split(|b| *b == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let at = pair.iter().position(|b| *b == b'=');
            let (name, value) = at.map_or((pair, &[][..]), |i| (&pair[..i], &pair[i + 1..]));
            (decode(name), decode(value))
        })
        .collect()
}

/// The pairs of a URL's query, decoded.
#[must_use]
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    url_decode(query.as_bytes())
}

/// `path` with a query of these pairs, encoded.
#[must_use]
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let query: Vec<String> = pairs
        .iter()
        .map(|(n, v)| format!("{}={}", percent_encode(n), percent_encode(v)))
        .collect();
    if query.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{}", query.join("&"))
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
#[must_use]
pub fn percent_encode(text: &str) -> String {
    const OTHERS: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    percent_encoding::utf8_percent_encode(text, OTHERS).to_string()
}

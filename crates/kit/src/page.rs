use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use i18n::{Arg, Zone};

use crate::{Access, Context, Error, Instant, Looks, Nav, Permission, Problems, Result, User};

/// What stands around a page's own content; templates call it `p`.
pub struct Page {
    cx: Context,
    /// The page's name, as in the window's title and its heading.
    pub title: String,
    /// What was wrong with the form on this page.
    pub problems: Problems,
}

impl Page {
    /// A page with the title of the locale key `title`.
    #[must_use]
    pub fn new(cx: &Context, title: &str) -> Page {
        Page::titled(cx, cx.text(title, &[]))
    }

    /// A page with a title that is not a text of the product, such as a ticket's.
    #[must_use]
    pub fn titled(cx: &Context, title: String) -> Page {
        Page {
            cx: cx.clone(),
            title,
            problems: Problems::default(),
        }
    }

    /// The same page with a form that was sent back.
    #[must_use]
    pub fn with(mut self, problems: Problems) -> Page {
        self.problems = problems;
        self
    }

    /// Who reads it, for the features' own components.
    #[must_use]
    pub fn cx(&self) -> &Context {
        &self.cx
    }

    /// A text.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.cx.text(key, &[])
    }

    /// A text with a number in it.
    #[must_use]
    pub fn tn(&self, key: &str, count: impl TryInto<i64>) -> String {
        let count: i64 = count.try_into().unwrap_or_default();
        self.cx.text(key, &[("count", count.into())])
    }

    /// A text with a word in it.
    #[must_use]
    pub fn ta(&self, key: &str, name: &str, value: &str) -> String {
        let arg: Arg<'_> = (name, value.into());
        self.cx.text(key, &[arg])
    }

    /// The text of a key made of two parts, such as `status-` and a code.
    #[must_use]
    pub fn tk(&self, prefix: &str, code: &str) -> String {
        self.cx.text(&format!("{prefix}{code}"), &[])
    }

    /// The message at a field, if something is wrong there.
    #[must_use]
    pub fn problem(&self, field: &str) -> Option<String> {
        self.problems.at(field).map(|p| word(&self.cx, p))
    }

    /// Every message, with its field.
    #[must_use]
    pub fn all_problems(&self) -> Vec<(String, String)> {
        self.problems
            .0
            .iter()
            .map(|p| (p.field.clone(), word(&self.cx, p)))
            .collect()
    }

    /// The language, as in `<html lang>`.
    #[must_use]
    pub fn lang(&self) -> &'static str {
        self.cx.locale.tag()
    }

    /// How the reader wants pages to look.
    #[must_use]
    pub fn looks(&self) -> Looks {
        self.cx.looks
    }

    /// The hashed URL of an asset.
    #[must_use]
    pub fn asset(&self, name: &str) -> &'static str {
        (self.cx.app.asset)(name)
    }

    /// The event that this page was made after: what came later may have changed it.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.cx.seq
    }

    /// What a form must bring back.
    #[must_use]
    pub fn csrf(&self) -> &str {
        &self.cx.csrf
    }

    /// The request's id.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.cx.request_id
    }

    /// The path and query of this page.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.cx.path
    }

    /// The signed-in person.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.cx.actor.user().ok()
    }

    /// Whether the reader is one of the desk's own people.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.cx.actor.is_staff()
    }

    /// Whether the reader may do something.
    #[must_use]
    pub fn may(&self, permission: &Permission) -> bool {
        self.cx.actor.may(permission)
    }

    /// The entries of the menu that the reader may open.
    #[must_use]
    pub fn nav(&self) -> Vec<Nav> {
        self.allowed(&self.cx.app.nav)
    }

    /// The entries of the administration that the reader may open.
    #[must_use]
    pub fn admin(&self) -> Vec<Nav> {
        self.allowed(&self.cx.app.admin)
    }

    /// Whether this page lies under `path`.
    #[must_use]
    pub fn under(&self, path: &str) -> bool {
        let here = self.cx.path.split('?').next().unwrap_or_default();
        here == path
            || here
                .strip_prefix(path)
                .is_some_and(|rest| rest.starts_with('/'))
    }

    /// Whether the menu's entry `path` is the one this page belongs to.
    #[must_use]
    pub fn is_here(&self, path: &str) -> bool {
        let longer = |n: &Nav| n.path.len() > path.len() && self.under(n.path);
        self.under(path) && !self.cx.app.nav.iter().any(longer)
    }

    /// What has just been done, said once.
    #[must_use]
    pub fn flash(&self) -> Option<String> {
        let key = format!("flash-{}", self.cx.flash.as_deref()?);
        self.cx.app.i18n.has(&key).then(|| self.t(&key))
    }

    /// The languages to choose from: tag and name.
    #[must_use]
    pub fn languages(&self) -> Vec<(&'static str, &'static str)> {
        i18n::Locale::ALL.map(|l| (l.tag(), l.name())).to_vec()
    }

    fn allowed(&self, entries: &[Nav]) -> Vec<Nav> {
        let sees = |nav: &&Nav| match nav.access {
            Access::Public => true,
            Access::SignedIn => self.user().is_some(),
            Access::May(permission) => self.may(permission),
        };
        entries.iter().filter(sees).copied().collect()
    }

    /// A date and time in the reader's zone.
    #[must_use]
    pub fn date(&self, at: &Instant) -> String {
        self.cx.zone.date_time(self.cx.locale, *at)
    }

    /// RFC 3339, for `<time datetime>`.
    #[must_use]
    pub fn iso(&self, at: &Instant) -> String {
        Zone::rfc3339(*at)
    }
}

/// The sentence of a problem.
pub(crate) fn word(cx: &Context, problem: &crate::Problem) -> String {
    let mut args: Vec<Arg<'_>> = Vec::new();
    if let Some(limit) = problem.limit {
        args.push(("limit", limit.into()));
    }
    if let Some(about) = &problem.about {
        args.push(("about", about.as_str().into()));
    }
    cx.text(&format!("problem-{}", problem.code), &args)
}

impl Context {
    /// The sentence of a problem, in the reader's language.
    #[must_use]
    pub fn word(&self, problem: &crate::Problem) -> String {
        word(self, problem)
    }
}

/// Answers 200 with a page.
///
/// # Errors
/// When the template fails.
pub fn render(template: &impl Template) -> Result<Response> {
    render_with(StatusCode::OK, template)
}

/// Answers `status` with a page.
///
/// # Errors
/// When the template fails.
pub fn render_with(status: StatusCode, template: &impl Template) -> Result<Response> {
    let html = template.render().map_err(Error::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    Ok((status, headers, html).into_response())
}

/// Sends the browser on with 302, as the reference systems' checks expect.
#[must_use]
pub fn redirect(to: &str) -> Response {
    match header::HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Err(error) => Error::internal(error).into_response(),
    }
}

/// Sends the browser on and lets the next page say what was done, as
/// `flash-<done>` reads.
#[must_use]
pub fn redirect_done(to: &str, done: &'static str) -> Response {
    let mut response = redirect(to);
    if let Ok(cookie) =
        header::HeaderValue::from_str(&format!("flash={done}; Path=/; HttpOnly; SameSite=Lax"))
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

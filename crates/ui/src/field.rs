use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use kit::Page;

use crate::Components;
use crate::components::html;

/// A labelled field of a form, with its hint and its error, as every form shows it.
#[derive(Template)]
#[template(path = "field.html")]
pub struct Field<'a> {
    p: &'a Page,
    name: String,
    id: String,
    label: String,
    kind: &'static str,
    value: String,
    hint: String,
    most: usize,
    required: bool,
    either: bool,
    focus: bool,
    class: &'static str,
    autocomplete: &'static str,
    options: Vec<(String, String)>,
}

impl<'a> Field<'a> {
    pub(crate) fn new(p: &'a Page, name: &str, label: String) -> Field<'a> {
        Field {
            p,
            name: name.to_owned(),
            id: name.to_owned(),
            label,
            kind: "text",
            value: String::new(),
            hint: String::new(),
            most: 0,
            required: false,
            either: false,
            focus: false,
            class: "",
            autocomplete: "",
            options: Vec::new(),
        }
    }

    /// What stands in it.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    /// It must be filled; fields are optional otherwise.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// It or another one must be filled, as a text near it says.
    #[must_use]
    pub fn either(mut self) -> Self {
        self.either = true;
        self
    }

    /// At most so many characters.
    #[must_use]
    pub fn max(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// What helps to fill it: a locale key.
    #[must_use]
    pub fn hint(mut self, key: &str) -> Self {
        self.hint = self.p.t(key);
        self
    }

    /// Another type of `<input>`: email, password, date.
    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// Several lines.
    #[must_use]
    pub fn area(mut self) -> Self {
        self.kind = "textarea";
        self
    }

    /// A choice: values and what they read.
    #[must_use]
    pub fn choice(mut self, options: &[(String, String)]) -> Self {
        self.kind = "select";
        self.options = options.to_vec();
        self
    }

    /// Takes the whole row of the form.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.class = "span-all";
        self
    }

    /// What the browser may fill it with.
    #[must_use]
    pub fn autocomplete(mut self, hint: &'static str) -> Self {
        self.autocomplete = hint;
        self
    }

    /// The cursor starts here, unless another field has an error.
    #[must_use]
    pub fn focus(mut self) -> Self {
        self.focus = self.p.problems.0.is_empty();
        self
    }

    /// Another id than its name, where a page has the same field twice.
    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    fn error(&self) -> Option<String> {
        self.p.problem(&self.name)
    }

    /// The first field with an error takes the cursor.
    fn takes_focus(&self) -> bool {
        self.focus
            || self
                .p
                .problems
                .0
                .first()
                .is_some_and(|p| p.field == self.name)
    }

    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.error().is_some() {
            ids.push(format!("{}-error", self.id));
        }
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.id));
        }
        ids.join(" ")
    }
}

impl HtmlSafe for Field<'_> {}

/// So that a template may also take one apart.
impl From<Field<'_>> for crate::Html {
    fn from(field: Field<'_>) -> crate::Html {
        html(&field)
    }
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").field("name", &self.name).finish()
    }
}

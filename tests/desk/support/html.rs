//! Pages as a browser reads them: their elements, and their forms with the fields
//! that would be sent.

use std::collections::BTreeMap;

use html5gum::emitters::default::{DefaultEmitter, Token};
use html5gum::{HtmlString, Tokenizer};

/// One element's start tag.
#[derive(Clone, Debug)]
pub struct Element {
    pub name: String,
    attributes: BTreeMap<String, String>,
}

impl Element {
    /// The value of an attribute; empty when it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.attributes.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

enum Part {
    Start(Element),
    End(String),
    Text(String),
}

/// A field that a form would send.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    /// `text`, `textarea`, `select`, `checkbox`, `button` and so on.
    pub kind: String,
    /// What it would send when nobody touches it.
    pub value: String,
    /// What it can be chosen from.
    pub choices: Vec<String>,
    /// So many characters at most, says the page.
    pub most: Option<usize>,
    /// Whether it would be sent when nobody touches it.
    pub sent: bool,
}

impl Field {
    /// Whether people write into it and see what they wrote.
    pub fn is_written(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "text" | "textarea" | "email" | "search" | "tel" | "url"
        )
    }
}

/// A form with its fields.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent to; empty is the page's own address.
    pub action: String,
    pub is_post: bool,
    pub is_multipart: bool,
    pub fields: Vec<Field>,
    id: String,
}

impl Form {
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// Every element of a page.
pub fn elements(html: &str) -> Vec<Element> {
    let parts = parts(html).into_iter();
    parts
        .filter_map(|part| match part {
            Part::Start(element) => Some(element),
            _ => None,
        })
        .collect()
}

/// Every form of a page that a browser would show; what lies in a `<template>` it
/// would not.
pub fn forms(html: &str) -> Vec<Form> {
    let mut reader = Reader::default();
    for part in parts(html) {
        reader.read(part);
    }
    let mut forms = reader.forms;
    for (id, field) in reader.elsewhere {
        let form = forms.iter_mut().find(|form| form.id == id);
        if let Some(form) = form.filter(|form| form.field(&field.name).is_none()) {
            form.fields.push(field);
        }
    }
    forms
}

/// What the links and the forms of a page ask for: paths with the names of a query.
pub fn asked_for(body: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for element in elements(body) {
        if let Some((path, query)) = element.get("href").split_once('?') {
            let pairs = kit::query_pairs(query.split('#').next().unwrap_or_default());
            all.extend(pairs.into_iter().map(|(name, _)| (path.to_owned(), name)));
        }
    }
    for form in forms(body).into_iter().filter(|f| !f.is_post) {
        let names = form.fields.into_iter().map(|f| f.name);
        all.extend(names.map(|name| (form.action.clone(), name)));
    }
    all
}

#[derive(Default)]
struct Reader {
    forms: Vec<Form>,
    /// Fields that name their form.
    elsewhere: Vec<(String, Field)>,
    in_form: bool,
    templates: usize,
    /// The field whose text or choices come now.
    open: Option<Field>,
    form_of_open: String,
}

impl Reader {
    fn read(&mut self, part: Part) {
        match part {
            Part::Start(element) if element.name == "template" => self.templates += 1,
            Part::End(name) if name == "template" => self.templates -= 1,
            _ if self.templates > 0 => {}
            Part::Start(element) => self.begin(&element),
            Part::End(name) => self.end(&name),
            Part::Text(text) => {
                if let Some(field) = self.open.as_mut().filter(|f| f.kind == "textarea") {
                    field.value += &text;
                }
            }
        }
    }

    fn begin(&mut self, element: &Element) {
        match element.name.as_str() {
            "form" if element.get("method") != "dialog" => {
                self.in_form = true;
                self.forms.push(Form {
                    action: element.get("action").to_owned(),
                    is_post: element.get("method").eq_ignore_ascii_case("post"),
                    is_multipart: element.get("enctype") == "multipart/form-data",
                    fields: Vec::new(),
                    id: element.get("id").to_owned(),
                });
            }
            "input" | "button" => self.keep(field(element), element.get("form").to_owned()),
            "textarea" | "select" => {
                self.open = Some(field(element));
                element.get("form").clone_into(&mut self.form_of_open);
            }
            "option" => {
                if let Some(select) = &mut self.open {
                    let value = element.get("value").to_owned();
                    if select.choices.is_empty() || element.has("selected") {
                        value.clone_into(&mut select.value);
                    }
                    select.choices.push(value);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "form" => self.in_form = false,
            "textarea" | "select" => {
                if let Some(mut field) = self.open.take() {
                    // The line end right behind the start tag is no part of the text.
                    if let Some(rest) = field.value.strip_prefix('\n') {
                        field.value = rest.to_owned();
                    }
                    let form = std::mem::take(&mut self.form_of_open);
                    self.keep(field, form);
                }
            }
            _ => {}
        }
    }

    fn keep(&mut self, field: Field, form: String) {
        if field.name.is_empty() || field.kind == "not sent" {
            return;
        }
        if !form.is_empty() {
            self.elsewhere.push((form, field));
            return;
        }
        let Some(form) = self.forms.last_mut().filter(|_| self.in_form) else {
            return;
        };
        // Of radio buttons and buttons of one name, one is sent.
        let same = |f: &&mut Field| {
            f.name == field.name && f.kind == field.kind && matches!(&*f.kind, "radio" | "button")
        };
        match form.fields.iter_mut().find(same) {
            Some(known) => {
                if field.sent && !known.sent {
                    known.value.clone_from(&field.value);
                    known.sent = true;
                }
                known.choices.push(field.value);
            }
            None => form.fields.push(field),
        }
    }
}

fn field(element: &Element) -> Field {
    let kind = match element.name.as_str() {
        "input" if element.get("type").is_empty() => "text",
        "input" => element.get("type"),
        "button" if matches!(element.get("type"), "button" | "reset") => "not sent",
        other => other,
    };
    let ticked = matches!(kind, "checkbox" | "radio");
    let value = match element.get("value") {
        "" if kind == "checkbox" => "on",
        value => value,
    };
    Field {
        name: element.get("name").to_owned(),
        kind: kind.to_owned(),
        value: value.to_owned(),
        choices: match kind {
            "radio" | "button" => vec![value.to_owned()],
            _ => Vec::new(),
        },
        most: element.get("maxlength").parse().ok(),
        sent: !ticked || element.has("checked"),
    }
}

fn parts(html: &str) -> Vec<Part> {
    let mut emitter = DefaultEmitter::default();
    // Tags in a text area or a title are text.
    emitter.naively_switch_states(true);
    let mut parts = Vec::new();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => parts.push(Part::Start(Element {
                name: text(&tag.name),
                attributes: tag
                    .attributes
                    .iter()
                    .map(|(name, value)| (text(name), text(value)))
                    .collect(),
            })),
            Token::EndTag(tag) => parts.push(Part::End(text(&tag.name))),
            Token::String(said) => parts.push(Part::Text(text(&said))),
            _ => {}
        }
    }
    parts
}

fn text(bytes: &HtmlString) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_page_is_read_as_a_browser_reads_it() {
    let page = "<form method=post action='/a'><input name=x value='&lt;b&gt;' maxlength=9>\
        <textarea name=y>\n<b id=evil></textarea><select name=z><option value=1>\
        <option value=2 selected></select><input type=checkbox name=c>\
        <button name=act value=go>Go</button><button type=button name=no>No</button></form>\
        <input name=far form=f><form id=f></form><template><form><input name=t></form></template>";
    let forms = forms(page);
    assert_eq!(forms.len(), 2);
    let names: Vec<_> = forms[0].fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["x", "y", "z", "c", "act"]);
    assert_eq!(forms[0].field("x").unwrap().value, "<b>");
    assert_eq!(forms[0].field("x").unwrap().most, Some(9));
    assert_eq!(forms[0].field("y").unwrap().value, "<b id=evil>");
    assert_eq!(forms[0].field("z").unwrap().value, "2");
    assert!(!forms[0].field("c").unwrap().sent);
    assert!(forms[0].is_post && forms[1].field("far").is_some());
    assert!(elements(page).iter().all(|e| e.get("id") != "evil"));
    assert!(
        elements("<p><b id=evil>")
            .iter()
            .any(|e| e.get("id") == "evil")
    );
}

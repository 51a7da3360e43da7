//! What every letter of the desk is made of: the same words as text and as HTML.

use askama::Template;
use kit::{App, Error, Locale, Result};

/// A letter to somebody, in their language.
pub struct Letter {
    locale: Locale,
    base_url: String,
    look: Look,
    /// The line under a button, before its address.
    button_hint: String,
    subject: String,
    parts: Vec<Part>,
    notes: Vec<String>,
}

/// What stands between the desk's name and the small print, in order.
enum Part {
    Paragraph(String),
    Button { label: String, url: String },
}

/// Whose letter it is by its looks: the one place for what a company may choose.
struct Look {
    /// The desk's name, at the top and at the end.
    name: String,
    /// The colour of buttons, as in a style sheet.
    primary: String,
    /// A colour that reads well on it.
    on_primary: String,
    /// The address of a picture; without one the name stands there in letters.
    logo: Option<String>,
    /// What the company, or the desk, says at the end.
    footer: String,
}

impl Look {
    fn of(_app: &App) -> Look {
        Look {
            name: "Balcão".to_owned(),
            primary: "#0f6e68".to_owned(),
            on_primary: "#ffffff".to_owned(),
            logo: None,
            footer: String::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    l: &'a Letter,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    l: &'a Letter,
}

impl Letter {
    /// A letter that says nothing yet.
    #[must_use]
    pub fn new(app: &App, locale: Locale, subject: String) -> Letter {
        Letter {
            locale,
            base_url: app.settings.base_url.clone(),
            look: Look::of(app),
            button_hint: app.i18n.text(locale, "letter-button-hint", &[]),
            subject,
            parts: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The same with a company's looks, or the desk's own.
    #[must_use]
    pub fn branded(mut self, brand: &kit::Brand) -> Letter {
        let or = |own: &String, look: &mut String| {
            if !own.is_empty() {
                look.clone_from(own);
            }
        };
        or(&brand.name, &mut self.look.name);
        or(&brand.colour, &mut self.look.primary);
        or(&brand.on_colour, &mut self.look.on_primary);
        or(&brand.footer, &mut self.look.footer);
        if !brand.logo.is_empty() {
            self.look.logo = Some(format!("{}{}", self.base_url, brand.logo));
        }
        self
    }

    /// The same with a paragraph more; its line ends stay.
    #[must_use]
    pub fn paragraph(mut self, text: String) -> Letter {
        self.parts.push(Part::Paragraph(text));
        self
    }

    /// The same with a button; its address stands below it in letters, too. A path
    /// is one of the desk's own.
    #[must_use]
    pub fn button(mut self, label: String, url: String) -> Letter {
        let url = match url.starts_with('/') {
            true => format!("{}{url}", self.base_url),
            false => url,
        };
        self.parts.push(Part::Button { label, url });
        self
    }

    /// The same with small print at the end.
    #[must_use]
    pub fn note(mut self, text: String) -> Letter {
        self.notes.push(text);
        self
    }

    /// Written out to one address.
    ///
    /// # Errors
    /// When a template fails.
    pub fn to(&self, address: &str) -> Result<mail::Message> {
        let text = Text { l: self }.render().map_err(Error::internal)?;
        let html = Html { l: self }.render().map_err(Error::internal)?;
        Ok(mail::Message {
            to: address.to_owned(),
            subject: self.subject.clone(),
            text,
            html,
        })
    }
}

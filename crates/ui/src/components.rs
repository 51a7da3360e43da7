use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use kit::{Instant, Page, Theme};
use search::Piece;

use crate::{Field, frame, words};

/// Text that is HTML already and is not escaped again. Made by this crate's
/// templates only, which escape what they are given.
pub struct Html(pub(crate) String);

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

/// A template that cannot fail but by running out of memory.
pub(crate) fn html(template: &impl Template) -> Html {
    Html(template.render().unwrap_or_default())
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<svg class="icon {{ class }}" aria-hidden="true"><use href="{{ sprite }}#{{ name }}"></use></svg>"##
)]
struct Icon<'a> {
    sprite: &'a str,
    name: &'a str,
    class: &'a str,
}

/// The name stands beside it, so it says nothing itself.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% if logo.is_empty() %}<img class="brand-mark" src="{{ own }}" alt="" width="28" height="28">{% else %}<img class="brand-logo" src="{{ logo }}" alt="" height="28">{% endif %}"#
)]
struct BrandMark<'a> {
    logo: &'a str,
    own: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<span class="avatar {{ class }} hue-{{ words::hue(name) }}" aria-hidden="true">{{ words::initials(name) }}</span>"#
)]
struct Avatar<'a> {
    name: &'a str,
    class: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ p.iso(at) }}" title="{{ p.date(at) }}">{{ shown }}</time>"#
)]
struct Time<'a> {
    p: &'a Page,
    at: &'a Instant,
    shown: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(message) = p.problem(field) %}<p class="invalid-feedback" id="{{ field }}-error">{{ icon }}{{ message }}</p>{% endif %}"#
)]
struct Problem<'a> {
    p: &'a Page,
    field: &'a str,
    icon: Html,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% for piece in pieces %}{% if piece.hit %}<mark>{{ piece.text }}</mark>{% else %}{{ piece.text }}{% endif %}{% endfor %}"#
)]
struct Marked<'a> {
    pieces: &'a [Piece],
}

#[derive(Template)]
#[template(path = "problems.html")]
struct Summary<'a> {
    p: &'a Page,
    /// Each problem's field and its sentence.
    lines: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "toast.html")]
struct Toast<'a> {
    p: &'a Page,
    icon: &'a str,
    text: &'a str,
    heard: bool,
}

/// The parts of a page, called on `p` in a template.
pub trait Components {
    /// A drawing of the sprite.
    fn icon(&self, name: &str) -> Html;
    /// A drawing with a class.
    fn icon_class(&self, name: &str, class: &str) -> Html;
    /// The hidden field that every form needs.
    fn csrf_field(&self) -> Html;
    /// A person's initials on their colour.
    fn avatar(&self, name: &str, class: &str) -> Html;
    /// A person: initials and name.
    fn person(&self, name: &str) -> Html;
    /// How long ago, with the exact time on hover.
    fn time(&self, at: &Instant) -> Html;
    /// The exact time.
    fn exact(&self, at: &Instant) -> Html;
    /// A number as people of the reader's language write it: 12.345.
    fn number(&self, n: i64) -> String;
    /// A file's size.
    fn size(&self, bytes: &i64) -> String;
    /// The message at a field, if something is wrong there.
    fn error_at(&self, field: &str) -> Html;
    /// The day, with the exact time on hover.
    fn day(&self, at: &Instant) -> Html;
    /// Every problem: its field, and its sentence behind the field's label. The
    /// label's locale key is the field's name, of the form `of` if it has its own:
    /// `company-domain`, or else `domain`; an id may have its thing's, `company`.
    fn named_problems(&self, of: &str) -> Vec<(String, String)>;
    /// The list of everything that is wrong, with a link to each field.
    fn error_summary(&self, of: &str) -> Html;
    /// A text with what was searched for marked in it.
    fn marked(&self, pieces: &[Piece]) -> Html;
    /// The choice of a theme, and of a density for whoever has signed in.
    fn theme_switch(&self) -> Html;
    /// Everything there is to open or to do, for Ctrl+K.
    fn palette(&self) -> Html;
    /// The sheet of the keys.
    fn keys_sheet(&self) -> Html;
    /// The key, or the two, that open an entry of the menu; empty for none.
    fn key_of(&self, path: &str) -> &'static str;
    /// A message that leaves by itself; `heard` when a script reads it out.
    fn toast(&self, icon: &str, text: &str, heard: bool) -> Html;
    /// The family of colours that the style sheet's parts know: `auto`, `light` or
    /// `dark`.
    fn scheme(&self) -> &'static str;
    /// What the desk is called.
    fn desk_name(&self) -> &str;
    /// The logo at the top of every page: the reader's company's, or the desk's own.
    fn brand_mark(&self) -> Html;
    /// A labelled field, with what was typed.
    fn field(&self, name: &str, label: &str) -> Field<'_>;
}

impl Components for Page {
    fn icon(&self, name: &str) -> Html {
        self.icon_class(name, "")
    }

    fn icon_class(&self, name: &str, class: &str) -> Html {
        html(&Icon {
            sprite: self.asset("icons.svg"),
            name,
            class,
        })
    }

    fn csrf_field(&self) -> Html {
        // The token is hexadecimal, made by us.
        Html(format!(
            r#"<input type="hidden" name="csrf" value="{}">"#,
            self.csrf()
        ))
    }

    fn avatar(&self, name: &str, class: &str) -> Html {
        html(&Avatar { name, class })
    }

    fn person(&self, name: &str) -> Html {
        html(&Person { p: self, name })
    }

    fn time(&self, at: &Instant) -> Html {
        html(&Time {
            p: self,
            at,
            shown: &words::ago(self, *at),
        })
    }

    fn exact(&self, at: &Instant) -> Html {
        html(&Time {
            p: self,
            at,
            shown: &self.date(at),
        })
    }

    fn number(&self, n: i64) -> String {
        words::number(self.lang(), n)
    }

    fn size(&self, bytes: &i64) -> String {
        words::size(self.lang(), *bytes)
    }

    fn error_at(&self, field: &str) -> Html {
        html(&Problem {
            p: self,
            field,
            icon: self.icon("alert-circle"),
        })
    }

    fn day(&self, at: &Instant) -> Html {
        let cx = self.cx();
        html(&Time {
            p: self,
            at,
            shown: &cx.zone.date(cx.locale, *at),
        })
    }

    fn named_problems(&self, of: &str) -> Vec<(String, String)> {
        let named = |(field, message): (String, String)| {
            let name = field.replace('_', "-");
            let thing = name.trim_end_matches("-id").to_owned();
            let keys = [format!("{of}-{name}"), name, thing];
            match keys.iter().find(|key| self.cx().app.i18n.has(key)) {
                Some(key) if !field.is_empty() => {
                    let line = format!("{}: {message}", self.t(key));
                    (field, line)
                }
                _ => (field, message),
            }
        };
        self.all_problems().into_iter().map(named).collect()
    }

    fn error_summary(&self, of: &str) -> Html {
        html(&Summary {
            p: self,
            lines: self.named_problems(of),
        })
    }

    fn marked(&self, pieces: &[Piece]) -> Html {
        html(&Marked { pieces })
    }

    fn theme_switch(&self) -> Html {
        html(&frame::ThemeSwitch { p: self })
    }

    fn palette(&self) -> Html {
        html(&frame::Palette { p: self })
    }

    fn keys_sheet(&self) -> Html {
        html(&frame::KeysSheet { p: self })
    }

    fn key_of(&self, path: &str) -> &'static str {
        frame::key_of(path)
    }

    fn toast(&self, icon: &str, text: &str, heard: bool) -> Html {
        html(&Toast {
            p: self,
            icon,
            text,
            heard,
        })
    }

    fn scheme(&self) -> &'static str {
        match self.looks().theme {
            theme @ (Theme::Auto | Theme::Light | Theme::Dark) => theme.code(),
            Theme::Purple | Theme::Comfort => Theme::Dark.code(),
        }
    }

    fn desk_name(&self) -> &str {
        match self.cx().brand.name.as_str() {
            "" => "Balcão",
            name => name,
        }
    }

    fn brand_mark(&self) -> Html {
        html(&BrandMark {
            logo: &self.cx().brand.logo,
            own: self.asset("favicon.svg"),
        })
    }

    fn field(&self, name: &str, label: &str) -> Field<'_> {
        Field::new(self, name, self.t(label))
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<span class="person">{{ p.avatar(name, "avatar-sm") }}<span class="person-name">{{ name }}</span></span>"#
)]
struct Person<'a> {
    p: &'a Page,
    name: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<span class="status status-{{ code }}">{{ word }}</span>"#
)]
struct Status<'a> {
    code: &'a str,
    word: &'a str,
}

/// A dot and a word for where a ticket stands.
#[must_use]
pub fn status(code: &str, word: &str) -> Html {
    html(&Status { code, word })
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<span class="prio prio-{{ code }}">{{ icon }}{{ word }}</span>"#
)]
struct Priority<'a> {
    code: &'a str,
    icon: Html,
    word: &'a str,
}

/// A flag and a word for how soon a ticket should be dealt with.
#[must_use]
pub fn priority(p: &Page, code: &str, icon: &str, word: &str) -> Html {
    html(&Priority {
        code,
        icon: p.icon(icon),
        word,
    })
}

//! The product's texts in pt-BR, en and es (Fluent), and times as people read them.

mod time;

pub use time::{Zone, ZoneError};

use std::collections::{BTreeSet, HashMap};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of the product. Portuguese is the one that others fall back to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Brazilian Portuguese.
    #[default]
    PtBr,
    /// English.
    En,
    /// Spanish.
    Es,
}

impl Locale {
    /// All of them, the first one first.
    pub const ALL: [Locale; 3] = [Locale::PtBr, Locale::En, Locale::Es];

    /// The BCP 47 tag, as stored and as in `<html lang>`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Locale::PtBr => "pt-BR",
            Locale::En => "en",
            Locale::Es => "es",
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Locale::PtBr => "Português",
            Locale::En => "English",
            Locale::Es => "Español",
        }
    }

    /// The locale of a tag, if it is one of ours; regions are looked over.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Locale> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "pt" => Some(Locale::PtBr),
            "en" => Some(Locale::En),
            "es" => Some(Locale::Es),
            _ => None,
        }
    }

    /// The best of an `Accept-Language` header (RFC 9110, 12.5.4).
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Locale {
        let mut best = (0.0_f32, Locale::default());
        for part in accept_language.split(',').take(20) {
            let mut pieces = part.split(';');
            let Some(locale) = pieces.next().and_then(|tag| Locale::from_tag(tag.trim())) else {
                continue;
            };
            let weight = pieces
                .find_map(|p| p.trim().strip_prefix("q="))
                .map_or(Some(1.0), |q| q.parse().ok())
                .unwrap_or(0.0);
            if weight > best.0 {
                best = (weight, locale);
            }
        }
        best.1
    }

    fn place(self) -> usize {
        self as usize
    }
}

/// One feature's texts: the same keys in every language.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    /// The feature, for messages about a fault in its file.
    pub feature: &'static str,
    /// The Fluent source in pt-BR.
    pub pt_br: &'static str,
    /// The Fluent source in en.
    pub en: &'static str,
    /// The Fluent source in es.
    pub es: &'static str,
}

impl Texts {
    fn source(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::PtBr => self.pt_br,
            Locale::En => self.en,
            Locale::Es => self.es,
        }
    }
}

/// A value put into a text.
pub type Arg<'a> = (&'a str, FluentValue<'a>);

/// Every text of the product.
pub struct I18n {
    bundles: [FluentBundle<FluentResource>; 3],
    keys: [BTreeSet<String>; 3],
}

impl I18n {
    /// Reads the features' texts.
    ///
    /// # Errors
    /// Names the file and the fault: wrong syntax, or a key defined twice.
    pub fn new(texts: &[Texts]) -> Result<I18n, String> {
        let mut bundles = Vec::new();
        let mut keys: [BTreeSet<String>; 3] = Default::default();
        for locale in Locale::ALL {
            let language: LanguageIdentifier = locale
                .tag()
                .parse()
                .map_err(|e| format!("{}: {e}", locale.tag()))?;
            let mut bundle = FluentBundle::new_concurrent(vec![language]);
            // The isolation marks around values would end up in titles and CSV files.
            bundle.set_use_isolating(false);
            for text in texts {
                let resource = FluentResource::try_new(text.source(locale).to_owned())
                    .map_err(|(_, e)| format!("{} {}: {e:?}", text.feature, locale.tag()))?;
                keys[locale.place()].extend(message_keys(text.source(locale)));
                bundle
                    .add_resource(resource)
                    .map_err(|e| format!("{} {}: {e:?}", text.feature, locale.tag()))?;
            }
            bundles.push(bundle);
        }
        let bundles = bundles
            .try_into()
            .map_err(|_| "three languages".to_owned())?;
        Ok(I18n { bundles, keys })
    }

    /// The text of `key`; one that is missing reads as its key, which a test finds.
    #[must_use]
    pub fn text(&self, locale: Locale, key: &str, args: &[Arg<'_>]) -> String {
        for locale in [locale, Locale::default()] {
            let bundle = &self.bundles[locale.place()];
            let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
                continue;
            };
            let args: FluentArgs = args.iter().map(|(k, v)| (*k, v.clone())).collect();
            let mut errors = Vec::new();
            return bundle
                .format_pattern(pattern, Some(&args), &mut errors)
                .into_owned();
        }
        key.to_owned()
    }

    /// Whether `key` has a text in the main language.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.keys[0].contains(key)
    }

    /// Per language, the keys that another language has and it lacks.
    #[must_use]
    pub fn missing(&self) -> HashMap<&'static str, Vec<String>> {
        let all: BTreeSet<&String> = self.keys.iter().flatten().collect();
        Locale::ALL
            .iter()
            .map(|locale| {
                let own = &self.keys[locale.place()];
                let missing = all.iter().filter(|k| !own.contains(**k));
                (locale.tag(), missing.map(|k| (*k).clone()).collect())
            })
            .collect()
    }
}

/// The messages that a source defines: lines that begin with an identifier and `=`.
fn message_keys(source: &str) -> impl Iterator<Item = String> + '_ {
    source.lines().filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let starts = key.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
        let plain = key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        (starts && plain).then(|| key.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_follows_the_browsers_order() {
        assert_eq!(Locale::negotiate("fr, en;q=0.5, es;q=0.8"), Locale::Es);
        assert_eq!(Locale::negotiate("en-US,en;q=0.9,pt;q=0.8"), Locale::En);
        assert_eq!(Locale::negotiate("de"), Locale::PtBr);
        assert_eq!(Locale::negotiate(""), Locale::PtBr);
    }

    #[test]
    fn a_text_takes_values_and_plurals() {
        let text = "n = { $count ->\n    [one] um chamado\n   *[other] { $count } chamados\n }\n";
        let i18n = I18n::new(&[Texts {
            feature: "x",
            pt_br: text,
            en: "",
            es: "",
        }])
        .unwrap();
        let say = |n: i64| i18n.text(Locale::PtBr, "n", &[("count", n.into())]);
        assert_eq!(say(1), "um chamado");
        assert_eq!(say(3), "3 chamados");
        assert_eq!(
            i18n.text(Locale::En, "n", &[("count", 1.into())]),
            "um chamado"
        );
        assert_eq!(i18n.missing()["en"], ["n"]);
    }
}

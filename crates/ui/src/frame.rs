//! The parts of the frame around every page, rendered here once and not in each page.

use askama::Template;
use kit::{Density, Page, Theme};

use crate::Components;

/// The choice of a theme and a density.
#[derive(Template)]
#[template(path = "theme.html")]
pub struct ThemeSwitch<'a> {
    pub p: &'a Page,
}

/// The dialog of Ctrl+K.
#[derive(Template)]
#[template(path = "palette.html")]
pub struct Palette<'a> {
    pub p: &'a Page,
}

/// The dialog of the `?` key.
#[derive(Template)]
#[template(path = "keys.html")]
pub struct KeysSheet<'a> {
    pub p: &'a Page,
}

/// The keys of the menu's entries: `g` and where to go.
pub fn key_of(path: &str) -> &'static str {
    match path {
        "/tickets/create" => "c",
        "/tickets" => "gi",
        "/dashboard" => "gd",
        "/admin" => "ga",
        _ => "",
    }
}

/// The drawing of a theme.
fn drawing(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "device-desktop",
        Theme::Light => "sun",
        Theme::Dark => "moon",
        Theme::Purple => "moon-stars",
        Theme::Comfort => "candle",
    }
}

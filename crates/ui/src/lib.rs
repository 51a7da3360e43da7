//! The design system: what pages are made of, and the files browsers load.

mod assets;
mod components;
mod device;
mod field;
mod frame;
mod letter;
mod paging;
mod words;

pub use assets::{asset, serve};
pub use components::{Components, Html, priority, status};
pub use device::device_name;
pub use field::Field;
pub use letter::Letter;
pub use paging::first_page;

/// The texts of the frame around every page.
pub const TEXTS: kit::Texts = kit::Texts {
    feature: "ui",
    pt_br: include_str!("../locales/pt-BR.ftl"),
    en: include_str!("../locales/en.ftl"),
    es: include_str!("../locales/es.ftl"),
};

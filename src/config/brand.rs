//! The colours of whoever has none of their own (S3-324 … S3-326).

use settings::BrandColours;

type Get<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads `BRAND_PRIMARY` and the two that go with it.
pub fn read(get: Get<'_>, wrong: &mut Vec<String>) -> BrandColours {
    let mut colour = |name: &str, light| {
        let text = get(name)?;
        match companies::check_colour(&text, light) {
            Ok(colour) => Some(colour),
            Err(what) => {
                wrong.push(format!("{name} {what}, not {text:?}"));
                None
            }
        }
    };
    BrandColours {
        primary: colour("BRAND_PRIMARY", false),
        dark: colour("BRAND_PRIMARY_DARK", false),
        light: colour("BRAND_PRIMARY_LIGHT", true),
    }
}

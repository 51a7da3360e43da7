//! A brand's colours: what follows from the one that a company chooses, so that text in
//! and on it has a contrast of 4.5:1 in every theme (WCAG 2.2, 1.4.3), whatever it is.
//!
//! The values of web/src/styles/tokens.css and themes.css that stand here are the
//! surfaces on which such text is read.

use std::fmt;

/// What text needs.
const TEXT: f64 = 4.5;
/// What a button needs against what it stands on (WCAG 2.2, 1.4.11).
const SHAPE: f64 = 3.0;
const WHITE: Rgb = Rgb(255, 255, 255);
const BLACK: Rgb = Rgb(0, 0, 0);
/// The accent of the product itself.
pub const OWN: &str = "#0f6e68";

/// Everything light that text in the accent stands on.
const DAY: [Rgb; 4] = [
    WHITE,
    Rgb(0xf4, 0xf6, 0xf6),
    Rgb(0xf7, 0xf9, 0xf9),
    Rgb(0xed, 0xf1, 0xf1),
];
/// The surfaces of the dark themes: dark, roxo-escuro, comfort.
const NIGHT: [Rgb; 9] = [
    Rgb(0x19, 0x21, 0x26),
    Rgb(0x1f, 0x29, 0x2e),
    Rgb(0x27, 0x32, 0x39),
    Rgb(0x20, 0x18, 0x2b),
    Rgb(0x27, 0x1e, 0x35),
    Rgb(0x32, 0x27, 0x43),
    Rgb(0x21, 0x1e, 0x1a),
    Rgb(0x28, 0x25, 0x1f),
    Rgb(0x32, 0x2d, 0x26),
];

/// A colour of sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(u8, u8, u8);

impl Rgb {
    /// The colour of `#rrggbb`; nothing else is a colour, least of all CSS.
    pub fn parse(text: &str) -> Option<Rgb> {
        let hex = text.trim().strip_prefix('#')?;
        if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
        Some(Rgb(part(0)?, part(2)?, part(4)?))
    }

    /// So much of `other` in it, as CSS's `color-mix(in srgb, …)` does.
    fn mix(self, other: Rgb, share: f64) -> Rgb {
        let part = |a: u8, b: u8| {
            let mixed = f64::from(a) * (1.0 - share) + f64::from(b) * share;
            // Between 0 and 255, as both are.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let part = mixed.round() as u8;
            part
        };
        Rgb(
            part(self.0, other.0),
            part(self.1, other.1),
            part(self.2, other.2),
        )
    }

    /// The relative luminance of WCAG 2.
    fn luminance(self) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            match value <= 0.04045 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * part(self.0) + 0.7152 * part(self.1) + 0.0722 * part(self.2)
    }

    /// Black or white, whichever is read on it; one of the two always is.
    fn on(self) -> Rgb {
        match contrast(self, WHITE) >= TEXT {
            true => WHITE,
            false => BLACK,
        }
    }

    /// The nearest to it, towards `end`, that stands out from all of `from`.
    fn towards(self, end: Rgb, from: &[Rgb], least: f64) -> Rgb {
        (0..=50)
            .map(|step| self.mix(end, f64::from(step) / 50.0))
            .find(|colour| from.iter().all(|other| contrast(*colour, *other) >= least))
            .unwrap_or(end)
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The contrast of two colours, from 1 to 21.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (a.luminance() + 0.05, b.luminance() + 0.05);
    a.max(b) / a.min(b)
}

/// What follows from a colour in light themes or in dark ones.
#[derive(Clone, Copy, Debug)]
pub struct Shades {
    /// The accent: buttons, marks.
    pub brand: Rgb,
    /// What is read on it.
    pub on: Rgb,
    /// Text in the accent.
    pub ink: Rgb,
    /// A button under the pointer.
    dark: Rgb,
    on_dark: Rgb,
    /// In light themes what is chosen stands on this; in dark ones it is mixed into the
    /// theme's own surface.
    light: Rgb,
}

/// So much of the accent is in the surface of what is chosen.
const DAY_TINT: f64 = 0.12;
const NIGHT_TINT: f64 = 0.24;

/// The light themes' shades. Where the installation says so, the darker and the lighter
/// one are its own (S3-325, S3-326).
pub fn day(brand: Rgb, dark: Option<Rgb>, light: Option<Rgb>) -> Shades {
    let light = light.unwrap_or_else(|| WHITE.mix(brand, DAY_TINT));
    let dark = dark.unwrap_or_else(|| brand.mix(BLACK, 0.18));
    let mut under = DAY.to_vec();
    under.push(light);
    Shades {
        brand,
        on: brand.on(),
        ink: brand.towards(BLACK, &under, TEXT),
        dark,
        on_dark: dark.on(),
        light,
    }
}

/// The dark themes' shades: the same colour, as much lighter as it must be.
pub fn night(brand: Rgb) -> Shades {
    let brand = brand.towards(WHITE, &NIGHT, SHAPE);
    // Not a glaring tint, whatever the accent.
    let tint = brand.towards(BLACK, &[WHITE], 5.0);
    let mut under = NIGHT.to_vec();
    under.extend(NIGHT.map(|surface| surface.mix(tint, NIGHT_TINT)));
    let dark = brand.mix(BLACK, 0.18);
    Shades {
        brand,
        on: brand.on(),
        ink: brand.towards(WHITE, &under, TEXT),
        dark,
        on_dark: dark.on(),
        light: tint,
    }
}

/// Whether text is read on a colour that is to be a light one.
pub fn is_light(colour: Rgb) -> bool {
    contrast(colour, BLACK) >= 10.0
}

/// The style sheet of a brand. It comes after the product's own and says more exactly
/// what it is for, so that it holds in every theme, also in one with an accent of its own.
pub fn css(brand: Rgb, dark: Option<Rgb>, light: Option<Rgb>) -> String {
    let values = |shades: Shades| {
        let Shades {
            brand,
            on,
            ink,
            dark,
            on_dark,
            ..
        } = shades;
        format!(
            "--brand:{brand};--brand-dark:{dark};--brand-ink:{ink};\
             --on-brand:{on};--on-brand-dark:{on_dark};"
        )
    };
    let (day, night) = (day(brand, dark, light), night(brand));
    let tint = format!("--brand-light:{};", day.light);
    let deep = format!(
        "--brand-light:color-mix(in srgb,{} {:.0}%,var(--surface));",
        night.light,
        NIGHT_TINT * 100.0
    );
    let (day, night) = (values(day) + &tint, values(night) + &deep);
    let themes = ["dark", "roxo-escuro", "comfort"];
    let themes = themes.map(|theme| format!("[data-theme=\"{theme}\"][data-theme]"));
    format!(
        ":root:root,[data-theme][data-theme]{{{day}}}\n\
         @media screen{{{}{{{night}}}}}\n\
         @media screen and (prefers-color-scheme:dark){{[data-theme=\"auto\"][data-theme]{{{night}}}}}\n",
        themes.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A colour of every sixth part of each channel, and the awkward ones.
    fn many() -> Vec<Rgb> {
        let steps = [0, 51, 102, 153, 204, 255];
        let mut all = Vec::new();
        for r in steps {
            for g in steps {
                all.extend(steps.map(|b| Rgb(r, g, b)));
            }
        }
        all.extend([Rgb(0x77, 0x77, 0x77), Rgb(0x76, 0x76, 0x76)]);
        all
    }

    #[test]
    fn only_six_hexadecimal_digits_are_a_colour() {
        assert_eq!(Rgb::parse("#aa0000").unwrap().to_string(), "#aa0000");
        assert_eq!(Rgb::parse(" #AABBCC ").unwrap().to_string(), "#aabbcc");
        for bad in [
            "",
            "red",
            "#abc",
            "#aa000",
            "#aa00000",
            "#gg0000",
            "#aa0000;}body{",
            "url(#aa0000)",
            "#áa000",
            "#+a0000",
        ] {
            assert_eq!(Rgb::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn contrast_is_what_wcag_says() {
        let is = |a, b, wanted: f64| assert!((contrast(a, b) - wanted).abs() < 0.01);
        is(BLACK, WHITE, 21.0);
        is(WHITE, WHITE, 1.0);
        is(Rgb(0x77, 0x77, 0x77), WHITE, 4.48);
    }

    #[test]
    fn whatever_a_company_chooses_can_be_read() {
        for colour in many() {
            let day = day(colour, None, None);
            assert_eq!(day.brand, colour, "light themes wear what was chosen");
            let night = night(colour);
            for shades in [day, night] {
                assert!(contrast(shades.brand, shades.on) >= TEXT, "{shades:?}");
                assert!(contrast(shades.dark, shades.on_dark) >= TEXT, "{shades:?}");
            }
            for under in DAY.into_iter().chain([day.light]) {
                assert!(contrast(day.ink, under) >= TEXT, "{colour} {day:?}");
            }
            for under in NIGHT {
                let tinted = under.mix(night.light, NIGHT_TINT);
                assert!(contrast(night.ink, under) >= TEXT, "{colour} {night:?}");
                assert!(contrast(night.ink, tinted) >= TEXT, "{colour} {night:?}");
                assert!(contrast(night.brand, under) >= SHAPE, "{colour} {night:?}");
            }
            // The page's own text on what is chosen.
            let (ink, quiet) = (Rgb(0x1a, 0x24, 0x29), Rgb(0x52, 0x60, 0x67));
            assert!(contrast(ink, day.light) >= TEXT, "{colour}");
            assert!(contrast(quiet, day.light) >= TEXT, "{colour}");
        }
    }

    #[test]
    fn the_style_sheet_says_what_was_chosen_and_nothing_else() {
        let css = css(
            Rgb(0xaa, 0, 0),
            Rgb::parse("#112233"),
            Rgb::parse("#eeddcc"),
        );
        assert!(css.contains("--brand:#aa0000;"));
        assert!(css.contains("--brand-dark:#112233;"));
        assert!(css.contains("--brand-light:#eeddcc;"));
        assert_eq!(css.matches('{').count(), css.matches('}').count());
    }
}

/// How somebody wants pages to look and to listen. A person's stand at their
/// account; whoever has none yet has a cookie for the theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// Which colours.
    pub theme: Theme,
    /// How much stands on a screen.
    pub density: Density,
    /// Single keys do nothing (WCAG 2.1.4): somebody dictates, or types by mistake.
    pub keys_off: bool,
}

/// Which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the reader's system is.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// Light on dark purple.
    Purple,
    /// Little light for tired eyes and dark rooms.
    Comfort,
}

impl Theme {
    /// All of them, in the order of choosing.
    pub const ALL: [Theme; 5] = [
        Theme::Auto,
        Theme::Light,
        Theme::Dark,
        Theme::Purple,
        Theme::Comfort,
    ];

    /// The stored name, in the cookie and at the end of its locale key.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Purple => "roxo-escuro",
            Theme::Comfort => "comfort",
        }
    }

    /// The theme of a stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

/// How much stands on a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// With room to breathe.
    #[default]
    Comfortable,
    /// As much as fits.
    Compact,
}

impl Density {
    /// All of them.
    pub const ALL: [Density; 2] = [Density::Comfortable, Density::Compact];

    /// The stored name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Density::Comfortable => "comfortable",
            Density::Compact => "compact",
        }
    }

    /// The density of a stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Density> {
        Density::ALL.into_iter().find(|d| d.code() == code)
    }
}

/// Whose name, colours and signs pages and letters wear. What is empty is the product's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// What the desk is called.
    pub name: String,
    /// The address of a style sheet with the colours.
    pub style: String,
    /// The accent, `#rrggbb`, where no style sheet is read: in letters.
    pub colour: String,
    /// What is read on it, `#rrggbb`.
    pub on_colour: String,
    /// The address of the logo.
    pub logo: String,
    /// The address of the favicon.
    pub icon: String,
    /// What the sign-in page says.
    pub welcome: String,
    /// What letters end with.
    pub footer: String,
}

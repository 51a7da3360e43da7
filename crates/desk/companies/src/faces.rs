//! Whose name, colours and signs a reader sees, and whether they may come from where
//! they are: asked with every request, so it is kept in memory until an event of
//! companies or of the desk changes it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use kit::{Actor, App, Brand, CompanyId, Context, Error, IpNet, Result};

use crate::colours::{self, OWN, Rgb};
use crate::store::faces::{self, DESK, Model};
use crate::{rules, slug, store};

/// All of them, as requests need them.
pub struct Faces {
    desk: Face,
    companies: HashMap<CompanyId, Face>,
    slugs: HashMap<String, CompanyId>,
}

/// One of them.
#[derive(Clone, Default)]
pub struct Face {
    brand: Arc<Brand>,
    networks: Vec<IpNet>,
    /// The style sheet; empty for the product's own colours.
    pub css: String,
    /// Where the logo is kept, and what it is.
    pub logo: Option<(String, String)>,
    /// The same of the favicon.
    pub icon: Option<(String, String)>,
}

/// Puts onto the context what the reader's pages wear: their company's; the desk's for
/// its own people; before signing in, that of the company in the page's address. `seq` is
/// the event up to which the reader was looked up.
///
/// # Errors
/// [`Error::Forbidden`] for whoever may not come from this address (S3-264).
pub async fn welcome(cx: &mut Context, seq: i64) -> Result<()> {
    let Actor::User(user) = &cx.actor else {
        // Who reads as nobody reads public pages; they stand without a database, too.
        if let Ok(faces) = faces(&cx.app, cx.app.live.head()).await {
            cx.brand = faces.of(slug_in(&cx.path).and_then(|slug| faces.named(slug)));
        }
        return Ok(());
    };
    let faces = faces(&cx.app, seq).await?;
    cx.brand = faces.of(user.company);
    match user.company.is_none_or(|id| faces.let_in(id, cx.ip)) {
        true => Ok(()),
        false => Err(Error::Forbidden("address")),
    }
}

/// Whether a company's people may come from an address.
///
/// # Errors
/// When the database refuses.
pub async fn lets_in(cx: &Context, company: CompanyId) -> Result<bool> {
    // Someone is signing in: nobody was looked up yet at a place of the log.
    let faces = faces(&cx.app, 0).await?;
    Ok(faces.let_in(company, cx.ip))
}

/// The active company that somebody else calls so: by its name in addresses, or else by
/// its name, if only one has it.
///
/// # Errors
/// When the database refuses.
pub async fn called(cx: &Context, text: &str) -> Result<Option<CompanyId>> {
    let (text, active) = (text.trim(), store::names(cx.db()).await?);
    let slug = faces(&cx.app, 0).await?.named(&text.to_lowercase());
    if let Some(found) = active.iter().find(|(id, _)| Some(*id) == slug) {
        return Ok(Some(found.0));
    }
    let of_name = |(_, name): &&(CompanyId, String)| name.to_lowercase() == text.to_lowercase();
    let mut named = active.iter().filter(of_name);
    Ok(match (named.next(), named.next()) {
        (Some((id, _)), None) => Some(*id),
        _ => None,
    })
}

/// What the letters and pages of a company's people wear; the desk's for `None`.
///
/// # Errors
/// When the database refuses.
pub async fn brand(app: &App, company: Option<CompanyId>) -> Result<Arc<Brand>> {
    Ok(faces(app, app.live.head()).await?.of(company))
}

/// All of them, from memory where that is as new as the event `seq`.
pub async fn faces(app: &App, seq: i64) -> Result<Arc<Faces>> {
    // Before the log is followed, nothing says how old a memory is.
    let seq = seq.max(0);
    let read = async {
        let rows = faces::all(app.db.reader()).await?;
        Ok(Faces::new(app, rows))
    };
    app.live.list("faces", "customers", seq, read).await
}

impl Faces {
    fn new(app: &App, rows: Vec<Model>) -> Faces {
        let mut rows: HashMap<CompanyId, Model> =
            rows.into_iter().map(|row| (row.owner, row)).collect();
        let installed = Worn::installed(app);
        let desk = match rows.remove(&DESK) {
            Some(row) => Face::new(row, slug::DESK, &Face::default(), installed.clone()),
            None => Face::plain(installed.clone()),
        };
        let mut slugs = HashMap::new();
        let mut companies = HashMap::new();
        for (id, row) in rows {
            let place = row.slug.clone().unwrap_or_else(|| id.to_string());
            let colour = row.colour.as_deref().and_then(Rgb::parse);
            // A company's own colour has its own shades; the installation's are of its.
            let worn = colour.map_or_else(|| installed.clone(), |c| Worn::of(c, None, None));
            companies.insert(id, Face::new(row, &place, &desk, worn));
            slugs.insert(place, id);
        }
        Faces {
            desk,
            companies,
            slugs,
        }
    }

    /// The face at a place in addresses.
    pub fn at(&self, place: &str) -> Option<&Face> {
        match place {
            slug::DESK => Some(&self.desk),
            _ => self.companies.get(self.slugs.get(place)?),
        }
    }

    pub fn named(&self, place: &str) -> Option<CompanyId> {
        self.slugs.get(place).copied()
    }

    fn of(&self, company: Option<CompanyId>) -> Arc<Brand> {
        let own = company.and_then(|id| self.companies.get(&id));
        own.unwrap_or(&self.desk).brand.clone()
    }

    fn let_in(&self, company: CompanyId, ip: Option<IpAddr>) -> bool {
        let face = self.companies.get(&company);
        face.is_none_or(|face| rules::allow(&face.networks, ip))
    }
}

impl Face {
    /// The address of its style sheet.
    pub fn style(&self) -> &str {
        &self.brand.style
    }

    /// The desk's, of which nobody has said anything yet.
    fn plain(worn: Worn) -> Face {
        let brand = Brand {
            style: style(slug::DESK, &worn.css),
            colour: worn.colour,
            on_colour: worn.on,
            ..Brand::default()
        };
        Face {
            brand: Arc::new(brand),
            css: worn.css,
            ..Face::default()
        }
    }

    /// What a row says, and else what `desk` has.
    fn new(row: Model, place: &str, desk: &Face, worn: Worn) -> Face {
        let sign = |what, hash: Option<String>, other: &String| match hash {
            Some(hash) => format!("/brand/{place}/{what}?v={}", &hash[..hash.len().min(16)]),
            None => other.clone(),
        };
        let other = &desk.brand;
        let text = |own: Option<String>, other: &String| own.unwrap_or_else(|| other.clone());
        let brand = Brand {
            name: text(row.name, &other.name),
            style: style(place, &worn.css),
            colour: worn.colour,
            on_colour: worn.on,
            logo: sign("logo", row.logo_hash, &other.logo),
            icon: sign("icon", row.icon_hash, &other.icon),
            welcome: text(row.login_text, &other.welcome),
            footer: text(row.mail_footer, &other.footer),
        };
        Face {
            brand: Arc::new(brand),
            networks: rules::kept_networks(&row.networks.unwrap_or_default()),
            css: worn.css,
            logo: row.logo_key.zip(row.logo_type),
            icon: row.icon_key.zip(row.icon_type),
        }
    }
}

/// The address of a style sheet; it changes when the sheet does.
fn style(place: &str, css: &str) -> String {
    match css {
        "" => String::new(),
        css => format!(
            "/brand/{place}/{}.css",
            &storage::fingerprint(css.as_bytes())[..16]
        ),
    }
}

/// A colour with what follows from it.
#[derive(Clone, Default)]
struct Worn {
    css: String,
    colour: String,
    on: String,
}

impl Worn {
    fn of(colour: Rgb, dark: Option<Rgb>, light: Option<Rgb>) -> Worn {
        Worn {
            css: colours::css(colour, dark, light),
            colour: colour.to_string(),
            on: colours::day(colour, dark, light).on.to_string(),
        }
    }

    /// The installation's (S3-324 … S3-326). Where nothing is set there is no style
    /// sheet: then the product's own holds.
    fn installed(app: &App) -> Worn {
        let set = &app.settings.brand;
        let colour = |text: &Option<String>| text.as_deref().and_then(Rgb::parse);
        let (primary, dark, light) = (colour(&set.primary), colour(&set.dark), colour(&set.light));
        let nothing = primary.is_none() && dark.is_none() && light.is_none();
        let Some(accent) = primary.or_else(|| Rgb::parse(OWN)) else {
            return Worn::default();
        };
        let worn = Worn::of(accent, dark, light);
        match nothing {
            true => Worn {
                css: String::new(),
                ..worn
            },
            false => worn,
        }
    }
}

/// The company that a public page is opened for: `/auth/login/acme`, `?company=acme`.
pub(crate) fn slug_in(path: &str) -> Option<&str> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let named = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("company="));
    named
        .or_else(|| path.strip_prefix("/auth/login/"))
        .or_else(|| path.strip_prefix("/lgpd/public/"))
}

#[cfg(test)]
mod tests {
    use super::slug_in;

    #[test]
    fn a_public_page_says_for_which_company_it_is() {
        assert_eq!(slug_in("/auth/login/acme"), Some("acme"));
        assert_eq!(slug_in("/auth/login/acme?next=/x"), Some("acme"));
        assert_eq!(slug_in("/auth/register?x=1&company=acme"), Some("acme"));
        assert_eq!(slug_in("/lgpd/public/acme"), Some("acme"));
        assert_eq!(slug_in("/auth/login"), None);
    }
}

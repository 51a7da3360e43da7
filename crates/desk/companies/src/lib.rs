//! Companies: the customers whose people open tickets.
//!
//! A company is the boundary of what its people may ever see. The desk's own
//! people belong to none of them. It says who may register with it, from where they may
//! come, and what their pages look like; what the desk says of itself stands here, too.

mod colours;
mod commands;
mod company;
mod events;
mod faces;
mod migrations;
mod pages;
mod picture;
mod pictures;
mod privacy;
mod registration;
mod rules;
mod searched;
mod slug;
mod store;
mod tax_id;

pub use commands::{DeskInput, Sign, create, set_desk, set_privacy, set_sign, update};
pub use company::{Company, CompanyInput, Profile};
pub use events::CompanyEvent;
pub use faces::{brand, called, lets_in, welcome};
pub use privacy::{Privacy, PrivacyMark, privacy, privacy_owed};
pub use registration::{Open, Visited, open_for_registration, place_of, visited};
pub use store::{admits, count, find, fits, named, names, names_of, of_email};

use kit::{Access, Feature, Nav, Permission, Role, Routes, Texts, Topic};

/// Whether a setting is a colour, and what is wrong with it otherwise.
///
/// # Errors
/// Says what is wrong.
pub fn check_colour(text: &str, light: bool) -> Result<String, &'static str> {
    match colours::Rgb::parse(text) {
        None => Err("must be a colour such as #0f6e68"),
        Some(colour) if light && !colours::is_light(colour) => {
            Err("must be a light colour: text stands on it")
        }
        Some(colour) => Ok(colour.to_string()),
    }
}

/// Keeping the list of companies (S3-189: a supervisor may, too).
pub const MANAGE: Permission = Permission {
    name: "company.manage",
    roles: &[Role::Supervisor, Role::Admin],
};

/// Saying what the desk is called and looks like.
pub const CONFIGURE: Permission = Permission {
    name: "desk.configure",
    roles: &[Role::Admin],
};

const LIST: &str = "/admin/companies";
const CONFIG: &str = "/admin/config";
const PRIVACY: &str = "/admin/companies/{company}/privacy";

/// This feature, as the front door knows it.
pub const FEATURE: Feature = Feature {
    name: "companies",
    migrations: migrations::MIGRATIONS,
    texts: Texts {
        feature: "companies",
        pt_br: include_str!("../locales/pt-BR.ftl"),
        en: include_str!("../locales/en.ftl"),
        es: include_str!("../locales/es.ftl"),
    },
    permissions: &[&MANAGE, &CONFIGURE],
    routes,
    nav: &[],
    admin: &[
        Nav {
            text: "companies",
            icon: "building",
            path: LIST,
            access: Access::May(&MANAGE),
        },
        Nav {
            text: "desk",
            icon: "palette",
            path: CONFIG,
            access: Access::May(&CONFIGURE),
        },
    ],
    openapi: Feature::NO_API,
    handlers: pictures::handlers,
    schedules: &[pictures::SWEEP],
    topics: &[Topic {
        name: "customers",
        events: &["company.", "desk."],
        internal: &[],
        owners: None,
    }],
    passing: &[],
    indexed: &[searched::INDEXED],
};

fn routes() -> Routes {
    const MAY: Access = Access::May(&MANAGE);
    const DESK: Access = Access::May(&CONFIGURE);
    Routes::new()
        .get(LIST, MAY, pages::list::index)
        .get("/admin/companies/new", MAY, pages::edit::new)
        .post("/admin/companies/new", MAY, pages::edit::create)
        .get("/admin/companies/{company}", MAY, pages::edit::edit)
        .post("/admin/companies/{company}", MAY, pages::edit::update)
        .post("/admin/companies/{company}/logo", MAY, pages::sign::logo)
        .post("/admin/companies/{company}/icon", MAY, pages::sign::icon)
        .get(PRIVACY, MAY, pages::privacy::of_company)
        .post(PRIVACY, MAY, pages::privacy::set_of_company)
        .get("/admin/config/privacy", DESK, pages::privacy::of_desk)
        .post("/admin/config/privacy", DESK, pages::privacy::set_of_desk)
        .get(CONFIG, DESK, pages::config::show)
        .post(CONFIG, DESK, pages::config::update)
        .post("/admin/config/logo", DESK, pages::config::logo)
        .post("/admin/config/icon", DESK, pages::config::icon)
        .get("/brand/{slug}/{file}", Access::Public, pages::brand::serve)
}

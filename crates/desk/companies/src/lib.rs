//! Companies: the customers whose people open tickets.
//!
//! A company is the boundary of what its people may ever see. The desk's own
//! people belong to none of them.

mod commands;
mod company;
mod events;
mod migrations;
mod pages;
mod searched;
mod store;

pub use commands::{create, update};
pub use company::{Company, CompanyInput};
pub use events::CompanyEvent;
pub use store::{find, named, names, names_of, of_email};

use kit::{Access, Feature, Nav, Permission, Role, Routes, Texts, Topic};

/// Keeping the list of companies (S3-189: a supervisor may, too).
pub const MANAGE: Permission = Permission {
    name: "company.manage",
    roles: &[Role::Supervisor, Role::Admin],
};

const LIST: &str = "/admin/companies";

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
    permissions: &[&MANAGE],
    routes,
    nav: &[],
    admin: &[Nav {
        text: "companies",
        icon: "building",
        path: LIST,
        access: Access::May(&MANAGE),
    }],
    openapi: Feature::NO_API,
    handlers: Feature::NO_JOBS,
    schedules: &[],
    topics: &[Topic {
        name: "customers",
        events: &["company."],
        internal: &[],
        owners: None,
    }],
    passing: &[],
    indexed: &[searched::INDEXED],
};

fn routes() -> Routes {
    const MAY: Access = Access::May(&MANAGE);
    Routes::new()
        .get(LIST, MAY, pages::index)
        .get("/admin/companies/new", MAY, pages::new)
        .post("/admin/companies/new", MAY, pages::create)
        .get("/admin/companies/{company}", MAY, pages::edit)
        .post("/admin/companies/{company}", MAY, pages::update)
}

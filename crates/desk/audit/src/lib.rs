//! The audit: the event log as people read it, what of it leaves the desk as a table,
//! and the proof that nobody changed it.
//!
//! Nothing here writes to the log but what it did itself: there is no way to change a
//! row, and [`check`] finds one that was changed behind the desk's back.

mod check;
mod events;
mod export;
mod filter;
mod kinds;
mod line;
mod migrations;
mod pages;
mod store;

pub use kinds::{GROUPS, Group, key};

use kit::{Access, App, Feature, Nav, Permission, Role, Routes, Texts, Topic};

kit::id!(
    /// A reading of the whole log.
    CheckId
);

/// Reading who did what, from where.
pub const READ: Permission = Permission {
    name: "audit.read",
    roles: &[Role::Admin],
};

/// This feature, as the front door knows it.
pub const FEATURE: Feature = Feature {
    name: "audit",
    migrations: migrations::MIGRATIONS,
    texts: Texts {
        feature: "audit",
        pt_br: include_str!("../locales/pt-BR.ftl"),
        en: include_str!("../locales/en.ftl"),
        es: include_str!("../locales/es.ftl"),
    },
    permissions: &[&READ],
    routes,
    nav: &[],
    admin: &[Nav {
        text: "audit",
        icon: "history",
        path: pages::LIST,
        access: Access::May(&READ),
    }],
    openapi: Feature::NO_API,
    handlers: |app: &App| vec![check::verifier(app)],
    schedules: &[],
    topics: &[Topic {
        name: "audit",
        events: &["audit."],
        internal: &[],
        owners: None,
    }],
    passing: &[],
    indexed: &[],
};

fn routes() -> Routes {
    const MAY: Access = Access::May(&READ);
    Routes::new()
        .get(pages::LIST, MAY, pages::index)
        .post("/admin/audit/export.csv", MAY, export::export)
        .post("/admin/audit/verify", MAY, pages::verify)
}

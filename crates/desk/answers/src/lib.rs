//! Canned answers: texts with variables that a technician puts into a reply by
//! typing `/`. Shared ones are kept by those who lead; everybody has their own, too.

mod answer;
mod events;
mod facts;
mod migrations;
mod pages;
mod store;
mod template;

pub use answer::{Answer, AnswerInput, save};
pub use events::AnswerEvent;
pub use facts::{Facts, Variable};
pub use store::{find, list};
pub use template::{Fault, check, fill};

use kit::{Access, Feature, Nav, Permission, Role, Routes, Texts, Topic};

kit::id!(
    /// A canned answer.
    AnswerId
);

/// Using canned answers and keeping one's own.
pub const USE: Permission = Permission {
    name: "answer.use",
    roles: &[Role::Tech, Role::Supervisor, Role::Admin],
};

/// Keeping those that the whole desk uses.
pub const SHARE: Permission = Permission {
    name: "answer.share",
    roles: &[Role::Supervisor, Role::Admin],
};

/// This feature, as the front door knows it.
pub const FEATURE: Feature = Feature {
    name: "answers",
    migrations: migrations::MIGRATIONS,
    texts: Texts {
        feature: "answers",
        pt_br: include_str!("../locales/pt-BR.ftl"),
        en: include_str!("../locales/en.ftl"),
        es: include_str!("../locales/es.ftl"),
    },
    permissions: &[&USE, &SHARE],
    routes,
    nav: &[],
    admin: &[Nav {
        text: "answers",
        icon: "template",
        path: pages::LIST,
        access: Access::May(&SHARE),
    }],
    openapi: Feature::NO_API,
    handlers: Feature::NO_JOBS,
    schedules: &[],
    topics: &[Topic {
        name: "answers",
        events: &["answer."],
        internal: &[],
        owners: None,
    }],
    passing: &[],
    indexed: &[],
};

fn routes() -> Routes {
    const MAY: Access = Access::May(&USE);
    Routes::new()
        .get(pages::LIST, MAY, pages::index)
        .get("/answers/new", MAY, pages::new)
        .post("/answers/new", MAY, pages::create)
        .post("/answers/preview", MAY, pages::preview)
        .get("/answers/{answer}", MAY, pages::edit)
        .post("/answers/{answer}", MAY, pages::update)
        .get("/tickets/{ticket}/answers", MAY, pages::picker)
}

//! How people come by an account and keep it: registering, confirming an address, a
//! forgotten password, an invitation, and their own profile.

mod api;
mod consent;
mod events;
mod letters;
mod links;
mod migrations;
mod pages;
mod pictures;
mod register;
mod store;
mod tokens;

pub use consent::consent_owed;
pub use events::AccountEvent;
pub use links::Purpose;
pub use tokens::{PREFIX as TOKEN_PREFIX, bearer};

use kit::{Access, Feature, Routes, Texts, Topic};
use people::MANAGE;

kit::id!(
    /// A link in somebody's mailbox.
    LinkId
);
kit::id!(
    /// A token for a program.
    TokenId
);

/// This feature, as the front door knows it.
pub const FEATURE: Feature = Feature {
    name: "accounts",
    migrations: migrations::MIGRATIONS,
    texts: Texts {
        feature: "accounts",
        pt_br: include_str!("../locales/pt-BR.ftl"),
        en: include_str!("../locales/en.ftl"),
        es: include_str!("../locales/es.ftl"),
    },
    permissions: &[],
    routes,
    nav: &[],
    admin: &[],
    openapi: api::contract,
    handlers: letters::handlers,
    schedules: &[links::SWEEP, pictures::SWEEP],
    topics: &[Topic {
        name: "consents",
        events: &["user.consented"],
        internal: &[],
        owners: None,
    }],
    passing: &[],
    indexed: &[],
};

fn routes() -> Routes {
    const ANYBODY: Access = Access::Public;
    const ME: Access = Access::SignedIn;
    const USERS: Access = Access::May(&MANAGE);
    Routes::new()
        .get("/auth/register", ANYBODY, pages::register::show)
        .post("/auth/register", ANYBODY, pages::register::create)
        .get("/auth/sent", ANYBODY, pages::sent::show)
        .post("/auth/confirm", ANYBODY, pages::sent::again)
        .get("/auth/confirm/{token}", ANYBODY, pages::sent::confirm)
        .post("/auth/confirm/{token}", ANYBODY, pages::sent::confirmed)
        .get("/auth/forgot", ANYBODY, pages::forgot::show)
        .post("/auth/forgot", ANYBODY, pages::forgot::ask)
        .get("/auth/reset/{token}", ANYBODY, pages::password::reset)
        .post("/auth/reset/{token}", ANYBODY, pages::password::reset_to)
        .get("/invite/{token}", ANYBODY, pages::password::invited)
        .post("/invite/{token}", ANYBODY, pages::password::accept)
        .get("/meu-perfil", ME, pages::profile::show)
        .post("/meu-perfil", ME, pages::profile::rename)
        .post("/meu-perfil/picture", ME, pages::picture::change)
        .post("/meu-perfil/email", ME, pages::profile::change_email)
        .post("/meu-perfil/password", ME, pages::profile::change_password)
        .post("/meu-perfil/sessions", ME, pages::profile::end_others)
        .post("/meu-perfil/sessions/{session}", ME, pages::profile::end)
        .get("/meu-perfil/tokens", ME, pages::tokens::show)
        .post("/meu-perfil/tokens", ME, pages::tokens::create)
        .post("/meu-perfil/tokens/{api_token}", ME, pages::tokens::revoke)
        .get("/people/{user}/picture/{name}", ME, pages::picture::show)
        .get("/admin/users/{user}/invite", USERS, pages::invite::show)
        .post("/admin/users/{user}/invite", USERS, pages::invite::make)
        .get("/lgpd", ME, pages::lgpd::show)
        .post("/lgpd", ME, pages::lgpd::accept)
        .get("/lgpd/public/{company}", ANYBODY, pages::lgpd::public)
        .post("/api/v1/users", ANYBODY, api::create)
}

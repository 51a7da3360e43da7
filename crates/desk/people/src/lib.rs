//! People: who can sign in, as what, and for which company.

mod accounts;
mod api;
mod events;
mod jwt;
mod migrations;
mod own;
mod pages;
mod password;
mod person;
mod preferences;
mod searched;
mod sessions;
mod setup;
mod store;

pub use accounts::{create, own_role, register, update};
pub use events::UserEvent;
pub use jwt::bearer;
pub use own::{confirm, prove, rename, set_password, set_picture};
pub use pages::auth::{device, own_path, session_cookie, with_session};
pub use person::{CheckedPerson, NewPassword, Person, PersonInput, address};
pub use preferences::{Preferences, prefer};
pub use sessions::{
    Asker, Session, SignedIn, asker, end_other_sessions, end_session, resume, sessions, sign_in,
    sign_out, start,
};
pub use setup::{first_admin, setup_link};
pub use store::{by_email, cards, clients, named, people_exist, person, staff};

pub mod contract {
    //! What is wrong, as every answer in the 400s and 500s says it.
    pub use crate::api::{Errors, UserJson};
}

use kit::{Access, App, Feature, Nav, Permission, Role, Routes, Texts, Topic};

/// Making and changing accounts.
pub const MANAGE: Permission = Permission {
    name: "user.manage",
    roles: &[Role::Admin],
};

/// Opening the administration at all, and reading who may do what.
pub const ADMINISTER: Permission = Permission {
    name: "admin.open",
    roles: &[Role::Supervisor, Role::Admin],
};

/// This feature, as the front door knows it.
pub const FEATURE: Feature = Feature {
    name: "people",
    migrations: migrations::MIGRATIONS,
    texts: Texts {
        feature: "people",
        pt_br: include_str!("../locales/pt-BR.ftl"),
        en: include_str!("../locales/en.ftl"),
        es: include_str!("../locales/es.ftl"),
    },
    permissions: &[&ADMINISTER, &MANAGE],
    routes,
    nav: &[Nav {
        text: "admin",
        icon: "settings",
        path: "/admin",
        access: Access::May(&ADMINISTER),
    }],
    admin: &[
        Nav {
            text: "users",
            icon: "users",
            path: "/admin/users",
            access: Access::May(&MANAGE),
        },
        Nav {
            text: "roles",
            icon: "shield-lock",
            path: "/admin/roles",
            access: Access::May(&ADMINISTER),
        },
    ],
    openapi: api::contract,
    handlers: |app: &App| vec![sessions::sweeper(app)],
    schedules: &[sessions::SWEEP],
    topics: &[Topic {
        name: "users",
        events: &["user.created", "user.updated"],
        internal: &[],
        owners: None,
    }],
    passing: &[],
    indexed: &[searched::INDEXED],
};

fn routes() -> Routes {
    const USERS: Access = Access::May(&MANAGE);
    const ADMIN: Access = Access::May(&ADMINISTER);
    Routes::new()
        .get("/auth/login", Access::Public, pages::auth::login)
        .get("/auth/login/{slug}", Access::Public, pages::auth::login)
        .post("/auth/login", Access::Public, pages::auth::sign_in)
        .post("/auth/logout", Access::SignedIn, pages::auth::logout)
        .post("/language", Access::Public, pages::auth::language)
        .get("/setup/{token}", Access::Public, pages::setup::show)
        .post("/setup/{token}", Access::Public, pages::setup::create)
        .get("/preferences", Access::SignedIn, pages::preferences::show)
        .post("/preferences", Access::SignedIn, pages::preferences::update)
        .get("/admin", ADMIN, pages::admin::index)
        .get("/admin/roles", ADMIN, pages::admin::roles)
        .get("/admin/users", USERS, pages::users::index)
        .get("/admin/users/new", USERS, pages::users::new)
        .post("/admin/users/new", USERS, pages::users::create)
        .get("/admin/users/{user}", USERS, pages::users::edit)
        .post("/admin/users/{user}", USERS, pages::users::update)
        .post("/api/v1/auth/login", Access::Public, api::login)
        .get("/api/v1/auth/me", Access::SignedIn, api::me)
        .get("/api/v1/users", USERS, api::index)
}

//! People: who can sign in, as what, and for which company.

mod accounts;
mod addresses;
mod api;
mod breached;
mod events;
mod guessable;
mod jwt;
mod letters;
mod migrations;
mod new_password;
mod own;
mod pages;
mod password;
mod person;
mod preferences;
mod roles;
mod searched;
mod sessions;
mod setup;
mod store;

pub use accounts::{
    PASSWORD_REPLACED, PASSWORD_SET, REACH_CHANGED, as_registered, create, limit, own_role,
    register, update,
};
pub use addresses::{claim, code_left, letter_left};
pub use events::UserEvent;
pub use jwt::{Issued, bearer, issue};
pub use letters::tell_linked;
pub use new_password::NewPassword;
pub use own::{
    JUST_NOW_MINUTES, came_just_now, confirm, fits, has_password, hold, hold_as, prove, rename,
    renew, replaced_at, set_password, set_picture,
};
pub use pages::auth::{device, own_path, session_cookie, set_cookie, with_session};
pub use person::{CheckedPerson, Person, PersonInput, address};
pub use preferences::{Preferences, prefer};
pub use roles::{BASES, CustomRole, RoleInput, give_role, save_role};
pub use sessions::{
    Asker, Session, asker, credentials, end_other_sessions, end_session, fail, forgive, locked,
    noted, resume, sessions, sign_out, start, start_by,
};
pub use setup::{first_admin, setup_link};
pub use store::roles::list as custom_roles;
pub use store::{
    by_email, cards, clients, count, named, people_exist, person, shown_pictures, staff,
};

pub mod contract {
    //! What is wrong, as every answer in the 400s and 500s says it.
    pub use crate::api::{Errors, UserJson};
}

use kit::{Access, App, Feature, Nav, Permission, Role, Routes, Texts, Topic};

kit::id!(
    /// A role that was made here.
    RoleId
);

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
    handlers: |app: &App| vec![sessions::sweeper(app), letters::handler(app)],
    schedules: &[sessions::SWEEP],
    topics: &[
        Topic {
            name: "users",
            events: &["user.created", "user.updated"],
            internal: &[],
            owners: None,
        },
        Topic {
            name: "roles",
            events: &["role."],
            internal: &[],
            owners: None,
        },
    ],
    passing: &[],
    indexed: &[searched::INDEXED],
};

fn routes() -> Routes {
    const USERS: Access = Access::May(&MANAGE);
    const ADMIN: Access = Access::May(&ADMINISTER);
    Routes::new()
        .post("/language", Access::Public, pages::auth::language)
        .get("/setup/{token}", Access::Public, pages::setup::show)
        .post("/setup/{token}", Access::Public, pages::setup::create)
        .get("/preferences", Access::SignedIn, pages::preferences::show)
        .post("/preferences", Access::SignedIn, pages::preferences::update)
        .get("/admin/roles", ADMIN, pages::roles::index)
        .get("/admin/roles/new", USERS, pages::roles::new)
        .post("/admin/roles/new", USERS, pages::roles::create)
        .get("/admin/roles/{role}", USERS, pages::roles::edit)
        .post("/admin/roles/{role}", USERS, pages::roles::update)
        .get("/admin/users", USERS, pages::users::index)
        .get("/admin/users/new", USERS, pages::users::new)
        .post("/admin/users/new", USERS, pages::users::create)
        .get("/admin/users/{user}", USERS, pages::users::edit)
        .post("/admin/users/{user}", USERS, pages::users::update)
        .get("/api/v1/auth/me", Access::SignedIn, api::me)
        .get("/api/v1/users", USERS, api::index)
}

//! How people come in: the password, what they show beside it (a code by mail, an
//! authenticator app, a passkey), and a passkey alone.

mod api;
mod codes;
mod enter;
mod events;
mod factors;
mod letters;
mod migrations;
mod pages;
mod passkeys;
mod pending;
mod proof;
mod rules;
mod store;
mod totp;
mod unproved;
mod verify;

pub use enter::{Entry, enter};
pub use events::FactorEvent;

use kit::{Access, Feature, Nav, Routes, Texts};
use people::MANAGE;

kit::id!(
    /// A sign-in that is not finished.
    PendingId
);
kit::id!(
    /// Somebody's passkey.
    PasskeyId
);

/// This feature, as the front door knows it.
pub const FEATURE: Feature = Feature {
    name: "signin",
    migrations: migrations::MIGRATIONS,
    texts: Texts {
        feature: "signin",
        pt_br: include_str!("../locales/pt-BR.ftl"),
        en: include_str!("../locales/en.ftl"),
        es: include_str!("../locales/es.ftl"),
    },
    permissions: &[],
    routes,
    nav: &[],
    admin: &[Nav {
        text: "signin-rules",
        icon: "shield-check",
        path: pages::rules::HERE,
        access: Access::May(&MANAGE),
    }],
    openapi: api::contract,
    handlers: letters::handlers,
    schedules: &[pending::SWEEP],
    topics: &[],
    passing: &[],
    indexed: &[],
};

fn routes() -> Routes {
    coming_in().merge(of_ones_own()).merge(of_others())
}

fn coming_in() -> Routes {
    const ANYBODY: Access = Access::Public;
    use pages::{login, otp, passkey, setup, vouched};
    Routes::new()
        .get("/auth/login", ANYBODY, login::show)
        .get("/auth/login/{slug}", ANYBODY, login::show)
        .post("/auth/login", ANYBODY, login::sign_in)
        .post("/auth/logout", Access::SignedIn, login::sign_out)
        .get("/auth/sso/{slug}/callback", ANYBODY, vouched::back)
        .post("/auth/passkey", ANYBODY, passkey::ask)
        .post("/auth/passkey/finish", ANYBODY, passkey::sign_in)
        .get("/auth/otp", ANYBODY, otp::show)
        .post("/auth/otp", ANYBODY, otp::check)
        .post("/auth/otp/send", ANYBODY, otp::send)
        .post("/auth/otp/passkey", ANYBODY, passkey::ask_second)
        .post("/auth/otp/passkey/finish", ANYBODY, passkey::second)
        .get("/auth/factor", ANYBODY, setup::show)
        .post("/auth/factor/email", ANYBODY, setup::email)
        .get("/auth/factor/totp", ANYBODY, setup::totp)
        .post("/auth/factor/totp", ANYBODY, setup::begin_totp)
        .post("/auth/factor/totp/confirm", ANYBODY, setup::confirm_totp)
        .post("/auth/factor/passkey", ANYBODY, setup::begin_passkey)
        .post("/auth/factor/passkey/finish", ANYBODY, setup::passkey)
        .post("/api/v1/auth/login", ANYBODY, api::login)
}

fn of_ones_own() -> Routes {
    const ME: Access = Access::SignedIn;
    use pages::{factor, security};
    Routes::new()
        .get(security::HERE, ME, security::show)
        .post(security::HERE, ME, security::prove)
        .post("/meu-perfil/security/email", ME, factor::email)
        .get("/meu-perfil/security/totp", ME, factor::totp)
        .post("/meu-perfil/security/totp", ME, factor::begin_totp)
        .post(
            "/meu-perfil/security/totp/confirm",
            ME,
            factor::confirm_totp,
        )
        .post("/meu-perfil/security/totp/remove", ME, factor::remove_totp)
        .post("/meu-perfil/security/codes", ME, factor::codes)
        .post("/meu-perfil/security/passkey", ME, factor::begin_passkey)
        .post("/meu-perfil/security/passkey/finish", ME, factor::passkey)
        .post(
            "/meu-perfil/security/passkey/{passkey}",
            ME,
            factor::remove_passkey,
        )
}

fn of_others() -> Routes {
    const USERS: Access = Access::May(&MANAGE);
    use pages::{rules, user};
    Routes::new()
        .get(rules::HERE, USERS, rules::show)
        .post(rules::HERE, USERS, rules::update)
        .get("/admin/users/{user}/security", USERS, user::show)
        .post("/admin/users/{user}/security", USERS, user::update)
        .post("/admin/users/{user}/security/reset", USERS, user::reset)
}

//! Single sign-on: people come in by somebody who vouches for them, with OpenID Connect.
//!
//! An administrator says whom the desk believes (a provider), what its word makes of
//! people here (rules from claims to role and company), and whether it makes accounts.
//! What a provider says is checked by `openidconnect`; asking it is `outgoing`'s. Whom it
//! vouches for comes in by `signin`'s door, which asks for more where that is wanted.

mod check;
mod commands;
mod events;
mod flow;
mod migrations;
mod oidc;
mod pages;
mod people_of;
mod provider;
mod refusal;
mod rules;
mod start;
mod store;

pub use commands::save;
pub use events::SsoEvent;
pub use flow::{Door, Vouched};
pub use pages::door::{BackQuery, back};
pub use provider::{Provider, ProviderInput};

use std::sync::Arc;

use kit::{Access, Context, Feature, Nav, Permission, Result, Role, Routes, Texts, Topic};

kit::id!(
    /// Somebody who vouches for people.
    ProviderId
);
kit::id!(
    /// Whom a provider knows, and who that is here.
    IdentityId
);

/// Saying who vouches for people, and what that makes of them.
pub const MANAGE: Permission = Permission {
    name: "sso.manage",
    roles: &[Role::Admin],
};

const LIST: &str = "/admin/sso";
/// Where somebody sees who vouches for them.
const OWN: &str = "/meu-perfil/sso";

/// This feature, as the front door knows it.
pub const FEATURE: Feature = Feature {
    name: "sso",
    migrations: migrations::MIGRATIONS,
    texts: Texts {
        feature: "sso",
        pt_br: include_str!("../locales/pt-BR.ftl"),
        en: include_str!("../locales/en.ftl"),
        es: include_str!("../locales/es.ftl"),
    },
    permissions: &[&MANAGE],
    routes,
    nav: &[],
    admin: &[Nav {
        text: "sso",
        icon: "id-badge",
        path: LIST,
        access: Access::May(&MANAGE),
    }],
    openapi: Feature::NO_API,
    handlers: |app| vec![start::sweeper(app), commands::ender(app)],
    schedules: &[start::SWEEP],
    topics: &[Topic {
        name: "sign-on",
        events: &["sso.provider_"],
        internal: &[],
        owners: None,
    }],
    passing: &[],
    indexed: &[],
};

fn routes() -> Routes {
    const ANYBODY: Access = Access::Public;
    const ME: Access = Access::SignedIn;
    const MAY: Access = Access::May(&MANAGE);
    Routes::new()
        .get("/auth/sso/{slug}", ANYBODY, pages::door::leave)
        .get(OWN, ME, pages::own::show)
        .post(OWN, ME, pages::own::link)
        .get("/meu-perfil/sso/{identity}", ME, pages::own::ask)
        .post("/meu-perfil/sso/{identity}", ME, pages::own::unlink)
        .get(LIST, MAY, pages::list::index)
        .get("/admin/sso/new", MAY, pages::edit::new)
        .post("/admin/sso/new", MAY, pages::edit::create)
        .get("/admin/sso/{provider}", MAY, pages::edit::edit)
        .post("/admin/sso/{provider}", MAY, pages::edit::update)
}

/// A way in that the sign-in page shows: a link, which is not to be fetched in advance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub name: String,
    /// Where it leads; `?next=` and a path of ours may be put behind it.
    pub path: String,
}

/// The ways in by somebody who vouches, for a sign-in page.
///
/// # Errors
/// When the database refuses.
pub async fn buttons(cx: &Context) -> Result<Vec<Button>> {
    let button = |(name, slug): &(String, String)| Button {
        name: cx.text("sso-button", &[("name", name.as_str().into())]),
        path: format!("/auth/sso/{slug}"),
    };
    Ok(known(cx).await?.iter().map(button).collect())
}

/// The active providers' names and slugs, from memory: public pages ask with each view.
async fn known(cx: &Context) -> Result<Arc<Vec<(String, String)>>> {
    let live = &cx.app.live;
    let read = store::providers::doors(cx.db());
    live.list("sso doors", "sign-on", live.head().max(0), read)
        .await
}

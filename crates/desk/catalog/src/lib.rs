//! The catalogue: queues with their members, categories with subcategories, and
//! channels. Lists that an administrator keeps and tickets are sorted by.

mod category;
mod channel;
mod events;
mod first_lists;
mod limits;
mod migrations;
mod pages;
mod queue;
mod store;

pub use category::{Category, CategoryInput, save_category};
pub use channel::{Channel, ChannelInput, save_channel};
pub use events::CatalogEvent;
pub use first_lists::first_lists;
pub use limits::limit;
pub use queue::{Queue, QueueInput, save_queue};
pub use store::categories::{find as category, find_by_name as category_named, list as categories};
pub use store::channels::{find as channel, find_by_name as channel_named, list as channels};
pub use store::queues::{
    above, find as queue, find_by_name as queue_named, list as queues, members,
    names as queue_names,
};

use kit::{Access, Feature, Nav, Permission, Role, Routes, Texts, Topic};

kit::id!(
    /// A queue of tickets with the people who work on it.
    QueueId
);
kit::id!(
    /// A category, or a subcategory of one.
    CategoryId
);
kit::id!(
    /// A way by which tickets come.
    ChannelId
);

/// Keeping queues, categories and channels.
pub const MANAGE: Permission = Permission {
    name: "catalog.manage",
    roles: &[Role::Supervisor, Role::Admin],
};

const MAY: Access = Access::May(&MANAGE);

/// This feature, as the front door knows it.
pub const FEATURE: Feature = Feature {
    name: "catalog",
    migrations: migrations::MIGRATIONS,
    texts: Texts {
        feature: "catalog",
        pt_br: include_str!("../locales/pt-BR.ftl"),
        en: include_str!("../locales/en.ftl"),
        es: include_str!("../locales/es.ftl"),
    },
    permissions: &[&MANAGE],
    routes,
    nav: &[],
    admin: &[
        Nav {
            text: "queues",
            icon: "inbox",
            path: pages::queues::LIST,
            access: MAY,
        },
        Nav {
            text: "categories",
            icon: "category",
            path: pages::categories::LIST,
            access: MAY,
        },
        Nav {
            text: "channels",
            icon: "plug-connected",
            path: pages::channels::LIST,
            access: MAY,
        },
    ],
    openapi: Feature::NO_API,
    handlers: Feature::NO_JOBS,
    schedules: &[],
    topics: &[
        topic("queues", &["queue."]),
        topic("categories", &["category."]),
        topic("channels", &["channel."]),
    ],
    passing: &[],
    indexed: &[],
};

const fn topic(name: &'static str, events: &'static [&'static str]) -> Topic {
    Topic {
        name,
        events,
        internal: &[],
        owners: None,
    }
}

fn routes() -> Routes {
    use pages::{categories, channels, limits, queues};
    const USERS: Access = Access::May(&people::MANAGE);
    const LIMITS: &str = "/admin/users/{user}/limits";
    Routes::new()
        .get(LIMITS, USERS, limits::edit)
        .post(LIMITS, USERS, limits::update)
        .get(queues::LIST, MAY, queues::index)
        .get("/admin/queues/new", MAY, queues::new)
        .post("/admin/queues/new", MAY, queues::create)
        .get("/admin/queues/{queue}", MAY, queues::edit)
        .post("/admin/queues/{queue}", MAY, queues::update)
        .get(categories::LIST, MAY, categories::index)
        .get("/admin/categories/new", MAY, categories::new)
        .post("/admin/categories/new", MAY, categories::create)
        .get("/admin/categories/{category}", MAY, categories::edit)
        .post("/admin/categories/{category}", MAY, categories::update)
        .get(channels::LIST, MAY, channels::index)
        .get("/admin/channels/new", MAY, channels::new)
        .post("/admin/channels/new", MAY, channels::create)
        .get("/admin/channels/{channel}", MAY, channels::edit)
        .post("/admin/channels/{channel}", MAY, channels::update)
}

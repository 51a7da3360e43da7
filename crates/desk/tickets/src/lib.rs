//! Tickets: requests for help, from opening to closing.
//!
//! A ticket is opened by a requester or for one, waits in a queue, is taken by a
//! technician, talked about, solved and closed. Where it stands and who may move
//! it on is said by one table, [`status::transition`]; every change is an event,
//! and the events with the comments are the conversation that its page shows.

mod api;
pub mod commands;
mod events;
pub mod filter;
mod migrations;
mod pages;
pub mod policy;
mod presence;
mod searched;
pub mod status;
mod store;
pub mod tallies;
mod ticket;
mod timeline;

pub use commands::{Closing, Correction, NewComment, Opening, Target};
pub use events::{Change, TicketEvent};
pub use store::copies::{Original, copy, originals};
pub use store::ticket::{find, is_known, protocols};
pub use ticket::{Classification, Priority, Ticket};

use kit::{Access, App, Feature, Nav, Passing, Routes, Texts, Topic};

kit::id!(
    /// A ticket.
    TicketId
);
kit::id!(
    /// Something written on a ticket.
    CommentId
);
kit::id!(
    /// A file of a ticket.
    AttachmentId
);
kit::id!(
    /// A saved view of the list.
    ViewId
);
kit::id!(
    /// Something done to many tickets at once, which can be undone.
    UndoId
);

/// This feature, as the front door knows it.
pub const FEATURE: Feature = Feature {
    name: "tickets",
    migrations: migrations::MIGRATIONS,
    texts: Texts {
        feature: "tickets",
        pt_br: include_str!("../locales/pt-BR.ftl"),
        en: include_str!("../locales/en.ftl"),
        es: include_str!("../locales/es.ftl"),
    },
    permissions: &[
        &policy::OPEN,
        &policy::SEE,
        &policy::COMMENT,
        &policy::CLOSE,
        &policy::WORK,
        &policy::ASSIGN,
        &policy::EDIT,
        &policy::SHARE_VIEWS,
    ],
    routes,
    nav: &[
        Nav {
            text: "dashboard",
            icon: "layout-dashboard",
            path: "/dashboard",
            access: Access::SignedIn,
        },
        Nav {
            text: "tickets",
            icon: "ticket",
            path: "/tickets",
            access: Access::May(&policy::SEE),
        },
        Nav {
            text: "ticket-new",
            icon: "plus",
            path: "/tickets/create",
            access: Access::May(&policy::OPEN),
        },
    ],
    admin: &[],
    openapi: api::contract,
    handlers: |app: &App| {
        vec![
            commands::releaser(app),
            commands::remover(app),
            commands::sweeper(app),
            commands::presence_sweeper(app),
        ]
    },
    schedules: &[commands::SWEEP_FILES, commands::SWEEP_PRESENCE],
    topics: &[
        Topic {
            name: "tickets",
            events: &["ticket."],
            internal: &["ticket.participant_added", "ticket.participant_removed"],
            owners: Some(|app, tickets| Box::pin(store::ticket::whose(app.db.reader(), tickets))),
        },
        Topic {
            name: "views",
            events: &["view."],
            internal: &[],
            owners: None,
        },
    ],
    passing: &[Passing {
        topic: "presence",
        moved: |app, since| Box::pin(store::presence::moved(app.db.reader(), since)),
    }],
    indexed: &[searched::INDEXED],
};

fn routes() -> Routes {
    use policy::{CLOSE, COMMENT, EDIT, OPEN, SEE, WORK};
    const fn may(permission: &'static kit::Permission) -> Access {
        Access::May(permission)
    }
    let pages = Routes::new()
        .get("/dashboard", Access::SignedIn, pages::dashboard::show)
        .get("/tickets", may(&SEE), pages::list::index)
        .get("/tickets/create", may(&OPEN), pages::new::new)
        .post("/tickets/create", may(&OPEN), pages::new::create)
        .post("/tickets/bulk", may(&WORK), pages::list::bulk::act)
        .post(
            "/tickets/bulk/{act}/undo",
            may(&WORK),
            pages::list::bulk::undo,
        )
        .post("/tickets/views", may(&WORK), pages::list::views::create)
        .post(
            "/tickets/views/{view}",
            may(&WORK),
            pages::list::views::update,
        )
        .post(
            "/tickets/views/{view}/remove",
            may(&WORK),
            pages::list::views::remove,
        )
        .get("/tickets/{ticket}", may(&SEE), pages::show::show)
        .post("/tickets/{ticket}", may(&COMMENT), pages::acts::comment)
        .get("/tickets/{ticket}/edit", may(&EDIT), pages::edit::edit)
        .post("/tickets/{ticket}/edit", may(&EDIT), pages::edit::update)
        .post("/tickets/{ticket}/assign", may(&WORK), pages::acts::assign)
        .post(
            "/tickets/{ticket}/transfer",
            may(&WORK),
            pages::acts::transfer,
        )
        .post("/tickets/{ticket}/wait", may(&WORK), pages::acts::wait)
        .post("/tickets/{ticket}/resume", may(&WORK), pages::acts::resume)
        .post(
            "/tickets/{ticket}/escalate",
            may(&WORK),
            pages::acts::escalate,
        )
        .post(
            "/tickets/{ticket}/resolve",
            may(&WORK),
            pages::acts::resolve,
        )
        .post("/tickets/{ticket}/close", may(&CLOSE), pages::acts::close)
        .post("/tickets/{ticket}/reopen", may(&CLOSE), pages::acts::reopen)
        .post("/tickets/{ticket}/move", may(&WORK), pages::acts::move_to)
        .post("/tickets/{ticket}/queue", may(&WORK), pages::acts::queue)
        .post(
            "/tickets/{ticket}/priority",
            may(&WORK),
            pages::acts::priority,
        )
        .post(
            "/tickets/{ticket}/participants/add",
            may(&WORK),
            pages::acts::add_participant,
        )
        .post(
            "/tickets/{ticket}/participants/remove",
            may(&WORK),
            pages::acts::remove_participant,
        )
        .post(
            "/tickets/{ticket}/presence",
            may(&WORK),
            pages::presence::tell,
        )
        .get(
            "/tickets/{ticket}/presence",
            may(&WORK),
            pages::presence::show,
        )
        .post(
            "/tickets/{ticket}/comments/{comment}/retract",
            may(&COMMENT),
            pages::acts::retract,
        )
        .get(
            "/tickets/{ticket}/attachments/{attachment}",
            may(&SEE),
            pages::files::download,
        )
        .get(
            "/tickets/{ticket}/attachments/{attachment}/view",
            may(&SEE),
            pages::files::view,
        );
    let api = Routes::new()
        .get("/api/v1/tickets", may(&SEE), api::tickets::index)
        .post("/api/v1/tickets", may(&OPEN), api::tickets::create)
        .get("/api/v1/tickets/{ticket}", may(&SEE), api::tickets::show)
        .patch(
            "/api/v1/tickets/{ticket}/assign",
            may(&WORK),
            api::acts::assign,
        )
        .patch(
            "/api/v1/tickets/{ticket}/resolve",
            may(&WORK),
            api::acts::resolve,
        )
        .patch(
            "/api/v1/tickets/{ticket}/close",
            may(&CLOSE),
            api::acts::close,
        )
        .post(
            "/api/v1/tickets/{ticket}/reopen",
            may(&CLOSE),
            api::acts::reopen,
        )
        .post(
            "/api/v1/tickets/{ticket}/escalate",
            may(&WORK),
            api::acts::escalate,
        )
        .post(
            "/api/v1/tickets/{ticket}/transfer",
            may(&WORK),
            api::acts::transfer,
        )
        .get(
            "/api/v1/tickets/{ticket}/comments",
            may(&SEE),
            api::talk::comments,
        )
        .post(
            "/api/v1/tickets/{ticket}/comments",
            may(&COMMENT),
            api::talk::comment,
        )
        .get(
            "/api/v1/tickets/{ticket}/timeline",
            may(&SEE),
            api::talk::timeline,
        )
        .get(
            "/api/v1/tickets/{ticket}/attachments",
            may(&SEE),
            api::files::index,
        )
        .post(
            "/api/v1/tickets/{ticket}/attachments",
            may(&COMMENT),
            api::files::create,
        )
        .get(
            "/api/v1/tickets/{ticket}/attachments/{attachment}",
            may(&SEE),
            api::files::show,
        );
    pages.merge(api)
}

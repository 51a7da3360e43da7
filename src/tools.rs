//! `/admin/tools`: things that an administrator does by hand to see whether they
//! work (S3-243). It knows every feature, so it stands in the front door.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kit::{
    Access, Context, Feature, Form, Nav, Page, Permission, Result, Role, Routes, Texts,
    redirect_done, render, render_with,
};
use ui::{Components, Letter};

const HERE: &str = "/admin/tools";

/// Using the tools.
pub const RUN: Permission = Permission {
    name: "tool.run",
    roles: &[Role::Admin],
};

/// The tools, as the front door knows its features.
pub const FEATURE: Feature = Feature {
    name: "tools",
    migrations: &[],
    texts: Texts {
        feature: "tools",
        pt_br: include_str!("../locales/tools/pt-BR.ftl"),
        en: include_str!("../locales/tools/en.ftl"),
        es: include_str!("../locales/tools/es.ftl"),
    },
    permissions: &[&RUN],
    routes,
    nav: &[],
    admin: &[Nav {
        text: "tools",
        icon: "tool",
        path: HERE,
        access: Access::May(&RUN),
    }],
    openapi: Feature::NO_API,
    handlers: Feature::NO_JOBS,
    schedules: &[],
    topics: &[],
    passing: &[],
    indexed: &[],
};

fn routes() -> Routes {
    const ADMIN: Access = Access::May(&RUN);
    Routes::new()
        .get(
            "/admin",
            Access::May(&people::ADMINISTER),
            crate::admin::index,
        )
        .get(HERE, ADMIN, show)
        .post("/admin/tools/mail", ADMIN, mail)
}

#[derive(Template)]
#[template(path = "tools.html")]
struct Tools {
    p: Page,
    /// Where letters go; `None` when nothing is sent.
    server: Option<String>,
    /// What stands in their From.
    sender: String,
    /// The reader's own address.
    own: String,
    /// The server's words, when it did not take the test.
    refused: Option<String>,
}

impl Tools {
    fn of(cx: &Context, refused: Option<String>) -> Result<Tools> {
        Ok(Tools {
            p: Page::new(cx, "tools"),
            server: cx.app.mail.server(),
            sender: cx.app.settings.mail.sender.clone(),
            own: cx.actor.user()?.email.clone(),
            refused,
        })
    }
}

async fn show(cx: Context) -> Result<Response> {
    render(&Tools::of(&cx, None)?)
}

/// Sends a letter to the reader at once, and not by a job: they wait for the answer.
async fn mail(cx: Context, _: Form) -> Result<Response> {
    let user = cx.actor.user()?;
    let text = |key: &str| cx.text(key, &[("name", user.name.as_str().into())]);
    let letter = Letter::new(&cx.app, cx.locale, text("letter-test-subject"))
        .branded(&cx.brand)
        .paragraph(text("letter-test-text"))
        .button(text("letter-test-button"), HERE.to_owned())
        .note(text("letter-test-note"));
    let sent = cx.app.mail.send(letter.to(&user.email)?).await;
    match (sent, cx.app.mail.server()) {
        (Ok(()), Some(_)) => Ok(redirect_done(HERE, "mail-tested")),
        (Ok(()), None) => Ok(redirect_done(HERE, "mail-suppressed")),
        (Err(error), _) => {
            let page = Tools::of(&cx, Some(error.to_string()))?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

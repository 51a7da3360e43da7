//! `/admin/security`: which roles must show something beside the password.

use askama::Template;
use axum::response::Response;
use kit::{Context, Form, Page, Result, Role, redirect_done, render};
use ui::Components;

use crate::factors::mail_leaves;
use crate::rules;

/// Where it is.
pub const HERE: &str = "/admin/security";

#[derive(Template)]
#[template(path = "rules.html")]
struct Rules {
    p: Page,
    /// Each role, and whether it must.
    roles: Vec<(Role, bool)>,
    mail: bool,
}

pub async fn show(cx: Context) -> Result<Response> {
    let must = rules::all(&cx).await?;
    let roles = Role::ALL.map(|role| (role, must.iter().any(|r| r == role.code())));
    render(&Rules {
        p: Page::new(&cx, "signin-rules"),
        roles: roles.to_vec(),
        mail: mail_leaves(&cx),
    })
}

pub async fn update(cx: Context, form: Form) -> Result<Response> {
    let wanted: Vec<Role> = form.all("role").filter_map(Role::from_code).collect();
    let mut tx = cx.begin().await?;
    if rules::set(&mut tx, &wanted).await? {
        tx.commit().await?;
    }
    Ok(redirect_done(HERE, "saved"))
}

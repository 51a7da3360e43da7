//! `/admin/security`: which roles must show something beside the password.

use askama::Template;
use axum::response::Response;
use kit::{Context, Form, Page, Result, Role, redirect_done, render};
use people::CustomRole;
use ui::Components;

use crate::factors::mail_leaves;
use crate::rules::{self, Rules};

/// Where it is.
pub const HERE: &str = "/admin/security";

#[derive(Template)]
#[template(path = "rules.html")]
struct Show {
    p: Page,
    /// Each role, and whether it must.
    roles: Vec<(Role, bool)>,
    /// Each role made here that can be given.
    made: Vec<Made>,
    mail: bool,
}

/// A role made here.
struct Made {
    role: CustomRole,
    /// Whether it must by a rule of its own.
    must: bool,
    /// Whether whoever has it must anyway, as what they are.
    base_must: bool,
}

pub async fn show(cx: Context) -> Result<Response> {
    let must = rules::all(&cx).await?;
    let made = people::custom_roles(cx.db()).await?.into_iter();
    let made = made.filter(|role| role.active).map(|role| Made {
        must: must.made.contains(&role.id),
        base_must: must.roles.contains(&role.base),
        role,
    });
    render(&Show {
        p: Page::new(&cx, "signin-rules"),
        roles: Role::ALL
            .map(|role| (role, must.roles.contains(&role)))
            .to_vec(),
        made: made.collect(),
        mail: mail_leaves(&cx),
    })
}

pub async fn update(cx: Context, form: Form) -> Result<Response> {
    let wanted = Rules::named(form.all("role"));
    let mut tx = cx.begin().await?;
    if rules::set(&mut tx, &wanted).await? {
        tx.commit().await?;
    }
    Ok(redirect_done(HERE, "saved"))
}

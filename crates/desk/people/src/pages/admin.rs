use askama::Template;
use axum::response::Response;
use kit::{Context, Page, Permission, Result, Role, render};
use ui::Components;

#[derive(Template)]
#[template(path = "admin.html")]
struct Index {
    p: Page,
}

#[derive(Template)]
#[template(path = "roles.html")]
struct Roles {
    p: Page,
    roles: [Role; 4],
    permissions: Vec<&'static Permission>,
}

pub async fn index(cx: Context) -> Result<Response> {
    render(&Index {
        p: Page::new(&cx, "admin"),
    })
}

/// The permission table, from the same constants that guard the routes.
pub async fn roles(cx: Context) -> Result<Response> {
    render(&Roles {
        p: Page::new(&cx, "roles"),
        roles: Role::ALL,
        permissions: cx.app.permissions.clone(),
    })
}

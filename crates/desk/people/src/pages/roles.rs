//! `/admin/roles`: who may do what, and the roles that are made here.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use kit::{
    Context, Error, Form, Page, Permission, Problems, Result, Role, redirect_done, render,
    render_with,
};
use ui::Components;

use crate::roles::{BASES, CustomRole, RoleInput, save_role};
use crate::store::roles as store;
use crate::{MANAGE, RoleId};

const LIST: &str = "/admin/roles";

#[derive(Template)]
#[template(path = "roles.html")]
struct Index {
    p: Page,
    columns: Vec<Column>,
    permissions: Vec<&'static Permission>,
}

/// A role in the table.
struct Column {
    name: String,
    /// Where it is changed, for whoever may; the desk's own four are as they are.
    path: Option<String>,
    /// What a role made here began from.
    base: Option<Role>,
    archived: bool,
    may: Vec<bool>,
}

#[derive(Template)]
#[template(path = "role.html")]
struct Edit {
    p: Page,
    form: Form,
    base: Role,
    new: bool,
    permissions: Vec<Choice>,
}

/// A permission in the form.
struct Choice {
    permission: &'static Permission,
    ticked: bool,
}

/// The permission table, from the same constants that guard the routes.
pub async fn index(cx: Context) -> Result<Response> {
    let permissions = cx.app.permissions.clone();
    let own = |role: Role| Column {
        name: cx.text(&format!("role-{}", role.code()), &[]),
        path: None,
        base: None,
        archived: false,
        may: permissions
            .iter()
            .map(|p| p.roles.contains(&role))
            .collect(),
    };
    let mut columns: Vec<Column> = Role::ALL.into_iter().map(own).collect();
    let mut made = store::list(cx.db()).await?;
    made.sort_by_key(|role| !role.active);
    columns.extend(made.into_iter().map(|role| Column {
        path: cx.actor.may(&MANAGE).then(|| format!("{LIST}/{}", role.id)),
        base: Some(role.base),
        archived: !role.active,
        may: permissions.iter().map(|p| role.may(p)).collect(),
        name: role.name,
    }));
    render(&Index {
        p: Page::new(&cx, "roles"),
        columns,
        permissions,
    })
}

impl Column {
    /// Whether it has the permission of this row.
    fn has(&self, row: &usize) -> bool {
        self.may.get(*row) == Some(&true)
    }
}

impl Index {
    fn may_make(&self) -> bool {
        self.p.may(&MANAGE)
    }
}

impl Edit {
    fn is_from(&self, code: &str) -> bool {
        self.base.code() == code
    }
}

/// A new role begins with what its base may: the address says which one.
pub async fn new(cx: Context, RawQuery(query): RawQuery) -> Result<Response> {
    let pairs = kit::query_pairs(query.as_deref().unwrap_or_default());
    let from = pairs.iter().find(|(name, _)| name == "from");
    let base = from.and_then(|(_, code)| Role::from_code(code));
    let base = base.filter(|base| BASES.contains(base));
    let base = base.unwrap_or(Role::Tech);
    let mut form = Form::default()
        .with("base", base.code())
        .with("active", "on");
    for permission in cx.app.permissions.iter().filter(|p| p.is_given()) {
        if permission.roles.contains(&base) {
            form = form.with("permissions", permission.name);
        }
    }
    page(&cx, form, None, Problems::default())
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    save(cx, None, form).await
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let role = found(&cx, &id).await?;
    let mut form = Form::default().with("name", &role.name);
    for permission in &role.permissions {
        form = form.with("permissions", permission);
    }
    if role.active {
        form = form.with("active", "on");
    }
    page(&cx, form, Some(role), Problems::default())
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let role = found(&cx, &id).await?;
    save(cx, Some(role), form).await
}

async fn save(cx: Context, role: Option<CustomRole>, form: Form) -> Result<Response> {
    let input = RoleInput {
        name: form.get("name").to_owned(),
        base: Role::from_code(form.get("base")),
        permissions: form.all("permissions").map(str::to_owned).collect(),
        active: form.ticked("active"),
    };
    let mut tx = cx.begin().await?;
    match save_role(&mut tx, role.as_ref().map(|role| role.id), input).await {
        Ok(changed) => {
            if changed {
                tx.commit().await?;
            }
            Ok(redirect_done(LIST, "saved"))
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            page(&cx, form, role, problems)
        }
        Err(error) => Err(error),
    }
}

fn page(
    cx: &Context,
    form: Form,
    role: Option<CustomRole>,
    problems: Problems,
) -> Result<Response> {
    let status = problems.status();
    let new = role.is_none();
    let p = match &role {
        Some(role) => Page::titled(cx, role.name.clone()),
        None => Page::new(cx, "role-new"),
    };
    let base = role.map(|role| role.base);
    let base = base.or_else(|| Role::from_code(form.get("base")).filter(|b| BASES.contains(b)));
    let given = cx.app.permissions.iter().filter(|p| p.is_given());
    let choice = |permission: &&'static Permission| Choice {
        permission,
        ticked: permission.is_seeing() || form.all("permissions").any(|n| n == permission.name),
    };
    let edit = Edit {
        p: p.with(problems),
        base: base.unwrap_or(Role::Tech),
        permissions: given.map(choice).collect(),
        new,
        form,
    };
    render_with(status, &edit)
}

async fn found(cx: &Context, id: &str) -> Result<CustomRole> {
    let id: RoleId = id.parse().map_err(|_| Error::NotFound)?;
    store::find(cx.db(), id).await?.ok_or(Error::NotFound)
}

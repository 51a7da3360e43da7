use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, render, render_with};
use ui::Components;

use super::saved;
use crate::CategoryId;
use crate::category::{Category, CategoryInput, save_category};
use crate::store::categories as store;

pub const LIST: &str = "/admin/categories";

#[derive(Template)]
#[template(path = "categories.html")]
struct Index {
    p: Page,
    categories: Vec<Category>,
}

impl Index {
    fn top(&self) -> impl Iterator<Item = &Category> {
        self.categories.iter().filter(|c| c.parent.is_none())
    }

    fn below(&self, id: &CategoryId) -> Vec<&Category> {
        let below = |c: &&Category| c.parent == Some(*id);
        self.categories.iter().filter(below).collect()
    }
}

#[derive(Template)]
#[template(path = "category.html")]
struct Edit {
    p: Page,
    form: Form,
    parents: Vec<(String, String)>,
}

pub async fn index(cx: Context) -> Result<Response> {
    render(&Index {
        p: Page::new(&cx, "categories"),
        categories: store::list(cx.db()).await?,
    })
}

pub async fn new(cx: Context) -> Result<Response> {
    let form = Form::default().with("active", "on");
    page(&cx, form, "category-new", Problems::default()).await
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    let mut tx = cx.begin().await?;
    let result = match input(&form) {
        Ok(input) => save_category(&mut tx, None, input).await,
        Err(error) => Err(error),
    };
    match saved(tx, result, LIST).await? {
        Ok(response) => Ok(response),
        Err(problems) => page(&cx, form, "category-new", problems).await,
    }
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let category = found(&cx, &id).await?;
    let mut form = Form::default().with("name", category.name).with(
        "parent",
        category.parent.map_or(String::new(), |id| id.to_string()),
    );
    if category.active {
        form = form.with("active", "on");
    }
    page(&cx, form, "category-edit", Problems::default()).await
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let category = found(&cx, &id).await?;
    let mut tx = cx.begin().await?;
    let result = match input(&form) {
        Ok(input) => save_category(&mut tx, Some(category.id), input).await,
        Err(error) => Err(error),
    };
    match saved(tx, result, LIST).await? {
        Ok(response) => Ok(response),
        Err(problems) => page(&cx, form, "category-edit", problems).await,
    }
}

async fn page(cx: &Context, form: Form, title: &str, problems: Problems) -> Result<Response> {
    let status = problems.status();
    let mut parents = vec![(String::new(), cx.text("category-top", &[]))];
    for category in store::list(cx.db()).await? {
        if category.parent.is_none() {
            parents.push((category.id.to_string(), category.name));
        }
    }
    let edit = Edit {
        p: Page::new(cx, title).with(problems),
        form,
        parents,
    };
    render_with(status, &edit)
}

fn input(form: &Form) -> Result<CategoryInput> {
    let mut problems = Problems::default();
    let parent = form.id("parent", &mut problems);
    problems.done()?;
    Ok(CategoryInput {
        parent,
        name: form.get("name").to_owned(),
        active: form.ticked("active"),
    })
}

async fn found(cx: &Context, id: &str) -> Result<Category> {
    let id: CategoryId = id.parse().map_err(|_| Error::NotFound)?;
    store::find(cx.db(), id).await?.ok_or(Error::NotFound)
}

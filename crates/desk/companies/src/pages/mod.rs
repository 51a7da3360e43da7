//! `/admin/companies`.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kit::{CompanyId, Context, Error, Form, Page, Result, redirect_done, render, render_with};
use ui::Components;

use crate::company::{Company, CompanyInput};
use crate::{LIST, commands, store};

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    p: Page,
    companies: Vec<Company>,
}

#[derive(Template)]
#[template(path = "form.html")]
struct Edit {
    p: Page,
    form: Form,
}

pub async fn index(cx: Context) -> Result<Response> {
    render(&Index {
        p: Page::new(&cx, "companies"),
        companies: store::list(cx.db()).await?,
    })
}

pub async fn new(cx: Context) -> Result<Response> {
    render(&Edit {
        p: Page::new(&cx, "company-new"),
        form: Form::default().with("active", "on"),
    })
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    let mut tx = cx.begin().await?;
    match commands::create(&mut tx, CompanyInput::from_form(&form)).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(redirect_done(LIST, "saved"))
        }
        Err(Error::Invalid(problems)) => render_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &Edit {
                p: Page::new(&cx, "company-new").with(problems),
                form,
            },
        ),
        Err(error) => Err(error),
    }
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let company = found(&cx, &id).await?;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut form = Form::default()
        .with("name", &company.name)
        .with("trade_name", text(&company.trade_name))
        .with("tax_id", company.shown_tax_id().unwrap_or_default())
        .with("domain", text(&company.domain))
        .with("contact_name", text(&company.contact_name))
        .with("email", text(&company.email))
        .with("phone", text(&company.phone))
        .with("address", text(&company.address))
        .with("notes", text(&company.notes));
    if company.active {
        form = form.with("active", "on");
    }
    render(&Edit {
        p: Page::titled(&cx, company.name),
        form,
    })
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let company = found(&cx, &id).await?;
    let mut tx = cx.begin().await?;
    match commands::update(&mut tx, company.id, CompanyInput::from_form(&form)).await {
        Ok(true) => tx.commit().await?,
        Ok(false) => {}
        Err(Error::Invalid(problems)) => {
            return render_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &Edit {
                    p: Page::titled(&cx, company.name).with(problems),
                    form,
                },
            );
        }
        Err(error) => return Err(error),
    }
    Ok(redirect_done(LIST, "saved"))
}

async fn found(cx: &Context, id: &str) -> Result<Company> {
    let id: CompanyId = id.parse().map_err(|_| Error::NotFound)?;
    store::find(cx.db(), id).await?.ok_or(Error::NotFound)
}

//! `/admin/config`: what the desk says of itself (S4-199).

use askama::Template;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, redirect_done, render_with};
use ui::Components;

use super::edit::SignShown;
use super::sign::keep;
use crate::commands::{self, DeskInput, Sign};
use crate::store::faces;
use crate::{CONFIG, slug, tax_id};

#[derive(Template)]
#[template(path = "config.html")]
struct Config {
    p: Page,
    form: Form,
    signs: Vec<SignShown>,
}

pub async fn show(cx: Context) -> Result<Response> {
    page(&cx, None, Problems::default()).await
}

pub async fn update(cx: Context, form: Form) -> Result<Response> {
    let mut tx = cx.begin().await?;
    match commands::set_desk(&mut tx, DeskInput::from_form(&form)).await {
        Ok(true) => tx.commit().await?,
        Ok(false) => {}
        Err(Error::Invalid(problems)) => {
            drop(tx);
            return page(&cx, Some(form), problems).await;
        }
        Err(error) => return Err(error),
    }
    Ok(redirect_done(CONFIG, "saved"))
}

pub async fn logo(cx: Context, form: Form) -> Result<Response> {
    change(&cx, Sign::Logo, form).await
}

pub async fn icon(cx: Context, form: Form) -> Result<Response> {
    change(&cx, Sign::Icon, form).await
}

async fn change(cx: &Context, sign: Sign, form: Form) -> Result<Response> {
    match keep(cx, None, sign, form).await? {
        None => Ok(redirect_done(CONFIG, "saved")),
        Some(problems) => page(cx, None, problems).await,
    }
}

/// The page with what was typed, or else with what is kept.
async fn page(cx: &Context, typed: Option<Form>, problems: Problems) -> Result<Response> {
    let face = faces::face(cx.db(), faces::DESK).await?;
    let signs = SignShown::all(&face, slug::DESK);
    let form = typed.unwrap_or_else(|| {
        Form::default()
            .with("name", face.name.unwrap_or_default())
            .with("tax_id", tax_id::shown(&face.tax_id.unwrap_or_default()))
            .with("login_text", face.login_text.unwrap_or_default())
            .with("mail_footer", face.mail_footer.unwrap_or_default())
    });
    let status = problems.status();
    let p = Page::new(cx, "desk").with(problems);
    render_with(status, &Config { p, form, signs })
}

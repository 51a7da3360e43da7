//! The pictures of a company. Each has a form of its own: a picture is kept at once,
//! whatever stands half typed in the other fields.

use axum::extract::Path;
use axum::response::Response;
use kit::{CompanyId, Context, Error, Form, Problems, Result, redirect_done};

use super::{edit, found};
use crate::LIST;
use crate::commands::{self, Sign};

pub async fn logo(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    change(&cx, &id, Sign::Logo, form).await
}

pub async fn icon(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    change(&cx, &id, Sign::Icon, form).await
}

async fn change(cx: &Context, id: &str, sign: Sign, form: Form) -> Result<Response> {
    let company = found(cx, id).await?;
    match keep(cx, Some(company.id), sign, form).await? {
        None => Ok(redirect_done(&format!("{LIST}/{}", company.id), "saved")),
        Some(problems) => edit::refused(cx, company, problems).await,
    }
}

/// Keeps a picture, or takes it away; the problems of one that is not taken.
pub async fn keep(
    cx: &Context,
    company: Option<CompanyId>,
    sign: Sign,
    mut form: Form,
) -> Result<Option<Problems>> {
    let file = match form.ticked("remove") {
        true => None,
        false => match form.files.pop() {
            Some(file) => Some(file),
            None => return Ok(Some(none(&form, sign))),
        },
    };
    let mut tx = cx.begin().await?;
    match commands::set_sign(&mut tx, company, sign, file).await {
        Ok(()) => {
            if tx.has_recorded() {
                tx.commit().await?;
            }
            Ok(None)
        }
        Err(Error::Invalid(problems)) => Ok(Some(problems)),
        Err(error) => Err(error),
    }
}

/// Nothing came: nothing was chosen, or it was over the limit of every file.
fn none(form: &Form, sign: Sign) -> Problems {
    let mut problems = Problems::default();
    match form.too_large.first() {
        Some(name) => {
            let problem = problems.add("files", "brand-picture-large");
            problem.about = Some(name.clone());
            problem.limit = i64::try_from(sign.most() / 1_000).ok();
        }
        None => _ = problems.add("files", "required"),
    }
    problems
}

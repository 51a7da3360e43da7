use askama::Template;
use axum::extract::Path;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, redirect_done, render_with};
use ui::Components;

use crate::TokenId;
use crate::store::tokens::{self as store, Model};
use crate::tokens::{self, DAYS, New, Scope};

/// Where they are.
pub const PAGE: &str = "/meu-perfil/tokens";

#[derive(Template)]
#[template(path = "tokens.html")]
struct Tokens {
    p: Page,
    tokens: Vec<Model>,
    form: Form,
    scopes: Vec<(String, String)>,
    days: Vec<(String, String)>,
    /// Whether they have a password to be asked for.
    with_password: bool,
    /// The words of the token that was just made.
    made: Option<String>,
}

pub async fn show(cx: Context) -> Result<Response> {
    let form = Form::default().with("days", "90").with("scope", "read");
    page(&cx, form, Problems::default(), None).await
}

/// Answers with the token's words: they are shown here and never again.
pub async fn create(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    // A token outlives the session: whoever found the browser open gets none.
    let word = form.get("password_now");
    match people::prove(&cx, "password_now", word, &headers).await {
        Ok(()) => {}
        Err(Error::Invalid(problems)) => return page(&cx, form, problems, None).await,
        Err(error) => return Err(error),
    }
    let new = New {
        name: form.get("token_name").to_owned(),
        scope: Scope::from_code(form.get("scope")),
        days: form.get("days").parse().ok(),
    };
    let mut tx = cx.begin().await?;
    match tokens::make(&mut tx, new).await {
        Ok(token) => {
            tx.commit().await?;
            let form = Form::default().with("days", "90").with("scope", "read");
            page(&cx, form, Problems::default(), Some(token)).await
        }
        Err(Error::Invalid(problems)) => {
            drop(tx);
            page(&cx, form, problems, None).await
        }
        Err(error) => Err(error),
    }
}

pub async fn revoke(cx: Context, Path(id): Path<String>, _form: Form) -> Result<Response> {
    let id: TokenId = id.parse().map_err(|_| Error::NotFound)?;
    let mut tx = cx.begin().await?;
    tokens::revoke(&mut tx, id).await?;
    tx.commit().await?;
    Ok(redirect_done(PAGE, "token-revoked"))
}

async fn page(
    cx: &Context,
    form: Form,
    problems: Problems,
    made: Option<String>,
) -> Result<Response> {
    let status = match made {
        Some(_) => StatusCode::CREATED,
        None => problems.status(),
    };
    let scope = |scope: Scope| {
        let code = scope.code();
        (
            code.to_owned(),
            cx.text(&format!("token-scope-{code}"), &[]),
        )
    };
    let days = |days: i64| {
        let text = match days {
            0 => cx.text("token-for-ever", &[]),
            _ => cx.text("token-days", &[("count", days.into())]),
        };
        (days.to_string(), text)
    };
    let tokens = Tokens {
        tokens: store::of(cx.db(), cx.actor.user()?.id).await?,
        p: Page::new(cx, "tokens").with(problems),
        form,
        scopes: Scope::ALL.map(scope).to_vec(),
        days: DAYS.map(days).to_vec(),
        with_password: people::has_password(cx).await?,
        made,
    };
    let mut response = render_with(status, &tokens)?;
    let never = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(CACHE_CONTROL, never);
    Ok(response)
}

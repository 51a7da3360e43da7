//! `/api/v1/auth/login`.

use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kit::{Context, Error, Json, Result, Tx};
use people::{Person, device};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{OpenApi, ToSchema};

use crate::factors::Factors;
use crate::store::pending as store;
use crate::{pending, rules, verify};

#[derive(OpenApi)]
#[openapi(paths(login))]
struct Contract;

pub(crate) fn contract() -> utoipa::openapi::OpenApi {
    Contract::openapi()
}

#[derive(Deserialize, ToSchema)]
pub struct Credentials {
    #[schema(example = "ana@acme.test")]
    email: String,
    password: String,
    /// Of an authenticator app, of a letter, or a recovery code: where the account has
    /// a second factor.
    code: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Token {
    access_token: String,
    /// Always `bearer`.
    token_type: &'static str,
    /// In seconds.
    expires_in: i64,
}

/// Sign in for a token.
///
/// Where the account has a second factor, the answer without a `code` is 401 with the
/// error code `second-factor`; if codes come by mail, one is on its way by then.
#[utoipa::path(
    post, path = "/api/v1/auth/login", tag = "auth", request_body = Credentials,
    responses(
        (status = 200, body = Token),
        (status = 400, body = people::contract::Errors),
        (status = 401, body = people::contract::Errors),
        (status = 413, body = people::contract::Errors),
        (status = 415, body = people::contract::Errors),
        (status = 422, body = people::contract::Errors),
        (status = 409, body = people::contract::Errors, description = "The address is not confirmed yet"),
        (status = 429, body = people::contract::Errors, description = "The account is locked for a while"),
    )
)]
pub async fn login(
    cx: Context,
    headers: HeaderMap,
    Json(given): Json<Credentials>,
) -> Result<Response> {
    let device = device(&headers);
    let checked = people::credentials(&cx, &given.email, &given.password, device).await;
    let person = match checked {
        Err(Error::Invalid(_)) => return Err(Error::SignIn),
        other => other?,
    };
    let has = Factors::of(cx.db(), person.id).await?;
    if !has.any() {
        if rules::must(cx.db(), &person).await? {
            return Ok(wanting(&cx, "second-factor-setup"));
        }
        return token(cx.begin().await?, &person, device).await;
    }
    let code = given.code.as_deref().map(str::trim);
    let Some(code) = code.filter(|code| !code.is_empty()) else {
        if has.email {
            send(&cx, &person).await?;
        }
        return Ok(wanting(&cx, "second-factor"));
    };
    let sent = store::of_programs(cx.db(), person.id, cx.now).await?;
    match verify::check(&cx, &person, &sent, code, device).await {
        Ok(tx) => token(tx, &person, device).await,
        Err(Error::Invalid(_)) => Ok(wanting(&cx, "second-factor-wrong")),
        Err(error) => Err(error),
    }
}

/// Sends a code unless one was sent just now.
async fn send(cx: &Context, person: &Person) -> Result<()> {
    let tx = cx.begin().await?;
    people::hold(&tx, person.id).await?;
    let newest = store::of_programs(tx.db(), person.id, cx.now).await?;
    let id = match newest.first() {
        Some(row) => row.id,
        None => pending::begin_for_program(&tx, person).await?,
    };
    pending::ask_code(&tx, id).await?;
    tx.commit_silently("a code is no change of the desk").await
}

async fn token(mut tx: Tx, person: &Person, device: &str) -> Result<Response> {
    let issued = people::issue(&mut tx, person, device).await?;
    tx.commit().await?;
    let token = Token {
        access_token: issued.token,
        token_type: "bearer",
        expires_in: issued.seconds,
    };
    Ok(Json(token).into_response())
}

/// The password is right, and that is not enough: 401 with words of its own.
fn wanting(cx: &Context, code: &'static str) -> Response {
    let detail = cx.text(code, &[]);
    let body = json!({ "errors": [{ "code": code, "detail": detail, "field": "code" }] });
    let headers = [(WWW_AUTHENTICATE, "Bearer")];
    (StatusCode::UNAUTHORIZED, headers, axum::Json(body)).into_response()
}

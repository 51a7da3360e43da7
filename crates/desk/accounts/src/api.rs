//! `POST /api/v1/users`: making an account.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::{CompanyId, Context, Error, Json, Result, Role};
use people::contract::{Errors, UserJson};
use people::{MANAGE, PersonInput};
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};

use crate::register::{Registration, is_taken, register};

#[derive(OpenApi)]
#[openapi(paths(create))]
struct Contract;

pub(crate) fn contract() -> utoipa::openapi::OpenApi {
    Contract::openapi()
}

/// A new account. A role is looked at only when an administrator asks.
#[derive(Deserialize, ToSchema)]
pub struct NewUser {
    #[schema(min_length = 1, max_length = 160)]
    name: String,
    #[schema(max_length = 160, format = Email)]
    email: String,
    /// Not one that is easily guessed.
    #[schema(min_length = 8, max_length = 1000)]
    password: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    role: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    company_id: Option<CompanyId>,
    /// Agreement to what the company does with one's data, where it wants it: to the
    /// version that holds now, which whoever asks has shown.
    #[serde(default)]
    consent: bool,
}

/// Make an account: one's own, or, as an administrator, another's.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "users", request_body = NewUser,
    responses(
        (status = 201, body = UserJson),
        (status = 400, body = Errors, description = "Not JSON, or the address is taken"),
        (status = 404, body = Errors, description = "Accounts are made by an administrator"),
        (status = 409, body = Errors, description = "One who has an account asks for one"),
        (status = 413, body = Errors), (status = 415, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn create(cx: Context, Json(new): Json<NewUser>) -> Result<Response> {
    match make(&cx, new).await {
        // S2 answers 400 here, where a page answers 422.
        Err(Error::Invalid(problems)) if is_taken(&problems) => {
            Err(Error::BadRequest("email-taken"))
        }
        other => other,
    }
}

async fn make(cx: &Context, new: NewUser) -> Result<Response> {
    let made = |person| (StatusCode::CREATED, Json(UserJson::from(person))).into_response();
    if !cx.actor.may(&MANAGE) {
        // Whoever has an account makes no more: asking by an account is not counted as
        // asking by nobody is.
        if cx.actor.user().is_ok() {
            return Err(Error::Conflict("signed-in"));
        }
        let new = Registration {
            name: new.name,
            email: new.email,
            company: new.company_id,
            password: new.password,
            consent: new.consent,
            shown: None,
        };
        return register(cx, new).await.map(made);
    }
    let role = match new.role.as_deref() {
        Some(code) => Role::from_code(code).ok_or(Error::field("role", "unknown"))?,
        None => Role::Client,
    };
    let input = PersonInput {
        name: new.name,
        email: new.email,
        role,
        company: new.company_id,
        active: true,
        password: new.password,
    };
    let input = input.check(cx, false).await?;
    let mut tx = cx.begin().await?;
    let person = people::create(&mut tx, input).await?;
    tx.commit().await?;
    Ok(made(person))
}

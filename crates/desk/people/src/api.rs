//! `/api/v1/auth` and `/api/v1/users`.

use axum::response::{IntoResponse, Response};
use kit::{CompanyId, Context, Cursor, Error, Json, Query, Result, Role, UserId, Zone};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::person::Person;
use crate::store;

#[derive(OpenApi)]
#[openapi(
    paths(me, index),
    components(schemas(Errors, ErrorItem)),
    tags((name = "auth"), (name = "users"))
)]
struct Contract;

pub(crate) fn contract() -> utoipa::openapi::OpenApi {
    Contract::openapi()
}

/// What every refusal looks like.
#[derive(Serialize, ToSchema)]
pub struct Errors {
    errors: Vec<ErrorItem>,
}

/// One thing that is wrong.
#[derive(Serialize, ToSchema)]
struct ErrorItem {
    /// Stable, for programs.
    code: String,
    /// In the reader's language, for people.
    detail: String,
    /// The field it is about, or null.
    field: Option<String>,
}

/// A person, without anything that would help to sign in as them.
#[derive(Serialize, ToSchema)]
pub struct UserJson {
    #[schema(value_type = uuid::Uuid)]
    id: UserId,
    name: String,
    email: String,
    role: Role,
    #[schema(value_type = Option<uuid::Uuid>)]
    company_id: Option<CompanyId>,
    active: bool,
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<Person> for UserJson {
    fn from(person: Person) -> UserJson {
        UserJson {
            id: person.id,
            name: person.name,
            email: person.email,
            role: person.role,
            company_id: person.company,
            active: person.active,
            created_at: Zone::rfc3339(person.created_at),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct UserList {
    items: Vec<UserJson>,
    /// What to send as `cursor` for the next page, or null at the end.
    next_cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// At most so many, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Who am I?
#[utoipa::path(
    get, path = "/api/v1/auth/me", tag = "auth", security(("bearer" = [])),
    responses((status = 200, body = UserJson), (status = 401, body = Errors))
)]
pub async fn me(cx: Context) -> Result<Json<UserJson>> {
    let id = cx.actor.user()?.id;
    let person = store::person(cx.db(), id).await?.ok_or(Error::NotFound)?;
    Ok(Json(person.into()))
}

/// The accounts, newest first.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "users", params(ListQuery), security(("bearer" = [])),
    responses(
        (status = 200, body = UserList), (status = 401, body = Errors),
        (status = 403, body = Errors), (status = 422, body = Errors),
    )
)]
pub async fn index(cx: Context, Query(query): Query<ListQuery>) -> Result<Response> {
    let after: Option<Cursor> = match query.cursor.as_deref() {
        Some(text) => Some(
            text.parse()
                .map_err(|()| Error::field("cursor", "cursor"))?,
        ),
        None => None,
    };
    let limit = match query.limit {
        None | Some(1..=100) => query.limit,
        Some(_) => return Err(Error::field("limit", "limit")),
    };
    let (people, next) = store::list(cx.db(), "", after.as_ref(), limit).await?;
    let list = UserList {
        items: people.into_iter().map(UserJson::from).collect(),
        next_cursor: next.map(|c| c.to_string()),
    };
    Ok(Json(list).into_response())
}

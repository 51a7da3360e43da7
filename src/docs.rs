//! The API's contract, put together from the features' parts, and a page that
//! reads it to people.

use std::sync::LazyLock;

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use kit::{Context, Page, Result, render};
use serde_json::Value;
use ui::Components;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi};

use crate::features;

static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(contract()).unwrap_or_default());

/// The whole contract.
#[must_use]
pub fn contract() -> OpenApi {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    let mut whole = OpenApi::default();
    whole.info = InfoBuilder::new()
        .title("Balcão")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "A service desk. Every answer in the 400s and 500s has the shape of `Errors`.",
        ))
        .build();
    whole.components = Some(
        ComponentsBuilder::new()
            .security_scheme("bearer", SecurityScheme::Http(bearer))
            .build(),
    );
    for feature in features::ALL {
        whole.merge((feature.openapi)());
    }
    whole
}

/// `GET /api/v1/openapi.json`
pub async fn openapi() -> Response {
    Json(&*CONTRACT).into_response()
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Docs {
    p: Page,
    groups: Vec<(String, Vec<Call>)>,
}

struct Call {
    method: String,
    path: String,
    summary: String,
    parameters: Vec<Field>,
    body: Vec<Field>,
    answers: Vec<(String, String)>,
}

struct Field {
    name: String,
    kind: String,
    about: String,
    required: bool,
}

/// `GET /api/docs`
pub async fn page(cx: Context) -> Result<Response> {
    render(&Docs {
        p: Page::new(&cx, "api-title"),
        groups: groups(&CONTRACT),
    })
}

fn groups(contract: &Value) -> Vec<(String, Vec<Call>)> {
    let mut groups: Vec<(String, Vec<Call>)> = Vec::new();
    let empty = serde_json::Map::new();
    for (path, methods) in contract["paths"].as_object().unwrap_or(&empty) {
        for (method, operation) in methods.as_object().unwrap_or(&empty) {
            let tag = text(&operation["tags"][0]);
            let call = call(contract, path, method, operation);
            match groups.iter_mut().find(|(name, _)| *name == tag) {
                Some((_, calls)) => calls.push(call),
                None => groups.push((tag, vec![call])),
            }
        }
    }
    groups
}

fn call(contract: &Value, path: &str, method: &str, operation: &Value) -> Call {
    let parameter = |p: &Value| Field {
        name: text(&p["name"]),
        kind: kind(contract, &p["schema"]),
        about: text(&p["description"]),
        required: p["required"] == true,
    };
    let answers = operation["responses"].as_object().into_iter().flatten();
    let content = operation["requestBody"]["content"].as_object();
    let body = content.and_then(|c| c.values().next());
    Call {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        parameters: list(&operation["parameters"])
            .iter()
            .map(parameter)
            .collect(),
        body: body
            .map(|b| fields(contract, &b["schema"]))
            .unwrap_or_default(),
        answers: answers
            .map(|(status, answer)| (status.clone(), text(&answer["description"])))
            .collect(),
    }
}

/// The fields of an object schema, behind a reference or `oneOf null`.
fn fields(contract: &Value, schema: &Value) -> Vec<Field> {
    let schema = resolve(contract, schema);
    let required = list(&schema["required"]);
    let field = |(name, schema): (&String, &Value)| Field {
        name: name.clone(),
        kind: kind(contract, schema),
        about: text(&schema["description"]),
        required: required.iter().any(|r| r == name),
    };
    let properties = schema["properties"].as_object();
    properties.into_iter().flatten().map(field).collect()
}

fn resolve<'a>(contract: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return &contract["components"]["schemas"][name];
    }
    let choices = list(&schema["oneOf"]);
    match choices.iter().find(|choice| choice["type"] != "null") {
        Some(choice) => resolve(contract, choice),
        None => schema,
    }
}

fn kind(contract: &Value, schema: &Value) -> String {
    let schema = resolve(contract, schema);
    let all = list(&schema["enum"]);
    if !all.is_empty() {
        return all.iter().map(text).collect::<Vec<_>>().join(" | ");
    }
    let plain = match &schema["type"] {
        Value::Array(types) => types.first().map(text).unwrap_or_default(),
        other => text(other),
    };
    match schema["format"].as_str() {
        Some(format) => format!("{plain} ({format})"),
        None => plain,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

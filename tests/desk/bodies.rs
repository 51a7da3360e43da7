//! Every call of the API, sent what it does not expect. The calls and their fields
//! come from the contract that the desk publishes, and so do the answers: a status
//! that the contract does not name is a fault, and a 500 always.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::{Request, Uri};
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use crate::support::evil::{self, did_no_harm};
use crate::support::world::{World, parameters};
use crate::support::{Answer, Browser, Kind, on_each};

on_each!(
    no_call_breaks_by_a_value_that_does_not_belong_there,
    no_call_breaks_by_a_body_that_is_no_json,
    no_call_breaks_by_what_stands_in_its_address,
);

/// Nothing takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// One call of the contract.
struct Call {
    method: String,
    path: String,
    url: String,
    /// The fields of its body.
    fields: Map<String, Value>,
    takes_json: bool,
    /// The names in its query.
    query: Vec<String>,
    /// The statuses that it may answer with.
    answers: BTreeSet<u16>,
}

/// A desk, its contract, and two who call it.
struct Stage {
    world: World,
    calls: Vec<Call>,
    callers: [Browser; 2],
    count: usize,
}

impl Stage {
    async fn new(kind: Kind) -> Stage {
        let world = World::new(kind).await;
        let contract = world.desk.browser().get("/api/v1/openapi.json").await;
        let contract = contract.expect(200).json();
        let mut calls = Vec::new();
        for (path, methods) in contract["paths"].as_object().unwrap() {
            for (method, call) in methods.as_object().unwrap() {
                let content = &call["requestBody"]["content"];
                let schema = resolved(&contract, &content["application/json"]["schema"]);
                let names = call["parameters"].as_array().into_iter().flatten();
                let names = names.filter(|p| p["in"] == "query");
                let answers = call["responses"].as_object().unwrap().keys();
                calls.push(Call {
                    method: method.to_uppercase(),
                    url: world.fill(path),
                    path: path.clone(),
                    fields: filled(&contract, schema, &world),
                    takes_json: content["application/json"].is_object(),
                    query: names
                        .map(|p| p["name"].as_str().unwrap().to_owned())
                        .collect(),
                    answers: answers.map(|status| status.parse().unwrap()).collect(),
                });
            }
        }
        assert!(calls.len() > 15, "only {} calls", calls.len());
        let callers = [
            world.vera.api("marmeleiro@acme.test").await,
            world.cast.admin.api("adm@desk.test").await,
        ];
        world.desk.settle().await;
        Stage {
            world,
            calls,
            callers,
            count: 0,
        }
    }

    /// Sends a body to a call as both of them, and looks at what comes of it.
    async fn send(&mut self, call: &Call, kind: &str, body: Vec<u8>, what: &str) {
        for browser in &mut self.callers {
            let mut request = Request::builder()
                .method(call.method.as_str())
                .uri(&call.url);
            if !kind.is_empty() {
                request = request.header("content-type", kind);
            }
            let sent = timeout(PATIENCE, browser.send(request, body.clone().into()));
            let what = format!("{} {} with {what}", call.method, call.path);
            let answer = sent.await.unwrap_or_else(|_| panic!("{what}: no answer"));
            self.count += 1;
            looks_right(call, &answer, &what);
            // What was taken is shown as it is.
            if answer.status == 201
                && let Some(protocol) = answer.json()["protocol"].as_str()
            {
                let page = self.world.cast.tech.ticket(protocol).await.expect(200);
                did_no_harm(&page, &format!("the page after {what}"));
            }
        }
    }
}

#[track_caller]
fn looks_right(call: &Call, answer: &Answer, what: &str) {
    let named = call.answers.contains(&answer.status) || answer.status == 429;
    assert!(
        answer.status < 500 && named,
        "{what}: {} {}",
        answer.status,
        answer.body
    );
    let json = answer
        .header("content-type")
        .starts_with("application/json");
    if answer.status >= 400 {
        assert!(json, "{what}: {}", answer.header("content-type"));
        let errors = answer.json()["errors"].clone();
        let said = errors[0]["detail"]
            .as_str()
            .is_some_and(|detail| !detail.is_empty());
        assert!(
            said && errors[0]["code"].is_string(),
            "{what}: {}",
            answer.body
        );
        assert!(
            answer.body.len() < 20_000,
            "{what}: a refusal of {} bytes",
            answer.body.len()
        );
    }
    // Whatever a browser makes of it, it is no page.
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert!(
        !answer.header("content-type").starts_with("text/html"),
        "{what}"
    );
}

/// A schema behind its references and choices.
fn resolved<'a>(contract: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return resolved(contract, &contract["components"]["schemas"][name]);
    }
    let mut choices = schema["oneOf"].as_array().into_iter().flatten();
    match choices.find(|choice| choice["type"] != "null") {
        Some(choice) => resolved(contract, choice),
        None => schema,
    }
}

/// Every field that a body declares, with a value that belongs there.
fn filled(contract: &Value, schema: &Value, world: &World) -> Map<String, Value> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, schema)| (name.clone(), value(resolved(contract, schema), name, world)))
        .collect()
}

fn value(schema: &Value, name: &str, world: &World) -> Value {
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds[0].as_str().unwrap_or_default(),
        kind => kind.as_str().unwrap_or_default(),
    };
    match (kind, name) {
        (_, "queue" | "category" | "channel" | "company") => world.id(name).into(),
        (_, "company_id" | "assignee" | "requester" | "subcategory") => Value::Null,
        (_, "email") => "x@acme.test".into(),
        ("boolean", _) => false.into(),
        ("integer" | "number", _) => 1.into(),
        ("array", _) => json!([]),
        ("object", _) => json!({}),
        _ => match schema["enum"].as_array() {
            Some(choices) => choices[0].clone(),
            None => "texto de teste".into(),
        },
    }
}

/// Values in the words of JSON, since some of them no library would write.
fn values() -> Vec<(&'static str, String)> {
    let mut values: Vec<(&str, String)> = [
        ("null", "null"),
        ("a yes", "true"),
        ("a number", "7"),
        ("a small number", "-1"),
        ("a huge number", "99999999999999999999999999999999999"),
        ("a number that is none", "1e999"),
        ("a fraction", "0.1"),
        ("an empty text", "\"\""),
        ("a blank text", "\" \\t \""),
        ("a null character", "\"a\\u0000b\""),
        ("half a pair", "\"\\ud800\""),
        ("the other half", "\"\\udc00x\""),
        ("a wrong escape", "\"\\x41\""),
        ("a list", "[]"),
        ("a list of texts", "[\"a\", \"b\"]"),
        ("an object", "{}"),
        ("an object with a secret", "{\"$ne\": null}"),
        ("no id", "\"00000000-0000-0000-0000-000000000000\""),
        ("half an id", "\"0190\""),
        ("no number", "NaN"),
    ]
    .map(|(name, text)| (name, text.to_owned()))
    .to_vec();
    let short = evil::SHORT.iter();
    values.extend(short.map(|(name, text)| (*name, Value::from(*text).to_string())));
    let long = |length: usize| Value::from("á".repeat(length)).to_string();
    values.push(("a long text", long(20_001)));
    values.push(("a megabyte", long(500_000)));
    values.push(("a deep list", "[".repeat(2_000) + &"]".repeat(2_000)));
    values
}

fn written(fields: &Map<String, Value>, name: &str, value: &str) -> Vec<u8> {
    let others = fields.iter().filter(|(other, _)| *other != name);
    let mut pairs: Vec<String> = others
        .map(|(n, v)| format!("{}: {v}", Value::from(n.as_str())))
        .collect();
    pairs.push(format!("{}: {value}", Value::from(name)));
    format!("{{{}}}", pairs.join(", ")).into_bytes()
}

async fn no_call_breaks_by_a_value_that_does_not_belong_there(kind: Kind) {
    let mut stage = Stage::new(kind).await;
    let calls = std::mem::take(&mut stage.calls);
    for call in calls.iter().filter(|call| call.takes_json) {
        for name in call.fields.keys() {
            for (what, value) in values() {
                let body = written(&call.fields, name, &value);
                let what = format!("{what} in {name}");
                stage.send(call, "application/json", body, &what).await;
            }
        }
        // A field that is not declared, and one that says what its sender is.
        for extra in ["role", "id", "__proto__", "constructor", "is_admin", ""] {
            let body = written(&call.fields, extra, "\"admin\"");
            stage
                .send(call, "application/json", body, "a field of its own")
                .await;
        }
    }
    assert!(stage.count > 1_000, "only {} calls", stage.count);
    let me = stage.callers[0].get("/api/v1/auth/me").await.expect(200);
    assert_eq!(me.json()["role"], "client");
}

async fn no_call_breaks_by_a_body_that_is_no_json(kind: Kind) {
    let mut stage = Stage::new(kind).await;
    let calls = std::mem::take(&mut stage.calls);
    for call in calls.iter().filter(|call| call.takes_json) {
        let whole = Value::from(call.fields.clone()).to_string();
        let name = call.fields.keys().next().unwrap();
        let twice = format!("{{\"{name}\": \"a\", \"{name}\": \"b\"}}");
        let huge = format!("{{\"{name}\": \"{}\"}}", "x".repeat(10_000_000));
        let deep = "[".repeat(100_000);
        let json = "application/json";
        let bodies: [(&str, &str, &[u8]); 18] = [
            (json, "nothing", b""),
            (json, "null", b"null"),
            (json, "a list", b"[]"),
            (json, "a text", b"\"x\""),
            (json, "half an object", b"{\"a\":"),
            (json, "two objects", b"{}{}"),
            (json, "no UTF-8", b"{\"title\": \"\xff\xfe\"}"),
            (json, "a mark before it", b"\xef\xbb\xbf{}"),
            (json, "UTF-16", b"\xff\xfe{\0}\0"),
            (json, "null characters", b"\0\0\0\0"),
            (json, "a field twice", twice.as_bytes()),
            (json, "no end", deep.as_bytes()),
            (json, "ten megabytes", huge.as_bytes()),
            ("", "no kind", whole.as_bytes()),
            ("text/plain", "plain text", whole.as_bytes()),
            ("application/x-www-form-urlencoded", "a form", b"title=x"),
            ("multipart/form-data; boundary=x", "parts", b"--x\r\n"),
            (
                "application/json; charset=utf-16",
                "another charset",
                whole.as_bytes(),
            ),
        ];
        for (kind, what, body) in bodies {
            stage.send(call, kind, body.to_vec(), what).await;
        }
    }
}

async fn no_call_breaks_by_what_stands_in_its_address(kind: Kind) {
    let mut stage = Stage::new(kind).await;
    let calls = std::mem::take(&mut stage.calls);
    for call in &calls {
        let mut urls = Vec::new();
        let texts = evil::SHORT
            .iter()
            .map(|(_, text)| kit::percent_encode(text));
        let bytes = evil::NO_TEXT.iter().map(|(_, text)| (*text).to_owned());
        let long = "x".repeat(5_000);
        let values: Vec<String> = texts.chain(bytes).chain([long]).collect();
        for value in &values {
            for name in &call.query {
                urls.push(format!("{}?{name}={value}&{name}={value}", call.url));
            }
            for name in parameters(&call.path) {
                let open = call.path.replace(&format!("{{{name}}}"), value);
                urls.push(stage.world.fill(&open));
            }
        }
        for url in urls.iter().filter(|url| url.parse::<Uri>().is_ok()) {
            let mut call_there = Call {
                method: call.method.clone(),
                path: call.path.clone(),
                url: url.clone(),
                fields: Map::new(),
                takes_json: true,
                query: Vec::new(),
                answers: call.answers.clone(),
            };
            // A path that leads elsewhere, and one that is no text.
            call_there.answers.extend([400, 404, 405]);
            let body = Value::from(call.fields.clone()).to_string();
            let what = format!("the address {url:.200}");
            stage
                .send(&call_there, "application/json", body.into_bytes(), &what)
                .await;
        }
    }
}

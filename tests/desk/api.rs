//! Section X: the REST API as S2 had it, and its contract.

use serde_json::{Value, json};

use crate::support::{Kind, TestDesk, on_each};

on_each!(
    the_states_are_walked_as_s2_did,
    a_wrong_state_is_a_400_and_changes_nothing,
    the_same_rules_hold_for_pages_and_api,
    escalate_transfer_and_reopen_work_by_the_api,
    refusals_have_one_shape,
    a_trailing_slash_makes_no_difference,
    every_api_route_is_in_the_contract,
    health_says_ok_and_nothing_more,
);

async fn the_states_are_walked_as_s2_did(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cast = desk.cast().await;
    let mut client = cast.client.api("cli@acme.test").await;
    let mut tech = cast.tech.api("tec@desk.test").await;
    let new = json!({ "title": "a", "description": "b" });
    let made = client
        .call("POST", "/api/v1/tickets/", &new)
        .await
        .expect(201)
        .json();
    for field in [
        "id",
        "protocol",
        "title",
        "description",
        "status",
        "phase",
        "priority",
        "queue",
        "category",
        "channel",
        "company",
        "requester",
        "assignee",
        "contact_name",
        "contact_info",
        "solution",
        "created_at",
        "updated_at",
        "resolved_at",
        "closed_at",
        "version",
    ] {
        assert!(made.get(field).is_some(), "{field}");
    }
    assert_eq!(made["created_at"], "2026-01-14T15:00:00Z");
    let path = format!("/api/v1/tickets/{}", made["id"].as_str().unwrap());
    let status = |answer: Value| answer["status"].as_str().unwrap().to_owned();
    let taken = tech
        .call("PATCH", &format!("{path}/assign"), &Value::Null)
        .await
        .expect(200)
        .json();
    assert_eq!(status(taken), "in_progress");
    let solution = json!({ "solution": "feito" });
    let solved = tech
        .call("PATCH", &format!("{path}/resolve"), &solution)
        .await
        .expect(200)
        .json();
    assert_eq!(status(solved), "resolved");
    let closed = client
        .call("PATCH", &format!("{path}/close"), &Value::Null)
        .await
        .expect(200)
        .json();
    assert_eq!(status(closed), "closed");
    assert_eq!(status(tech.get(&path).await.json()), "closed");
}

async fn a_wrong_state_is_a_400_and_changes_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cast = desk.cast().await;
    let mut client = cast.client.api("cli@acme.test").await;
    let mut tech = cast.tech.api("tec@desk.test").await;
    let mut tech2 = cast.tech2.api("tec2@desk.test").await;
    let new = json!({ "title": "a", "description": "b" });
    let made = client
        .call("POST", "/api/v1/tickets", &new)
        .await
        .expect(201)
        .json();
    let path = format!("/api/v1/tickets/{}", made["protocol"].as_str().unwrap());
    let solution = json!({ "solution": "feito" });
    tech.call("PATCH", &format!("{path}/resolve"), &solution)
        .await
        .expect(400);
    assert_eq!(tech.get(&path).await.json()["version"], 1);
    client
        .call("PATCH", &format!("{path}/assign"), &Value::Null)
        .await
        .expect(403);
    tech.call("PATCH", &format!("{path}/assign"), &Value::Null)
        .await
        .expect(200);
    tech2
        .call("PATCH", &format!("{path}/assign"), &Value::Null)
        .await
        .expect(400);
    client
        .call("PATCH", &format!("{path}/close"), &Value::Null)
        .await
        .expect(400);
    tech.call("PATCH", &format!("{path}/resolve"), &solution)
        .await
        .expect(200);
    tech2
        .call("PATCH", &format!("{path}/assign"), &Value::Null)
        .await
        .expect(400);
    let timeline = tech.get(&format!("{path}/timeline")).await.json();
    assert_eq!(timeline["items"].as_array().unwrap().len(), 3);
}

async fn the_same_rules_hold_for_pages_and_api(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut tech2 = cast.tech2.api("tec2@desk.test").await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    let path = format!("/api/v1/tickets/{t}");
    let other = desk.id("tec2@desk.test").await;
    let closing = json!({ "reason": "x", "classification": "other", "evaluation": "x" });
    for (method, call, body, form) in [
        (
            "PATCH",
            "resolve",
            json!({ "solution": "x" }),
            &[("solution", "x")][..],
        ),
        (
            "POST",
            "escalate",
            json!({ "reason": "x" }),
            &[("reason", "x")],
        ),
        (
            "POST",
            "transfer",
            json!({ "assignee": other }),
            &[("assignee", other.as_str())],
        ),
        (
            "PATCH",
            "close",
            closing,
            &[
                ("reason", "x"),
                ("classification", "other"),
                ("evaluation", "x"),
            ],
        ),
        (
            "POST",
            "comments",
            json!({ "content": "x" }),
            &[("content", "x")],
        ),
    ] {
        let answer = tech2
            .call(method, &format!("{path}/{call}"), &body)
            .await
            .expect(403);
        assert_eq!(
            answer.json()["errors"][0]["code"],
            "forbidden-other-technician",
            "{call}"
        );
        let act = if call == "comments" { "" } else { call };
        cast.tech2.act(&t, act, form).await.expect(403);
    }
}

async fn escalate_transfer_and_reopen_work_by_the_api(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut tech = cast.tech.api("tec@desk.test").await;
    let n1 = desk.queue("Suporte N1").await;
    let t = cast.client.open(&[("queue", &n1)]).await;
    let path = format!("/api/v1/tickets/{t}");
    tech.call("PATCH", &format!("{path}/assign"), &Value::Null)
        .await
        .expect(200);
    let other = desk.id("tec2@desk.test").await;
    let moved = tech
        .call(
            "POST",
            &format!("{path}/transfer/"),
            &json!({ "assignee": other }),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(moved["assignee"]["name"], "Tereza Técnica");
    let mut tech2 = cast.tech2.api("tec2@desk.test").await;
    let up = tech2
        .call(
            "POST",
            &format!("{path}/escalate"),
            &json!({ "reason": "x" }),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(up["status"], "escalated");
    assert_eq!(up["queue"]["name"], "Suporte N2");
    tech2
        .call("POST", &format!("{path}/reopen"), &Value::Null)
        .await
        .expect(409);
    let mut admin = cast.admin.api("adm@desk.test").await;
    let body = json!({ "assignee": desk.id("tec@desk.test").await });
    let given = admin
        .call("PATCH", &format!("{path}/assign"), &body)
        .await
        .expect(200)
        .json();
    assert_eq!(given["assignee"]["name"], "Téo Técnico");
}

async fn refusals_have_one_shape(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cast = desk.cast().await;
    let mut api = cast.client.api("cli@acme.test").await;
    let request = |kind: &'static str| {
        axum::http::Request::builder()
            .method("POST")
            .uri("/api/v1/tickets")
            .header("content-type", kind)
    };
    let broken = api
        .send(request("application/json"), "{".into())
        .await
        .expect(400);
    let other = api
        .send(request("text/plain"), "{}".into())
        .await
        .expect(415);
    let shape = api
        .send(request("application/json"), "[1]".into())
        .await
        .expect(422);
    let missing = api.get("/api/v1/nothing").await.expect(404);
    let method = api
        .call("DELETE", "/api/v1/tickets", &Value::Null)
        .await
        .expect(405);
    let unknown = api
        .get("/api/v1/tickets/TCK-20260101-0000000000")
        .await
        .expect(404);
    for answer in [broken, other, shape, missing, method, unknown] {
        let error = &answer.json()["errors"][0];
        assert!(
            error["code"].is_string() && error["detail"].is_string(),
            "{}",
            answer.body
        );
        assert!(error.get("field").is_some());
    }
}

async fn a_trailing_slash_makes_no_difference(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let mut api = cast.client.api("cli@acme.test").await;
    for path in [
        "/api/v1/tickets",
        "/api/v1/auth/me",
        &format!("/api/v1/tickets/{t}/timeline"),
    ] {
        let (bare, slash) = (
            api.get(path).await.expect(200),
            api.get(&format!("{path}/")).await.expect(200),
        );
        assert_eq!(bare.body, slash.body);
    }
    cast.client.get(&format!("/tickets/{t}/")).await.expect(200);
}

async fn every_api_route_is_in_the_contract(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let contract = desk
        .browser()
        .get("/api/v1/openapi.json")
        .await
        .expect(200)
        .json();
    assert!(contract["openapi"].as_str().unwrap().starts_with("3."));
    let mut documented = 0;
    for route in desk
        .app
        .routes
        .iter()
        .filter(|r| r.path.starts_with("/api/v1/") && r.path != "/api/v1/openapi.json")
    {
        let method = route.method.as_str().to_lowercase();
        let operation = &contract["paths"][route.path][&method];
        assert!(
            operation.is_object(),
            "{method} {} is not in the contract",
            route.path
        );
        documented += 1;
    }
    let all: usize = contract["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|p| p.as_object().unwrap().len())
        .sum();
    assert_eq!(
        all, documented,
        "the contract has calls that nobody answers"
    );
    let page = desk.browser().get("/api/docs").await.expect(200);
    assert!(page.shows("/api/v1/tickets/{ticket}/resolve") && page.shows("solution"));
    assert!(page.shows("low | normal | high | critical") && !page.shows("<dd>null"));
}

async fn health_says_ok_and_nothing_more(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    for path in ["/health", "/health-check", "/health/"] {
        let answer = desk.browser().get(path).await.expect(200).json();
        assert_eq!(
            answer,
            json!({ "status": "ok", "time": "2026-01-14T15:00:00Z" })
        );
    }
}

//! Every route, as everybody, on what is theirs and what is not: the answers
//! equal the table that `/admin/roles` shows.

use kit::{Access, Role};

use crate::support::{Answer, Browser, Kind, TestDesk, on_each};

on_each!(
    every_route_answers_as_the_permission_table_says,
    no_form_is_taken_without_its_token
);

struct Persona {
    name: &'static str,
    role: Option<Role>,
    /// Whether the objects named in the paths are visible to them.
    owner: bool,
    pages: Browser,
    api: Browser,
}

/// What the path's parameters stand for.
fn fill(path: &str, ids: &[(&str, String)]) -> String {
    ids.iter().fold(path.to_owned(), |path, (name, id)| {
        path.replace(&format!("{{{name}}}"), id)
    })
}

/// The value at the end of where an answer leads.
fn last(answer: &Answer) -> String {
    let to = answer.location();
    to.rsplit('=').next().unwrap_or_default().to_owned()
}

async fn every_route_answers_as_the_permission_table_says(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cast = desk.cast().await;
    let files: &[(&str, &[u8])] = &[("a.txt", b"texto")];
    let mut client = cast.client.clone();
    let ticket = client.open(&[]).await;
    client
        .submit_files(&format!("/tickets/{ticket}"), &[], files)
        .await
        .expect(302);
    let mut api = client.api("cli@acme.test").await;
    let path = format!("/api/v1/tickets/{ticket}");
    let comment = api.get(&format!("{path}/comments")).await.json()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let file = api.get(&format!("{path}/attachments")).await.json()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let db = desk.app.db.reader();
    let ids = [
        ("ticket", ticket),
        ("comment", comment),
        ("attachment", file),
        ("user", desk.id("cli2@beta.test").await),
        (
            "company",
            companies::names(db).await.unwrap()[0].0.to_string(),
        ),
        ("queue", desk.queue("Suporte N1").await),
        ("category", desk.category("Rede").await),
        (
            "channel",
            ::catalog::channels(db).await.unwrap()[0].id.to_string(),
        ),
        ("token", "not-a-token".to_owned()),
        ("session", "not-a-session".to_owned()),
        ("api_token", "not-a-token".to_owned()),
        ("passkey", "not-a-passkey".to_owned()),
        ("identity", "not-an-identity".to_owned()),
        ("provider", crate::sso::a_provider(&desk).await),
        ("role", crate::roles::a_role(&desk).await),
        ("name", "no-picture.png".to_owned()),
        ("slug", "desk".to_owned()),
        ("file", "logo".to_owned()),
        ("answer", a_shared_answer(&desk).await),
    ];
    let mut supervisor = cast.supervisor.clone();
    let shared = [("view_name", "Todas"), ("shared", "on")];
    let view = supervisor.submit("/tickets/views", &shared).await;
    let mut ids = ids.to_vec();
    ids.push(("view", last(&view.expect(302))));
    let act = [("ticket", ids[0].1.as_str()), ("act", "wait")];
    let act = supervisor.submit("/tickets/bulk", &act).await;
    ids.push(("act", last(&act.expect(302))));
    // One body that every call of the API can read, so that what decides is who asks.
    let body = serde_json::json!({
        "content": "x", "solution": "x", "reason": "x", "title": "x", "description": "x",
        "assignee": desk.id("tec2@desk.test").await,
    });
    let mut personas = Vec::new();
    for (name, email, role, owner, pages) in [
        ("nobody", "", None, false, &cast.nobody),
        (
            "client of another company",
            "cli2@beta.test",
            Some(Role::Client),
            false,
            &cast.client2,
        ),
        (
            "client",
            "cli@acme.test",
            Some(Role::Client),
            true,
            &cast.client,
        ),
        (
            "technician",
            "tec@desk.test",
            Some(Role::Tech),
            true,
            &cast.tech,
        ),
        (
            "supervisor",
            "sup@desk.test",
            Some(Role::Supervisor),
            true,
            &cast.supervisor,
        ),
        (
            "admin",
            "adm@desk.test",
            Some(Role::Admin),
            true,
            &cast.admin,
        ),
    ] {
        let api = if email.is_empty() {
            pages.clone()
        } else {
            pages.api(email).await
        };
        personas.push(Persona {
            name,
            role,
            owner,
            pages: pages.clone(),
            api,
        });
    }
    assert!(
        desk.app.routes.len() > 60,
        "{} routes",
        desk.app.routes.len()
    );
    for route in &desk.app.routes {
        // Signing out would end the persona.
        if route.path == "/auth/logout" {
            continue;
        }
        let url = fill(route.path, &ids);
        assert!(
            !url.contains('{'),
            "{} has a parameter that this test cannot fill",
            route.path
        );
        let program = route.path.starts_with("/api/v1");
        for persona in &mut personas {
            let browser = if program {
                &mut persona.api
            } else {
                &mut persona.pages
            };
            let answer = match route.method.as_str() {
                "GET" => browser.get(&url).await,
                _ if program => browser.call(route.method.as_str(), &url, &body).await,
                _ => browser.submit(&url, &[]).await,
            };
            let what = format!(
                "{} {} as {}: {} {}",
                route.method, route.path, persona.name, answer.status, answer.body
            );
            assert!(answer.status < 500, "{what}");
            let to_login = answer.status == 302 && answer.location().starts_with("/auth/login");
            match (route.access, persona.role) {
                (Access::Public, _) => assert!(
                    answer.status != 403 && answer.status != 401 || route.path.ends_with("/login"),
                    "{what}"
                ),
                (_, None) if program => assert_eq!(answer.status, 401, "{what}"),
                (_, None) => assert!(to_login, "{what}"),
                (Access::May(permission), Some(role)) if !permission.roles.contains(&role) => {
                    assert_eq!(answer.status, 403, "{what}");
                }
                (_, Some(_)) if route.path.contains("{ticket}") && !persona.owner => {
                    assert_eq!(answer.status, 404, "{what}");
                }
                (_, Some(Role::Client | Role::Tech)) => {
                    // The state of this ticket, or another's entry, may forbid the act itself.
                    assert!(!to_login && answer.status != 401, "{what}");
                }
                (_, Some(_)) => assert!(
                    !to_login && answer.status != 401 && answer.status != 403,
                    "{what}"
                ),
            }
        }
    }
}

/// A canned answer that everybody at the desk uses.
async fn a_shared_answer(desk: &TestDesk) -> String {
    let input = answers::AnswerInput {
        title: "Senha trocada".to_owned(),
        shortcut: String::new(),
        body: "Pronto!".to_owned(),
        shared: true,
        active: true,
    };
    let mut tx = kit::Context::system(&desk.app).begin().await.unwrap();
    let answer = answers::save(&mut tx, None, input).await.unwrap();
    tx.commit().await.unwrap();
    answer.id.to_string()
}

async fn no_form_is_taken_without_its_token(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let ticket = cast.client.open(&[]).await;
    let before = event_log::newest(desk.app.db.reader()).await.unwrap();
    let others = cast.tech.csrf().await;
    for route in desk
        .app
        .routes
        .iter()
        .filter(|r| r.method == "POST" && !r.path.starts_with("/api/"))
    {
        let url = route.path.replace("{ticket}", &ticket);
        for fields in [&[][..], &[("csrf", others.as_str())], &[("csrf", "")]] {
            let answer = cast.admin.submit_as_is(&url, fields).await;
            assert!(
                answer.status == 403 || answer.status == 404,
                "{}: {}",
                route.path,
                answer.status
            );
        }
        let csrf = cast.admin.csrf().await;
        let request = axum::http::Request::builder()
            .method("POST")
            .uri(&url)
            .header("origin", "https://evil.test")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = cast
            .admin
            .send(request, format!("csrf={csrf}").into())
            .await;
        assert_eq!(answer.status, 403, "{}", route.path);
    }
    let after = event_log::newest(desk.app.db.reader()).await.unwrap();
    assert_eq!(before, after, "something was changed");
}

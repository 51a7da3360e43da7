//! The faults of others that begin at a door, each with a test that it is not here:
//! sessions, tokens, headers, and who says what of whom. The rest is in `immune.rs`.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use kit::{Access, Role};
use serde_json::json;

use crate::support::evil::did_no_harm;
use crate::support::world::World;
use crate::support::{Kind, PASSWORD, TestDesk, html, on_each};

on_each!(
    a_host_header_is_in_no_letter_and_no_redirect,
    a_session_that_was_planted_before_signing_in_is_worth_nothing,
    a_token_of_a_form_from_another_session_is_refused,
    a_password_of_a_megabyte_is_not_hashed,
    nobody_says_of_themselves_what_others_decide,
    a_parameter_leads_to_no_other_site,
    a_token_that_chooses_its_own_algorithm_is_refused,
    a_method_that_is_not_meant_does_nothing,
    no_page_of_ones_own_is_kept_between,
    no_other_site_frames_or_reads_a_page,
    no_secret_stands_in_the_database,
);

async fn a_host_header_is_in_no_letter_and_no_redirect(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut browser = desk.browser();
    let csrf = browser.csrf().await;
    let body = kit::with_query("", &[("csrf", &csrf), ("email", "cli@acme.test")]);
    let request = Request::builder()
        .method("POST")
        .uri("/auth/forgot")
        .header("host", "evil.test")
        .header("x-forwarded-host", "evil.test")
        .header("forwarded", "host=evil.test")
        .header("x-original-url", "/admin")
        .header("content-type", "application/x-www-form-urlencoded");
    let body = Body::from(body.trim_start_matches('?').to_owned());
    let answer = browser.send(request, body).await.expect(302);
    assert!(answer.location().starts_with('/'));
    desk.settle().await;
    let mails = desk.mails();
    let letter = mails.last().expect("no letter");
    assert!(letter.text.contains("http://desk.test/auth/reset/"));
    assert!(!format!("{letter:?}").contains("evil.test"));
    let request = Request::builder()
        .uri("/dashboard")
        .header("host", "evil.test");
    let answer = browser.send(request, Body::empty()).await.expect(302);
    assert!(answer.location().starts_with("/auth/login"));
    let request = Request::builder()
        .uri("/auth/login")
        .header("host", "evil.test");
    let page = browser.send(request, Body::empty()).await.expect(200);
    assert!(!page.shows("evil.test"));
}

async fn a_session_that_was_planted_before_signing_in_is_worth_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let planted = "planted-by-somebody-else-0123456789abcdef0123456789";
    let mut browser = desk.browser();
    browser.set_cookie("session", planted);
    browser.set_cookie("visit", planted);
    let known = desk.app.key.sign_hex("csrf", planted.as_bytes());
    let fields = [
        ("csrf", known.as_str()),
        ("email", "tec@desk.test"),
        ("password", PASSWORD),
    ];
    browser
        .submit_as_is("/auth/login", &fields)
        .await
        .expect(302);
    let own = browser.cookie("session").unwrap().to_owned();
    assert_ne!(own, planted);
    browser.get("/tickets").await.expect(200);
    let mut thief = desk.browser();
    thief.set_cookie("session", planted);
    thief.get("/tickets").await.expect(302);
    // What the planter knew of forms is over, too.
    let old = [("csrf", known.as_str()), ("name", "Outro nome")];
    browser.submit_as_is("/meu-perfil", &old).await.expect(403);
    // Each sign-in makes another.
    let again = desk.sign_in("tec@desk.test").await;
    assert_ne!(again.cookie("session"), Some(own.as_str()));
}

async fn a_token_of_a_form_from_another_session_is_refused(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let first = cast.client.csrf().await;
    let mut again = desk.sign_in("cli@acme.test").await;
    let mut visitor = desk.browser();
    let others = [cast.tech.csrf().await, first, visitor.csrf().await];
    for token in &others {
        let fields = [("csrf", token.as_str()), ("name", "Outro nome")];
        again.submit_as_is("/meu-perfil", &fields).await.expect(403);
    }
    // Nor does one go on when its session is over.
    let own = again.csrf().await;
    again.submit("/auth/logout", &[]).await.expect(302);
    let fields = [("csrf", own.as_str()), ("language", "en")];
    again.submit_as_is("/language", &fields).await.expect(403);
}

async fn a_password_of_a_megabyte_is_not_hashed(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let long = "x".repeat(1_000_000);
    let mut browser = desk.browser();
    for (path, name) in [("/auth/login", "email"), ("/auth/register", "email")] {
        let fields = [
            ("name", "Xis"),
            (name, "tec@desk.test"),
            ("password", long.as_str()),
        ];
        let page = browser.submit(path, &fields).await.expect(422);
        assert!(!page.shows(&long[..2_000]), "{path} sends it back");
    }
    // The longest that is taken is taken whole: one letter less is another password.
    let longest = format!("uma-senha-bem-longa-{}", "é".repeat(490));
    let fields = [
        ("name", "Longa"),
        ("email", "longa@desk.test"),
        ("role", "tech"),
        ("active", "on"),
        ("password", longest.as_str()),
    ];
    cast.admin
        .submit("/admin/users/new", &fields)
        .await
        .expect(302);
    for (word, status) in [(&longest[..998], 422), (longest.as_str(), 302)] {
        let fields = [("email", "longa@desk.test"), ("password", word)];
        desk.browser()
            .submit("/auth/login", &fields)
            .await
            .expect(status);
    }
}

async fn nobody_says_of_themselves_what_others_decide(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (admin, beta) = (desk.id("adm@desk.test").await, desk.company("Beta").await);
    let more = [
        ("role", "admin"),
        ("active", "on"),
        ("company_id", beta.as_str()),
        ("company", beta.as_str()),
        ("id", admin.as_str()),
        ("user_id", admin.as_str()),
        ("confirmed_at", "1"),
        ("is_admin", "true"),
        ("permissions", "user.manage"),
        ("email", "outra@acme.test"),
        ("password", "outra-senha-longa"),
        ("name", "Clara Cliente"),
    ];
    for path in ["/meu-perfil", "/preferences"] {
        let mut fields = vec![("theme", "dark")];
        fields.extend_from_slice(&more);
        cast.client.submit(path, &fields).await;
    }
    let mut api = cast.client.api("cli@acme.test").await;
    let me = api.get("/api/v1/auth/me").await.expect(200).json();
    assert_eq!(me["role"], "client", "{me}");
    assert_eq!(me["email"], "cli@acme.test", "{me}");
    cast.client.get("/admin").await.expect(403);
    // Nor by registering.
    let mut browser = desk.browser();
    let mut fields = more.to_vec();
    fields.retain(|(name, _)| *name != "company_id" && *name != "company");
    browser.submit("/auth/register", &fields).await.expect(302);
    let new = people::by_email(desk.app.db.reader(), "outra@acme.test").await;
    let new = new.unwrap().unwrap();
    assert_eq!((new.role, new.confirmed), (Role::Client, false));
    let body = json!({
        "name": "Nova", "email": "mais@acme.test", "password": "outra-senha-longa",
        "role": "admin", "active": true, "confirmed": true, "id": admin, "confirmed_at": 1,
    });
    desk.browser().call("POST", "/api/v1/users", &body).await;
    let made = people::by_email(desk.app.db.reader(), "mais@acme.test").await;
    if let Some(made) = made.unwrap() {
        assert_eq!((made.role, made.confirmed), (Role::Client, false));
    }
    // Nor a ticket's fate by opening it.
    let opened = [
        ("status", "closed"),
        ("assignee", admin.as_str()),
        ("protocol", "TCK-1"),
        ("created_at", "0"),
        ("requester", admin.as_str()),
        ("company", beta.as_str()),
        ("internal", "on"),
    ];
    let ticket = cast.client.open(&opened).await;
    let found = api
        .get(&format!("/api/v1/tickets/{ticket}"))
        .await
        .expect(200);
    let found = found.json();
    assert_ne!(ticket, "TCK-1");
    assert_eq!(found["status"], "open", "{found}");
    assert_eq!(found["company"]["name"], "Acme", "{found}");
    assert_eq!(found["requester"]["name"], "Clara Cliente", "{found}");
    assert!(found["assignee"].is_null(), "{found}");
}

async fn a_parameter_leads_to_no_other_site(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for bad in [
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "https://evil.test",
        "https:evil.test",
        "javascript:alert(1)",
        "/%09/evil.test",
        "/\t/evil.test",
        " //evil.test",
        "///evil.test",
        "/.//evil.test",
        "http://desk.test@evil.test",
        "http://desk.test.evil.test",
        "?next=//evil.test",
        "//evil.test/%2f..",
    ] {
        let fields = [
            ("email", "tec@desk.test"),
            ("password", PASSWORD),
            ("next", bad),
        ];
        let answer = desk
            .browser()
            .submit("/auth/login", &fields)
            .await
            .expect(302);
        did_no_harm(&answer, &format!("next={bad}"));
        let page = desk
            .browser()
            .get(&kit::with_query("/auth/login", &[("next", bad)]))
            .await;
        did_no_harm(&page, &format!("the page with next={bad}"));
        for path in ["/language", "/preferences"] {
            let fields = [("language", "pt-BR"), ("theme", "dark"), ("back", bad)];
            let answer = cast.client.submit(path, &fields).await;
            did_no_harm(&answer, &format!("{path} back={bad}"));
        }
        let bulk = [("act", "take"), ("ticket", "x"), ("query", bad)];
        let answer = cast.tech.submit("/tickets/bulk", &bulk).await;
        did_no_harm(&answer, &format!("query={bad}"));
    }
    // A page that a form names as its own is not believed either.
    for referer in [
        "http://evil.test//evil.test",
        "http://desk.test//evil.test/x",
    ] {
        let mut browser = cast.client.clone().always("referer", referer);
        let page = browser
            .submit("/meu-perfil", &[("name", "")])
            .await
            .expect(422);
        let forms = html::forms(&page.body);
        let back = forms.iter().filter_map(|f| f.field("back"));
        for back in back
            .map(|field| field.value.clone())
            .collect::<BTreeSet<_>>()
        {
            let fields = [("language", "pt-BR"), ("back", back.as_str())];
            let answer = cast.client.submit("/language", &fields).await;
            did_no_harm(&answer, &format!("a referer {referer}"));
        }
    }
}

async fn a_token_that_chooses_its_own_algorithm_is_refused(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let tech = desk.cast().await.tech;
    let mut api = tech.api("tec@desk.test").await;
    let good = api.token().to_owned();
    let parts: Vec<&str> = good.split('.').collect();
    assert_eq!(parts.len(), 3);
    // {"alg":…,"typ":"JWT"}, in base64url.
    let heads = [
        ("none", "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"),
        ("None", "eyJhbGciOiJOb25lIiwidHlwIjoiSldUIn0"),
        ("HS512", "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9"),
        ("RS256", "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"),
        (
            "a key of its own",
            "eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uLy4uL2Rldi9udWxsIn0",
        ),
    ];
    for (name, head) in heads {
        for token in [
            format!("{head}.{}.", parts[1]),
            format!("{head}.{}.{}", parts[1], parts[2]),
            format!("{head}.{}", parts[1]),
        ] {
            api.set_token(&token);
            let answer = api.get("/api/v1/auth/me").await;
            assert_eq!(answer.status, 401, "{name}: {}", answer.body);
        }
    }
    api.set_token(&good);
    api.get("/api/v1/auth/me").await.expect(200);
}

async fn a_method_that_is_not_meant_does_nothing(kind: Kind) {
    let mut world = World::new(kind).await;
    let mut vera = world.vera.clone();
    let path = format!("/tickets/{}", world.id("ticket"));
    let file = format!("{path}/attachments/{}", world.id("attachment"));
    let before = world.state().await;
    for path in [
        path.as_str(),
        "/dashboard",
        "/tickets",
        "/meu-perfil",
        &file,
    ] {
        let request = Request::builder().method("HEAD").uri(path);
        let answer = vera.send(request, Body::empty()).await.expect(200);
        assert!(answer.bytes.is_empty(), "HEAD {path} has a body");
    }
    for method in ["OPTIONS", "TRACE", "PUT", "DELETE", "CONNECT", "PROPFIND"] {
        for path in ["/", "/tickets", "/auth/login", "/api/v1/tickets", &path] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("x-secret", "mandacaru")
                .header("origin", "https://evil.test")
                .header("access-control-request-method", "POST");
            let answer = vera.send(request, Body::empty()).await;
            let refused = matches!(answer.status, 400 | 401 | 403 | 404 | 405);
            assert!(refused, "{method} {path}: {}", answer.status);
            assert!(!answer.shows("mandacaru"), "{method} {path} says it back");
            let cors = answer
                .headers
                .keys()
                .any(|n| n.as_str().starts_with("access-control"));
            assert!(!cors, "{method} {path}");
        }
    }
    // A method in a field or a header is none.
    let csrf = vera.csrf().await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("_method", "DELETE"),
        ("content", ""),
    ];
    let request = |method: &str| {
        Request::builder()
            .method(method)
            .uri(&path)
            .header("x-http-method-override", "DELETE")
            .header("x-method-override", "POST")
    };
    vera.send(request("GET"), Body::empty()).await.expect(200);
    vera.submit_as_is(&path, &fields).await.expect(422);
    assert_eq!(world.state().await, before, "something was written");
}

async fn no_page_of_ones_own_is_kept_between(kind: Kind) {
    let world = World::new(kind).await;
    let mut people = [
        (Role::Client, world.vera.clone()),
        (Role::Admin, world.cast.admin.clone()),
    ];
    let mut seen = 0;
    for route in world.desk.app.routes.iter().filter(|r| r.method == "GET") {
        let public = matches!(route.access, Access::Public);
        if public || route.path.starts_with("/live") || route.path.starts_with("/api/v1") {
            continue;
        }
        let url = world.fill(route.path);
        for (role, browser) in &mut people {
            let answer = browser.get(&url).await;
            let control = answer.header("cache-control");
            let kept = control.contains("public") || control.contains("s-maxage");
            let private = control.contains("private") || control.contains("no-store");
            assert!(
                answer.status != 200 || private && !kept,
                "{url} as {role:?}: {control:?}"
            );
            seen += usize::from(answer.status == 200);
        }
    }
    assert!(seen > 25, "only {seen} pages");
    let mut api = world.vera.api("marmeleiro@acme.test").await;
    for path in ["/api/v1/tickets", "/api/v1/auth/me", "/api/v1/nope"] {
        let control = api.get(path).await.header("cache-control").to_owned();
        assert!(
            control.contains("no-store") || control.contains("private"),
            "{path}: {control}"
        );
    }
}

async fn no_other_site_frames_or_reads_a_page(kind: Kind) {
    let world = World::new(kind).await;
    let mut vera = world.vera.clone().always("origin", "https://evil.test");
    for route in world.desk.app.routes.iter().filter(|r| r.method == "GET") {
        if route.path.starts_with("/live") {
            continue;
        }
        let url = world.fill(route.path);
        let answer = vera.get(&url).await;
        let csp = answer.header("content-security-policy");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{url}");
        let framed = csp.contains("frame-ancestors 'none'") || csp.contains("default-src 'none'");
        assert!(framed, "{url}: {csp}");
        let cors = answer
            .headers
            .keys()
            .any(|n| n.as_str().starts_with("access-control"));
        assert!(!cors, "{url}");
    }
}

async fn no_secret_stands_in_the_database(kind: Kind) {
    let mut world = World::new(kind).await;
    let session = world.vera.cookie("session").unwrap().to_owned();
    let program = world.program.token().to_owned();
    let jwt = world
        .vera
        .api("marmeleiro@acme.test")
        .await
        .token()
        .to_owned();
    let user = world.id("user").to_owned();
    let path = format!("/admin/users/{user}/invite");
    world.cast.admin.submit(&path, &[]).await.expect(302);
    let forgot = [("email", "cli@acme.test")];
    world
        .desk
        .browser()
        .submit("/auth/forgot", &forgot)
        .await
        .expect(302);
    world.desk.settle().await;
    let mut secrets = vec![
        PASSWORD.to_owned(),
        session,
        program.trim_start_matches("balcao_").to_owned(),
        jwt.rsplit('.').next().unwrap().to_owned(),
    ];
    for mark in ["/invite/", "/auth/reset/"] {
        let mails = world.desk.mails();
        let texts: Vec<&str> = mails.iter().map(|m| m.text.as_str()).collect();
        let found = texts
            .iter()
            .find_map(|text| text.split_once(mark))
            .expect(mark);
        let token = found.1.split_whitespace().next().unwrap();
        // Behind the row's own name stands what opens it.
        secrets.push(token[32..].to_owned());
    }
    assert!(
        secrets.iter().all(|secret| secret.len() >= 14),
        "{secrets:?}"
    );
    let all = world.everything().await;
    assert!(all.contains("marmeleiro@acme.test") && all.contains("$argon2id$"));
    for secret in secrets {
        assert!(!all.contains(&secret), "{secret} stands in the database");
    }
}

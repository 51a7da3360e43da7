//! The faults of others, each with a test that it is not here: see "Immune by
//! construction" in docs/security.md, which names them. Some have their test beside
//! the feature that they would hit.

use std::collections::BTreeSet;
use std::io::Write;

use axum::body::Body;
use axum::http::Request;
use balcao::import::Table;
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
    a_sort_order_from_the_address_is_never_sql,
    a_line_end_in_a_name_begins_no_header,
    what_people_wrote_is_text_in_letters_too,
    nobody_says_of_themselves_what_others_decide,
    a_path_that_climbs_out_finds_nothing,
    a_parameter_leads_to_no_other_site,
    an_svg_is_taken_nowhere,
    a_text_in_a_ticket_is_no_template,
    a_token_that_chooses_its_own_algorithm_is_refused,
    a_method_that_is_not_meant_does_nothing,
    no_page_of_ones_own_is_kept_between,
    no_other_site_frames_or_reads_a_page,
    no_secret_stands_in_the_database,
    words_to_search_for_cannot_stop_the_desk,
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
    let longest = "é".repeat(500);
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

async fn a_sort_order_from_the_address_is_never_sql(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let ticket = cast.client.open(&[]).await;
    let mut api = cast.tech.api("tec@desk.test").await;
    for sql in [
        "created_at; DROP TABLE tickets",
        "(SELECT password_hash FROM users)",
        "created,(CASE WHEN 1=1 THEN 1 ELSE 0 END)",
        "password_hash",
        "1 OR 1=1",
        "'\"`",
    ] {
        for name in [
            "sort", "dir", "status", "view", "priority", "queue", "assignee", "from",
        ] {
            let query = kit::with_query("", &[(name, sql)]);
            cast.tech.get(&format!("/tickets{query}")).await.expect(422);
            api.get(&format!("/api/v1/tickets{query}"))
                .await
                .expect(422);
        }
        for path in [
            "/tickets",
            "/search",
            "/admin/users",
            "/admin/companies",
            "/admin/audit",
        ] {
            for name in ["q", "category", "after", "who", "kind", "thing"] {
                let url = kit::with_query(path, &[(name, sql)]);
                let page = cast.admin.get(&url).await;
                assert!(matches!(page.status, 200 | 422), "{url}: {}", page.status);
                assert!(!page.shows("argon2"), "{url}");
            }
        }
    }
    cast.client.ticket(&ticket).await.expect(200);
}

async fn a_line_end_in_a_name_begins_no_header(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let name = "Ana\r\nBcc: todos@evil.test\r\n\r\nOlá";
    let fields = [
        ("name", name),
        ("email", "nova@acme.test"),
        ("password", "uma-senha-nova"),
    ];
    desk.browser().submit("/auth/register", &fields).await;
    let bad = [("email", "a@acme.test\r\nBcc: todos@evil.test")];
    desk.browser()
        .submit("/auth/forgot", &bad)
        .await
        .expect(422);
    desk.settle().await;
    for letter in desk.mails() {
        let heads = format!("{}{}", letter.to, letter.subject);
        assert!(!heads.contains(['\r', '\n']), "{letter:?}");
    }
    // A file's name stands in a header, too; what was done, in a cookie.
    let ticket = cast.client.open(&[]).await;
    let path = format!("/tickets/{ticket}");
    let files: &[(&str, &[u8])] = &[("a\r\nSet-Cookie: evil=1\r\n.txt", b"x")];
    cast.client.submit_files(&path, &[], files).await;
    let page = cast.client.get(&path).await.expect(200);
    let links = html::elements(&page.body).into_iter();
    for link in links.filter(|e| e.get("href").contains("/attachments/")) {
        let file = cast.client.get(link.get("href")).await.expect(200);
        did_no_harm(&file, "a download");
        assert_eq!(
            file.headers.get_all("content-disposition").iter().count(),
            1
        );
    }
    for bad in ["/tickets%0d%0aSet-Cookie:evil=1", "//evil.test/%0d%0aX:1"] {
        let fields = [("language", "en"), ("back", bad)];
        let answer = cast.client.submit("/language", &fields).await;
        did_no_harm(&answer, bad);
    }
}

async fn what_people_wrote_is_text_in_letters_too(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let evil = "<b id=evil>Olá</b>";
    let footer = [("name", evil), ("mail_footer", evil)];
    cast.admin
        .submit("/admin/config", &footer)
        .await
        .expect(302);
    let fields = [
        ("name", evil),
        ("email", "evil@acme.test"),
        ("role", "client"),
        ("active", "on"),
    ];
    let company = [("company_id", desk.company("Acme").await)];
    let mut all = fields.to_vec();
    all.push((company[0].0, &company[0].1));
    cast.admin
        .submit("/admin/users/new", &all)
        .await
        .expect(302);
    let path = format!("/admin/users/{}/invite", desk.id("evil@acme.test").await);
    cast.admin.submit(&path, &[]).await.expect(302);
    desk.settle().await;
    let mails = desk.mails();
    let letter = mails.last().expect("no letter");
    assert!(letter.html.contains("&lt;b id=evil&gt;") || letter.html.contains("&#60;b"));
    let elements = html::elements(&letter.html);
    assert!(
        elements.iter().all(|e| e.get("id") != "evil"),
        "{}",
        letter.html
    );
    assert!(!letter.html.contains("<script") && !letter.html.contains("<form"));
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
        ("password", "uma-senha-nova"),
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
        "name": "Nova", "email": "mais@acme.test", "password": "uma-senha-nova",
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

async fn a_path_that_climbs_out_finds_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let ticket = cast.client.open(&[]).await;
    let user = desk.id("cli@acme.test").await;
    let climbs = [
        "..%2f..%2fdesk.db",
        "%2e%2e%2f%2e%2e%2fdesk.db",
        "..%5c..%5cdesk.db",
        "%2fetc%2fpasswd",
        "....%2f%2fdesk.db",
        "desk.db%00.png",
        "..%252f..%252fdesk.db",
        "%c0%ae%c0%ae%2fdesk.db",
        "C:%5cdesk.db",
    ];
    for climb in climbs {
        for path in [
            format!("/static/{climb}"),
            format!("/brand/desk/{climb}"),
            format!("/brand/{climb}/logo"),
            format!("/tickets/{ticket}/attachments/{climb}"),
            format!("/tickets/{ticket}/attachments/{climb}/view"),
            format!("/tickets/{climb}"),
            format!("/people/{user}/picture/{climb}"),
            format!("/people/{climb}/picture/x.png"),
            format!("/auth/login/{climb}"),
        ] {
            let answer = cast.client.get(&path).await;
            let well = matches!(answer.status, 302 | 400 | 404);
            assert!(well, "{path}: {} {}", answer.status, answer.body);
            let bytes = &answer.bytes;
            assert!(
                !bytes.starts_with(b"SQLite format") && !answer.shows("root:x:"),
                "{path}"
            );
        }
    }
    // What is uploaded stays where it belongs.
    let names = [
        "../../../../evil.txt",
        "..\\..\\evil.txt",
        "/tmp/evil.txt",
        "a/../../evil.txt",
    ];
    let files: Vec<(&str, &[u8])> = names.iter().map(|n| (*n, b"x".as_slice())).collect();
    let path = format!("/tickets/{ticket}");
    cast.client
        .submit_files(&path, &[], &files)
        .await
        .expect(302);
    let below = desk.app.settings.uploads.join("tickets");
    let kept = crate::house::files(&desk.app.settings.data, &[""]);
    let evil = kept.iter().filter(|f| f.to_string_lossy().contains("evil"));
    assert_eq!(evil.count(), 0, "{kept:?}");
    let inside = kept.iter().filter(|f| f.starts_with(&below)).count();
    assert_eq!(inside, names.len());
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

async fn an_svg_is_taken_nowhere(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let ticket = cast.client.open(&[]).await;
    let company = format!("/admin/companies/{}", desk.company("Acme").await);
    let svg: &[u8] =
        b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let html: &[u8] = b"<!doctype html><script>alert(1)</script>";
    for (name, content) in [
        ("a.svg", svg),
        ("a.svgz", svg),
        ("a.png", svg),
        ("a.jpg", html),
        ("a.html", html),
        ("a.xhtml", html),
        ("a.pdf", html),
        ("a.xml", svg),
        ("a.png.html", html),
    ] {
        let files: &[(&str, &[u8])] = &[(name, content)];
        let path = format!("/tickets/{ticket}");
        cast.client
            .submit_files(&path, &[], files)
            .await
            .expect(422);
        let mine = "/meu-perfil/picture";
        cast.client.submit_files(mine, &[], files).await.expect(422);
        for path in ["logo", "icon"] {
            for base in [company.as_str(), "/admin/config"] {
                let path = format!("{base}/{path}");
                cast.admin.submit_files(&path, &[], files).await.expect(422);
            }
        }
    }
}

async fn a_text_in_a_ticket_is_no_template(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let evil = "{{ 7919 * 104729 }}{% raw %}{{ ticket.protocol }}${7919*104729}<%= 7919*104729 %>";
    let fields = [("title", evil), ("description", evil)];
    let ticket = cast.client.open(&fields).await;
    cast.client
        .submit("/meu-perfil", &[("name", evil)])
        .await
        .expect(302);
    // The variable is filled with the words, and they are not read a second time.
    let answer = [
        ("title", "Olá"),
        ("body", "{{ requester.name }}: {{ ticket.title }}"),
        ("active", "on"),
    ];
    cast.tech.submit("/answers/new", &answer).await.expect(302);
    let path = format!("/tickets/{ticket}/answers");
    let picker = cast.tech.get(&path).await.expect(200);
    assert!(
        picker.shows("7919 * 104729") && !picker.shows("829348951"),
        "{}",
        picker.body
    );
    for path in [
        format!("/tickets/{ticket}"),
        "/tickets".to_owned(),
        "/dashboard".to_owned(),
    ] {
        let page = cast.tech.get(&path).await.expect(200);
        assert!(!page.shows("829348951"), "{path}");
    }
    desk.settle().await;
    for letter in desk.mails() {
        assert!(!format!("{letter:?}").contains("829348951"));
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

async fn words_to_search_for_cannot_stop_the_desk(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.client.open(&[("title", &"a".repeat(200))]).await;
    desk.settle().await;
    for words in [
        "(a+)+$".repeat(30),
        "a*".repeat(100),
        "\"".repeat(200),
        "a OR ".repeat(60),
        "((((((((((".repeat(20),
        "a~2 ".repeat(80),
        "-".repeat(5_000),
        "é".repeat(5_000),
        "[a TO z] {* TO *}".repeat(10),
        format!("{}x", "a".repeat(10_000)),
    ] {
        for path in [
            "/search",
            "/search/hits",
            "/tickets",
            "/admin/users",
            "/admin/companies",
        ] {
            let url = kit::with_query(path, &[("q", &words)]);
            let asked = cast.admin.get(&url);
            let answer = tokio::time::timeout(std::time::Duration::from_secs(10), asked).await;
            let answer = answer.unwrap_or_else(|_| panic!("{path} does not answer: {words:.40}"));
            assert!(answer.status < 500, "{path}: {words:.40}");
        }
    }
}

/// A file that unpacks to very much has one endless line, or none at all.
#[test]
fn a_packed_file_that_unpacks_without_end_is_given_up() {
    let place = tempfile::TempDir::new().unwrap();
    let file = place.path().join("bomba.csv.gz");
    let packed = std::fs::File::create(&file).unwrap();
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::best());
    packed.write_all(b"id,title\n1,a\n2,\"").unwrap();
    let zeros = vec![b'0'; 1_000_000];
    for _ in 0..64 {
        packed.write_all(&zeros).unwrap();
    }
    packed.finish().unwrap();
    assert!(std::fs::metadata(&file).unwrap().len() < 200_000);
    let mut table = Table::open(&file).unwrap();
    let (line, first) = table.next_row().unwrap();
    assert_eq!((line, first.unwrap().get(1)), (2, Some("a")));
    let (_, second) = table.next_row().unwrap();
    let why = second.unwrap_err();
    assert!(why.contains("16 MB"), "{why}");
    assert!(table.next_row().is_none(), "it goes on behind the end");
}

/// Whoever reads no XML is led by none to a file or to another server.
#[test]
fn nothing_here_reads_xml() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).unwrap();
    for reader in [
        "quick-xml",
        "xml-rs",
        "roxmltree",
        "libxml",
        "serde-xml-rs",
        "sxd-document",
    ] {
        assert!(
            !lock.contains(&format!("name = \"{reader}\"")),
            "{reader} is built in"
        );
    }
}

/// No shell reads what people wrote.
#[test]
fn no_program_is_started_by_the_desk() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for directory in ["crates", "src"] {
        for file in crate::house::files(&root.join(directory), &[".rs"]) {
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(
                !text.contains("process::Command"),
                "{} starts one",
                file.display()
            );
        }
    }
    let rules = std::fs::read_to_string(root.join("clippy.toml")).unwrap();
    assert!(rules.contains("std::process::Command::new"));
}

/// Every row of the table has its test, or says when it comes.
#[test]
fn every_fault_of_the_field_has_its_test() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = std::fs::read_to_string(root.join("docs/security.md")).unwrap();
    let (_, table) = list.split_once("## Immune by construction").unwrap();
    let table = table.split("\n## ").next().unwrap();
    let rows = table
        .lines()
        .filter(|l| l.starts_with("| ") && !l.starts_with("| fault"));
    let mut tests = String::new();
    for directory in ["tests", "crates", "src", "cast", "e2e"] {
        for file in crate::house::files(&root.join(directory), &[".rs", ".mjs"]) {
            tests += &std::fs::read_to_string(file).unwrap();
        }
    }
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (fault, proof) = (cells[1], cells[3]);
        count += 1;
        if proof.starts_with("comes with ") {
            continue;
        }
        let names: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{fault} has no test");
        for name in names.into_iter().filter(|name| !name.contains('/')) {
            let stands =
                tests.contains(&format!("fn {name}(")) || tests.contains(&format!("'{name}'"));
            assert!(stands, "{fault}: there is no test {name}");
        }
    }
    assert!(count >= 30, "only {count} rows");
}

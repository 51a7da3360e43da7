//! Faults of others that must not come here.

use crate::support::{Kind, TestDesk, on_each};

on_each!(
    every_page_carries_the_security_headers,
    every_cookie_is_secure_where_the_desk_is_https,
    a_cookie_that_may_be_a_neighbours_is_nobodys_where_the_desk_is_https,
    texts_are_never_html,
    bad_input_is_refused_or_stored_safely_and_never_a_500,
    errors_are_pages_with_ways_out,
    pages_speak_three_languages,
    static_files_are_hashed_compressed_and_cached,
    the_licences_of_what_pages_are_made_of_go_with_them,
);

async fn every_page_carries_the_security_headers(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for path in ["/", "/auth/login", "/nope"] {
        let answer = cast.nobody.get(path).await;
        let csp = answer.header("content-security-policy");
        assert!(
            csp.contains("default-src 'self'") && !csp.contains("unsafe"),
            "{path}"
        );
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(!answer.header("x-request-id").is_empty());
    }
    let page = cast.tech.get("/dashboard").await;
    assert!(!page.shows(" style=\"") && !page.shows("<script>") && !page.shows("onclick="));
    assert_eq!(page.header("cache-control"), "private, no-cache");
}

async fn texts_are_never_html(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'`${1}";
    let t = cast
        .client
        .open(&[("title", evil), ("description", evil)])
        .await;
    cast.client
        .act(&t, "", &[("content", evil)])
        .await
        .expect(302);
    cast.admin
        .submit(
            "/admin/categories/new",
            &[("name", "<b>x</b>"), ("active", "on")],
        )
        .await
        .expect(302);
    for path in [
        format!("/tickets/{t}"),
        "/tickets".into(),
        "/tickets?show=cards".into(),
        "/dashboard".into(),
        "/tickets/create".into(),
        format!("/tickets/{t}/edit"),
    ] {
        let page = cast.tech.get(&path).await.expect(200);
        assert!(
            !page.shows("<script>alert") && !page.shows("<img src=x") && !page.shows("<b>x</b>"),
            "{path}"
        );
    }
}

async fn bad_input_is_refused_or_stored_safely_and_never_a_500(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let long = "á".repeat(30_000);
    let texts = [
        "",
        " ",
        "\0",
        "a\0b",
        "\u{202e}gpj.exe",
        "\u{200b}",
        "\u{1f469}\u{200d}\u{1f4bb}",
        "'; DROP TABLE tickets; --",
        "%00%ff",
        &long,
    ];
    for text in texts {
        for field in [
            "title",
            "description",
            "queue",
            "category",
            "subcategory",
            "priority",
            "contact_name",
            "contact_info",
            "company",
            "requester",
            "assignee",
            "channel",
            "status",
        ] {
            let mut fields = vec![("title", "x"), ("description", "y"), ("contact_name", "z")];
            fields.retain(|(n, _)| *n != field);
            fields.push((field, text));
            let answer = cast.tech.submit("/tickets/create", &fields).await;
            assert!(
                matches!(answer.status, 302 | 422),
                "{field}={text:.20}: {}",
                answer.status
            );
        }
        let path = kit::with_query(
            "/tickets",
            &[
                ("q", text),
                ("status", text),
                ("page", text),
                ("after", text),
                ("from", text),
            ],
        );
        if path.len() < 10_000 {
            let answer = cast.tech.get(&path).await;
            assert!(answer.status < 500, "{text:?}");
        }
        let answer = cast
            .nobody
            .submit("/auth/login", &[("email", text), ("password", text)])
            .await;
        assert!(matches!(answer.status, 422 | 429), "{text:.20}");
        let user = [
            ("name", text),
            ("email", text),
            ("role", text),
            ("company_id", text),
            ("password", text),
        ];
        cast.admin
            .submit("/admin/users/new", &user)
            .await
            .expect(422);
    }
    let request = axum::http::Request::builder()
        .method("POST")
        .uri("/tickets/create")
        .header("content-type", "multipart/form-data; boundary=x");
    let answer = cast.tech.send(request, "--x\r\nbroken".into()).await;
    assert!(answer.status == 400, "{}", answer.status);
    for id in [
        "1",
        "0",
        "..",
        "%2e%2e",
        "TCK-1",
        "00000000-0000-0000-0000-000000000000",
        "\u{1f600}",
    ] {
        let id = kit::percent_encode(id);
        cast.tech.get(&format!("/tickets/{id}")).await.expect(404);
    }
}

async fn errors_are_pages_with_ways_out(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for browser in [&mut cast.nobody, &mut cast.client, &mut cast.admin] {
        let answer = browser.get("/nope").await.expect(404);
        assert!(answer.shows("<h1>Não encontramos esta página</h1>") && answer.shows("href=\"/\""));
    }
    let answer = cast.client.get("/admin").await.expect(403);
    assert!(answer.shows("Sem permissão") && answer.shows("</nav>"));
    let answer = cast.tech.get("/auth/logout").await.expect(405);
    assert!(answer.shows("<h1>") && !answer.header("allow").is_empty());
}

async fn pages_speak_three_languages(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for (language, word) in [("pt-BR", "Entrar"), ("en", "Sign in"), ("es", "Ingresar")] {
        cast.nobody.language = language;
        let page = cast.nobody.get("/auth/login").await;
        assert!(
            page.shows(&format!("<html lang=\"{language}\"")) && page.shows(word),
            "{language}"
        );
    }
    cast.tech
        .submit("/language", &[("language", "en"), ("back", "/tickets")])
        .await
        .expect(302);
    assert!(cast.tech.get("/tickets").await.shows("<html lang=\"en\""));
}

async fn static_files_are_hashed_compressed_and_cached(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut browser = desk.browser();
    let page = browser.get("/").await;
    for (from, to) in [
        ("href=\"/static/app-", ".css"),
        ("src=\"/static/app-", ".js"),
    ] {
        let name = page
            .body
            .split(from)
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        assert!(name.ends_with(to));
        let url = format!("/static/app-{name}");
        let request = axum::http::Request::builder()
            .method("GET")
            .uri(&url)
            .header("accept-encoding", "gzip, br");
        let file = browser
            .send(request, axum::body::Body::empty())
            .await
            .expect(200);
        assert!(file.header("cache-control").contains("immutable"));
        assert_eq!(file.header("content-encoding"), "br");
    }
    browser.get("/static/manifest.json").await.expect(404);
    browser.get("/static/..%2fpackage.json").await.expect(404);
}

async fn the_licences_of_what_pages_are_made_of_go_with_them(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut browser = desk.browser();
    let page = browser.get("/auth/login").await.expect(200);
    let (_, name) = page.body.split_once("href=\"/static/licences-").unwrap();
    let name = name.split('"').next().unwrap();
    let text = browser.get(&format!("/static/licences-{name}")).await;
    let text = text.expect(200);
    assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
    for notice in [
        "The Inter Project Authors",
        "SIL OPEN FONT LICENSE Version 1.1",
        "@hotwired/stimulus",
        "@hotwired/turbo",
        "@tabler/core",
        "@tabler/icons",
        "The Bootstrap Authors",
    ] {
        assert!(text.shows(notice), "{notice} is missing");
    }
}

async fn every_cookie_is_secure_where_the_desk_is_https(kind: Kind) {
    let https = |settings: &mut kit::Settings| settings.base_url = "https://desk.test".to_owned();
    let desk = TestDesk::with(kind, https).await;
    let mut cast = desk.cast().await;
    let mut cookies = Vec::new();
    let mut look = |answer: crate::support::Answer| {
        for cookie in answer.headers.get_all("set-cookie") {
            cookies.push(cookie.to_str().unwrap().to_owned());
        }
    };
    look(desk.browser().get("/auth/login").await);
    look(cast.client.submit("/language", &[("language", "en")]).await);
    let fields = [
        ("email", "tec@desk.test"),
        ("password", crate::support::PASSWORD),
    ];
    look(desk.browser().submit("/auth/login", &fields).await);
    let saved = [("name", "Pombo-correio"), ("active", "on")];
    look(cast.admin.submit("/admin/channels/new", &saved).await);
    for name in ["visit", "language", "session", "flash"] {
        let begin = format!("__Host-{name}=");
        let found = cookies.iter().find(|c| c.starts_with(&begin));
        let cookie = found.unwrap_or_else(|| panic!("no {name} in {cookies:?}"));
        assert!(cookie.ends_with("; Secure"), "{cookie}");
    }
}

async fn a_cookie_that_may_be_a_neighbours_is_nobodys_where_the_desk_is_https(kind: Kind) {
    for (base_url, prefix) in [("http://desk.test", ""), ("https://desk.test", "__Host-")] {
        let desk = TestDesk::with(kind, |settings| settings.base_url = base_url.to_owned()).await;
        let mut cast = desk.cast().await;
        let (session, theme) = (format!("{prefix}session"), format!("{prefix}theme"));
        let value = cast.tech.cookie(&session).unwrap().to_owned();
        for name in ["session", "__Host-session", "__Secure-session"] {
            let mut browser = desk.browser();
            browser.set_cookie(name, &value);
            let status = browser.get("/dashboard").await.status;
            assert_eq!(status == 200, name == session, "{base_url} {name}");
        }
        for name in ["theme", "__Host-theme"] {
            let mut browser = desk.browser();
            browser.set_cookie(name, "comfort");
            let page = browser.get("/auth/login").await.expect(200);
            let worn = page.shows("data-theme=\"comfort\" data-density");
            assert_eq!(worn, name == theme, "{base_url} {name}");
            // By which name a script keeps it.
            assert!(page.shows(&format!("data-looks-prefix-value=\"{prefix}\"")));
        }
        // A sign-in in two steps, whose cookies had narrower paths.
        let path = format!("/admin/users/{}/security", desk.id("tec@desk.test").await);
        cast.admin
            .submit(&path, &[("email", "on")])
            .await
            .expect(302);
        let mut browser = desk.browser();
        crate::signin::password(&mut browser, "tec@desk.test").await;
        assert!(browser.cookie(&format!("{prefix}pending")).is_some());
        crate::signin::comes_in(&desk, &mut browser, "tec@desk.test").await;
        assert_eq!(browser.cookie(&format!("{prefix}pending")), None);
        crate::signin::prove(&mut browser).await;
        assert!(browser.cookie(&format!("{prefix}proof")).is_some());
        browser.submit("/auth/logout", &[]).await.expect(302);
        assert_eq!(browser.cookie(&session), None);
    }
}

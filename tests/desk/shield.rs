//! What stands before the desk: who really asks, how often, and what every answer
//! says about itself.

use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

use balcao::refusal;
use kit::{Actor, Context, Error, Settings};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{Browser, Kind, PASSWORD, TestDesk, on_each};

on_each!(
    behind_a_trusted_proxy_the_clients_address_counts,
    whoever_writes_the_header_themselves_is_not_believed,
    the_sixth_sign_in_in_a_minute_is_refused,
    what_was_typed_comes_back_ready_to_be_sent_again,
    programs_without_a_token_have_a_limit_of_their_own,
    limits_can_be_switched_off,
    a_request_passes_its_stages_in_order_and_a_refused_one_reaches_no_handler,
    every_answer_says_what_a_browser_may_do_with_it,
    every_error_is_a_page_with_a_way_back_and_json_for_programs,
    a_text_over_its_limit_comes_back_and_a_body_over_its_own_is_refused,
);

const HOME: &str = "203.0.113.7";
const OTHER: &str = "203.0.113.8";

fn behind_ten(settings: &mut Settings) {
    settings.proxies = vec!["10.0.0.0/8".parse().unwrap()];
}

async fn sign_in(browser: &mut Browser, email: &str, password: &str) -> crate::support::Answer {
    let fields = [("email", email), ("password", password)];
    browser.submit("/auth/login", &fields).await
}

/// The address in the newest event.
async fn recorded(desk: &TestDesk) -> String {
    let db = desk.app.db.reader();
    let newest = event_log::newest(db).await.unwrap();
    let events = event_log::after(db, newest - 1, 1).await.unwrap();
    events[0].ip.clone().unwrap_or_default()
}

async fn behind_a_trusted_proxy_the_clients_address_counts(kind: Kind) {
    let desk = TestDesk::with(kind, behind_ten).await;
    desk.cast().await;
    let mut browser = desk.browser().at("10.0.0.1");
    browser = browser.always("x-forwarded-for", "1.2.3.4, 9.9.9.9, 10.0.0.2");
    sign_in(&mut browser, "tec@desk.test", PASSWORD)
        .await
        .expect(302);
    assert_eq!(recorded(&desk).await, "9.9.9.9");
}

async fn whoever_writes_the_header_themselves_is_not_believed(kind: Kind) {
    let desk = TestDesk::with(kind, behind_ten).await;
    desk.cast().await;
    let mut browser = desk.browser().at(HOME).always("x-forwarded-for", "9.9.9.9");
    sign_in(&mut browser, "tec@desk.test", PASSWORD)
        .await
        .expect(302);
    assert_eq!(recorded(&desk).await, HOME);
    // Another one each time does not help either (S4-262).
    let mut refused = false;
    for n in 0..6 {
        let mut browser = desk.browser().at(OTHER);
        browser = browser.always("x-forwarded-for", &format!("9.9.9.{n}"));
        let answer = sign_in(&mut browser, &format!("n{n}@desk.test"), "x").await;
        refused = answer.status == 429;
    }
    assert!(refused);
}

async fn the_sixth_sign_in_in_a_minute_is_refused(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut browser = desk.browser().at(HOME);
    for n in 0..5 {
        let answer = sign_in(&mut browser, &format!("n{n}@desk.test"), "x").await;
        assert_eq!(answer.status, 422, "attempt {n}");
    }
    let before = event_log::newest(desk.app.db.reader()).await.unwrap();
    let answer = sign_in(&mut browser, "tec@desk.test", PASSWORD)
        .await
        .expect(429);
    assert_eq!(answer.header("retry-after"), "60");
    assert!(answer.shows("<h1>Muitas tentativas</h1>") && answer.shows("Espere 60 segundos"));
    // The API is the same door.
    let body = json!({ "email": "tec@desk.test", "password": PASSWORD });
    let mut program = desk.browser().at(HOME);
    let answer = program
        .call("POST", "/api/v1/auth/login", &body)
        .await
        .expect(429);
    assert_eq!(answer.json()["errors"][0]["code"], "error-429");
    assert_eq!(answer.header("retry-after"), "60");
    let after = event_log::newest(desk.app.db.reader()).await.unwrap();
    assert_eq!(before, after, "a refused attempt reached the desk");
    // Others are not held up, nor are those who have signed in.
    let mut other = desk.browser().at(OTHER);
    sign_in(&mut other, "tec2@desk.test", PASSWORD)
        .await
        .expect(302);
    other.at(HOME).get("/dashboard").await.expect(200);
    desk.later(1);
    sign_in(&mut browser, "tec@desk.test", PASSWORD)
        .await
        .expect(302);
}

async fn what_was_typed_comes_back_ready_to_be_sent_again(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut browser = desk.browser().at(HOME);
    let typed = [
        ("email", "\"><script>@desk.test"),
        ("password", "minha-senha-secreta"),
        ("next", "/tickets?view=mine"),
    ];
    // The fifth locks the address, whether it is anybody's or not.
    for status in [422, 422, 422, 422, 429] {
        let answer = browser.submit("/auth/login", &typed).await;
        answer.expect(status);
    }
    let page = browser.submit("/auth/login", &typed).await.expect(429);
    assert!(page.shows("action=\"/auth/login\"") && page.shows("name=\"password\""));
    assert!(page.shows("value=\"/tickets?view=mine\""));
    assert!(!page.shows("minha-senha-secreta") && !page.shows("<script>@"));
    assert_eq!(page.header("cache-control"), "no-store");
    // Another site's form with words of its own is not made one of ours.
    let page = browser
        .submit_as_is("/auth/login", &typed)
        .await
        .expect(429);
    assert!(!page.shows("action=\"/auth/login\"") && page.shows("<h1>"));
}

async fn programs_without_a_token_have_a_limit_of_their_own(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut program = desk.browser().at(HOME);
    let mut answers = Vec::new();
    for _ in 0..121 {
        answers.push(program.get("/api/v1/tickets").await.status);
    }
    assert!(answers[..120].iter().all(|status| *status == 401));
    assert_eq!(answers[120], 429);
    // Pages are another matter.
    program.get("/auth/login").await.expect(200);
}

async fn limits_can_be_switched_off(kind: Kind) {
    let desk = TestDesk::with(kind, |settings| settings.limits = false).await;
    let mut browser = desk.browser().at(HOME);
    for n in 0..8 {
        let answer = sign_in(&mut browser, &format!("n{n}@desk.test"), "x").await;
        assert_eq!(answer.status, 422);
    }
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

impl Log {
    /// What all tests of this process log, from now on: a subscriber of one thread
    /// alone would miss what another thread came by first.
    fn of_all() -> &'static Log {
        static LOG: LazyLock<Log> = LazyLock::new(|| {
            let log = Log::default();
            let to_log = tracing_subscriber::fmt()
                .json()
                .with_env_filter("stage=debug")
                .with_writer(log.clone())
                .finish();
            tracing::subscriber::set_global_default(to_log).unwrap();
            log
        });
        &LOG
    }

    /// The stages that the request of `answer` passed.
    fn stages(&self, answer: &crate::support::Answer) -> Vec<String> {
        let id = answer.header("x-request-id").to_owned();
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().filter(|line| line.contains(&id));
        lines
            .filter_map(|line| line.split("\"stage\":\"").nth(1)?.split('"').next())
            .map(str::to_owned)
            .collect()
    }
}

async fn a_request_passes_its_stages_in_order_and_a_refused_one_reaches_no_handler(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let log = Log::of_all();
    let new = [("title", "Impressora"), ("description", "Não imprime.")];
    let done = cast
        .client
        .submit("/tickets/create", &new)
        .await
        .expect(302);
    assert_eq!(
        log.stages(&done),
        [
            "shield",
            "authentication",
            "processing",
            "audit",
            "persistence"
        ]
    );
    let before = event_log::newest(desk.app.db.reader()).await.unwrap();
    let mut foreign = cast.client.clone().always("origin", "https://evil.test");
    let answer = foreign.submit("/tickets/create", &new).await.expect(403);
    assert_eq!(log.stages(&answer), ["shield", "authentication"]);
    let mut browser = desk.browser().at(HOME);
    let mut last = sign_in(&mut browser, "n@desk.test", "x").await;
    for n in 0..5 {
        last = sign_in(&mut browser, &format!("n{n}@desk.test"), "x").await;
    }
    assert_eq!(last.status, 429);
    assert_eq!(log.stages(&last), ["shield", "authentication"]);
    let after = event_log::newest(desk.app.db.reader()).await.unwrap();
    assert_eq!(before, after, "a refused request left a trace in the desk");
}

async fn every_answer_says_what_a_browser_may_do_with_it(kind: Kind) {
    for (base_url, https) in [("http://desk.test", false), ("https://desk.test", true)] {
        let desk = TestDesk::with(kind, |settings| settings.base_url = base_url.to_owned()).await;
        let mut cast = desk.cast().await;
        let ticket = cast.client.open(&[]).await;
        let path = format!("/tickets/{ticket}");
        let files: &[(&str, &[u8])] = &[("a.txt", b"texto")];
        cast.client
            .submit_files(&path, &[], files)
            .await
            .expect(302);
        let page = cast.client.get(&path).await.expect(200);
        let link = |from: &str| {
            let (_, rest) = page.body.split_once(from).unwrap();
            format!("{from}{}", rest.split('"').next().unwrap())
        };
        let file = link("/attachments/");
        let file = match page.shows(&format!("\"{file}")) {
            true => file,
            false => format!("{path}{file}"),
        };
        let mut api = cast.client.api("cli@acme.test").await;
        let answers = [
            ("page", cast.client.get("/dashboard").await.expect(200)),
            (
                "public page",
                cast.nobody.get("/auth/login").await.expect(200),
            ),
            ("redirect", cast.nobody.get("/dashboard").await.expect(302)),
            ("file", cast.client.get(&file).await.expect(200)),
            (
                "static",
                cast.nobody.get(&link("/static/app-")).await.expect(200),
            ),
            (
                "no static",
                cast.nobody.get("/static/none.js").await.expect(404),
            ),
            ("API", api.get("/api/v1/tickets").await.expect(200)),
            ("API's error", api.get("/api/v1/users").await.expect(403)),
            (
                "contract",
                api.get("/api/v1/openapi.json").await.expect(200),
            ),
            ("health", cast.nobody.get("/health").await.expect(200)),
            ("error", cast.nobody.get("/nope").await.expect(404)),
            ("method", cast.nobody.get("/auth/logout").await.expect(405)),
        ];
        for (what, answer) in &answers {
            let csp = answer.header("content-security-policy");
            // What was uploaded runs nothing at all, and wears what it brings.
            let strict = !csp.contains("unsafe") || csp.starts_with("default-src 'none'");
            assert!(csp.contains("default-src") && strict, "{what}: {csp}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(answer.header(name), value, "{what}");
            }
            assert!(
                answer.header("permissions-policy").contains("camera=()"),
                "{what}"
            );
            let hsts = answer.header("strict-transport-security");
            assert_eq!(!hsts.is_empty(), https, "{what}");
        }
        for secret in ["/auth/login", "/setup/0123456789abcdef"] {
            let answer = cast.nobody.get(secret).await;
            assert_eq!(answer.header("cache-control"), "no-store", "{secret}");
        }
    }
}

async fn every_error_is_a_page_with_a_way_back_and_json_for_programs(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let huge = "x".repeat(3_100_000);
    let mut guest = desk.browser().at(HOME);
    for n in 0..5 {
        sign_in(&mut guest, &format!("n{n}@desk.test"), "x").await;
    }
    let fields = [("title", "x"), ("description", huge.as_str())];
    let mut pages = vec![
        cast.client.get("/admin").await.expect(403),
        cast.client.get("/nope").await.expect(404),
        cast.nobody.get("/nope").await.expect(404),
        cast.client
            .submit("/tickets/create", &fields)
            .await
            .expect(413),
        sign_in(&mut guest, "n@desk.test", "x").await.expect(429),
    ];
    let mut api = cast.client.api("cli@acme.test").await;
    let new = json!({ "title": "x", "description": huge });
    let login = json!({ "email": "n@desk.test", "password": "x" });
    let mut answers = vec![
        api.get("/api/v1/users").await.expect(403),
        api.get("/api/v1/nope").await.expect(404),
        api.call("POST", "/api/v1/tickets", &new).await.expect(413),
        guest
            .call("POST", "/api/v1/auth/login", &login)
            .await
            .expect(429),
    ];
    // What cannot be brought about from outside.
    let mut cx = Context::system(&desk.app);
    cx.actor = Actor::Nobody;
    for (error, status) in [
        (Error::internal("the reason is for the log"), 500),
        (Error::Unavailable, 503),
    ] {
        let page = refusal::answer(&cx, error.clone(), false);
        pages.push(crate::support::Answer::of(page).await.expect(status));
        let answer = refusal::answer(&cx, error, true);
        answers.push(crate::support::Answer::of(answer).await.expect(status));
    }
    for page in &pages {
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(!page.shows("for the log"), "{}", page.body);
        let looks = page.shows("<h1>") && page.shows("/static/app-");
        assert!(
            looks && page.shows("href=\"/\""),
            "{}: {}",
            page.status,
            page.body
        );
    }
    for answer in &answers {
        assert!(!answer.shows("for the log"), "{}", answer.body);
        let errors = answer.json()["errors"].clone();
        assert!(
            !errors[0]["detail"].as_str().unwrap().is_empty(),
            "{errors}"
        );
        assert!(errors[0]["code"].is_string());
    }
}

async fn a_text_over_its_limit_comes_back_and_a_body_over_its_own_is_refused(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    let long = "x".repeat(200_000);
    let fields = [("title", "Colei demais"), ("description", long.as_str())];
    let page = client.submit("/tickets/create", &fields).await.expect(422);
    assert!(page.shows("Colei demais") && page.shows("aria-invalid"));
    let huge = "x".repeat(3_100_000);
    let fields = [("title", "Colei demais"), ("description", huge.as_str())];
    client.submit("/tickets/create", &fields).await.expect(413);
}

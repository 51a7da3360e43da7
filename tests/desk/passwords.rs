//! Which passwords are taken (ASVS 5.0, 6.1.2, 6.2.4, 6.2.11, 6.2.12), wherever one is
//! chosen, and who may set whose.

use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use db::sea_orm::ConnectionTrait;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{Browser, Cast, Kind, PASSWORD, TestDesk, on_each};

on_each!(
    a_password_that_is_guessed_first_is_refused_wherever_one_is_chosen,
    the_refusal_is_said_in_three_languages,
    a_password_is_not_made_of_its_person_or_company,
    a_password_from_before_the_rule_signs_in,
    a_stolen_password_is_refused_and_nobody_learns_which,
    nobody_is_kept_from_a_password_by_a_service_that_is_away,
    nobody_sets_their_own_password_or_address_without_the_old_one,
);

/// What people in three languages choose when they must.
const WEAK: [&str; 5] = [
    "12345678",
    "password1",
    "Suporte@2026",
    "senha123",
    "B@lcao-99",
];
const NEW: &str = "outra-senha-longa";

async fn execute(desk: &TestDesk, sql: &str) {
    let tx = desk.app.db.begin().await.unwrap();
    tx.execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
}

/// The link in the newest letter to an address.
fn link(desk: &TestDesk, to: &str) -> String {
    let mails = desk.mails();
    let letter = mails.iter().rev().find(|mail| mail.to == to).unwrap();
    let (_, rest) = letter.text.split_once("http://desk.test").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

/// The form of somebody's account, with a password.
async fn account(desk: &TestDesk, cast: &mut Cast, email: &str, word: &str) -> u16 {
    let path = format!("/admin/users/{}", desk.id(email).await);
    let fields = [
        ("name", "Ana Administradora"),
        ("email", email),
        (
            "role",
            if email.starts_with("adm") {
                "admin"
            } else {
                "tech"
            },
        ),
        ("active", "on"),
        ("password", word),
    ];
    cast.admin.submit(&path, &fields).await.status
}

async fn a_password_that_is_guessed_first_is_refused_wherever_one_is_chosen(kind: Kind) {
    let empty = TestDesk::new(kind).await;
    let setup = people::setup_link(&empty.app).await.unwrap().unwrap();
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut nobody = desk.browser();
    let ask = [("email", "cli@acme.test")];
    nobody.submit("/auth/forgot", &ask).await.expect(302);
    desk.settle().await;
    let reset = link(&desk, "cli@acme.test");
    let invite = format!("/admin/users/{}/invite", desk.id("tec@desk.test").await);
    cast.admin.submit(&invite, &[]).await.expect(302);
    desk.settle().await;
    let invited = link(&desk, "tec@desk.test");
    for word in WEAK {
        let twice = [("password", word), ("password_again", word)];
        let mut own = twice.to_vec();
        own.push(("password_old", PASSWORD));
        let new = [
            ("name", "Xis"),
            ("email", "xis@acme.test"),
            ("role", "tech"),
            ("active", "on"),
            ("password", word),
        ];
        let setup = empty.browser().submit(&setup, &new).await;
        for answer in [
            setup,
            nobody.submit(&reset, &twice).await,
            nobody.submit(&invited, &twice).await,
            nobody.submit("/auth/register", &new).await,
            cast.client.submit("/meu-perfil/password", &own).await,
            cast.admin.submit("/admin/users/new", &new).await,
        ] {
            let answer = answer.expect(422);
            assert!(
                answer.shows("password-error") && !answer.shows(word),
                "{word}"
            );
            assert!(answer.shows("três ou quatro palavras"), "{word}");
        }
        assert_eq!(account(&desk, &mut cast, "tec2@desk.test", word).await, 422);
        let body = json!({ "name": "Xis", "email": "xis@acme.test", "password": word });
        let answer = nobody
            .call("POST", "/api/v1/users", &body)
            .await
            .expect(422);
        let error = &answer.json()["errors"][0];
        assert_eq!(error["field"], "password", "{error}");
        let first = people::first_admin(&empty.app, "adm@desk.test", word).await;
        assert!(first.is_err(), "{word}");
        desk.later(10);
    }
    // None of them has changed anything, and a good one is taken at the same places.
    let right = [("password", NEW), ("password_again", NEW)];
    nobody.submit(&reset, &right).await.expect(302);
    nobody.submit(&invited, &right).await.expect(302);
    assert_eq!(account(&desk, &mut cast, "tec2@desk.test", NEW).await, 302);
}

async fn the_refusal_is_said_in_three_languages(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    for (language, common, words) in [
        ("pt-BR", "entre as primeiras", "pouco mais que o nome"),
        ("en", "among the first", "little more than the name"),
        ("es", "entre las primeras", "poco más que el nombre"),
    ] {
        let mut browser = desk.browser();
        browser.set_cookie("language", language);
        for (word, said) in [("1q2w3e4r", common), ("Helpdesk#1", words)] {
            let fields = [
                ("name", "Xis"),
                ("email", "x@acme.test"),
                ("password", word),
            ];
            let page = browser.submit("/auth/register", &fields).await.expect(422);
            assert!(page.shows(said), "{language}: {}", page.body);
        }
    }
}

async fn a_password_is_not_made_of_its_person_or_company(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let company = [
        ("name", "Umburana Ltda"),
        ("trade_name", "Caatinga"),
        ("active", "on"),
    ];
    cast.admin
        .submit("/admin/companies/new", &company)
        .await
        .expect(302);
    let id = desk.company("Umburana Ltda").await;
    for (word, status) in [
        ("Umburana#2026", 422),
        ("c4atinga.2026", 422),
        ("zulmira.1984", 422),
        ("zefa-zulmira", 422),
        ("um-pé-de-umburana-torto", 302),
    ] {
        let fields = [
            ("name", "Zulmira Conceição"),
            ("email", "zefa@acme.test"),
            ("role", "client"),
            ("company_id", id.as_str()),
            ("active", "on"),
            ("password", word),
        ];
        let answer = cast.admin.submit("/admin/users/new", &fields).await;
        answer.expect(status);
    }
    // Nor of the company whose domain the address of whoever registers has.
    let path = format!("/admin/companies/{id}");
    let company = [&company[..], &[("domains", "umburana.test")]].concat();
    cast.admin.submit(&path, &company).await.expect(302);
    for (word, status) in [("c4atinga.2026", 422), (NEW, 302)] {
        let got = register(&mut desk.browser(), "x@umburana.test", word).await;
        assert_eq!(got, status, "{word}");
    }
}

async fn a_password_from_before_the_rule_signs_in(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    // 12345678
    let old = "$argon2id$v=19$m=19456,t=2,p=1$ZNTQLcHvwNznzWBQUW775Q$3xesO7U2bTE2ichIU2nHLTl4V5UUgpsir8YltkhNuU0";
    let sql = format!("UPDATE users SET password_hash = '{old}' WHERE email = 'tec@desk.test'");
    execute(&desk, &sql).await;
    let mut tech = desk.browser();
    let fields = [("email", "tec@desk.test"), ("password", "12345678")];
    tech.submit("/auth/login", &fields).await.expect(302);
    tech.get("/tickets").await.expect(200);
    // What is saved beside it leaves it alone.
    let name = [("name", "Téo")];
    tech.submit("/meu-perfil", &name).await.expect(302);
}

/// A service that knows stolen passwords by ranges.
#[derive(Clone, Default)]
struct Service {
    /// What was asked: digits, and whether to pad.
    asked: Arc<Mutex<Vec<(String, bool)>>>,
    broken: bool,
}

/// `um-cavalo-amarelo`: the digits that are told, and those that are not.
const STOLEN: (&str, &str, &str) = (
    "um-cavalo-amarelo",
    "368DA",
    "F68C18B8B3A49C871CBB01144B5395B793D",
);

impl Service {
    /// Its address.
    async fn begin(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/range", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/range/{digits}", get(Service::range))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    async fn range(
        State(service): State<Service>,
        Path(digits): Path<String>,
        headers: HeaderMap,
    ) -> Response {
        let pads = headers.get("add-padding").is_some_and(|v| v == "true");
        service.asked.lock().unwrap().push((digits, pads));
        match service.broken {
            true => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            false => {
                let padding = "0".repeat(35);
                format!("{padding}:0\r\n{}:12\r\n", STOLEN.2).into_response()
            }
        }
    }
}

/// A desk that asks a service at `url`.
async fn asking(kind: Kind, url: String) -> TestDesk {
    TestDesk::with(kind, |settings| {
        settings.outgoing.networks = vec!["127.0.0.1/32".parse().unwrap()];
        settings.breached_passwords = Some(url);
    })
    .await
}

async fn register(browser: &mut Browser, email: &str, word: &str) -> u16 {
    let fields = [("name", "Xis"), ("email", email), ("password", word)];
    browser.submit("/auth/register", &fields).await.status
}

async fn a_stolen_password_is_refused_and_nobody_learns_which(kind: Kind) {
    let service = Service::default();
    let desk = asking(kind, service.begin().await).await;
    let cast = desk.cast().await;
    service.asked.lock().unwrap().clear();
    let mut browser = cast.nobody.clone();
    let fields = [
        ("name", "Xis"),
        ("email", "x@acme.test"),
        ("password", STOLEN.0),
    ];
    let page = browser.submit("/auth/register", &fields).await.expect(422);
    assert!(page.shows("já vazou") && page.shows("password-error"));
    let asked = std::mem::take(&mut *service.asked.lock().unwrap());
    assert_eq!(asked, [(STOLEN.1.to_owned(), true)]);
    assert_eq!(register(&mut browser, "x@acme.test", NEW).await, 302);
    // What is refused anyway is told to nobody, and nobody is asked at the door.
    service.asked.lock().unwrap().clear();
    assert_eq!(register(&mut browser, "no address", STOLEN.0).await, 422);
    assert_eq!(register(&mut browser, "y@acme.test", "12345678").await, 422);
    desk.sign_in("tec@desk.test").await;
    assert!(service.asked.lock().unwrap().is_empty());
    // By default the desk asks nobody.
    let alone = TestDesk::new(kind).await;
    alone.cast().await;
    assert_eq!(
        register(&mut alone.browser(), "x@acme.test", STOLEN.0).await,
        302
    );
}

async fn nobody_is_kept_from_a_password_by_a_service_that_is_away(kind: Kind) {
    let broken = Service {
        broken: true,
        ..Service::default()
    };
    let gone = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    for url in [
        broken.begin().await,
        gone,
        "http://10.0.0.1/range".to_owned(),
    ] {
        let desk = asking(kind, url).await;
        desk.cast().await;
        assert_eq!(
            register(&mut desk.browser(), "x@acme.test", STOLEN.0).await,
            302
        );
    }
}

async fn nobody_sets_their_own_password_or_address_without_the_old_one(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let own = format!("/admin/users/{}", desk.id("adm@desk.test").await);
    let page = cast.admin.get(&own).await.expect(200);
    assert!(!page.shows("name=\"password\"") && !page.shows(&format!("{own}/invite")));
    assert!(page.shows("/meu-perfil#profile-password"));
    assert_eq!(account(&desk, &mut cast, "adm@desk.test", NEW).await, 422);
    // Nor by an invitation, whose link the administrator is shown.
    let invite = format!("{own}/invite");
    cast.admin.get(&invite).await.expect(409);
    cast.admin.submit(&invite, &[]).await.expect(409);
    desk.sign_in("adm@desk.test").await;
    let fields = [
        ("name", "Ada Admin"),
        ("email", "found@the.browser.test"),
        ("role", "admin"),
        ("active", "on"),
    ];
    let refused = cast.admin.submit(&own, &fields).await.expect(422);
    assert!(refused.shows("O seu próprio e-mail se troca no seu perfil."));
    assert!(refused.shows("/meu-perfil#profile-email"));
    desk.sign_in("adm@desk.test").await;
    // Their name they may change there, and another's password as before.
    assert_eq!(account(&desk, &mut cast, "adm@desk.test", "").await, 302);
    assert_eq!(account(&desk, &mut cast, "tec@desk.test", NEW).await, 302);
    let mut tech = desk.browser();
    let fields = [("email", "tec@desk.test"), ("password", NEW)];
    tech.submit("/auth/login", &fields).await.expect(302);
}

#[test]
fn a_first_administrator_with_a_guessed_password_stops_the_start_in_words() {
    let directory = TempDir::new().unwrap();
    let started = Command::new(env!("CARGO_BIN_EXE_balcao"))
        .arg("serve")
        .current_dir(directory.path())
        .env_clear()
        .env("BIND", "127.0.0.1:0")
        .env("ADMIN_EMAIL", "chefe@desk.test")
        .env("ADMIN_PASSWORD", "admin123456")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&started.stderr);
    assert!(!started.status.success());
    assert!(
        said.contains("ADMIN_PASSWORD") && said.contains("palavras"),
        "{said}"
    );
    assert!(
        !said.contains("admin123456") && !said.contains("Invalid"),
        "{said}"
    );
}

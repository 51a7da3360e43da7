//! Sections P and Q, as far as the first desk has them.

use kit::Role;
use serde_json::json;

use crate::support::{Kind, PASSWORD, TestDesk, on_each};

on_each!(
    signing_in_leads_to_the_dashboard,
    a_wrong_password_and_an_unknown_address_answer_alike,
    signing_in_never_leads_to_another_site,
    five_wrong_passwords_lock_the_account_for_a_while,
    signing_out_kills_the_session_on_the_server,
    a_session_ends_by_age_and_by_idleness,
    the_first_start_prints_a_link_that_works_once_for_a_day,
    a_settings_administrator_is_made_on_an_empty_desk_only,
    the_api_is_spoken_with_a_token_of_thirty_minutes,
    somebody_registers_by_the_api,
    only_administrators_keep_accounts,
    the_last_administrator_stays,
    of_two_administrators_who_demote_each_other_one_stays,
    a_deactivated_person_is_out_at_once,
    passwords_are_stored_as_salted_hashes,
);

async fn signing_in_leads_to_the_dashboard(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut browser = desk.browser();
    let answer = browser
        .submit(
            "/auth/login",
            &[("email", "TEC@desk.test "), ("password", PASSWORD)],
        )
        .await
        .expect(302);
    assert_eq!(answer.location(), "/dashboard");
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    browser.get("/dashboard").await.expect(200);
    assert_eq!(
        browser.get("/auth/login").await.expect(302).location(),
        "/dashboard"
    );
}

async fn a_wrong_password_and_an_unknown_address_answer_alike(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut browser = desk.browser();
    for email in ["tec@desk.test", "ninguem@desk.test"] {
        let answer = browser
            .submit("/auth/login", &[("email", email), ("password", "errada")])
            .await
            .expect(422);
        assert!(answer.shows("Credenciais inválidas"));
        assert_eq!(browser.cookie("session"), None);
    }
}

async fn signing_in_never_leads_to_another_site(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    for (next, to) in [
        ("//evil", "/dashboard"),
        ("https://evil", "/dashboard"),
        ("/tickets?view=mine", "/tickets?view=mine"),
    ] {
        let mut browser = desk.browser();
        let answer = browser
            .submit(
                "/auth/login",
                &[
                    ("email", "tec@desk.test"),
                    ("password", PASSWORD),
                    ("next", next),
                ],
            )
            .await
            .expect(302);
        assert_eq!(answer.location(), to);
    }
    let mut browser = desk.browser();
    let answer = browser.get("/tickets?status=open").await.expect(302);
    assert_eq!(
        answer.location(),
        "/auth/login?next=%2Ftickets%3Fstatus%3Dopen"
    );
}

async fn five_wrong_passwords_lock_the_account_for_a_while(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut browser = desk.browser();
    let wrong = [("email", "tec@desk.test"), ("password", "errada")];
    for _ in 0..4 {
        browser.submit("/auth/login", &wrong).await.expect(422);
    }
    browser.submit("/auth/login", &wrong).await.expect(429);
    let right = [("email", "tec@desk.test"), ("password", PASSWORD)];
    let answer = browser.submit("/auth/login", &right).await.expect(429);
    assert!(answer.shows("15 minutos"));
    let login = json!({ "email": "tec@desk.test", "password": PASSWORD });
    browser
        .call("POST", "/api/v1/auth/login", &login)
        .await
        .expect(429);
    desk.later(16);
    browser.submit("/auth/login", &right).await.expect(302);
}

async fn signing_out_kills_the_session_on_the_server(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut tech = desk.cast().await.tech;
    let old = tech.cookie("session").unwrap().to_owned();
    tech.get("/auth/logout").await.expect(405);
    tech.submit("/auth/logout", &[]).await.expect(302);
    assert_eq!(tech.cookie("session"), None);
    tech.set_cookie("session", &old);
    tech.get("/dashboard").await.expect(302);
}

async fn a_session_ends_by_age_and_by_idleness(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut tech = desk.cast().await.tech;
    for _ in 0..4 {
        desk.later(115);
        tech.get("/dashboard").await.expect(200);
    }
    desk.later(60);
    tech.get("/dashboard").await.expect(302);
    let mut tech = desk.sign_in("tec@desk.test").await;
    desk.later(121);
    tech.get("/dashboard").await.expect(302);
    desk.settle().await;
}

async fn the_first_start_prints_a_link_that_works_once_for_a_day(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let old = people::setup_link(&desk.app).await.unwrap().unwrap();
    let link = people::setup_link(&desk.app).await.unwrap().unwrap();
    let mut browser = desk.browser();
    browser.get(&old).await.expect(404);
    browser.get(&link).await.expect(200);
    let short = [
        ("name", "Ana"),
        ("email", "ana@desk.test"),
        ("password", "curta"),
    ];
    let answer = browser.submit(&link, &short).await.expect(422);
    assert!(answer.shows("password-error"));
    let fields = [
        ("name", "Ana"),
        ("email", "ana@desk.test"),
        ("password", PASSWORD),
    ];
    let answer = browser.submit(&link, &fields).await.expect(302);
    assert_eq!(answer.location(), "/dashboard");
    browser.get("/admin/users").await.expect(200);
    desk.browser().get(&link).await.expect(404);
    desk.browser().submit(&link, &fields).await.expect(404);
    assert_eq!(people::setup_link(&desk.app).await.unwrap(), None);
}

async fn a_settings_administrator_is_made_on_an_empty_desk_only(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let link = people::setup_link(&desk.app).await.unwrap().unwrap();
    desk.later(25 * 60);
    desk.browser().get(&link).await.expect(404);
    assert!(
        people::first_admin(&desk.app, "ADM@desk.test", PASSWORD)
            .await
            .unwrap()
    );
    assert!(
        !people::first_admin(&desk.app, "other@desk.test", PASSWORD)
            .await
            .unwrap()
    );
    let mut admin = desk.sign_in("adm@desk.test").await;
    admin.get("/admin/users").await.expect(200);
}

async fn the_api_is_spoken_with_a_token_of_thirty_minutes(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let tech = desk.cast().await.tech;
    let mut api = tech.api("tec@desk.test").await;
    let me = api.get("/api/v1/auth/me/").await.expect(200);
    assert_eq!(me.json()["role"], "tech");
    assert!(!me.shows("argon2") && !me.shows("password"));
    let good = api.token().to_owned();
    let mut parts: Vec<&str> = good.split('.').collect();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    parts[0] = none;
    for bad in [
        "",
        "x",
        &format!("{good}x"),
        &parts.join("."),
        &format!("{none}.{}.", parts[1]),
    ] {
        api.set_token(bad);
        let answer = api.get("/api/v1/auth/me").await.expect(401);
        assert_eq!(answer.json()["errors"][0]["code"], "unauthorized");
    }
    // A cookie is worth nothing on the API, so no other site can use it.
    desk.sign_in("tec@desk.test")
        .await
        .get("/api/v1/auth/me")
        .await
        .expect(401);
    api.set_token(&good);
    desk.later(29);
    api.get("/api/v1/auth/me").await.expect(200);
    desk.later(2);
    api.get("/api/v1/auth/me").await.expect(401);
}

async fn somebody_registers_by_the_api(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut api = desk.browser();
    let new =
        json!({ "name": "Nova", "email": "Nova@Acme.test", "password": PASSWORD, "role": "admin" });
    let answer = api.call("POST", "/api/v1/users/", &new).await.expect(201);
    assert_eq!(answer.json()["role"], "client");
    assert_eq!(answer.json()["email"], "nova@acme.test");
    assert!(answer.json()["company_id"].is_string() && !answer.shows("argon2"));
    api.call("POST", "/api/v1/users", &new).await.expect(400);
    let short = json!({ "name": "N", "email": "n@acme.test", "password": "1234567" });
    let answer = api.call("POST", "/api/v1/users", &short).await.expect(422);
    assert_eq!(answer.json()["errors"][0]["field"], "password");
    let closed = TestDesk::with(kind, |s| s.registration = kit::Registration::Off).await;
    closed
        .browser()
        .call("POST", "/api/v1/users", &short)
        .await
        .expect(404);
    let techs = TestDesk::with(kind, |s| s.registration = kit::Registration::Tech).await;
    let answer = techs
        .browser()
        .call("POST", "/api/v1/users", &new)
        .await
        .expect(201);
    assert_eq!(answer.json()["role"], "tech");
}

async fn only_administrators_keep_accounts(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.supervisor.get("/admin/companies").await.expect(200);
    cast.supervisor.get("/admin/users").await.expect(403);
    cast.tech.get("/admin").await.expect(403);
    let form = cast.admin.get("/admin/users/new").await.expect(200);
    for role in ["client", "tech", "supervisor", "admin"] {
        assert!(form.shows(&format!("value=\"{role}\"")));
    }
    let fields = [
        ("name", "Novo"),
        ("email", "novo@desk.test"),
        ("role", "tech"),
        ("password", PASSWORD),
        ("active", "on"),
    ];
    cast.admin
        .submit("/admin/users/new", &fields)
        .await
        .expect(302);
    desk.sign_in("novo@desk.test")
        .await
        .get("/tickets")
        .await
        .expect(200);
    let again = cast
        .admin
        .submit("/admin/users/new", &fields)
        .await
        .expect(422);
    assert!(again.shows("email-error"));
    let mut api = cast.admin.api("adm@desk.test").await;
    let users = api.get("/api/v1/users/").await.expect(200).json();
    assert_eq!(users["items"].as_array().unwrap().len(), 7);
    let found = cast.admin.get("/admin/users?q=TÉO").await;
    assert!(found.shows("tec@desk.test") || kind == Kind::Sqlite);
    let found = cast.admin.get("/admin/users?q=TEC2").await;
    assert!(found.shows("tec2@desk.test") && !found.shows("cli@acme.test"));
    assert!(
        !cast
            .admin
            .get("/admin/users?q=%25")
            .await
            .shows("tec@desk.test")
    );
    cast.tech
        .api("tec@desk.test")
        .await
        .get("/api/v1/users/")
        .await
        .expect(403);
}

async fn the_last_administrator_stays(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let id = desk.id("adm@desk.test").await;
    let path = format!("/admin/users/{id}");
    let demoted = [
        ("name", "Ana"),
        ("email", "adm@desk.test"),
        ("role", "tech"),
        ("active", "on"),
    ];
    cast.admin.submit(&path, &demoted).await.expect(409);
    desk.person("Outra", "adm2@desk.test", kit::Role::Admin, "")
        .await;
    let mut other = desk.sign_in("adm2@desk.test").await;
    other.submit(&path, &demoted).await.expect(302);
    let own = format!("/admin/users/{}", desk.id("adm2@desk.test").await);
    let out = [
        ("name", "Outra"),
        ("email", "adm2@desk.test"),
        ("role", "admin"),
    ];
    other.submit(&own, &out).await.expect(409);
}

async fn a_deactivated_person_is_out_at_once(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut api = cast.tech.api("tec@desk.test").await;
    let path = format!("/admin/users/{}", desk.id("tec@desk.test").await);
    cast.admin
        .submit(
            &path,
            &[
                ("name", "Téo"),
                ("email", "tec@desk.test"),
                ("role", "tech"),
            ],
        )
        .await
        .expect(302);
    cast.tech.get("/dashboard").await.expect(302);
    api.get("/api/v1/auth/me").await.expect(401);
    let login = [("email", "tec@desk.test"), ("password", PASSWORD)];
    desk.browser()
        .submit("/auth/login", &login)
        .await
        .expect(422);
}

async fn passwords_are_stored_as_salted_hashes(kind: Kind) {
    use sea_orm::{ConnectionTrait, Statement};
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let db = desk.app.db.reader();
    let sql = "SELECT password_hash FROM users";
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    let mut hashes: Vec<String> = rows
        .iter()
        .map(|r| r.try_get("", "password_hash").unwrap())
        .collect();
    assert!(
        hashes
            .iter()
            .all(|h| h.starts_with("$argon2id$") && !h.contains(PASSWORD))
    );
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), 6);
}

async fn of_two_administrators_who_demote_each_other_one_stays(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut one = desk.cast().await.admin;
    desk.person("Otto Outro", "adm2@desk.test", Role::Admin, "")
        .await;
    let mut other = desk.sign_in("adm2@desk.test").await;
    let (first, second) = (
        desk.id("adm@desk.test").await,
        desk.id("adm2@desk.test").await,
    );
    let demoted = [("name", "Otto"), ("role", "tech"), ("active", "on")];
    let by_one = [demoted.as_slice(), &[("email", "adm2@desk.test")]].concat();
    let by_other = [demoted.as_slice(), &[("email", "adm@desk.test")]].concat();
    let (to_second, to_first) = (
        format!("/admin/users/{second}"),
        format!("/admin/users/{first}"),
    );
    let (a, b) = tokio::join!(
        one.submit(&to_second, &by_one),
        other.submit(&to_first, &by_other)
    );
    let mut answers = [a.status, b.status];
    answers.sort_unstable();
    assert!(matches!(answers, [302, 403 | 409]), "{answers:?}");
    let left = [
        one.get("/admin/users").await.status,
        other.get("/admin/users").await.status,
    ];
    assert!(left.contains(&200), "{left:?}");
}

//! Who must show something beside the password, and the ways in that go around none of
//! it: letters, and the API.

use serde_json::json;

use crate::roles::{give, make_role};
use crate::signin::{
    LOGIN, MINE, OTP, app_code, by_mail, code, codes, comes_in, key, kinds, leads, password,
    with_app,
};
use crate::support::{Answer, Cast, Kind, PASSWORD, TestDesk, on_each};

on_each!(
    a_role_that_must_have_a_factor_gets_one_before_the_session,
    a_code_by_mail_can_be_the_factor_that_a_role_must_have,
    a_password_alone_adds_nothing_to_a_factor_that_is_there,
    whoever_must_have_a_factor_keeps_the_last_one,
    an_administrator_resets_what_somebody_has_lost,
    an_administrator_proves_themselves_before_they_change_what_is_their_own,
    only_administrators_say_who_must_have_a_factor,
    a_role_made_here_follows_its_base_and_may_have_a_rule_of_its_own,
    an_invitation_goes_around_no_second_factor,
    a_reset_of_the_password_goes_around_no_second_factor,
    the_api_asks_for_the_second_factor_too,
    the_api_takes_a_code_that_came_by_mail,
    what_signs_in_anew_ends_the_tokens_of_the_api_at_once,
    whoever_signs_in_by_the_api_stands_in_the_audit,
);

async fn require(cast: &mut Cast, roles: &[&str]) {
    let fields: Vec<(&str, &str)> = roles.iter().map(|role| ("role", *role)).collect();
    cast.admin
        .submit("/admin/security", &fields)
        .await
        .expect(302);
}

async fn a_role_that_must_have_a_factor_gets_one_before_the_session(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    require(&mut cast, &["tech"]).await;
    // Who is in stays until the session ends; other roles are asked for nothing.
    cast.tech.get("/dashboard").await.expect(200);
    assert_eq!(leads(&desk, "sup@desk.test").await, "/dashboard");
    let mut browser = desk.browser();
    let fields = [
        ("email", "tec@desk.test"),
        ("password", PASSWORD),
        ("next", "/tickets"),
    ];
    let answer = browser.submit(LOGIN, &fields).await.expect(302);
    assert_eq!(answer.location(), "/auth/factor");
    assert_eq!(
        browser.get(OTP).await.expect(302).location(),
        "/auth/factor"
    );
    let page = browser.get("/auth/factor").await.expect(200);
    assert!(page.shows("Aplicativo autenticador") && page.shows("Código por e-mail"));
    browser.get("/dashboard").await.expect(302);
    browser.submit("/auth/factor/totp", &[]).await.expect(302);
    let page = browser.get("/auth/factor/totp").await.expect(200);
    let code = app_code(&key(&page), desk.app.clock.now());
    let confirm = "/auth/factor/totp/confirm";
    browser
        .submit(confirm, &[("code", "000")])
        .await
        .expect(422);
    browser.get("/dashboard").await.expect(302);
    let done = browser
        .submit(confirm, &[("code", &code)])
        .await
        .expect(200);
    assert_eq!(codes(&done).len(), 10);
    assert!(done.shows("href=\"/tickets\""));
    browser.get("/dashboard").await.expect(200);
    // Everything begins behind it from now on.
    cast.tech.get("/dashboard").await.expect(302);
    assert_eq!(leads(&desk, "tec@desk.test").await, OTP);
}

async fn a_code_by_mail_can_be_the_factor_that_a_role_must_have(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    require(&mut cast, &["client"]).await;
    let mut browser = desk.browser();
    password(&mut browser, "cli@acme.test").await.expect(302);
    let answer = browser.submit("/auth/factor/email", &[]).await.expect(302);
    assert_eq!(answer.location(), OTP);
    comes_in(&desk, &mut browser, "cli@acme.test").await;
}

async fn a_password_alone_adds_nothing_to_a_factor_that_is_there(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let mut thief = desk.browser();
    password(&mut thief, "tec@desk.test").await;
    assert_eq!(thief.get("/auth/factor").await.expect(302).location(), OTP);
    for path in ["email", "totp", "totp/confirm", "passkey", "passkey/finish"] {
        let path = format!("/auth/factor/{path}");
        let answer = thief
            .submit(&path, &[("passkey_name", "x")])
            .await
            .expect(302);
        assert_eq!(answer.location(), OTP, "{path}");
    }
    assert_eq!(desk.dump("secrets").await, "[]");
}

async fn whoever_must_have_a_factor_keeps_the_last_one(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    with_app(&desk, &mut cast.tech).await;
    require(&mut cast, &["tech"]).await;
    let remove = "/meu-perfil/security/totp/remove";
    let answer = cast.tech.submit(remove, &[]).await.expect(409);
    assert!(answer.shows("Ative outro meio"));
    cast.tech
        .submit("/meu-perfil/security/email", &[("on", "1")])
        .await
        .expect(302);
    cast.tech.submit(remove, &[]).await.expect(302);
    let mut browser = desk.browser();
    password(&mut browser, "tec@desk.test").await;
    comes_in(&desk, &mut browser, "tec@desk.test").await;
}

async fn an_administrator_resets_what_somebody_has_lost(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (key, recovery) = with_app(&desk, &mut cast.tech).await;
    let page = format!("/admin/users/{}/security", desk.id("tec@desk.test").await);
    let shown = cast.admin.get(&page).await.expect(200);
    assert!(shown.shows("Aplicativo autenticador") && !shown.shows(&key));
    assert!(!shown.shows(&recovery[0]));
    cast.supervisor.get(&page).await.expect(403);
    let reset = format!("{page}/reset");
    cast.supervisor.submit(&reset, &[]).await.expect(403);
    cast.admin.submit(&reset, &[]).await.expect(302);
    cast.tech.get("/dashboard").await.expect(302);
    assert_eq!(leads(&desk, "tec@desk.test").await, "/dashboard");
    assert_eq!(desk.dump("secrets").await, "[]");
    assert_eq!(desk.dump("recovery_codes").await, "[]");
    let events = event_log::after(desk.app.db.reader(), 0, 10_000)
        .await
        .unwrap();
    let event = events
        .iter()
        .find(|e| e.kind == "user.factors_reset")
        .unwrap();
    assert_eq!(
        event.actor.unwrap().to_string(),
        desk.id("adm@desk.test").await
    );
    assert_eq!(event.subject.to_string(), desk.id("tec@desk.test").await);
    desk.settle().await;
    assert!(
        desk.mails()
            .iter()
            .any(|m| m.text.contains("removeu a verificação"))
    );
    // What is not there is reset by nobody.
    cast.admin.submit(&reset, &[]).await.expect(302);
}

async fn an_administrator_proves_themselves_before_they_change_what_is_their_own(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    with_app(&desk, &mut cast.admin).await;
    let page = format!("/admin/users/{}/security", desk.id("adm@desk.test").await);
    for path in [page.clone(), format!("{page}/reset")] {
        let answer = cast.admin.submit(&path, &[]).await.expect(302);
        assert_eq!(answer.location(), MINE);
    }
    let again = password(&mut desk.browser(), "adm@desk.test").await;
    assert_eq!(again.location(), OTP);
}

async fn only_administrators_say_who_must_have_a_factor(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for browser in [&mut cast.supervisor, &mut cast.tech, &mut cast.client] {
        browser.get("/admin/security").await.expect(403);
        browser
            .submit("/admin/security", &[("role", "tech")])
            .await
            .expect(403);
    }
    require(&mut cast, &["tech", "admin"]).await;
    let page = cast.admin.get("/admin/security").await.expect(200);
    assert_eq!(page.body.matches(" checked").count(), 2);
    let count = async || {
        let kinds = kinds(&desk).await;
        kinds
            .iter()
            .filter(|k| *k == "signin.rules_changed")
            .count()
    };
    assert_eq!(count().await, 1);
    require(&mut cast, &["tech", "admin"]).await;
    assert_eq!(count().await, 1, "nothing was changed");
    require(&mut cast, &[]).await;
    assert_eq!(leads(&desk, "tec@desk.test").await, "/dashboard");
}

async fn a_role_made_here_follows_its_base_and_may_have_a_rule_of_its_own(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let page = cast.admin.get("/admin/security").await.expect(200);
    assert!(!page.shows("Perfis criados aqui"));
    let may = ["ticket.work"];
    let role = make_role(&mut cast.admin, "Plantão", "tech", &may).await;
    give(&desk, &mut cast.admin, "tec@desk.test", &role)
        .await
        .expect(302);
    assert_eq!(leads(&desk, "tec@desk.test").await, "/dashboard");
    // Its own rule is for whoever has it, and for nobody else of its base.
    require(&mut cast, &[&role]).await;
    let page = cast.admin.get("/admin/security").await.expect(200);
    let ticked = format!("value=\"{role}\" checked");
    assert!(page.shows(&ticked) && page.body.matches(" checked").count() == 1);
    assert!(page.shows("Plantão") && !page.shows("já exigida"));
    assert_eq!(leads(&desk, "tec@desk.test").await, "/auth/factor");
    assert_eq!(leads(&desk, "tec2@desk.test").await, "/dashboard");
    let answer = api_login(&desk, None).await.expect(401);
    assert_eq!(answer.json()["errors"][0]["code"], "second-factor-setup");
    let theirs = format!("/admin/users/{}/security", desk.id("tec@desk.test").await);
    let page = cast.admin.get(&theirs).await.expect(200);
    assert!(page.shows("exige a verificação"));
    let page = cast.tech.get(MINE).await.expect(200);
    assert!(page.shows("exige a verificação"));
    let audit = cast.admin.get("/admin/audit").await.expect(200);
    assert!(audit.shows("Perfis criados aqui") && audit.shows("Plantão"));
    with_app(&desk, &mut cast.tech).await;
    let remove = "/meu-perfil/security/totp/remove";
    cast.tech.submit(remove, &[]).await.expect(409);
    // The rule of its base is its own, too.
    require(&mut cast, &["tech"]).await;
    let page = cast.admin.get("/admin/security").await.expect(200);
    assert!(page.shows("já exigida") && !page.shows(&ticked));
    cast.tech.submit(remove, &[]).await.expect(409);
    require(&mut cast, &[]).await;
    cast.tech.submit(remove, &[]).await.expect(302);
    // What is no role makes no rule.
    require(&mut cast, &["none", &desk.id("tec@desk.test").await]).await;
    assert_eq!(desk.dump("sign_in_rules").await, "[]");
}

/// The path that the button of the newest letter leads to.
async fn link(desk: &TestDesk, to: &str, begin: &str) -> String {
    desk.settle().await;
    let mails = desk.mails();
    let letters = mails.iter().rev().filter(|mail| mail.to == to);
    let mut words = letters.flat_map(|mail| mail.text.split_whitespace());
    let begin = format!("http://desk.test{begin}");
    let url = words.find(|word| word.starts_with(&begin)).unwrap();
    url["http://desk.test".len()..].to_owned()
}

async fn an_invitation_goes_around_no_second_factor(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let invite = format!("/admin/users/{}/invite", desk.id("tec@desk.test").await);
    cast.admin.submit(&invite, &[]).await.expect(302);
    let path = link(&desk, "tec@desk.test", "/invite/").await;
    let mut browser = desk.browser();
    let fields = [
        ("password", "uma-senha-nova"),
        ("password_again", "uma-senha-nova"),
    ];
    let answer = browser.submit(&path, &fields).await.expect(302);
    assert_eq!(answer.location(), OTP);
    comes_in(&desk, &mut browser, "tec@desk.test").await;
}

async fn a_reset_of_the_password_goes_around_no_second_factor(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let mut browser = desk.browser();
    browser
        .submit("/auth/forgot", &[("email", "tec@desk.test")])
        .await
        .expect(302);
    let path = link(&desk, "tec@desk.test", "/auth/reset/").await;
    let fields = [("password", PASSWORD), ("password_again", PASSWORD)];
    let answer = browser.submit(&path, &fields).await.expect(302);
    assert_eq!(answer.location(), LOGIN);
    assert_eq!(
        password(&mut browser, "tec@desk.test").await.location(),
        OTP
    );
}

async fn api_login(desk: &TestDesk, code: Option<&str>) -> Answer {
    let mut body = json!({ "email": "tec@desk.test", "password": PASSWORD });
    if let Some(code) = code {
        body["code"] = code.into();
    }
    desk.browser()
        .call("POST", "/api/v1/auth/login", &body)
        .await
}

async fn the_api_asks_for_the_second_factor_too(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (key, recovery) = with_app(&desk, &mut cast.tech).await;
    let answer = api_login(&desk, None).await.expect(401);
    let error = &answer.json()["errors"][0];
    assert_eq!(error["code"], "second-factor");
    assert_eq!(error["field"], "code");
    let answer = api_login(&desk, Some("000000")).await.expect(401);
    assert_eq!(answer.json()["errors"][0]["code"], "second-factor-wrong");
    let code = app_code(&key, desk.app.clock.now().plus_seconds(30));
    let token = api_login(&desk, Some(&code)).await.expect(200).json();
    assert_eq!(token["token_type"], "bearer");
    api_login(&desk, Some(&code)).await.expect(401);
    api_login(&desk, Some(&recovery[0])).await.expect(200);
    api_login(&desk, Some(&recovery[0])).await.expect(401);
    // Wrong codes lock here, too.
    for _ in 0..3 {
        api_login(&desk, Some("000000")).await.expect(401);
    }
    api_login(&desk, Some("000000")).await.expect(429);
    api_login(&desk, Some(&recovery[1])).await.expect(429);
    // A role that must, and somebody who has nothing.
    require(&mut cast, &["client"]).await;
    let body = json!({ "email": "cli@acme.test", "password": PASSWORD });
    let answer = desk
        .browser()
        .call("POST", "/api/v1/auth/login", &body)
        .await;
    assert_eq!(
        answer.expect(401).json()["errors"][0]["code"],
        "second-factor-setup"
    );
}

async fn the_api_takes_a_code_that_came_by_mail(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    api_login(&desk, None).await.expect(401);
    let code = code(&desk, "tec@desk.test").await;
    let letters = desk.mails().len();
    api_login(&desk, None).await.expect(401);
    desk.settle().await;
    assert_eq!(desk.mails().len(), letters, "one was sent just now");
    api_login(&desk, Some(&code)).await.expect(200);
    api_login(&desk, Some(&code)).await.expect(401);
    // What was used up stands in nobody's way: the next one is sent at once.
    api_login(&desk, None).await.expect(401);
    let next = crate::signin::code(&desk, "tec@desk.test").await;
    assert_eq!(desk.mails().len(), letters + 1);
    api_login(&desk, Some(&next)).await.expect(200);
}

async fn what_signs_in_anew_ends_the_tokens_of_the_api_at_once(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut api = cast.tech.api("tec@desk.test").await;
    let mut others = cast.tech2.api("tec2@desk.test").await;
    api.get("/api/v1/auth/me").await.expect(200);
    with_app(&desk, &mut cast.tech).await;
    api.get("/api/v1/auth/me").await.expect(401);
    // In the same instant as the password, which tests stand still in.
    let mut api = cast.tech2.api("tec2@desk.test").await;
    let fields = [
        ("password_old", PASSWORD),
        ("password", "uma-senha-nova"),
        ("password_again", "uma-senha-nova"),
    ];
    cast.tech2
        .submit("/meu-perfil/password", &fields)
        .await
        .expect(302);
    api.get("/api/v1/auth/me").await.expect(401);
    others.get("/api/v1/auth/me").await.expect(401);
}

async fn whoever_signs_in_by_the_api_stands_in_the_audit(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let body = json!({ "email": "tec@desk.test", "password": PASSWORD });
    let answer = cast.nobody.call("POST", "/api/v1/auth/login", &body).await;
    answer.expect(200);
    let log = desk.dump("events").await;
    let signed_in = |line: &str| line.contains("user.signed_in") && line.contains("API");
    assert!(log.lines().any(signed_in), "{log}");
}

//! What a review of the accounts found, each fault by a test of its own.

use db::sea_orm::ConnectionTrait;
use serde_json::json;

use crate::support::{Browser, Kind, NOON, PASSWORD, TestDesk, on_each};

on_each!(
    who_has_no_password_has_signed_in_just_now,
    a_corrected_address_makes_old_links_worthless_and_is_told_to_the_old_mailbox,
    without_mail_a_domain_that_is_typed_brings_nobody_into_a_company,
    the_company_of_an_archived_one_stays_when_somebody_is_saved,
    registering_with_a_known_address_answers_as_with_a_new_one,
    unknown_addresses_lock_as_known_ones_do,
    a_lock_that_falls_while_a_password_is_hashed_holds,
    of_two_links_made_at_once_one_is_good,
    a_mailbox_gets_so_many_letters_an_hour_whoever_asks,
    a_link_is_worth_nothing_after_an_administrator_set_a_password,
    whoever_has_an_account_makes_no_others,
);

const NEW: &str = "uma-senha-nova";

/// The paths that the buttons of the letters to `to` lead to, the oldest first.
fn links(desk: &TestDesk, to: &str) -> Vec<String> {
    let mails = desk.mails();
    let path = |text: &str| {
        let (_, rest) = text.split_once("http://desk.test")?;
        Some(rest.split_whitespace().next()?.to_owned())
    };
    let to_them = mails.iter().filter(|m| m.to == to);
    to_them.filter_map(|m| path(&m.text)).collect()
}

async fn sign_in(browser: &mut Browser, email: &str, password: &str) -> u16 {
    let fields = [("email", email), ("password", password)];
    browser.submit("/auth/login", &fields).await.status
}

async fn execute(desk: &TestDesk, sql: &str) {
    let tx = desk.app.db.begin().await.unwrap();
    tx.execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
}

async fn who_has_no_password_has_signed_in_just_now(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let none = "UPDATE users SET password_hash = NULL WHERE email = 'cli@acme.test'";
    execute(&desk, none).await;
    let page = cast.client.get("/meu-perfil/tokens").await.expect(200);
    assert!(!page.shows("name=\"password_now\""));
    let token = [("token_name", "CI"), ("scope", "read"), ("days", "30")];
    let made = cast.client.submit("/meu-perfil/tokens", &token).await;
    made.expect(201);
    desk.later(11);
    let refused = cast.client.submit("/meu-perfil/tokens", &token).await;
    assert!(refused.expect(422).shows("saia e entre de novo"));
    let email = [("email", "c@acme.test")];
    let refused = cast.client.submit("/meu-perfil/email", &email).await;
    assert!(refused.expect(422).shows("saia e entre de novo"));
    let word = [("password", NEW), ("password_again", NEW)];
    let refused = cast.client.submit("/meu-perfil/password", &word).await;
    refused.expect(422);
}

/// Clara as she is, with some fields otherwise, as the administrator saves her.
async fn correct(desk: &TestDesk, admin: &mut Browser, fields: &[(&str, &str)]) {
    let company = desk.company("Acme").await;
    let path = format!("/admin/users/{}", desk.id("cli@acme.test").await);
    let mut all = vec![
        ("name", "Clara Cliente"),
        ("email", "cli@acme.test"),
        ("role", "client"),
        ("company_id", company.as_str()),
        ("active", "on"),
    ];
    all.retain(|(name, _)| !fields.iter().any(|(n, _)| n == name));
    all.extend_from_slice(fields);
    admin.submit(&path, &all).await.expect(302);
}

async fn a_corrected_address_makes_old_links_worthless_and_is_told_to_the_old_mailbox(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut browser = desk.browser();
    let ask = [("email", "cli@acme.test")];
    browser.submit("/auth/forgot", &ask).await.expect(302);
    let invite = format!("/admin/users/{}/invite", desk.id("cli@acme.test").await);
    cast.admin.submit(&invite, &[]).await.expect(302);
    desk.settle().await;
    let old = links(&desk, "cli@acme.test");
    assert_eq!(old.len(), 2, "{old:?}");
    for path in &old {
        browser.get(path).await.expect(200);
    }
    correct(&desk, &mut cast.admin, &[("email", "clara@acme.test")]).await;
    let right = [("password", NEW), ("password_again", NEW)];
    for path in &old {
        browser.get(path).await.expect(404);
        browser.submit(path, &right).await.expect(404);
    }
    desk.settle().await;
    let told = desk.mails().pop().unwrap();
    assert_eq!(told.to, "cli@acme.test");
    assert!(told.subject.contains("e-mail da sua conta foi trocado"));
    assert!(!told.text.contains("clara@acme.test"), "{}", told.text);
}

async fn a_link_is_worth_nothing_after_an_administrator_set_a_password(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut browser = desk.browser();
    let ask = [("email", "cli@acme.test")];
    browser.submit("/auth/forgot", &ask).await.expect(302);
    desk.settle().await;
    let old = links(&desk, "cli@acme.test").pop().unwrap();
    let token = [
        ("token_name", "CI"),
        ("scope", "read"),
        ("days", "30"),
        ("password_now", PASSWORD),
    ];
    let made = cast.client.submit("/meu-perfil/tokens", &token).await;
    let made = made.expect(201).body;
    let words = &made[made.find("balcao_").unwrap()..];
    let mut program = desk.browser();
    program.set_token(words.split('"').next().unwrap());
    program.get("/api/v1/tickets").await.expect(200);
    correct(&desk, &mut cast.admin, &[("password", NEW)]).await;
    browser.get(&old).await.expect(404);
    // So are the tokens, with which an intruder would go on.
    desk.settle().await;
    program.get("/api/v1/tickets").await.expect(401);
    let told = desk.mails().pop().unwrap();
    assert!(told.to == "cli@acme.test" && told.subject.contains("senha foi trocada"));
}

async fn whoever_has_an_account_makes_no_others(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cast = desk.cast().await;
    let new = json!({ "name": "Xis", "email": "x@acme.test", "password": NEW });
    for (browser, email, status) in [
        (&cast.client, "cli@acme.test", 409),
        (&cast.tech, "tec@desk.test", 409),
        (&cast.admin, "adm@desk.test", 201),
    ] {
        let mut program = browser.api(email).await;
        let answer = program.call("POST", "/api/v1/users", &new).await;
        answer.expect(status);
    }
}

async fn without_mail_a_domain_that_is_typed_brings_nobody_into_a_company(kind: Kind) {
    let desk = TestDesk::with(kind, |s| s.mail.delivery = settings::Delivery::Suppressed).await;
    let mut cast = desk.cast().await;
    let acme = desk.company("Acme").await;
    let fields = |email, company| {
        [
            ("name", "Xis"),
            ("email", email),
            ("company_id", company),
            ("password", NEW),
        ]
    };
    let register = "/auth/register";
    assert!(!desk.browser().get(register).await.shows("Acme"));
    let chosen = fields("x@acme.test", acme.as_str());
    let refused = desk.browser().submit(register, &chosen).await.expect(422);
    assert!(refused.shows("não envia e-mails"), "{}", refused.body);
    let mut nobody = desk.browser();
    let free = fields("x@acme.test", "");
    nobody.submit(register, &free).await.expect(302);
    let db = desk.app.db.reader();
    let made = people::by_email(db, "x@acme.test").await.unwrap().unwrap();
    assert_eq!(made.company, None);
    // A company that takes anybody takes them here, too.
    let open = [
        ("name", "Acme"),
        ("active", "on"),
        ("accept_any_domain", "on"),
    ];
    let path = format!("/admin/companies/{acme}");
    cast.admin.submit(&path, &open).await.expect(302);
    let chosen = fields("y@gmail.com", acme.as_str());
    desk.browser().submit(register, &chosen).await.expect(302);
    let made = people::by_email(db, "y@gmail.com").await.unwrap().unwrap();
    assert_eq!(made.company.unwrap().to_string(), acme);
}

async fn the_company_of_an_archived_one_stays_when_somebody_is_saved(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let acme = desk.company("Acme").await;
    let archive = [("name", "Acme"), ("domains", "acme.test")];
    let path = format!("/admin/companies/{acme}");
    cast.admin.submit(&path, &archive).await.expect(302);
    let path = format!("/admin/users/{}", desk.id("cli@acme.test").await);
    let page = cast.admin.get(&path).await.expect(200);
    let choice = format!("<option value=\"{acme}\" selected");
    assert!(page.shows(&choice) && page.shows("Acme (arquivada)"));
    // Nobody else can be given it.
    let new = cast.admin.get("/admin/users/new").await.expect(200);
    assert!(!new.shows(&acme));
}

async fn registering_with_a_known_address_answers_as_with_a_new_one(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut seen = Vec::new();
    for email in ["cli@acme.test", "ninguem@acme.test"] {
        let mut browser = desk.browser();
        let fields = [("name", "Xis"), ("email", email), ("password", NEW)];
        let page = browser.submit("/auth/register", &fields).await;
        let again = browser.submit("/auth/register", &fields).await;
        // With the password that was just chosen, too: nothing is to be learned there.
        let mut answers = vec![page.expect(302), again.expect(302)];
        let word = [("email", email), ("password", NEW)];
        for _ in 0..6 {
            answers.push(browser.submit("/auth/login", &word).await);
        }
        let of = |a: &crate::support::Answer| (a.status, a.location().to_owned());
        seen.push(answers.iter().map(of).collect::<Vec<_>>());
    }
    assert_eq!(seen[0], seen[1]);
    let mut seen = Vec::new();
    for email in ["cli2@beta.test", "nunca@beta.test"] {
        let new = json!({ "name": "Xis", "email": email, "password": NEW });
        let mut program = desk.browser();
        let first = program.call("POST", "/api/v1/users", &new).await;
        let first = first.expect(201).json();
        let again = program.call("POST", "/api/v1/users", &new).await;
        again.expect(400);
        let login = json!({ "email": email, "password": NEW });
        let login = program.call("POST", "/api/v1/auth/login", &login).await;
        let of = |key: &str| first[key].clone();
        seen.push((
            login.status,
            of("role"),
            of("company_id"),
            of("active"),
            first["id"].as_str().unwrap().len(),
        ));
    }
    assert_eq!(seen[0], seen[1]);
    desk.settle().await;
    let told = |to: &str| desk.mails().iter().filter(|m| m.to == to).count();
    assert!(told("cli@acme.test") == 2 && told("cli2@beta.test") >= 1);
}

async fn unknown_addresses_lock_as_known_ones_do(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut seen = Vec::new();
    for email in ["tec@desk.test", "ninguem@desk.test"] {
        let mut browser = desk.browser();
        let mut pages = Vec::new();
        for _ in 0..7 {
            let fields = [("email", email), ("password", "errada")];
            let page = browser.submit("/auth/login", &fields).await;
            pages.push((page.status, page.shows("bloqueada por mais 15 minutos")));
        }
        let login = json!({ "email": email, "password": "errada" });
        let program = desk
            .browser()
            .call("POST", "/api/v1/auth/login", &login)
            .await;
        pages.push((program.status, true));
        seen.push(pages);
    }
    assert_eq!(seen[0][3..5], [(422, false), (429, true)]);
    assert_eq!(seen[0], seen[1]);
    let kept = desk.dump("addresses").await;
    assert!(!kept.contains("ninguem"), "{kept}");
    // It runs out, and is forgotten after a day.
    desk.later(16);
    assert_eq!(
        sign_in(&mut desk.browser(), "ninguem@desk.test", "errada").await,
        422
    );
    desk.later(25 * 60);
    desk.settle().await;
    assert_eq!(desk.dump("addresses").await, "[]");
}

async fn a_lock_that_falls_while_a_password_is_hashed_holds(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut browser = desk.browser();
    let csrf = browser.csrf().await;
    // The fifth wrong guess of somebody else is being written …
    let locking = desk.app.db.begin().await.unwrap();
    let until = NOON.plus_minutes(15).millis();
    let lock = format!(
        "UPDATE users SET failures = 5, locked_until = {until} WHERE email = 'tec@desk.test'"
    );
    locking.execute_unprepared(&lock).await.unwrap();
    // … while the right one, which has read the account before, waits for its turn.
    let fields = [
        ("csrf", csrf.as_str()),
        ("email", "tec@desk.test"),
        ("password", PASSWORD),
    ];
    let mut guess = Box::pin(browser.submit_as_is("/auth/login", &fields));
    let waits = std::time::Duration::from_millis(800);
    assert!(tokio::time::timeout(waits, &mut guess).await.is_err());
    locking.commit().await.unwrap();
    guess.await.expect(429);
}

async fn of_two_links_made_at_once_one_is_good(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let invite = format!("/admin/users/{}/invite", desk.id("cli@acme.test").await);
    let mut other = cast.admin.clone();
    let (first, second) = tokio::join!(cast.admin.submit(&invite, &[]), other.submit(&invite, &[]));
    first.expect(302);
    second.expect(302);
    let kept = desk.dump("account_links").await;
    assert_eq!(kept.matches("invite").count(), 1, "{kept}");
}

async fn a_mailbox_gets_so_many_letters_an_hour_whoever_asks(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let ask = async || {
        for _ in 0..4 {
            let mut somebody = desk.browser();
            let email = [("email", "cli@acme.test")];
            let answer = somebody.submit("/auth/forgot", &email).await.expect(302);
            assert_eq!(answer.location(), "/auth/sent?for=reset");
            let fields = [("name", "X"), ("email", "cli@acme.test"), ("password", NEW)];
            somebody.submit("/auth/register", &fields).await.expect(302);
            desk.settle().await;
        }
        desk.mails()
            .iter()
            .filter(|m| m.to == "cli@acme.test")
            .count()
    };
    assert_eq!(ask().await, 5);
    desk.later(61);
    assert_eq!(ask().await, 10);
    // Somebody else's mailbox has its own.
    let email = [("email", "tec@desk.test")];
    let mut somebody = desk.browser();
    somebody.submit("/auth/forgot", &email).await.expect(302);
    desk.settle().await;
    assert_eq!(links(&desk, "tec@desk.test").len(), 1);
}

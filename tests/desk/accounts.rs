//! Section P: how people come by an account and keep it.

use kit::Registration;

use crate::support::{Browser, Kind, PASSWORD, TestDesk, on_each};

on_each!(
    somebody_registers_confirms_the_address_and_signs_in,
    the_companys_domains_say_who_may_register,
    a_known_address_is_told_to_its_mailbox_only,
    without_mail_one_is_in_at_once,
    who_registers_becomes_what_the_setting_says,
    a_forgotten_password_is_set_anew,
    a_reset_lifts_the_lock,
    a_reset_ends_what_an_intruder_has_begun,
    a_link_is_good_once_for_its_time_and_its_purpose,
    an_invitation_leads_to_a_password_and_in,
    without_mail_the_administrator_passes_the_invitation_on,
    a_name_is_changed_in_the_profile,
    another_address_counts_when_its_mailbox_has_answered,
    a_new_password_ends_every_other_session,
    sessions_are_listed_and_ended,
    a_token_does_what_its_scope_says_until_it_is_revoked,
    a_picture_is_a_real_image_and_seen_by_those_who_may,
);

const NEW: &str = "outra-senha-longa";

/// The path that the button of the newest letter leads to.
fn link(desk: &TestDesk, to: &str) -> String {
    let mails = desk.mails();
    let letter = mails.iter().rev().find(|m| m.to == to);
    let letter = letter.unwrap_or_else(|| panic!("no letter to {to}: {mails:?}"));
    let at = letter.text.find("http://desk.test/").unwrap();
    let url = letter.text[at..].split_whitespace().next().unwrap();
    assert!(letter.html.contains(url), "{}", letter.html);
    url["http://desk.test".len()..].to_owned()
}

/// What is typed to make an account.
fn account<'a>(name: &'a str, email: &'a str) -> [(&'a str, &'a str); 3] {
    [("name", name), ("email", email), ("password", NEW)]
}

async fn sign_in(browser: &mut Browser, email: &str, password: &str) -> u16 {
    let fields = [("email", email), ("password", password)];
    browser.submit("/auth/login", &fields).await.status
}

async fn somebody_registers_confirms_the_address_and_signs_in(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut browser = desk.browser();
    let fields = account("Nina Nova", "Nina@Acme.test");
    let answer = browser.submit("/auth/register", &fields).await.expect(302);
    assert_eq!(answer.location(), "/auth/sent?for=confirm");
    browser.get("/auth/sent?for=confirm").await.expect(200);
    desk.settle().await;
    let refused = browser
        .submit(
            "/auth/login",
            &[("email", "nina@acme.test"), ("password", NEW)],
        )
        .await
        .expect(422);
    assert!(refused.shows("Confirme") && refused.shows("Enviar o link de novo"));
    let path = link(&desk, "nina@acme.test");
    // What scans mail opens links: that confirms nothing.
    for _ in 0..2 {
        let page = browser.get(&path).await.expect(200);
        assert!(page.shows("nina@acme.test") && page.shows("Confirmar o e-mail"));
        assert_eq!(sign_in(&mut browser, "nina@acme.test", NEW).await, 422);
    }
    let answer = browser.submit(&path, &[]).await.expect(302);
    assert_eq!(answer.location(), "/auth/login");
    browser.get(&path).await.expect(404);
    browser.submit(&path, &[]).await.expect(404);
    assert_eq!(sign_in(&mut browser, "nina@acme.test", NEW).await, 302);
    assert!(
        browser
            .get("/meu-perfil")
            .await
            .expect(200)
            .shows("nina@acme.test")
    );
    // Another letter can be asked for, and the older link is worth nothing then.
    let fields = account("Nico", "nico@acme.test");
    let mut other = desk.browser();
    other.submit("/auth/register", &fields).await.expect(302);
    desk.settle().await;
    let first = link(&desk, "nico@acme.test");
    other
        .submit("/auth/confirm", &[("email", "nico@acme.test")])
        .await
        .expect(302);
    desk.settle().await;
    let second = link(&desk, "nico@acme.test");
    assert_ne!(first, second);
    other.get(&first).await.expect(404);
    other.submit(&first, &[]).await.expect(404);
    other.submit(&second, &[]).await.expect(302);
}

async fn the_companys_domains_say_who_may_register(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let acme = desk.company("Acme").await;
    for (email, status) in [
        ("x@gmail.com", 422),
        ("x@sub.acme.test", 422),
        ("x@acme.test.evil.com", 422),
        ("x@acme.test", 302),
    ] {
        let mut browser = desk.browser();
        let fields = [
            ("name", "Xis"),
            ("email", email),
            ("company_id", acme.as_str()),
            ("password", NEW),
        ];
        let answer = browser
            .submit("/auth/register", &fields)
            .await
            .expect(status);
        if status == 422 {
            assert!(answer.shows("não é de um domínio da empresa"), "{email}");
            assert!(answer.shows(email), "what was typed is lost: {email}");
        }
    }
    // Anybody may read the page: it tells names and nothing else of the companies.
    let page = desk.browser().get("/auth/register").await.expect(200);
    assert!(page.shows("Acme") && !page.shows("acme.test"));
}

async fn a_known_address_is_told_to_its_mailbox_only(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut browser = desk.browser();
    let fields = account("Outra Clara", "cli@acme.test");
    let answer = browser.submit("/auth/register", &fields).await.expect(302);
    assert_eq!(answer.location(), "/auth/sent?for=confirm");
    desk.settle().await;
    let mails = desk.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].subject.contains("já tem uma conta"), "{mails:?}");
    assert_eq!(
        sign_in(&mut desk.browser(), "cli@acme.test", PASSWORD).await,
        302
    );
}

async fn without_mail_one_is_in_at_once(kind: Kind) {
    let desk = TestDesk::with(kind, |s| {
        s.mail.delivery = settings::Delivery::Suppressed;
        s.registration = Registration::Tech;
    })
    .await;
    desk.cast().await;
    let mut browser = desk.browser();
    let fields = account("Tom", "tom@desk.test");
    let answer = browser.submit("/auth/register", &fields).await.expect(302);
    assert_eq!(answer.location(), "/dashboard");
    let list = browser.get("/tickets").await.expect(200);
    assert!(list.body.contains("view=unassigned"), "{}", list.body);
    // The same address once more: here the form has to say it.
    let answer = desk.browser().submit("/auth/register", &fields).await;
    assert!(answer.expect(422).shows("Já existe"));
}

async fn who_registers_becomes_what_the_setting_says(kind: Kind) {
    let desk = TestDesk::with(kind, |s| s.registration = Registration::Off).await;
    desk.cast().await;
    desk.browser().get("/auth/register").await.expect(404);
    let page = desk.browser().get("/auth/login").await.expect(200);
    assert!(!page.shows("Criar conta"));
    let mut browser = desk.browser();
    let fields = account("X", "x@acme.test");
    browser.submit("/auth/register", &fields).await.expect(404);
}

async fn a_forgotten_password_is_set_anew(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut browser = desk.browser();
    for email in ["cli@acme.test", "ninguem@acme.test"] {
        let (answer, statements) = desk
            .statements(browser.submit("/auth/forgot", &[("email", email)]))
            .await;
        assert_eq!(answer.expect(302).location(), "/auth/sent?for=reset");
        // The form, and a job: the same whoever is asked for.
        assert!(statements <= 12, "{statements}");
    }
    desk.settle().await;
    assert_eq!(desk.mails().len(), 1);
    let path = link(&desk, "cli@acme.test");
    let form = browser.get(&path).await.expect(200);
    assert!(form.shows("cli@acme.test"));
    let differ = [("password", NEW), ("password_again", "outra-coisa")];
    let answer = browser.submit(&path, &differ).await.expect(422);
    assert!(answer.shows("não são iguais"));
    let right = [("password", NEW), ("password_again", NEW)];
    let answer = browser.submit(&path, &right).await.expect(302);
    assert_eq!(answer.location(), "/auth/login");
    // The other sessions are over, the old password is, and the link is.
    cast.client.get("/dashboard").await.expect(302);
    assert_eq!(sign_in(&mut browser, "cli@acme.test", PASSWORD).await, 422);
    assert_eq!(sign_in(&mut browser, "cli@acme.test", NEW).await, 302);
    let gone = desk.browser().get(&path).await.expect(404);
    assert!(gone.shows("Link inválido ou expirado") && !gone.shows("name=\"password\""));
}

async fn a_reset_lifts_the_lock(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut browser = desk.browser();
    for _ in 0..5 {
        sign_in(&mut browser, "cli@acme.test", "errada").await;
    }
    assert_eq!(sign_in(&mut browser, "cli@acme.test", PASSWORD).await, 429);
    browser
        .submit("/auth/forgot", &[("email", "cli@acme.test")])
        .await
        .expect(302);
    desk.settle().await;
    let path = link(&desk, "cli@acme.test");
    let right = [("password", NEW), ("password_again", NEW)];
    browser.submit(&path, &right).await.expect(302);
    assert_eq!(sign_in(&mut browser, "cli@acme.test", NEW).await, 302);
}

async fn a_reset_ends_what_an_intruder_has_begun(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let words = token(&mut cast.client, "write", "0").await;
    let fields = [("email", "ladrao@acme.test"), ("password_now", PASSWORD)];
    cast.client
        .submit("/meu-perfil/email", &fields)
        .await
        .expect(302);
    desk.settle().await;
    let theirs = link(&desk, "ladrao@acme.test");
    let mut browser = desk.browser();
    let ask = [("email", "cli@acme.test")];
    browser.submit("/auth/forgot", &ask).await.expect(302);
    desk.settle().await;
    let path = link(&desk, "cli@acme.test");
    let right = [("password", NEW), ("password_again", NEW)];
    browser.submit(&path, &right).await.expect(302);
    browser.get(&theirs).await.expect(404);
    let mut program = desk.browser();
    program.set_token(&words);
    program.get("/api/v1/tickets").await.expect(401);
    assert_eq!(sign_in(&mut browser, "cli@acme.test", NEW).await, 302);
}

async fn a_link_is_good_once_for_its_time_and_its_purpose(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let mut browser = desk.browser();
    let ask = [("email", "cli@acme.test")];
    browser.submit("/auth/forgot", &ask).await.expect(302);
    desk.settle().await;
    let path = link(&desk, "cli@acme.test");
    let token = path.rsplit('/').next().unwrap();
    // For another purpose, altered, cut short, or of another desk: nothing.
    for wrong in [
        format!("/auth/confirm/{token}"),
        format!("/invite/{token}"),
        format!("/auth/reset/{}", token.replace(&token[40..42], "zz")),
        format!("/auth/reset/{}", &token[..40]),
        "/auth/reset/x".to_owned(),
    ] {
        browser.get(&wrong).await.expect(404);
    }
    desk.later(119);
    browser.get(&path).await.expect(200);
    desk.later(2);
    browser.get(&path).await.expect(404);
    // What the database holds does not open anything.
    let dump = desk.dump("account_links").await;
    assert!(!dump.contains(&token[32..]), "{dump}");
}

async fn an_invitation_leads_to_a_password_and_in(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let fields = [
        ("name", "Ivo Convidado"),
        ("email", "ivo@desk.test"),
        ("role", "tech"),
        ("active", "on"),
    ];
    let answer = cast
        .admin
        .submit("/admin/users/new", &fields)
        .await
        .expect(302);
    let invite = answer.location().to_owned();
    assert!(invite.ends_with("/invite"), "{invite}");
    cast.admin.submit(&invite, &[]).await.expect(302);
    cast.tech.get(&invite).await.expect(403);
    desk.settle().await;
    let path = link(&desk, "ivo@desk.test");
    assert!(cast.admin.get(&invite).await.expect(200).shows(&path));
    let mut ivo = desk.browser();
    ivo.get(&path).await.expect(200);
    let answer = ivo
        .submit(&path, &[("password", "curta"), ("password_again", "curta")])
        .await;
    assert!(answer.expect(422).shows("8"));
    let right = [("password", NEW), ("password_again", NEW)];
    let answer = ivo.submit(&path, &right).await.expect(302);
    assert_eq!(answer.location(), "/dashboard");
    ivo.get("/tickets").await.expect(200);
    desk.browser().get(&path).await.expect(404);
}

async fn without_mail_the_administrator_passes_the_invitation_on(kind: Kind) {
    let desk = TestDesk::with(kind, |s| s.mail.delivery = settings::Delivery::Suppressed).await;
    let mut cast = desk.cast().await;
    let id = desk.id("cli@acme.test").await;
    let invite = format!("/admin/users/{id}/invite");
    assert!(
        cast.admin
            .get(&invite)
            .await
            .expect(200)
            .shows("Não há convite")
    );
    cast.admin.submit(&invite, &[]).await.expect(302);
    let page = cast.admin.get(&invite).await.expect(200);
    let path = page.body.split("http://desk.test").nth(1).unwrap();
    let path = path.split('"').next().unwrap().to_owned();
    let right = [("password", NEW), ("password_again", NEW)];
    desk.browser().submit(&path, &right).await.expect(302);
    // It is over for the administrator, too, and after a week it would have been.
    assert!(
        cast.admin
            .get(&invite)
            .await
            .expect(200)
            .shows("Não há convite")
    );
}

async fn a_name_is_changed_in_the_profile(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.client
        .submit("/meu-perfil", &[("name", "Clara Clarice")])
        .await
        .expect(302);
    assert!(
        cast.client
            .get("/meu-perfil")
            .await
            .expect(200)
            .shows("Clara Clarice")
    );
    let answer = cast.client.submit("/meu-perfil", &[("name", " ")]).await;
    answer.expect(422);
    let (_, statements) = desk
        .statements(
            cast.client
                .submit("/meu-perfil", &[("name", "Clara Clarice")]),
        )
        .await;
    assert!(statements <= 10, "{statements}");
}

async fn another_address_counts_when_its_mailbox_has_answered(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let role = kit::Role::Client;
    desk.person("Outra", "outra@acme.test", role, "Acme").await;
    let change =
        |email: &'static str, word: &'static str| [("email", email), ("password_now", word)];
    let page = "/meu-perfil/email";
    let wrong = cast
        .client
        .submit(page, &change("c@acme.test", "errada"))
        .await;
    assert!(wrong.expect(422).shows("Esta não é a sua senha atual"));
    let foreign = cast
        .client
        .submit(page, &change("c@gmail.com", PASSWORD))
        .await;
    assert!(foreign.expect(422).shows("não aceita endereços"));
    // Whether somebody has an address, only its mailbox learns.
    let taken = cast
        .client
        .submit(page, &change("outra@acme.test", PASSWORD))
        .await;
    taken.expect(302);
    desk.settle().await;
    let mails = desk.mails();
    assert!(mails[0].subject.contains("já tem uma conta") && mails[0].to == "outra@acme.test");
    cast.client
        .submit(page, &change("c@acme.test", PASSWORD))
        .await
        .expect(302);
    desk.settle().await;
    // Until it is confirmed, the old one counts.
    assert_eq!(
        sign_in(&mut desk.browser(), "c@acme.test", PASSWORD).await,
        422
    );
    let path = link(&desk, "c@acme.test");
    cast.client.get(&path).await.expect(200);
    let answer = cast.client.submit(&path, &[]).await.expect(302);
    assert_eq!(answer.location(), "/meu-perfil");
    desk.settle().await;
    let told = desk.mails().pop().unwrap();
    assert_eq!(told.to, "cli@acme.test");
    assert!(told.subject.contains("foi trocado") && !told.text.contains("c@acme.test"));
    assert_eq!(
        sign_in(&mut desk.browser(), "c@acme.test", PASSWORD).await,
        302
    );
    assert_eq!(
        sign_in(&mut desk.browser(), "cli@acme.test", PASSWORD).await,
        422
    );
}

async fn a_new_password_ends_every_other_session(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut elsewhere = desk.sign_in("cli@acme.test").await;
    let page = "/meu-perfil/password";
    let fields = |old| {
        [
            ("password_old", old),
            ("password", NEW),
            ("password_again", NEW),
        ]
    };
    let wrong = cast
        .client
        .submit(page, &fields("errada"))
        .await
        .expect(422);
    assert!(wrong.shows("Esta não é a sua senha atual"));
    cast.client
        .submit(page, &fields(PASSWORD))
        .await
        .expect(302);
    desk.settle().await;
    let told = desk.mails().pop().unwrap();
    assert!(told.to == "cli@acme.test" && told.subject.contains("senha foi trocada"));
    cast.client.get("/meu-perfil").await.expect(200);
    elsewhere.get("/meu-perfil").await.expect(302);
    assert_eq!(
        sign_in(&mut desk.browser(), "cli@acme.test", NEW).await,
        302
    );
}

async fn sessions_are_listed_and_ended(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut second = desk.sign_in("cli@acme.test").await;
    let mut third = desk.sign_in("cli@acme.test").await;
    let page = cast.client.get("/meu-perfil").await.expect(200);
    let handles: Vec<String> = page
        .body
        .split("action=\"/meu-perfil/sessions/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(handles.len(), 3);
    // Nobody else's can be ended, whatever is known of them.
    let path = format!("/meu-perfil/sessions/{}", handles[0]);
    cast.tech.submit(&path, &[]).await.expect(404);
    cast.client
        .submit("/meu-perfil/sessions", &[])
        .await
        .expect(302);
    cast.client.get("/dashboard").await.expect(200);
    second.get("/dashboard").await.expect(302);
    third.get("/dashboard").await.expect(302);
    let page = cast.client.get("/meu-perfil").await.expect(200);
    let own = page.body.split("action=\"/meu-perfil/sessions/").nth(1);
    let own = own.unwrap().split('"').next().unwrap().to_owned();
    let answer = cast
        .client
        .submit(&format!("/meu-perfil/sessions/{own}"), &[])
        .await;
    assert_eq!(answer.expect(302).location(), "/auth/login");
    cast.client.get("/dashboard").await.expect(302);
}

/// The words of a new token.
async fn token(browser: &mut Browser, scope: &str, days: &str) -> String {
    let mut fields = vec![("token_name", "CI"), ("scope", scope), ("days", days)];
    // Whoever found the browser open does not know it.
    let unproved = browser.submit("/meu-perfil/tokens", &fields).await;
    assert!(unproved.expect(422).shows("Esta não é a sua senha atual"));
    fields.push(("password_now", PASSWORD));
    let page = browser.submit("/meu-perfil/tokens", &fields).await;
    let page = page.expect(201);
    assert_eq!(page.header("cache-control"), "private, no-store");
    let at = page.body.find("balcao_").unwrap();
    page.body[at..].split('"').next().unwrap().to_owned()
}

async fn a_token_does_what_its_scope_says_until_it_is_revoked(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let ticket = serde_json::json!({ "title": "x", "description": "x", "contact_name": "x" });
    let (list, users) = ("/api/v1/tickets", "/api/v1/users");
    let mut program = desk.browser();
    for (scope, opens, keeps) in [("read", 403, 403), ("write", 201, 403), ("admin", 201, 200)] {
        let words = token(&mut cast.admin, scope, "30").await;
        program.set_token(&words);
        program.get(list).await.expect(200);
        program.call("POST", list, &ticket).await.expect(opens);
        program.get(users).await.expect(keeps);
    }
    // A technician's cannot do what a technician may not.
    let words = token(&mut cast.tech, "admin", "0").await;
    let mut techs = desk.browser();
    techs.set_token(&words);
    techs.get(users).await.expect(403);
    let page = cast.tech.get("/meu-perfil/tokens").await.expect(200);
    assert!(!page.body.contains(&words) && !page.shows("nunca usado"));
    assert!(!desk.dump("api_tokens").await.contains(&words));
    let id = page.body.split("/meu-perfil/tokens/").nth(1).unwrap();
    let path = format!("/meu-perfil/tokens/{}", id.split('"').next().unwrap());
    cast.admin.submit(&path, &[]).await.expect(404);
    cast.tech.submit(&path, &[]).await.expect(302);
    techs.get(list).await.expect(401);
    // One that is over is worth nothing, and neither is one that is made up.
    desk.later(31 * 24 * 60);
    program.get(list).await.expect(401);
    program.set_token("balcao_0000");
    program.get(list).await.expect(401);
    let mut admin = desk.sign_in("adm@desk.test").await;
    let answer = admin
        .submit(
            "/meu-perfil/tokens",
            &[("token_name", ""), ("password_now", PASSWORD)],
        )
        .await;
    assert!(answer.expect(422).shows("Criar token"));
}

async fn a_picture_is_a_real_image_and_seen_by_those_who_may(kind: Kind) {
    const PNG: &[u8] =
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let page = "/meu-perfil/picture";
    let bad = cast
        .client
        .submit_files(page, &[], &[("eu.png", b"<svg onload=alert(1)>")])
        .await;
    assert!(bad.expect(422).shows("não é uma imagem"));
    cast.client
        .submit_files(page, &[], &[("eu.png", PNG)])
        .await
        .expect(302);
    let profile = cast.client.get("/meu-perfil").await.expect(200);
    let path = profile.body.split("src=\"/people/").nth(1).unwrap();
    let path = format!("/people/{}", path.split('"').next().unwrap());
    let picture = cast.client.get(&path).await.expect(200);
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(picture.bytes, PNG);
    cast.tech.get(&path).await.expect(200);
    cast.client2.get(&path).await.expect(404);
    cast.nobody.get(&path).await.expect(302);
    cast.client
        .submit_files(page, &[("remove", "1")], &[])
        .await
        .expect(302);
    cast.client.get(&path).await.expect(404);
    // A job takes the file away, and not another's of the same picture.
    let files: &[(&str, &[u8])] = &[("eu.png", PNG)];
    cast.tech.submit_files(page, &[], files).await.expect(302);
    let on_disk = || std::fs::read_dir(desk.app.settings.uploads.join("pictures")).unwrap();
    assert_eq!(on_disk().count(), 2);
    desk.settle().await;
    assert_eq!(on_disk().count(), 1);
    cast.tech.submit_files(page, &[], files).await.expect(302);
    desk.settle().await;
    assert_eq!(on_disk().count(), 1);
}

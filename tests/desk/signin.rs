//! The second factor: what is shown beside the password.

use kit::{Instant, Role};
use serde_json::json;
use totp_rs::{Builder, Secret};

use ::vault::Keys;

use crate::support::{Answer, Browser, Cast, Kind, PASSWORD, TestDesk, on_each};

on_each!(
    a_code_by_mail_is_asked_for_where_an_administrator_says_so,
    a_code_is_good_once,
    a_code_is_worth_nothing_after_eleven_minutes,
    five_wrong_codes_void_the_code_and_lock_the_account,
    a_right_password_forgets_no_wrong_code,
    another_code_can_be_asked_for_after_a_minute,
    where_to_go_survives_the_step,
    a_pending_sign_in_ends_with_the_password_it_began_with,
    an_app_is_proved_by_a_code_and_no_step_is_good_twice,
    the_key_of_an_app_is_sealed_and_follows_a_rotation,
    a_recovery_code_is_good_once_and_codes_can_be_made_anew,
    changes_ask_who_sits_there_and_end_what_was_open_elsewhere,
    a_role_that_must_have_a_factor_gets_one_before_the_session,
    a_code_by_mail_can_be_the_factor_that_a_role_must_have,
    a_password_alone_adds_nothing_to_a_factor_that_is_there,
    whoever_must_have_a_factor_keeps_the_last_one,
    an_administrator_resets_what_somebody_has_lost,
    an_administrator_proves_themselves_before_they_change_what_is_their_own,
    only_administrators_say_who_must_have_a_factor,
    an_invitation_goes_around_no_second_factor,
    a_reset_of_the_password_goes_around_no_second_factor,
    the_api_asks_for_the_second_factor_too,
    the_api_takes_a_code_that_came_by_mail,
    what_signs_in_anew_ends_the_tokens_of_the_api_at_once,
    whoever_signs_in_by_the_api_stands_in_the_audit,
    a_passkey_that_nobody_has_lets_nobody_in,
);

const LOGIN: &str = "/auth/login";
const OTP: &str = "/auth/otp";
const MINE: &str = "/meu-perfil/security";

/// Signs in with the password; the answer leads on.
async fn password(browser: &mut Browser, email: &str) -> Answer {
    let fields = [("email", email), ("password", PASSWORD)];
    browser.submit(LOGIN, &fields).await
}

/// The six digits of the newest letter to somebody.
async fn code(desk: &TestDesk, to: &str) -> String {
    desk.settle().await;
    let mails = desk.mails();
    let letter = mails.iter().rev().find(|mail| mail.to == to);
    let text = &letter.unwrap_or_else(|| panic!("no letter to {to}")).text;
    let is_code = |line: &&str| line.len() == 6 && line.chars().all(|c| c.is_ascii_digit());
    let found = text.lines().map(str::trim).find(is_code);
    found.unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// Another code than this one.
fn other(code: &str) -> &'static str {
    match code {
        "123456" => "654321",
        _ => "123456",
    }
}

async fn show(browser: &mut Browser, code: &str) -> Answer {
    browser.submit(OTP, &[("code", code)]).await
}

/// The administrator asks somebody for codes by mail.
async fn by_mail(desk: &TestDesk, admin: &mut Browser, email: &str) {
    let page = format!("/admin/users/{}/security", desk.id(email).await);
    admin.submit(&page, &[("email", "on")]).await.expect(302);
    let page = admin.get(&page).await.expect(200);
    assert!(page.shows("Código por e-mail"));
}

/// The code that an app with this key shows.
fn app_code(key: &str, now: Instant) -> String {
    let secret = Secret::try_from_base32(key.replace(' ', "")).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    let seconds = u64::try_from(now.millis() / 1_000).unwrap();
    totp.generate(seconds).to_string()
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("{text}"));
    rest.split_once(to).unwrap().0
}

/// The key that a page shows.
fn key(page: &Answer) -> String {
    between(&page.body, "class=\"secret-key\">", "<").to_owned()
}

/// The recovery codes that a page shows.
fn codes(page: &Answer) -> Vec<String> {
    let parts = page.body.split("<li><code>").skip(1);
    parts
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect()
}

async fn prove(browser: &mut Browser) {
    browser
        .submit(MINE, &[("password_now", PASSWORD)])
        .await
        .expect(302);
}

/// Turns an app on; its key, and the recovery codes.
async fn with_app(desk: &TestDesk, browser: &mut Browser) -> (String, Vec<String>) {
    prove(browser).await;
    browser
        .submit("/meu-perfil/security/totp", &[])
        .await
        .expect(302);
    let page = browser.get("/meu-perfil/security/totp").await.expect(200);
    let key = key(&page);
    let code = app_code(&key, desk.app.clock.now());
    let done = browser
        .submit("/meu-perfil/security/totp/confirm", &[("code", &code)])
        .await
        .expect(200);
    (key, codes(&done))
}

async fn require(cast: &mut Cast, roles: &[&str]) {
    let fields: Vec<(&str, &str)> = roles.iter().map(|role| ("role", *role)).collect();
    cast.admin
        .submit("/admin/security", &fields)
        .await
        .expect(302);
}

async fn kinds(desk: &TestDesk) -> Vec<String> {
    let events = event_log::after(desk.app.db.reader(), 0, 10_000)
        .await
        .unwrap();
    events.into_iter().map(|event| event.kind).collect()
}

async fn a_code_by_mail_is_asked_for_where_an_administrator_says_so(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    // Without a sign-in that waits there is nothing here.
    assert_eq!(cast.nobody.get(OTP).await.expect(302).location(), LOGIN);
    assert_eq!(
        show(&mut cast.nobody, "123456")
            .await
            .expect(302)
            .location(),
        LOGIN
    );
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    // Whoever was in is out, and is told why.
    cast.tech.get("/dashboard").await.expect(302);
    let mut browser = desk.browser();
    let answer = password(&mut browser, "tec@desk.test").await.expect(302);
    assert_eq!(answer.location(), OTP);
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.contains("pending=") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    assert_eq!(browser.cookie("session"), None);
    let stored = desk.dump("pending_sign_ins").await;
    assert!(!stored.contains(browser.cookie("pending").unwrap()));
    let page = browser.get(OTP).await.expect(200);
    assert!(page.shows("tec@desk.test") && page.shows("one-time-code"));
    for path in ["/dashboard", "/tickets", MINE] {
        let answer = browser.get(path).await.expect(302);
        assert!(answer.location().starts_with(LOGIN), "{path}");
    }
    let code = code(&desk, "tec@desk.test").await;
    assert!(!desk.dump("pending_sign_ins").await.contains(&code));
    assert!(!desk.dump("jobs").await.contains(&code));
    let answer = show(&mut browser, other(&code)).await.expect(422);
    assert!(answer.shows("não confere"));
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let answer = show(&mut browser, &spaced).await.expect(302);
    assert_eq!(answer.location(), "/dashboard");
    browser.get("/dashboard").await.expect(200);
    let kinds = kinds(&desk).await;
    for kind in [
        "user.factor_added",
        "user.second_factor_asked",
        "user.sign_in_failed",
    ] {
        assert!(kinds.iter().any(|k| k == kind), "{kind}");
    }
}

async fn a_code_is_good_once(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let mut browser = desk.browser();
    password(&mut browser, "tec@desk.test").await;
    let mut copy = browser.clone();
    let code = code(&desk, "tec@desk.test").await;
    show(&mut browser, &code).await.expect(302);
    // Neither in the sign-in that it was for, nor in another one.
    assert_eq!(show(&mut copy, &code).await.expect(302).location(), LOGIN);
    copy.get("/dashboard").await.expect(302);
    password(&mut copy, "tec@desk.test").await;
    show(&mut copy, &code).await.expect(422);
}

async fn a_code_is_worth_nothing_after_eleven_minutes(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let mut browser = desk.browser();
    password(&mut browser, "tec@desk.test").await;
    let code = code(&desk, "tec@desk.test").await;
    desk.later(11);
    assert_eq!(
        show(&mut browser, &code).await.expect(302).location(),
        LOGIN
    );
    browser.get("/dashboard").await.expect(302);
    desk.later(60);
    desk.settle().await;
    assert!(
        !desk
            .dump("pending_sign_ins")
            .await
            .contains("code_hash: String(Some")
    );
}

async fn five_wrong_codes_void_the_code_and_lock_the_account(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let mut browser = desk.browser();
    password(&mut browser, "tec@desk.test").await;
    let code = code(&desk, "tec@desk.test").await;
    for _ in 0..4 {
        show(&mut browser, other(&code)).await.expect(422);
    }
    let answer = show(&mut browser, other(&code)).await.expect(429);
    assert!(answer.shows("15 minutos"));
    assert_eq!(
        show(&mut browser, &code).await.expect(302).location(),
        LOGIN
    );
    browser.get("/dashboard").await.expect(302);
    // The same lock as of wrong passwords.
    password(&mut browser, "tec@desk.test").await.expect(429);
    desk.later(16);
    assert_eq!(
        password(&mut browser, "tec@desk.test").await.location(),
        OTP
    );
    show(&mut browser, &code).await.expect(422);
}

async fn a_right_password_forgets_no_wrong_code(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let mut browser = desk.browser();
    for _ in 0..2 {
        password(&mut browser, "tec@desk.test").await.expect(302);
        for _ in 0..2 {
            show(&mut browser, "recovery?").await.expect(422);
        }
    }
    password(&mut browser, "tec@desk.test").await.expect(302);
    show(&mut browser, "000000").await.expect(429);
}

async fn another_code_can_be_asked_for_after_a_minute(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let mut browser = desk.browser();
    password(&mut browser, "tec@desk.test").await;
    let first = code(&desk, "tec@desk.test").await;
    let letters = desk.mails().len();
    browser.submit("/auth/otp/send", &[]).await.expect(302);
    desk.settle().await;
    assert_eq!(desk.mails().len(), letters, "one was sent just now");
    desk.later(1);
    browser.submit("/auth/otp/send", &[]).await.expect(302);
    let second = code(&desk, "tec@desk.test").await;
    assert_eq!(desk.mails().len(), letters + 1);
    if first != second {
        show(&mut browser, &first).await.expect(422);
    }
    show(&mut browser, &second).await.expect(302);
    // In the reader's language.
    cast.tech2
        .submit("/language", &[("language", "en"), ("back", "/")])
        .await;
    by_mail(&desk, &mut cast.admin, "tec2@desk.test").await;
    password(&mut desk.browser(), "tec2@desk.test").await;
    code_is_english(&desk).await;
}

async fn code_is_english(desk: &TestDesk) {
    code(desk, "tec2@desk.test").await;
    let mails = desk.mails();
    assert_eq!(mails.last().unwrap().subject, "Your code to sign in");
}

async fn where_to_go_survives_the_step(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    for (next, to) in [
        ("/tickets?view=mine", "/tickets?view=mine"),
        ("//evil", "/dashboard"),
    ] {
        let mut browser = desk.browser();
        let fields = [
            ("email", "tec@desk.test"),
            ("password", PASSWORD),
            ("next", next),
        ];
        browser.submit(LOGIN, &fields).await.expect(302);
        let code = code(&desk, "tec@desk.test").await;
        assert_eq!(show(&mut browser, &code).await.expect(302).location(), to);
    }
}

async fn a_pending_sign_in_ends_with_the_password_it_began_with(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let mut browser = desk.browser();
    password(&mut browser, "tec@desk.test").await;
    let code = code(&desk, "tec@desk.test").await;
    let fields = [
        ("name", "Téo Técnico"),
        ("email", "tec@desk.test"),
        ("role", "tech"),
        ("active", "on"),
        ("password", "uma-senha-nova"),
    ];
    let page = format!("/admin/users/{}", desk.id("tec@desk.test").await);
    cast.admin.submit(&page, &fields).await.expect(302);
    assert_eq!(
        show(&mut browser, &code).await.expect(302).location(),
        LOGIN
    );
    browser.get("/dashboard").await.expect(302);
}

async fn an_app_is_proved_by_a_code_and_no_step_is_good_twice(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut tech = desk.cast().await.tech;
    prove(&mut tech).await;
    tech.submit("/meu-perfil/security/totp", &[])
        .await
        .expect(302);
    let page = tech.get("/meu-perfil/security/totp").await.expect(200);
    assert!(page.shows("<svg class=\"qr\"") && page.header("cache-control").contains("no-store"));
    let key = key(&page);
    let confirm = "/meu-perfil/security/totp/confirm";
    tech.submit(confirm, &[("code", "12")]).await.expect(422);
    // Until it is proved, nothing is asked for.
    assert_eq!(
        password(&mut desk.browser(), "tec@desk.test")
            .await
            .location(),
        "/dashboard"
    );
    let now = desk.app.clock.now();
    let code = app_code(&key, now);
    let done = tech.submit(confirm, &[("code", &code)]).await.expect(200);
    assert_eq!(codes(&done).len(), 10);
    assert!(done.header("cache-control").contains("no-store"));
    let mut browser = desk.browser();
    assert_eq!(
        password(&mut browser, "tec@desk.test").await.location(),
        OTP
    );
    // The code that proved it is used up; the one of the next step is not yet.
    show(&mut browser, &code).await.expect(422);
    let next = app_code(&key, now.plus_seconds(30));
    show(&mut browser, &next).await.expect(302);
    let mut again = desk.browser();
    password(&mut again, "tec@desk.test").await;
    show(&mut again, &next).await.expect(422);
    desk.later(2);
    let before = app_code(&key, desk.app.clock.now().plus_seconds(-30));
    show(&mut again, &before).await.expect(302);
    let mut third = desk.browser();
    password(&mut third, "tec@desk.test").await;
    let late = app_code(&key, desk.app.clock.now().plus_seconds(-90));
    show(&mut third, &late).await.expect(422);
}

async fn the_key_of_an_app_is_sealed_and_follows_a_rotation(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut tech = desk.cast().await.tech;
    let (key, _) = with_app(&desk, &mut tech).await;
    let key = key.replace(' ', "");
    for table in ["secrets", "sign_in_factors", "events", "jobs"] {
        assert!(!desk.dump(table).await.contains(&key), "{table}");
    }
    let place = format!("totp/{}", desk.id("tec@desk.test").await);
    let next = kit::Vault::open(Keys::given([
        "another encryption key, as long as it must be",
        crate::support::ENCRYPTION_KEY,
    ]));
    let tx = desk.app.db.begin().await.unwrap();
    let done = next.reseal(&tx, desk.app.clock.now()).await.unwrap();
    assert_eq!((done.count, done.unreadable.len()), (1, 0));
    assert_eq!(next.get(&tx, &place).await.unwrap().unwrap(), key);
}

async fn a_recovery_code_is_good_once_and_codes_can_be_made_anew(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut tech = desk.cast().await.tech;
    let (_, codes_then) = with_app(&desk, &mut tech).await;
    let stored = desk.dump("recovery_codes").await;
    assert!(
        codes_then
            .iter()
            .all(|code| !stored.contains(code.as_str()))
    );
    assert!(tech.get(MINE).await.shows("Restam 10."));
    let mut browser = desk.browser();
    password(&mut browser, "tec@desk.test").await;
    let typed = codes_then[3].to_uppercase().replace('-', " ");
    show(&mut browser, &typed).await.expect(302);
    assert!(browser.get(MINE).await.shows("Restam 9."));
    let mut again = desk.browser();
    password(&mut again, "tec@desk.test").await;
    show(&mut again, &codes_then[3]).await.expect(422);
    // Made anew, the others are worth nothing, too.
    let path = "/meu-perfil/security/codes";
    assert_eq!(browser.submit(path, &[]).await.expect(302).location(), MINE);
    prove(&mut browser).await;
    let made = codes(&browser.submit(path, &[]).await.expect(200));
    assert!(made.len() == 10 && !made.contains(&codes_then[0]));
    password(&mut again, "tec@desk.test").await;
    show(&mut again, &codes_then[0]).await.expect(422);
    show(&mut again, &made[0]).await.expect(302);
    assert!(
        kinds(&desk)
            .await
            .iter()
            .any(|kind| kind == "user.recovery_code_used")
    );
}

async fn changes_ask_who_sits_there_and_end_what_was_open_elsewhere(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut tech = desk.cast().await.tech;
    let mut elsewhere = desk.sign_in("tec@desk.test").await;
    for path in [
        "email",
        "totp",
        "totp/confirm",
        "totp/remove",
        "codes",
        "passkey",
        "passkey/finish",
    ] {
        let path = format!("{MINE}/{path}");
        let answer = tech.submit(&path, &[("on", "1")]).await.expect(302);
        assert_eq!(answer.location(), MINE, "{path}");
    }
    tech.submit(MINE, &[("password_now", "errada")])
        .await
        .expect(422);
    prove(&mut tech).await;
    // The proof is this session's alone.
    let proof = tech.cookie("proof").unwrap().to_owned();
    elsewhere.set_cookie("proof", &proof);
    let answer = elsewhere
        .submit("/meu-perfil/security/email", &[("on", "1")])
        .await;
    assert_eq!(answer.expect(302).location(), MINE);
    assert!(!elsewhere.get(MINE).await.shows("Desativar código"));
    let made = tech
        .submit("/meu-perfil/security/email", &[("on", "1")])
        .await
        .expect(200);
    assert_eq!(codes(&made).len(), 10);
    elsewhere.get("/dashboard").await.expect(302);
    tech.get("/dashboard").await.expect(200);
    desk.settle().await;
    let letter = desk.mails().pop().unwrap();
    assert_eq!(letter.to, "tec@desk.test");
    assert_eq!(letter.subject, "A segurança da sua conta mudou");
    desk.later(11);
    tech.submit("/meu-perfil/security/email", &[])
        .await
        .expect(302);
    assert!(tech.get(MINE).await.shows("Ativo"), "the proof was over");
    prove(&mut tech).await;
    tech.submit("/meu-perfil/security/email", &[])
        .await
        .expect(302);
    assert!(!tech.get(MINE).await.shows("Ativo"));
    assert_eq!(desk.dump("recovery_codes").await, "[]");
}

async fn a_role_that_must_have_a_factor_gets_one_before_the_session(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    require(&mut cast, &["tech"]).await;
    // Who is in stays until the session ends; other roles are asked for nothing.
    cast.tech.get("/dashboard").await.expect(200);
    assert_eq!(
        password(&mut desk.browser(), "sup@desk.test")
            .await
            .location(),
        "/dashboard"
    );
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
    assert_eq!(
        password(&mut desk.browser(), "tec@desk.test")
            .await
            .location(),
        OTP
    );
}

async fn a_code_by_mail_can_be_the_factor_that_a_role_must_have(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    require(&mut cast, &["client"]).await;
    let mut browser = desk.browser();
    password(&mut browser, "cli@acme.test").await.expect(302);
    let answer = browser.submit("/auth/factor/email", &[]).await.expect(302);
    assert_eq!(answer.location(), OTP);
    browser.get("/dashboard").await.expect(302);
    let code = code(&desk, "cli@acme.test").await;
    show(&mut browser, &code).await.expect(302);
    browser.get("/dashboard").await.expect(200);
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
    let code = code(&desk, "tec@desk.test").await;
    show(&mut browser, &code).await.expect(302);
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
    assert_eq!(
        password(&mut desk.browser(), "tec@desk.test")
            .await
            .location(),
        "/dashboard"
    );
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

async fn whoever_signs_in_by_the_api_stands_in_the_audit(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let body = json!({ "email": "tec@desk.test", "password": PASSWORD });
    let answer = cast.nobody.call("POST", "/api/v1/auth/login", &body).await;
    answer.expect(200);
    let log = desk.dump("events").await;
    let last = log.lines().last().unwrap();
    let seen = last.contains("user.signed_in") && last.contains("API");
    assert!(seen, "{last}");
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
    assert_eq!(
        password(&mut desk.browser(), "tec@desk.test")
            .await
            .location(),
        "/dashboard"
    );
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
    browser.get("/dashboard").await.expect(302);
    let code = code(&desk, "tec@desk.test").await;
    show(&mut browser, &code).await.expect(302);
    browser.get("/dashboard").await.expect(200);
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

async fn a_passkey_that_nobody_has_lets_nobody_in(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    desk.person("Sem Nada", "sem@desk.test", Role::Tech, "")
        .await;
    let mut browser = desk.browser();
    // Without a sign-in that waits, nobody's keys are named.
    browser.submit("/auth/otp/passkey", &[]).await.expect(404);
    let asked = browser
        .submit("/auth/passkey", &[])
        .await
        .expect(200)
        .json();
    let options = &asked["options"];
    assert_eq!(options["rpId"], "desk.test");
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["allowCredentials"], json!([]));
    let challenge = asked["challenge"].as_str().unwrap();
    assert!(!desk.dump("passkey_challenges").await.contains(challenge));
    for credential in ["", "{}", "null", "\u{0}"] {
        let fields = [("challenge", challenge), ("credential", credential)];
        let answer = browser
            .submit("/auth/passkey/finish", &fields)
            .await
            .expect(409);
        assert!(
            answer.shows("Entrar com chave de acesso"),
            "{}",
            answer.body
        );
    }
    assert_eq!(browser.cookie("session"), None);
    // Its name and what is asked for: nothing of a person is told before.
    let mut tech = desk.sign_in("tec@desk.test").await;
    prove(&mut tech).await;
    let begin = "/meu-perfil/security/passkey";
    tech.submit(begin, &[("passkey_name", " ")])
        .await
        .expect(422);
    let page = tech
        .submit(begin, &[("passkey_name", "Celular")])
        .await
        .expect(200);
    assert!(
        page.shows("&quot;residentKey&quot;:&quot;preferred&quot;") || page.shows("residentKey")
    );
    tech.submit(
        "/meu-perfil/security/passkey/finish",
        &[("challenge", challenge)],
    )
    .await
    .expect(409);
    assert_eq!(desk.dump("passkeys").await, "[]");
}

//! The second factor: what is shown beside the password.

use kit::{Instant, Role};
use serde_json::json;
use totp_rs::{Builder, Secret};

use ::vault::Keys;

use crate::support::{Answer, Browser, Kind, PASSWORD, TestDesk, on_each};

on_each!(
    a_code_by_mail_is_asked_for_where_an_administrator_says_so,
    a_code_is_good_once,
    a_code_is_worth_nothing_after_eleven_minutes,
    five_wrong_codes_void_the_code_and_lock_the_account,
    a_right_password_forgets_no_wrong_code,
    another_code_can_be_asked_for_after_a_minute,
    where_to_go_survives_the_step,
    a_code_is_good_for_as_long_as_its_letter_says,
    nobody_keeps_a_sign_in_open_with_ever_more_codes,
    of_two_who_ask_for_a_code_at_once_one_gets_a_letter,
    a_pending_sign_in_ends_with_the_password_it_began_with,
    an_app_is_proved_by_a_code_and_no_step_is_good_twice,
    a_key_is_proved_only_where_it_was_begun,
    a_key_that_nobody_proves_is_over_after_a_while,
    the_key_of_an_app_is_sealed_and_follows_a_rotation,
    a_recovery_code_is_good_once_and_codes_can_be_made_anew,
    changes_ask_who_sits_there_and_end_what_was_open_elsewhere,
    a_passkey_that_nobody_has_lets_nobody_in,
);

pub const LOGIN: &str = "/auth/login";
pub const OTP: &str = "/auth/otp";
pub const MINE: &str = "/meu-perfil/security";

/// Signs in with the password; the answer leads on.
pub async fn password(browser: &mut Browser, email: &str) -> Answer {
    let fields = [("email", email), ("password", PASSWORD)];
    browser.submit(LOGIN, &fields).await
}

/// Where the password leads somebody in a browser of their own.
pub async fn leads(desk: &TestDesk, email: &str) -> String {
    let answer = password(&mut desk.browser(), email).await;
    answer.location().to_owned()
}

/// Shows the code of the newest letter, which lets somebody in.
pub async fn comes_in(desk: &TestDesk, browser: &mut Browser, email: &str) {
    browser.get("/dashboard").await.expect(302);
    let code = code(desk, email).await;
    show(browser, &code).await.expect(302);
    browser.get("/dashboard").await.expect(200);
}

/// The six digits of the newest letter to somebody.
pub async fn code(desk: &TestDesk, to: &str) -> String {
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

pub async fn show(browser: &mut Browser, code: &str) -> Answer {
    browser.submit(OTP, &[("code", code)]).await
}

/// The administrator asks somebody for codes by mail.
pub async fn by_mail(desk: &TestDesk, admin: &mut Browser, email: &str) {
    let page = format!("/admin/users/{}/security", desk.id(email).await);
    admin.submit(&page, &[("email", "on")]).await.expect(302);
    let page = admin.get(&page).await.expect(200);
    assert!(page.shows("Código por e-mail"));
}

/// The code that an app with this key shows.
pub fn app_code(key: &str, now: Instant) -> String {
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
pub fn key(page: &Answer) -> String {
    between(&page.body, "class=\"secret-key\">", "<").to_owned()
}

/// The recovery codes that a page shows.
pub fn codes(page: &Answer) -> Vec<String> {
    let parts = page.body.split("<li><code>").skip(1);
    parts
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect()
}

pub async fn prove(browser: &mut Browser) {
    browser
        .submit(MINE, &[("password_now", PASSWORD)])
        .await
        .expect(302);
}

/// Turns an app on; its key, and the recovery codes.
pub async fn with_app(desk: &TestDesk, browser: &mut Browser) -> (String, Vec<String>) {
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

pub async fn kinds(desk: &TestDesk) -> Vec<String> {
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

async fn a_code_is_good_for_as_long_as_its_letter_says(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    for (minutes, to) in [(9, "/dashboard"), (11, LOGIN)] {
        let mut browser = desk.browser();
        password(&mut browser, "tec@desk.test").await.expect(302);
        desk.later(9);
        browser.submit("/auth/otp/send", &[]).await.expect(302);
        let code = code(&desk, "tec@desk.test").await;
        let mails = desk.mails();
        assert!(mails.last().unwrap().text.contains("vale por 10 minutos"));
        desk.later(minutes);
        let answer = show(&mut browser, &code).await.expect(302);
        assert_eq!(answer.location(), to, "{minutes}");
    }
}

async fn nobody_keeps_a_sign_in_open_with_ever_more_codes(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let mut browser = desk.browser();
    password(&mut browser, "tec@desk.test").await.expect(302);
    let send = "/auth/otp/send";
    for _ in 0..6 {
        desk.later(8);
        let answer = browser.submit(send, &[]).await.expect(302);
        assert_eq!(answer.location().split('?').next(), Some(OTP));
        desk.settle().await;
    }
    desk.later(2);
    let answer = browser.submit(send, &[]).await.expect(302);
    assert_eq!(answer.location(), LOGIN);
}

async fn of_two_who_ask_for_a_code_at_once_one_gets_a_letter(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    by_mail(&desk, &mut cast.admin, "tec@desk.test").await;
    let mut one = desk.browser();
    password(&mut one, "tec@desk.test").await.expect(302);
    desk.settle().await;
    let letters = desk.mails().len();
    desk.later(1);
    let csrf = one.csrf().await;
    let mut other = one.clone();
    let (send, fields) = ("/auth/otp/send", [("csrf", csrf.as_str())]);
    let (first, second) = tokio::join!(
        one.submit_as_is(send, &fields),
        other.submit_as_is(send, &fields)
    );
    first.expect(302);
    second.expect(302);
    desk.settle().await;
    assert_eq!(desk.mails().len(), letters + 1);
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
    assert_eq!(leads(&desk, "tec@desk.test").await, "/dashboard");
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

/// Begins an app; the key that is shown.
async fn begin_app(browser: &mut Browser, path: &str) -> String {
    browser.submit(path, &[]).await.expect(302);
    key(&browser.get(path).await.expect(200))
}

async fn a_key_is_proved_only_where_it_was_begun(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let must = [("role", "client")];
    cast.admin.submit("/admin/security", &must).await;
    let now = desk.app.clock.now();
    for (email, path) in [
        ("tec@desk.test", "/meu-perfil/security/totp"),
        ("cli@acme.test", "/auth/factor/totp"),
    ] {
        let confirm = format!("{path}/confirm");
        let (mut one, mut other) = (desk.browser(), desk.browser());
        for browser in [&mut one, &mut other] {
            password(browser, email).await.expect(302);
            if email == "tec@desk.test" {
                prove(browser).await;
            }
        }
        let own = begin_app(&mut one, path).await;
        // The other browser knows nothing of it.
        other.get(path).await.expect(302);
        let code = app_code(&own, now);
        other.submit(&confirm, &[("code", &code)]).await.expect(302);
        let others = begin_app(&mut other, path).await;
        assert_ne!(own, others);
        let wrong = app_code(&others, now);
        other.submit(&confirm, &[("code", &code)]).await.expect(422);
        one.submit(&confirm, &[("code", &wrong)]).await.expect(422);
        assert_eq!(key(&one.get(path).await.expect(200)), own);
        one.submit(&confirm, &[("code", &code)]).await.expect(200);
        assert_eq!(leads(&desk, email).await, OTP);
        // What was begun elsewhere is void.
        other
            .submit(&confirm, &[("code", &wrong)])
            .await
            .expect(302);
    }
    assert_eq!(desk.dump("unproved_totps").await, "[]");
    assert_eq!(desk.dump("secrets").await.lines().count(), 2);
}

async fn a_key_that_nobody_proves_is_over_after_a_while(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut tech = desk.cast().await.tech;
    prove(&mut tech).await;
    let path = "/meu-perfil/security/totp";
    let key = begin_app(&mut tech, path).await;
    desk.later(9);
    tech.get(path).await.expect(200);
    desk.later(7);
    prove(&mut tech).await;
    let code = app_code(&key, desk.app.clock.now());
    let confirm = format!("{path}/confirm");
    let answer = tech.submit(&confirm, &[("code", &code)]).await.expect(302);
    assert_eq!(answer.location(), MINE);
    assert!(tech.get(MINE).await.shows("não vale mais"));
    assert_eq!(tech.get(path).await.expect(302).location(), MINE);
    desk.later(60);
    desk.settle().await;
    assert_eq!(desk.dump("unproved_totps").await, "[]");
    assert_eq!(desk.dump("secrets").await, "[]");
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
    let long = "Celular ".repeat(9);
    for (name, kept) in [(" ", ""), (long.as_str(), long.as_str())] {
        let fields = [("passkey_name", name)];
        let page = tech.submit(begin, &fields).await.expect(422);
        assert!(page.shows(&format!("value=\"{kept}")), "{}", page.body);
    }
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

//! Single sign-on: whoever is vouched for comes in, and nobody else.

use kit::Context;
use serde_json::{Value, json};

use crate::signin::{OTP, by_mail, code, password};
use crate::sso_provider::{CLIENT, Idp, SECRET, Signed};
use crate::support::{Answer, Browser, Cast, Kind, NOON, TestDesk, on_each};

on_each!(
    a_sign_in_belongs_to_one_browser_and_ends_once,
    a_token_that_is_not_the_answer_to_this_question_is_refused,
    an_answer_of_another_issuer_is_refused,
    a_new_key_of_the_provider_is_fetched,
    what_a_short_token_leaves_out_comes_from_the_user_info,
    whoever_may_not_sign_in_is_not_let_in_by_another_door,
    a_refusal_by_the_network_is_noted_after_the_second_factor_too,
    the_client_secret_is_sealed_and_told_to_nobody_else,
    a_secret_of_another_installation_is_called_unreadable,
    what_a_provider_says_is_not_reflected,
    the_test_says_what_is_wrong,
    the_desks_own_network_is_not_asked,
    an_archived_provider_is_no_door,
    a_provider_that_is_away_is_not_asked_at_each_click,
);

/// A desk that may ask this machine, its people, and a provider.
pub async fn begin(kind: Kind) -> (TestDesk, Cast, Idp) {
    let desk = TestDesk::with(kind, |settings| {
        settings.outgoing.networks = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    let cast = desk.cast().await;
    let idp = Idp::new(&desk).await;
    (desk, cast, idp)
}

/// The form of a provider that is called `acme`, with some fields otherwise.
pub fn fields<'a>(url: &'a str, other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("name", "Acme ID"),
        ("slug", "acme"),
        ("issuer", url),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("scopes", "email profile"),
        ("default_role", "client"),
        ("company_by", "domain"),
        ("makes_accounts", "on"),
        ("wants_verified", "on"),
        ("active", "on"),
    ];
    fields.retain(|(name, _)| !other.iter().any(|(n, _)| n == name));
    fields.extend(other.iter().filter(|(_, value)| *value != "off"));
    fields
}

/// Makes the provider `acme`.
pub async fn make(cast: &mut Cast, idp: &Idp, other: &[(&str, &str)]) {
    let url = idp.url().to_owned();
    let answer = cast
        .admin
        .submit("/admin/sso/new", &fields(&url, other))
        .await;
    answer.expect(302);
}

/// The address of the provider's page.
pub async fn page(cast: &mut Cast) -> String {
    let list = cast.admin.get("/admin/sso").await.expect(200);
    let (_, rest) = list
        .body
        .split_once("<th scope=\"row\"><a href=\"")
        .unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// Changes the provider `acme`.
pub async fn change(cast: &mut Cast, idp: &Idp, other: &[(&str, &str)]) {
    let (page, url) = (page(cast).await, idp.url().to_owned());
    cast.admin
        .submit(&page, &fields(&url, other))
        .await
        .expect(302);
}

/// Goes to the provider and comes back.
pub async fn sign_in(browser: &mut Browser, idp: &Idp) -> Answer {
    let leaving = browser.get("/auth/sso/acme").await.expect(302);
    let back = idp.vouch(leaving.location());
    browser.get(&back).await
}

/// Nobody is in, and the page says why.
#[track_caller]
pub fn is_refused(browser: &Browser, answer: &Answer, words: &str) {
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(answer.shows(words), "{words}: {}", answer.body);
    assert!(browser.cookie("session").is_none());
}

/// Who has this address.
pub async fn somebody(desk: &TestDesk, email: &str) -> people::Person {
    let found = people::by_email(desk.app.db.reader(), email).await.unwrap();
    found.unwrap_or_else(|| panic!("there is no {email}"))
}

/// A provider for the route table.
pub async fn a_provider(desk: &TestDesk) -> String {
    let input = sso::ProviderInput {
        name: "Acme ID".to_owned(),
        slug: "some-provider".to_owned(),
        issuer: "https://id.invalid".to_owned(),
        client_id: CLIENT.to_owned(),
        default_role: "client".to_owned(),
        company_by: "nothing".to_owned(),
        ..sso::ProviderInput::default()
    };
    let mut tx = Context::system(&desk.app).begin().await.unwrap();
    let provider = sso::save(&mut tx, None, &input).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    provider.id.to_string()
}

async fn a_sign_in_belongs_to_one_browser_and_ends_once(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    let words = "demorou demais, já foi usada ou começou em outro navegador";
    // What an attacker began is worth nothing in another's browser: nobody is signed in
    // as somebody else unawares.
    let mut attacker = desk.browser();
    let leaving = attacker.get("/auth/sso/acme").await.expect(302);
    let cookie = leaving.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
    assert!(cookie.contains("Path=/auth/sso") && cookie.contains("Max-Age=600"));
    let back = idp.vouch(leaving.location());
    let mut vera = desk.browser();
    vera.get("/auth/sso/acme").await.expect(302);
    let answer = vera.get(&back).await;
    is_refused(&vera, &answer, words);
    // It is used once, and the cookie goes.
    attacker.get(&back).await.expect(302);
    assert!(attacker.cookie("session").is_some());
    let mut again = desk.browser();
    let leaving = again.get("/auth/sso/acme").await;
    let back = idp.vouch(leaving.location());
    let (mut twin, first) = (again.clone(), again.get(&back).await);
    first.expect(302);
    let replayed = twin.get(&back).await;
    is_refused(&twin, &replayed, words);
    // And within ten minutes.
    let mut late = desk.browser();
    let leaving = late.get("/auth/sso/acme").await;
    let back = idp.vouch(leaving.location());
    desk.later(10);
    let answer = late.get(&back).await;
    is_refused(&late, &answer, words);
    // Two pages may be open; of many the oldest are forgotten, and not kept in cookies
    // until nothing else has room.
    let mut pages = desk.browser();
    let mut backs = Vec::new();
    for _ in 0..6 {
        let leaving = pages.get("/auth/sso/acme").await;
        assert!(leaving.headers["set-cookie"].len() < 400);
        backs.push(idp.vouch(leaving.location()));
    }
    let answer = pages.get(&backs[0]).await;
    is_refused(&pages, &answer, words);
    for back in &backs[4..] {
        pages.get(back).await.expect(302);
    }
    for state in ["", "x", &"0".repeat(64), "../../etc"] {
        let path = kit::with_query(
            "/auth/sso/acme/callback",
            &[("state", state), ("code", "x")],
        );
        let answer = late.get(&path).await;
        is_refused(&late, &answer, words);
    }
    assert!(starts(&desk).await > 0);
    desk.later(61);
    desk.settle().await;
    assert_eq!(starts(&desk).await, 0, "what is over is forgotten");
}

/// How many sign-ins are on their way.
async fn starts(desk: &TestDesk) -> usize {
    use sea_orm::{ConnectionTrait, Statement};
    let db = desk.app.db.reader();
    let sql = "SELECT token_hash FROM sso_starts";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql));
    rows.await.unwrap().len()
}

/// Everything that lies in the data directory, the database first of all; what lies in
/// a server's database otherwise.
async fn everything(desk: &TestDesk) -> String {
    if !desk.app.settings.database_url.starts_with("sqlite:") {
        return format!(
            "{}{}",
            desk.dump("sso_providers").await,
            desk.dump("secrets").await
        );
    }
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&desk.app.settings.data)
        .unwrap()
        .flatten()
    {
        all.extend(std::fs::read(entry.path()).unwrap_or_default());
    }
    String::from_utf8_lossy(&all).into_owned()
}

async fn a_token_that_is_not_the_answer_to_this_question_is_refused(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    let now = NOON.millis() / 1_000;
    let well = Signed::Well;
    for (what, claims, signed) in [
        ("another nonce", json!({ "nonce": "0".repeat(64) }), well),
        ("no nonce", json!({ "nonce": null }), well),
        ("another audience", json!({ "aud": "another" }), well),
        ("more readers", json!({ "aud": [CLIENT, "another"] }), well),
        ("another client", json!({ "azp": "another" }), well),
        (
            "another issuer",
            json!({ "iss": "https://evil.test" }),
            well,
        ),
        ("expired", json!({ "exp": now - 1 }), well),
        (
            "of tomorrow",
            json!({ "iat": now + 86_400, "exp": now + 90_000 }),
            well,
        ),
        ("no subject", json!({ "sub": "" }), well),
        (
            "another access token",
            json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" }),
            well,
        ),
        ("another's signature", json!({}), Signed::ByAnother),
        ("no signature", json!({}), Signed::Not),
        ("the client's signature", json!({}), Signed::WithTheSecret),
    ] {
        idp.set(|says| (says.claims, says.signed) = (claims, signed));
        let mut vera = desk.browser();
        let answer = sign_in(&mut vera, &idp).await;
        assert_eq!(answer.status, 422, "{what}: {}", answer.body);
        is_refused(&vera, &answer, "não pôde ser confirmada");
    }
    idp.set(|says| (says.claims, says.signed) = (json!({}), well));
    // A code that was given out for another question: PKCE and the nonce say so.
    let mut vera = desk.browser();
    let first = vera.get("/auth/sso/acme").await;
    let second = vera.get("/auth/sso/acme").await;
    let (first, second) = (idp.vouch(first.location()), idp.vouch(second.location()));
    let state = |path: &str| path.split_once("&state=").unwrap().1.to_owned();
    let mixed = first.replace(&state(&first), &state(&second));
    let answer = vera.get(&mixed).await;
    is_refused(&vera, &answer, "recusou o pedido");
    let found = people::by_email(desk.app.db.reader(), "vera@acme.test").await;
    assert!(found.unwrap().is_none());
    sign_in(&mut vera, &idp).await.expect(302);
}

async fn an_answer_of_another_issuer_is_refused(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    let mut vera = desk.browser();
    let leaving = vera.get("/auth/sso/acme").await;
    let back = format!(
        "{}&iss=https%3A%2F%2Fevil.test",
        idp.vouch(leaving.location())
    );
    let answer = vera.get(&back).await;
    is_refused(&vera, &answer, "não pôde ser confirmada");
    // Who says that it always names itself must.
    idp.set(|says| says.speaks = true);
    desk.later(61);
    let answer = sign_in(&mut vera, &idp).await;
    is_refused(&vera, &answer, "não pôde ser confirmada");
    let leaving = vera.get("/auth/sso/acme").await;
    let own = kit::percent_encode(idp.url());
    let back = format!("{}&iss={own}", idp.vouch(leaving.location()));
    vera.get(&back).await.expect(302);
}

async fn a_new_key_of_the_provider_is_fetched(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    idp.set(|says| says.key = (1, "second"));
    let mut vera = desk.browser();
    let answer = sign_in(&mut vera, &idp).await;
    // Whoever makes up names of keys does not make the desk ask without end.
    is_refused(&vera, &answer, "não pôde ser confirmada");
    desk.later(2);
    sign_in(&mut vera, &idp).await.expect(302);
}

async fn what_a_short_token_leaves_out_comes_from_the_user_info(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    let short = json!({ "email": null, "email_verified": null, "name": null });
    idp.says(short);
    let more = |sub: &str| json!({ "sub": sub, "email": "vera@acme.test", "email_verified": "true", "given_name": "Vera", "family_name": "V." });
    idp.set(|says| says.more = more("somebody-else"));
    let mut vera = desk.browser();
    let answer = sign_in(&mut vera, &idp).await;
    is_refused(&vera, &answer, "não pôde ser confirmada");
    idp.set(|says| says.more = more("vera-1"));
    sign_in(&mut vera, &idp).await.expect(302);
    assert_eq!(somebody(&desk, "vera@acme.test").await.name, "Vera V.");
    idp.set(|says| says.more = json!({ "sub": "nobody-2" }));
    idp.says(json!({ "sub": "nobody-2", "email": null }));
    let mut nobody = desk.browser();
    let answer = sign_in(&mut nobody, &idp).await;
    is_refused(&nobody, &answer, "não informou um e-mail");
}

async fn whoever_may_not_sign_in_is_not_let_in_by_another_door(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    let vera = somebody(&desk, "vera@acme.test").await;
    let path = format!("/admin/users/{}", vera.id);
    let acme = desk.company("Acme").await;
    let mut user = vec![
        ("name", "Vera"),
        ("email", "vera@acme.test"),
        ("role", "client"),
        ("company_id", acme.as_str()),
    ];
    cast.admin.submit(&path, &user).await.expect(302);
    let mut browser = desk.browser();
    let answer = sign_in(&mut browser, &idp).await;
    is_refused(&browser, &answer, "está arquivada");
    user.push(("active", "on"));
    cast.admin.submit(&path, &user).await.expect(302);
    // The company's networks hold, whoever vouches.
    let company = format!("/admin/companies/{acme}");
    let networks = [
        ("name", "Acme"),
        ("domains", "acme.test"),
        ("allowed_ips", "10.0.0.0/8"),
        ("active", "on"),
    ];
    cast.admin.submit(&company, &networks).await.expect(302);
    let mut outside = desk.browser().at("203.0.113.9");
    let answer = sign_in(&mut outside, &idp).await;
    is_refused(
        &outside,
        &answer,
        "não permite entrar a partir deste endereço",
    );
    // Noted once, and as hers.
    assert_eq!(noted(&desk, "access.refused").await, [vera.id.0]);
    assert_eq!(noted(&desk, "sso.refused").await.len(), 1, "of before");
    let mut inside = desk.browser().at("10.1.2.3");
    sign_in(&mut inside, &idp).await.expect(302);
    let history = cast.admin.get("/admin/audit").await;
    assert!(history.shows("Login único recusado"), "{}", history.body);
}

/// About whom events of a kind are.
async fn noted(desk: &TestDesk, kind: &str) -> Vec<uuid::Uuid> {
    let all = event_log::after(desk.app.db.reader(), 0, 10_000).await;
    let all = all.unwrap().into_iter().filter(|event| event.kind == kind);
    all.map(|event| event.subject).collect()
}

async fn a_refusal_by_the_network_is_noted_after_the_second_factor_too(kind: Kind) {
    let (desk, mut cast, _) = begin(kind).await;
    by_mail(&desk, &mut cast.admin, "cli@acme.test").await;
    let company = format!("/admin/companies/{}", desk.company("Acme").await);
    let networks = [
        ("name", "Acme"),
        ("domains", "acme.test"),
        ("allowed_ips", "10.0.0.0/8"),
        ("active", "on"),
    ];
    cast.admin.submit(&company, &networks).await.expect(302);
    let mut clara = desk.browser().at("10.1.2.3");
    let answer = password(&mut clara, "cli@acme.test").await.expect(302);
    assert_eq!(answer.location(), OTP);
    let digits = code(&desk, "cli@acme.test").await;
    let mut clara = clara.at("203.0.113.9");
    let shown = [("code", digits.as_str())];
    let answer = clara.submit(OTP, &shown).await.expect(403);
    assert!(answer.shows("Sua empresa só permite"), "{}", answer.body);
    let clara = somebody(&desk, "cli@acme.test").await;
    assert_eq!(noted(&desk, "access.refused").await, [clara.id.0]);
}

async fn the_client_secret_is_sealed_and_told_to_nobody_else(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    let page = page(&mut cast).await;
    let shown = cast.admin.get(&page).await;
    assert!(shown.shows("Há um segredo guardado") && !shown.shows(SECRET));
    let kept = everything(&desk).await;
    assert!(kept.contains("Acme ID") && !kept.contains(SECRET));
    // A rotation of the key takes it along, and it still is the secret.
    let keys = ::vault::Keys::given([
        "another key for tests, long enough, too",
        crate::support::ENCRYPTION_KEY,
    ]);
    let vault = kit::Vault::open(keys);
    let tx = desk.app.db.begin().await.unwrap();
    assert_eq!(vault.reseal(&tx, NOON).await.unwrap().count, 1);
    drop(tx);
    // Saved again without a word it stays.
    change(&mut cast, &idp, &[("client_secret", ""), ("name", "Acme")]).await;
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    // Another issuer does not hear it, whoever changes the address, nor in a test.
    let other = Idp::new(&desk).await;
    let url = other.url().to_owned();
    let typed = fields(&url, &[("client_secret", ""), ("test", "1")]);
    let tested = cast.admin.submit(&page, &typed).await.expect(200);
    assert!(tested.shows("não aceita o ID"), "{}", tested.body);
    change(&mut cast, &other, &[("client_secret", "")]).await;
    let mut vera = desk.browser();
    let answer = sign_in(&mut vera, &other).await;
    is_refused(&vera, &answer, "recusou o pedido");
    // And who is somebody there is nobody of before.
    change(&mut cast, &other, &[("makes_accounts", "off")]).await;
    other.says(json!({ "email": "elsewhere@acme.test" }));
    let answer = sign_in(&mut vera, &other).await;
    is_refused(&vera, &answer, "não tem conta");
}

async fn a_secret_of_another_installation_is_called_unreadable(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    let page = page(&mut cast).await;
    let id = page.rsplit('/').next().unwrap();
    // As if the database had come without its key.
    let keys = ::vault::Keys::given(["the key of another installation, long enough"]);
    let tx = desk.app.db.begin().await.unwrap();
    let name = format!("sso {id}");
    let elsewhere = kit::Vault::open(keys);
    elsewhere.put(&tx, &name, SECRET, NOON).await.unwrap();
    tx.commit().await.unwrap();
    let shown = cast.admin.get(&page).await.expect(200);
    assert!(shown.shows("Credencial ilegível") && !shown.shows("Há um segredo guardado"));
    let mut vera = desk.browser();
    let answer = sign_in(&mut vera, &idp).await;
    is_refused(&vera, &answer, "não está configurad");
    // Typed again it holds.
    change(&mut cast, &idp, &[]).await;
    sign_in(&mut desk.browser(), &idp).await.expect(302);
}

async fn what_a_provider_says_is_not_reflected(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    for (error, words) in [
        ("access_denied", "a entrada foi cancelada"),
        ("<script>alert(1)</script>", "recusou o pedido"),
    ] {
        let mut vera = desk.browser();
        let leaving = vera.get("/auth/sso/acme").await;
        let state = idp.asked(leaving.location()).state;
        let said = [
            ("state", state.as_str()),
            ("error", error),
            ("error_description", error),
        ];
        let answer = vera
            .get(&kit::with_query("/auth/sso/acme/callback", &said))
            .await;
        is_refused(&vera, &answer, words);
        assert!(!answer.shows("alert(1)"));
    }
    idp.says(json!({ "name": "<b>Vera</b>\u{0}" }));
    let mut vera = desk.browser();
    sign_in(&mut vera, &idp).await.expect(302);
    assert!(!vera.get("/dashboard").await.shows("<b>Vera"));
}

async fn the_test_says_what_is_wrong(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    let url = idp.url().to_owned();
    let gone = format!("{url}/realms/none");
    let test = |other: Vec<(&'static str, &'static str)>, url: String| {
        let mut admin = cast.admin.clone();
        async move {
            let mut all = vec![("test", "1")];
            all.extend(other);
            let typed = fields(&url, &all);
            admin.submit("/admin/sso/new", &typed).await.expect(200)
        }
    };
    let good = test(vec![], url.clone()).await;
    for words in [
        "O provedor responde como deve",
        "Chaves de assinatura: 1",
        "PKCE com S256",
        "aceita o ID",
        "http://desk.test/auth/sso/acme/callback",
    ] {
        assert!(good.shows(words), "{words}: {}", good.body);
    }
    assert_eq!(good.header("cache-control"), "private, no-store");
    let words = test(vec![("client_secret", "wrong")], url.clone()).await;
    assert!(words.shows("Assim ninguém entra") && words.shows("não aceita o ID"));
    let words = test(vec![("scopes", "email groups")], url.clone()).await;
    assert!(words.shows("não lista estes escopos: groups"));
    let words = test(vec![], gone).await;
    assert!(
        words.shows("documento de descoberta não existe lá"),
        "{}",
        words.body
    );
    idp.set(|says| says.issuer = Some("https://other.test".to_owned()));
    let words = test(vec![], url.clone()).await;
    assert!(words.shows("diz ser outro"));
    idp.set(|says| (says.issuer, says.moved) = (None, Some("https://evil.test/".to_owned())));
    let words = test(vec![], url).await;
    assert!(words.shows("aponta para outro endereço"));
    assert!(
        !desk.dump("sso_providers").await.contains("Acme"),
        "a test keeps nothing"
    );
    let said = cast.tech.submit("/admin/sso/new", &[("test", "1")]).await;
    assert_eq!(said.status, 403);
}

async fn the_desks_own_network_is_not_asked(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let idp = Idp::new(&desk).await;
    make(&mut cast, &idp, &[]).await;
    let mut vera = desk.browser();
    let answer = vera.get("/auth/sso/acme").await;
    is_refused(&vera, &answer, "não respondeu como devia");
    for url in [
        idp.url(),
        "https://169.254.169.254",
        "https://[::1]:8443",
        "https://localhost",
        "https://2130706433/",
    ] {
        let typed = fields(url, &[("test", "1")]);
        let answer = cast.admin.submit("/admin/sso/new", &typed).await;
        assert!(answer.shows("OUTGOING_PRIVATE"), "{url}: {}", answer.body);
    }
}

async fn an_archived_provider_is_no_door(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    let mut vera = desk.browser();
    let leaving = vera.get("/auth/sso/acme").await;
    let back = idp.vouch(leaving.location());
    change(&mut cast, &idp, &[("active", "off")]).await;
    vera.get("/auth/sso/acme").await.expect(404);
    vera.get(&back).await.expect(404);
    assert!(!vera.get("/auth/login").await.shows("Acme ID"));
    let again = cast
        .admin
        .submit("/admin/sso/new", &fields(idp.url(), &[]))
        .await;
    let taken: Value = json!(again.status);
    assert_eq!(taken, 422, "{}", again.body);
}

async fn a_provider_that_is_away_is_not_asked_at_each_click(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    idp.set(|says| says.moved = Some("https://away.test/".to_owned()));
    let mut vera = desk.browser();
    for _ in 0..3 {
        let answer = vera.get("/auth/sso/acme").await;
        is_refused(&vera, &answer, "não respondeu como devia");
    }
    assert_eq!(idp.times_asked(), 1);
    // The test asks each time, and what it finds counts at once.
    let page = page(&mut cast).await;
    let typed = fields(idp.url(), &[("test", "1")]);
    let answer = cast.admin.submit(&page, &typed).await.expect(200);
    assert!(answer.shows("aponta para outro endereço"));
    assert_eq!(idp.times_asked(), 2);
    idp.set(|says| says.moved = None);
    let answer = vera.get("/auth/sso/acme").await;
    is_refused(&vera, &answer, "não respondeu como devia");
    cast.admin.submit(&page, &typed).await.expect(200);
    vera.get("/auth/sso/acme").await.expect(302);
    // And a while later everybody asks again.
    desk.later(61);
    idp.set(|says| says.moved = Some("https://away.test/".to_owned()));
    vera.get("/auth/sso/acme").await.expect(422);
    idp.set(|says| says.moved = None);
    desk.later(1);
    vera.get("/auth/sso/acme").await.expect(302);
}

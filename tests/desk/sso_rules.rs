//! Single sign-on: what a provider's word makes of people, and whose accounts it opens.

use kit::Role;
use serde_json::json;

use crate::roles::make_role;
use crate::signin::{OTP, by_mail, comes_in};
use crate::sso::{begin, change, is_refused, make, page, sign_in, somebody};
use crate::sso_provider::Idp;
use crate::support::{Answer, Browser, Cast, Kind, PASSWORD, TestDesk, on_each};

on_each!(
    whoever_is_vouched_for_gets_an_account_by_the_rules,
    what_a_rule_gave_is_over_with_the_rule,
    a_rule_gives_a_role_that_was_made_here_and_takes_it_away,
    a_rule_names_no_role_that_cannot_be_given,
    a_company_comes_from_a_claim_or_is_always_the_same,
    an_account_is_linked_only_where_that_is_safe,
    the_last_administrator_is_not_demoted_by_a_rule,
    one_links_ones_own_account_and_keeps_a_way_in,
    a_mailbox_hears_of_every_link_and_of_its_end,
    a_password_that_replaces_another_ends_what_was_linked,
    whoever_has_no_password_keeps_their_link_when_they_get_one,
    a_providers_word_is_one_thing_and_a_second_factor_another,
    a_strength_that_was_demanded_is_asked_for_and_checked,
);

async fn whoever_is_vouched_for_gets_an_account_by_the_rules(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    let rules = [
        ("rule_claim", "groups"),
        ("rule_value", "helpdesk"),
        ("rule_role", "tech"),
    ];
    make(&mut cast, &idp, &rules).await;
    let mut vera = desk.browser();
    let login = vera.get("/auth/login").await;
    assert!(login.shows("Entrar com Acme ID") && login.shows("/auth/sso/acme"));
    let leaving = vera.get("/auth/sso/acme?next=/tickets?view=mine").await;
    let back = idp.vouch(leaving.location());
    let asked = idp.asked(leaving.location());
    assert_eq!(asked.scope, "openid email profile");
    let answer = vera.get(&back).await.expect(302);
    assert_eq!(answer.location(), "/tickets?view=mine");
    assert!(vera.get("/dashboard").await.shows("Vera Vinda"));
    let person = somebody(&desk, "vera@acme.test").await;
    let acme = desk.company("Acme").await;
    assert_eq!(
        (person.role, person.company.unwrap().to_string()),
        (Role::Client, acme)
    );
    let db = desk.app.db.reader();
    let told = event_log::about(db, person.id.0, &["user.signed_in"], None, 9).await;
    assert_eq!(told.unwrap()[0].data["by"], "Acme ID");
    // Another one, of whom a rule says more; and the first one again, who is the same.
    idp.says(json!({ "sub": "tito", "email": "tito@desk.test", "groups": ["x", "helpdesk"] }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    let tito = somebody(&desk, "tito@desk.test").await;
    assert_eq!((tito.role, tito.company), (Role::Tech, None));
    idp.says(json!({ "email": "another@acme.test" }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    let found = people::by_email(desk.app.db.reader(), "another@acme.test").await;
    assert!(
        found.unwrap().is_none(),
        "who somebody is does not hang on the address"
    );
    let history = cast.admin.get("/admin/audit?what=accounts").await;
    assert!(
        history.shows("Conta de outro lugar vinculada"),
        "{}",
        history.body
    );
}

async fn what_a_rule_gave_is_over_with_the_rule(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    let rules = [
        ("links_accounts", "on"),
        ("rule_claim", "groups"),
        ("rule_value", "leads"),
        ("rule_role", "supervisor"),
    ];
    make(&mut cast, &idp, &rules).await;
    let role = |email: &'static str| {
        let desk = &desk;
        async move { somebody(desk, email).await.role }
    };
    idp.says(json!({ "groups": ["leads"] }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    assert_eq!(role("vera@acme.test").await, Role::Supervisor);
    idp.says(json!({ "groups": ["others"] }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    assert_eq!(role("vera@acme.test").await, Role::Client);
    // What somebody here gave stays where no rule speaks.
    idp.says(json!({ "sub": "tec", "email": "tec@desk.test" }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    assert_eq!(role("tec@desk.test").await, Role::Tech);
    // And whom no rule fits may be nobody.
    change(
        &mut cast,
        &idp,
        &[&rules[..], &[("default_role", "refuse")]].concat(),
    )
    .await;
    let mut browser = desk.browser();
    let answer = sign_in(&mut browser, &idp).await;
    is_refused(&browser, &answer, "não dá acesso");
}

/// The rule by which `groups` gives a role.
fn rule<'a>(group: &'a str, role: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("rule_claim", "groups"),
        ("rule_value", group),
        ("rule_role", role),
    ]
}

async fn a_rule_gives_a_role_that_was_made_here_and_takes_it_away(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    let may = ["ticket.work"];
    let made = make_role(&mut cast.admin, "Plantão", "tech", &may).await;
    let rules = [
        &rule("shift", &made)[..],
        &rule("helpdesk", "tech"),
        &[("links_accounts", "on")],
    ]
    .concat();
    make(&mut cast, &idp, &rules).await;
    let shown = page(&mut cast).await;
    let shown = cast.admin.get(&shown).await.expect(200);
    assert!(
        shown.shows(&format!("value=\"{made}\" selected")),
        "{}",
        shown.body
    );
    let custom = |email: &'static str| {
        let desk = &desk;
        async move {
            let person = somebody(desk, email).await;
            (person.role, person.custom.map(|id| id.to_string()))
        }
    };
    idp.says(json!({ "groups": ["shift"] }));
    let mut vera = desk.browser();
    sign_in(&mut vera, &idp).await.expect(302);
    assert_eq!(
        custom("vera@acme.test").await,
        (Role::Tech, Some(made.clone()))
    );
    vera.get("/tickets").await.expect(200);
    vera.get("/admin/users").await.expect(403);
    // Another rule that fits says otherwise; then none fits any more.
    idp.says(json!({ "groups": ["helpdesk"] }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    assert_eq!(custom("vera@acme.test").await, (Role::Tech, None));
    idp.says(json!({ "groups": ["shift"] }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    idp.says(json!({ "groups": [] }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    assert_eq!(custom("vera@acme.test").await, (Role::Client, None));
    // A finer role that somebody here gave is not taken away by a rule of the same base.
    let tec = desk.id("tec@desk.test").await;
    let by_hand = [
        ("name", "Téo Técnico"),
        ("email", "tec@desk.test"),
        ("role", &made),
        ("active", "on"),
    ];
    let user = format!("/admin/users/{tec}");
    cast.admin.submit(&user, &by_hand).await.expect(302);
    idp.says(json!({ "sub": "tec", "email": "tec@desk.test", "groups": ["helpdesk"] }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    assert_eq!(custom("tec@desk.test").await, (Role::Tech, Some(made)));
}

async fn a_rule_names_no_role_that_cannot_be_given(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    let made = make_role(&mut cast.admin, "Plantão", "tech", &[]).await;
    make(&mut cast, &idp, &rule("shift", &made)).await;
    let path = format!("/admin/roles/{made}");
    let archived = [("name", "Plantão")];
    cast.admin.submit(&path, &archived).await.expect(302);
    // What is archived gives nothing, not even what it began from.
    idp.says(json!({ "groups": ["shift"] }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    let vera = somebody(&desk, "vera@acme.test").await;
    assert_eq!((vera.role, vera.custom), (Role::Client, None));
    let page = page(&mut cast).await;
    let nobody = uuid::Uuid::nil().to_string();
    for (role, words) in [
        (made.as_str(), "este perfil foi arquivado"),
        (&nobody, "este perfil foi arquivado"),
        ("king", "informe o atributo"),
    ] {
        let typed = crate::sso::fields(idp.url(), &rule("shift", role));
        let answer = cast.admin.submit(&page, &typed).await.expect(422);
        assert!(answer.shows(words), "{role}: {}", answer.body);
    }
}

async fn a_company_comes_from_a_claim_or_is_always_the_same(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    let by_claim = [("company_by", "claim"), ("company_claim", "org.name")];
    make(&mut cast, &idp, &by_claim).await;
    idp.says(json!({ "org": { "name": "beta" } }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    let company = |email: &'static str| {
        let desk = &desk;
        async move { somebody(desk, email).await.company.map(|id| id.to_string()) }
    };
    let (acme, beta) = (desk.company("Acme").await, desk.company("Beta").await);
    assert_eq!(company("vera@acme.test").await, Some(beta));
    idp.says(json!({ "org": { "name": "nobody knows it" } }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    assert_eq!(
        company("vera@acme.test").await,
        Some(desk.company("Beta").await)
    );
    change(
        &mut cast,
        &idp,
        &[("company_by", "fixed"), ("company_id", &acme)],
    )
    .await;
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    assert_eq!(company("vera@acme.test").await, Some(acme));
}

async fn an_account_is_linked_only_where_that_is_safe(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    let clara = |verified: bool| json!({ "sub": "clara", "email": "CLI@acme.test", "email_verified": verified });
    let taken = "Já existe uma conta com o seu e-mail";
    let mut browser = desk.browser();
    // Not where nobody wanted it; then not without the provider's word for the address.
    idp.says(clara(true));
    let answer = sign_in(&mut browser, &idp).await;
    is_refused(&browser, &answer, taken);
    change(&mut cast, &idp, &[("links_accounts", "on")]).await;
    for claims in [
        clara(false),
        json!({ "sub": "clara", "email": "cli@acme.test", "email_verified": null }),
    ] {
        idp.says(claims);
        let answer = sign_in(&mut browser, &idp).await;
        is_refused(&browser, &answer, taken);
    }
    // Whoever runs the provider does not become the desk's administrator.
    idp.says(json!({ "sub": "ana", "email": "adm@desk.test" }));
    let answer = sign_in(&mut browser, &idp).await;
    is_refused(&browser, &answer, taken);
    // Nobody waits in an account for its address's owner to come.
    let owner = somebody(&desk, "cli2@beta.test").await;
    unconfirm(&desk, &owner).await;
    idp.says(json!({ "sub": "caio", "email": "cli2@beta.test" }));
    let answer = sign_in(&mut browser, &idp).await;
    is_refused(&browser, &answer, "ainda não foi confirmado");
    // No account is made for an address that may be another's, either.
    idp.says(json!({ "sub": "new", "email": "new@acme.test", "email_verified": false }));
    let answer = sign_in(&mut browser, &idp).await;
    is_refused(&browser, &answer, "não confirmou que o e-mail é seu");
    idp.says(clara(true));
    sign_in(&mut browser, &idp).await.expect(302);
    assert!(browser.get("/dashboard").await.shows("Clara Cliente"));
    // Somebody else who is given her address later is not her.
    idp.says(json!({ "sub": "another", "email": "cli@acme.test", "email_verified": true }));
    let mut heir = desk.browser();
    let answer = sign_in(&mut heir, &idp).await;
    is_refused(&heir, &answer, taken);
    change(&mut cast, &idp, &[("makes_accounts", "off")]).await;
    idp.says(json!({}));
    let mut vera = desk.browser();
    let answer = sign_in(&mut vera, &idp).await;
    is_refused(&vera, &answer, "não tem conta");
}

/// As if somebody had registered and never opened the letter.
async fn unconfirm(desk: &TestDesk, person: &people::Person) {
    use sea_orm::{ConnectionTrait, Statement};
    let tx = desk.app.db.begin().await.unwrap();
    let sql = format!(
        "UPDATE users SET confirmed_at = NULL WHERE email = '{}'",
        person.email
    );
    let backend = tx.get_database_backend();
    tx.execute_raw(Statement::from_string(backend, sql))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn the_last_administrator_is_not_demoted_by_a_rule(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    let rule = [
        ("rule_claim", "groups"),
        ("rule_value", "it"),
        ("rule_role", "tech"),
    ];
    make(&mut cast, &idp, &rule).await;
    idp.says(json!({ "sub": "ana", "email": "adm@desk.test", "groups": ["it"] }));
    link(&mut cast.admin, &idp, PASSWORD).await.expect(302);
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    assert_eq!(somebody(&desk, "adm@desk.test").await.role, Role::Admin);
    desk.person("Bia", "bia@desk.test", Role::Admin, "").await;
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    assert_eq!(somebody(&desk, "adm@desk.test").await.role, Role::Tech);
}

/// Links the account of whoever has signed in.
async fn link(browser: &mut Browser, idp: &Idp, password: &str) -> Answer {
    let fields = [("provider", "acme"), ("password_now", password)];
    let page = browser.submit("/meu-perfil/sso", &fields).await.expect(200);
    let (_, rest) = page.body.split_once("href=\"/auth/sso/acme?link=").unwrap();
    let ticket = rest.split_once('"').unwrap().0;
    let leaving = browser.get(&format!("/auth/sso/acme?link={ticket}")).await;
    let back = idp.vouch(leaving.expect(302).location());
    browser.get(&back).await
}

async fn one_links_ones_own_account_and_keeps_a_way_in(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    let wrong = [("provider", "acme"), ("password_now", "not-mine")];
    cast.client
        .submit("/meu-perfil/sso", &wrong)
        .await
        .expect(422);
    for ticket in ["x", "99999999999999.abc"] {
        let path = format!("/auth/sso/acme?link={ticket}");
        cast.client.get(&path).await.expect(404);
    }
    idp.says(json!({ "sub": "clara", "email": "clara@home.test", "email_verified": false }));
    let answer = link(&mut cast.client, &idp, PASSWORD).await.expect(302);
    assert_eq!(answer.location(), "/meu-perfil/sso");
    let own = cast.client.get("/meu-perfil/sso").await;
    assert!(own.shows("clara@home.test") && own.shows("Desvincular"));
    let mut elsewhere = desk.browser();
    sign_in(&mut elsewhere, &idp).await.expect(302);
    assert!(elsewhere.get("/dashboard").await.shows("Clara Cliente"));
    // Nobody else links the same account.
    let refused = link(&mut cast.client2, &idp, PASSWORD).await;
    assert!(refused.status == 422 && refused.shows("já está vinculada a outra pessoa"));
    let unlink = |page: &Answer| {
        let (_, rest) = page.body.split_once("href=\"/meu-perfil/sso/").unwrap();
        format!("/meu-perfil/sso/{}", rest.split_once('"').unwrap().0)
    };
    let path = unlink(&own);
    // Whoever found the browser open does not know the password.
    let asked = cast.client.get(&path).await.expect(200);
    assert!(asked.shows("Senha atual") && asked.shows("outras sessões serão encerradas"));
    for fields in [&[][..], &[("password_now", "not-mine")]] {
        cast.client.submit(&path, fields).await.expect(422);
    }
    elsewhere.get("/dashboard").await.expect(200);
    let mine = [("password_now", PASSWORD)];
    cast.client2.get(&path).await.expect(404);
    cast.client2.submit(&path, &mine).await.expect(404);
    cast.client.submit(&path, &mine).await.expect(302);
    assert_eq!(
        elsewhere.get("/dashboard").await.status,
        302,
        "other sessions end"
    );
    // Whoever was made by the provider has no other way in, and keeps this one.
    idp.says(json!({}));
    let mut vera = desk.browser();
    sign_in(&mut vera, &idp).await.expect(302);
    let own = vera.get("/meu-perfil/sso").await;
    vera.get(&unlink(&own)).await.expect(409);
    let answer = vera.submit(&unlink(&own), &[]).await;
    assert!(
        answer.status == 409 && answer.shows("única forma de entrar"),
        "{}",
        answer.body
    );
}

/// The newest letter, once everything was sent.
async fn letter(desk: &TestDesk) -> mail::Message {
    desk.settle().await;
    desk.mails().pop().expect("no letter")
}

async fn a_mailbox_hears_of_every_link_and_of_its_end(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    // Whose account was made for it knows.
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    desk.settle().await;
    assert_eq!(desk.mails().len(), 0);
    idp.says(json!({ "sub": "clara", "email": "clara@home.test" }));
    link(&mut cast.client, &idp, PASSWORD).await.expect(302);
    let told = letter(&desk).await;
    assert_eq!(told.to, "cli@acme.test");
    assert_eq!(told.subject, "Acme ID passou a abrir a sua conta");
    assert!(
        told.text.contains("http://desk.test/meu-perfil/sso"),
        "{}",
        told.text
    );
    let own = cast.client.get("/meu-perfil/sso").await;
    let (_, rest) = own.body.split_once("href=\"/meu-perfil/sso/").unwrap();
    let path = format!("/meu-perfil/sso/{}", rest.split_once('"').unwrap().0);
    let mine = [("password_now", PASSWORD)];
    cast.client.submit(&path, &mine).await.expect(302);
    let told = letter(&desk).await;
    assert_eq!(told.to, "cli@acme.test");
    assert_eq!(told.subject, "Acme ID não abre mais a sua conta");
    // And whoever is linked by their address, which they may not have wanted.
    change(&mut cast, &idp, &[("links_accounts", "on")]).await;
    idp.says(json!({ "sub": "caio", "email": "cli2@beta.test" }));
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    let told = letter(&desk).await;
    assert_eq!(told.to, "cli2@beta.test");
    assert_eq!(told.subject, "Acme ID passou a abrir a sua conta");
}

/// The password that replaces another.
const NEW: &str = "correct-horse-battery-2";

/// Somebody forgot theirs, chooses another with the link from their mailbox, and comes
/// in with it.
async fn reset(desk: &TestDesk, email: &str) -> Browser {
    let mut browser = desk.browser();
    let ask = [("email", email)];
    browser.submit("/auth/forgot", &ask).await.expect(302);
    let told = letter(desk).await;
    let (_, rest) = told
        .text
        .split_once("http://desk.test/auth/reset/")
        .unwrap();
    let token = rest.split_whitespace().next().unwrap();
    let right = [("password", NEW), ("password_again", NEW)];
    let path = format!("/auth/reset/{token}");
    browser.submit(&path, &right).await.expect(302);
    let fields = [("email", email), ("password", NEW)];
    browser.submit("/auth/login", &fields).await.expect(302);
    browser
}

async fn a_password_that_replaces_another_ends_what_was_linked(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    // An intruder has linked an account of their own to Clara's.
    idp.says(json!({ "sub": "intruder", "email": "intruder@home.test" }));
    link(&mut cast.client, &idp, PASSWORD).await.expect(302);
    let mut intruder = desk.browser();
    sign_in(&mut intruder, &idp).await.expect(302);
    assert!(intruder.get("/dashboard").await.shows("Clara Cliente"));
    change(&mut cast, &idp, &[("makes_accounts", "off")]).await;
    let mut clara = reset(&desk, "cli@acme.test").await;
    intruder.get("/dashboard").await.expect(302);
    // At once, and not only when the link has been taken away.
    let mut intruder = desk.browser();
    for _ in 0..2 {
        let answer = sign_in(&mut intruder, &idp).await;
        is_refused(&intruder, &answer, "não tem conta");
        desk.settle().await;
    }
    // Clara stays in, and nobody takes away what she links from now on.
    clara.get("/dashboard").await.expect(200);
    desk.later(1);
    idp.says(json!({ "sub": "clara", "email": "clara@home.test" }));
    link(&mut clara, &idp, NEW).await.expect(302);
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    idp.says(json!({ "sub": "intruder", "email": "intruder@home.test" }));
    let told = desk.mails().pop().unwrap();
    assert_eq!(told.subject, "Acme ID não abre mais a sua conta");
    // As when an administrator sets it.
    link(&mut cast.client2, &idp, PASSWORD).await.expect(302);
    sign_in(&mut intruder, &idp).await.expect(302);
    let caio = somebody(&desk, "cli2@beta.test").await;
    let company = caio.company.unwrap().to_string();
    let fields = [
        ("name", caio.name.as_str()),
        ("email", "cli2@beta.test"),
        ("role", "client"),
        ("company_id", &company),
        ("password", NEW),
        ("active", "on"),
    ];
    let path = format!("/admin/users/{}", caio.id);
    cast.admin.submit(&path, &fields).await.expect(302);
    desk.settle().await;
    let answer = sign_in(&mut desk.browser(), &idp).await;
    assert!(answer.status == 422 && answer.shows("não tem conta"));
    // Whoever changes their own knew the one before, and keeps what they linked.
    link(&mut cast.tech, &idp, PASSWORD).await.expect(302);
    let mine = [
        ("password_old", PASSWORD),
        ("password", NEW),
        ("password_again", NEW),
    ];
    let path = "/meu-perfil/password";
    cast.tech.submit(path, &mine).await.expect(302);
    desk.settle().await;
    sign_in(&mut desk.browser(), &idp).await.expect(302);
}

async fn whoever_has_no_password_keeps_their_link_when_they_get_one(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[]).await;
    sign_in(&mut desk.browser(), &idp).await.expect(302);
    reset(&desk, "vera@acme.test").await;
    desk.settle().await;
    let mut vera = desk.browser();
    sign_in(&mut vera, &idp).await.expect(302);
    assert!(vera.get("/meu-perfil/sso").await.shows("Desvincular"));
}

async fn must(cast: &mut Cast, role: &str) {
    let fields = [("role", role)];
    cast.admin
        .submit("/admin/security", &fields)
        .await
        .expect(302);
}

async fn a_providers_word_is_one_thing_and_a_second_factor_another(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    make(&mut cast, &idp, &[("links_accounts", "on")]).await;
    by_mail(&desk, &mut cast.admin, "cli@acme.test").await;
    idp.says(json!({ "sub": "clara", "email": "cli@acme.test" }));
    let mut clara = desk.browser();
    let leaving = clara.get("/auth/sso/acme?next=/tickets").await.expect(302);
    let answer = clara.get(&idp.vouch(leaving.location())).await.expect(302);
    assert_eq!(answer.location(), OTP);
    comes_in(&desk, &mut clara, "cli@acme.test").await;
    // The history knows by whom they came, all the same.
    let person = somebody(&desk, "cli@acme.test").await;
    let db = desk.app.db.reader();
    let told = event_log::about(db, person.id.0, &["user.signed_in"], None, 9).await;
    assert_eq!(told.unwrap().last().unwrap().data["by"], "Acme ID");
    // Nor does a rule for a role end at another door.
    must(&mut cast, "client").await;
    idp.says(json!({}));
    let mut vera = desk.browser();
    let answer = sign_in(&mut vera, &idp).await.expect(302);
    assert_eq!(answer.location(), "/auth/factor");
    vera.get("/dashboard").await.expect(302);
}

async fn a_strength_that_was_demanded_is_asked_for_and_checked(kind: Kind) {
    let (desk, mut cast, idp) = begin(kind).await;
    idp.set(|says| says.by_name = true);
    let silver = "urn:acme:silver";
    make(&mut cast, &idp, &[("acr", silver)]).await;
    let mut vera = desk.browser();
    let leaving = vera.get("/auth/sso/acme").await.expect(302);
    let asked = idp.asked(leaving.location());
    assert_eq!(asked.acr, silver);
    // By name, too, with what is known to be kept back otherwise.
    let claims: serde_json::Value = serde_json::from_str(&asked.claims).unwrap();
    assert_eq!(claims["id_token"]["acr"]["values"], json!([silver]));
    assert!(
        claims["userinfo"]
            .as_object()
            .unwrap()
            .contains_key("email_verified")
    );
    for acr in [json!(null), json!("urn:acme:bronze"), json!("0")] {
        idp.says(json!({ "acr": acr }));
        // What nobody signed does not count.
        idp.set(|says| says.more = json!({ "acr": silver }));
        let answer = sign_in(&mut vera, &idp).await;
        is_refused(&vera, &answer, "verificação que esta central exige");
    }
    // Who showed it there is asked for nothing more here.
    must(&mut cast, "client").await;
    idp.says(json!({ "acr": silver }));
    let answer = sign_in(&mut vera, &idp).await.expect(302);
    assert_eq!(answer.location(), "/dashboard");
    vera.get("/dashboard").await.expect(200);
    let page = page(&mut cast).await;
    let typed = crate::sso::fields(idp.url(), &[("acr", "one two")]);
    let answer = cast.admin.submit(&page, &typed).await.expect(422);
    assert!(answer.shows("um só valor"));
    let typed = crate::sso::fields(idp.url(), &[("acr", "urn:acme:gold"), ("test", "1")]);
    let answer = cast.admin.submit(&page, &typed).await.expect(200);
    assert!(
        answer.shows("não lista o acr urn:acme:gold"),
        "{}",
        answer.body
    );
}

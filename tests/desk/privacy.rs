//! What people are told about their data, and what they agreed to (S3-175, S3-274,
//! S3-275).

use crate::support::{Browser, Cast, Kind, TestDesk, on_each};

on_each!(
    who_registers_agrees_to_no_version_that_came_meanwhile,
    a_text_is_published_version_by_version,
    anybody_reads_the_text_and_nothing_of_people,
    who_registers_agrees_to_the_version_that_holds,
    somebody_agrees_to_the_version_they_have_read,
    a_company_that_wants_it_is_agreed_to_before_anything_else,
);

const TEXT: &str = "Guardamos o seu nome.\n\nE o seu <b>e-mail</b>.";

/// Publishes a text after the version that was seen.
async fn publish(browser: &mut Browser, page: &str, after: &str, text: &str) -> u16 {
    let fields = [("after", after), ("privacy", text)];
    browser.submit(page, &fields).await.status
}

async fn acme(desk: &TestDesk) -> String {
    desk.company("Acme").await
}

/// Lets Acme want agreement.
async fn wanted(desk: &TestDesk, cast: &mut Cast) {
    let fields = [
        ("name", "Acme"),
        ("domains", "acme.test"),
        ("active", "on"),
        ("consent_required", "on"),
    ];
    let path = format!("/admin/companies/{}", acme(desk).await);
    cast.admin.submit(&path, &fields).await.expect(302);
}

async fn a_text_is_published_version_by_version(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let page = format!("/admin/companies/{}/privacy", acme(&desk).await);
    cast.tech.get(&page).await.expect(403);
    cast.supervisor
        .get("/admin/config/privacy")
        .await
        .expect(403);
    assert_eq!(publish(&mut cast.supervisor, &page, "0", TEXT).await, 302);
    // The same once more is no version.
    assert_eq!(publish(&mut cast.supervisor, &page, "1", TEXT).await, 302);
    assert_eq!(publish(&mut cast.admin, &page, "1", "Outro").await, 302);
    let shown = cast.admin.get(&page).await.expect(200);
    assert!(shown.shows("Versão 2") && shown.shows("Versão 1") && !shown.shows("Versão 3"));
    // Whoever saw an older one hears of the newer one, and keeps what was typed.
    let fields = [("after", "1"), ("privacy", "Terceiro")];
    let late = cast.supervisor.submit(&page, &fields).await.expect(409);
    assert!(late.shows("Terceiro") && late.shows("enquanto você escrevia"));
    let long = "x".repeat(15_001);
    assert_eq!(publish(&mut cast.admin, &page, "2", &long).await, 422);
    let audit = cast.admin.get("/admin/audit").await.expect(200);
    assert!(audit.shows("Texto de privacidade publicado"));
}

async fn anybody_reads_the_text_and_nothing_of_people(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let id = acme(&desk).await;
    let own = format!("/admin/companies/{id}/privacy");
    let public = format!("/lgpd/public/{id}");
    let page = cast.nobody.get(&public).await.expect(200);
    assert!(page.shows("Acme") && page.shows("Ainda não há um texto"));
    publish(&mut cast.admin, "/admin/config/privacy", "0", "Da central").await;
    assert!(cast.nobody.get(&public).await.shows("Da central"));
    publish(&mut cast.admin, &own, "0", TEXT).await;
    let page = cast.nobody.get(&public).await.expect(200);
    assert!(page.shows("Guardamos o seu nome.") && page.shows("Versão 1"));
    assert!(!page.shows("<b>e-mail") && !page.shows("Da central"));
    for person in ["Clara", "cli@acme.test", "acme.test"] {
        assert!(!page.shows(person), "{person}");
    }
    assert!(
        cast.nobody
            .get("/lgpd/public/desk")
            .await
            .shows("Da central")
    );
    cast.client2.get(&public).await.expect(200);
    for wrong in ["nada", "01890000-0000-7000-8000-000000000000", "%00"] {
        let path = format!("/lgpd/public/{wrong}");
        cast.nobody.get(&path).await.expect(404);
    }
    // Taken away, the desk's holds again.
    assert_eq!(publish(&mut cast.admin, &own, "1", "").await, 302);
    assert!(cast.nobody.get(&public).await.shows("Da central"));
}

async fn who_registers_agrees_to_the_version_that_holds(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    wanted(&desk, &mut cast).await;
    let id = acme(&desk).await;
    let own = format!("/admin/companies/{id}/privacy");
    publish(&mut cast.admin, &own, "0", TEXT).await;
    publish(&mut cast.admin, &own, "1", "Segunda versão").await;
    let mut nina = desk.browser().at("203.0.113.9");
    let page = nina.get("/auth/register").await.expect(200);
    assert!(page.shows(&format!("/lgpd/public/{id}")));
    let mut fields = vec![
        ("name", "Nina"),
        ("email", "nina@acme.test"),
        ("company_id", id.as_str()),
        ("password", "uma-senha-nova"),
    ];
    let shown = version(&page.body);
    fields.push(("version", &shown));
    let refused = nina.submit("/auth/register", &fields).await.expect(422);
    assert!(refused.shows("consent-error"));
    assert_eq!(desk.dump("consents").await, "[]");
    fields.push(("consent", "on"));
    nina.submit("/auth/register", &fields).await.expect(302);
    let kept = desk.dump("consents").await;
    assert!(kept.contains("203.0.113.9"), "{kept}");
    let found = cast.admin.get("/admin/audit?kind=user.consented").await;
    assert!(found.expect(200).shows("Concordou com o texto"));
}

async fn who_registers_agrees_to_no_version_that_came_meanwhile(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    wanted(&desk, &mut cast).await;
    let id = acme(&desk).await;
    let own = format!("/admin/companies/{id}/privacy");
    publish(&mut cast.admin, &own, "0", TEXT).await;
    let mut nina = desk.browser();
    let read = version(&nina.get("/auth/register").await.expect(200).body);
    publish(&mut cast.admin, &own, "1", "Segunda versão").await;
    let fields = |email: &'static str, read: &str| {
        let fields = [
            ("name", "Nina Nova"),
            ("email", email),
            ("company_id", &id),
            ("password", "outra-senha-longa"),
            ("consent", "on"),
            ("version", read),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    // An address that has an account is answered alike.
    for email in ["nina@acme.test", "cli@acme.test"] {
        let fields = fields(email, &read);
        let fields = fields.each_ref().map(|(n, v)| (n.as_str(), v.as_str()));
        let page = nina.submit("/auth/register", &fields).await.expect(422);
        assert!(page.shows("mudou enquanto") && page.shows("consent-error"));
        assert!(page.shows("Nina Nova") && page.shows(email));
        assert!(!page.shows("outra-senha-longa") && !page.shows("name=\"consent\" checked"));
        assert_ne!(version(&page.body), read);
        // What was made up is no version either.
        let without = fields.map(|(n, v)| (n, if n == "version" { "x" } else { v }));
        nina.submit("/auth/register", &without).await.expect(422);
    }
    assert_eq!(desk.dump("consents").await, "[]");
    let none = people::by_email(desk.app.db.reader(), "nina@acme.test").await;
    assert!(none.unwrap().is_none());
    let read = version(&nina.get("/auth/register").await.expect(200).body);
    let fields = fields("nina@acme.test", &read);
    let fields = fields.each_ref().map(|(n, v)| (n.as_str(), v.as_str()));
    nina.submit("/auth/register", &fields).await.expect(302);
    let kept = desk.dump("consents").await;
    assert!(kept.contains("version: Some(2)"), "{kept}");
}

async fn somebody_agrees_to_the_version_they_have_read(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.nobody.get("/lgpd").await.expect(302);
    assert!(
        cast.client
            .get("/lgpd")
            .await
            .shows("Ainda não há um texto")
    );
    cast.client.submit("/lgpd", &[]).await.expect(404);
    let own = format!("/admin/companies/{}/privacy", acme(&desk).await);
    publish(&mut cast.admin, &own, "0", TEXT).await;
    let page = cast.client.get("/lgpd").await.expect(200);
    assert!(page.shows("ainda não registrou") && page.shows("Guardamos"));
    let version = version(&page.body);
    let read = [("version", version.as_str())];
    cast.client.submit("/lgpd", &read).await.expect(302);
    cast.client.submit("/lgpd", &read).await.expect(302);
    assert!(
        cast.client
            .get("/lgpd")
            .await
            .shows("Você concordou com esta versão")
    );
    // A newer one is not what was read.
    publish(&mut cast.admin, &own, "1", "Segunda versão").await;
    let page = cast.client.get("/lgpd").await.expect(200);
    assert!(page.shows("versão anterior"));
    let late = cast.client.submit("/lgpd", &read).await.expect(409);
    assert!(late.shows("Segunda versão") && late.shows("mudou enquanto"));
    // The desk's people read the desk's.
    assert!(cast.tech.get("/lgpd").await.shows("Ainda não há um texto"));
}

/// The version that the form of a page carries.
fn version(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"version\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn a_company_that_wants_it_is_agreed_to_before_anything_else(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let protocol = cast.client.open(&[]).await;
    let ticket = format!("/tickets/{protocol}");
    wanted(&desk, &mut cast).await;
    // Without a text there is nothing to agree to.
    cast.client.get(&ticket).await.expect(200);
    let own = format!("/admin/companies/{}/privacy", acme(&desk).await);
    publish(&mut cast.admin, &own, "0", TEXT).await;
    let answer = cast.client.get(&ticket).await.expect(302);
    let to = answer.location().to_owned();
    assert!(to.starts_with("/lgpd?next=%2Ftickets%2F"), "{to}");
    // What was being written is not lost, and programs and other people go on.
    let comment = [("content", "Ainda não imprime.")];
    cast.client.act(&protocol, "", &comment).await.expect(302);
    let mut program = cast.client.api("cli@acme.test").await;
    program.get("/api/v1/tickets").await.expect(200);
    cast.client2.get("/tickets").await.expect(200);
    cast.tech.get(&ticket).await.expect(200);
    let page = cast.client.get(&to).await.expect(200);
    assert!(page.shows("pede a sua concordância"));
    let fields = [("version", version(&page.body)), ("next", ticket.clone())];
    let fields = fields.each_ref().map(|(n, v)| (*n, v.as_str()));
    let answer = cast.client.submit("/lgpd", &fields).await.expect(302);
    assert_eq!(answer.location(), ticket);
    cast.client.get(&ticket).await.expect(200);
    // A newer version is asked for again.
    publish(&mut cast.admin, &own, "1", "Segunda versão").await;
    cast.client.get(&ticket).await.expect(302);
    cast.client.submit("/auth/logout", &[]).await.expect(302);
}

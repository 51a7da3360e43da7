//! What is done with the audit: it is taken along as a table, what is taken from the
//! desk is noted, and the log is proved whole.

use axum::body::Body;
use axum::http::Request;
use db::sea_orm::ConnectionTrait;
use event_log::{Event, Verdict, Walk};
use serde_json::json;

use crate::audit::{PAGE, all};
use crate::support::{Browser, Cast, Kind, PASSWORD, TestDesk, on_each};

on_each!(
    whatever_is_done_is_one_row_with_who_when_and_from_where,
    an_export_is_the_filtered_list_and_is_recorded,
    no_cell_of_an_export_is_a_formula,
    a_download_is_recorded_and_no_open_page_hears_of_it,
    a_picture_that_a_page_shows_is_no_download,
    the_log_is_verified_from_the_page,
    a_row_that_was_edited_in_the_database_is_named,
    a_reading_in_stretches_finds_the_same,
    how_far_a_reading_has_come_is_never_remembered,
    a_reading_that_died_holds_up_no_other,
);

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n";
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

async fn execute(desk: &TestDesk, sql: &str) {
    let tx = desk.app.db.begin().await.unwrap();
    tx.execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
}

/// The newest event of a kind.
async fn last(desk: &TestDesk, kind: &str) -> Option<Event> {
    all(desk).await.into_iter().rfind(|e| e.kind == kind)
}

async fn whatever_is_done_is_one_row_with_who_when_and_from_where(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (_, file) = with_file(&mut cast, "laudo.pdf", PDF).await;
    let mut tech = desk.browser().at("10.0.0.5");
    let mut admin = desk.browser().at("10.0.0.5");
    let mut seen = all(&desk).await.len();
    // What was done left this row, with these words, and no other.
    let mut left = async |kind: &str, email: &str| {
        let events = all(&desk).await;
        let new = &events[seen..];
        let kinds: Vec<&str> = new.iter().map(|e| e.kind.as_str()).collect();
        assert_eq!(kinds, [kind]);
        assert_eq!(new[0].ip.as_deref(), Some("10.0.0.5"), "{kind}");
        assert_eq!(new[0].at, desk.app.clock.now(), "{kind}");
        let who = desk.id(email).await;
        // Whoever fails to sign in has not shown who they are: the row says of whom.
        let shown = new[0].actor.unwrap_or(new[0].subject).to_string();
        assert_eq!(shown, who, "{kind}");
        seen = events.len();
        desk.later(3);
    };
    let (tec, adm) = ("tec@desk.test", "adm@desk.test");
    let enter = async |browser: &mut Browser, email: &str, password: &str| {
        let fields = [("email", email), ("password", password)];
        browser.submit("/auth/login", &fields).await
    };
    enter(&mut tech, tec, "nada disso").await.expect(422);
    left("user.sign_in_failed", tec).await;
    enter(&mut tech, tec, PASSWORD).await.expect(302);
    left("user.signed_in", tec).await;
    let t = tech.open(&[("contact_name", "Maria")]).await;
    left("ticket.created", tec).await;
    let path = format!("/tickets/{t}");
    let edited = [
        ("title", "Outro título"),
        ("description", "Outra coisa."),
        ("contact_name", "Maria"),
    ];
    let answer = tech.submit(&format!("{path}/edit"), &edited).await;
    answer.expect(302);
    left("ticket.edited", tec).await;
    tech.act(&t, "assign", &[]).await.expect(302);
    left("ticket.assigned", tec).await;
    let answer = tech.submit(&path, &[("content", "Engano meu.")]).await;
    answer.expect(302);
    left("ticket.commented", tec).await;
    let page = tech.get(&path).await;
    let comment = page.body.split_once(&format!("{path}/comments/")).unwrap();
    let retract = format!("comments/{}/retract", &comment.1[..36]);
    tech.act(&t, &retract, &[]).await.expect(302);
    left("ticket.retracted", tec).await;
    tech.get(&file).await.expect(200);
    left("attachment.downloaded", tec).await;
    // What a technician may not do: take the log along, and change the desk.
    let export = "/admin/audit/export.csv";
    tech.submit(export, &[]).await.expect(403);
    enter(&mut admin, adm, PASSWORD).await.expect(302);
    left("user.signed_in", adm).await;
    admin.submit(export, &[]).await.expect(200);
    left("audit.exported", adm).await;
    let name = [("name", "Central da Acme")];
    admin.submit("/admin/config", &name).await.expect(302);
    left("desk.updated", adm).await;
}

async fn an_export_is_the_filtered_list_and_is_recorded(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await;
    let path = "/admin/audit/export.csv";
    let answer = cast
        .admin
        .submit(path, &[("kind", "tickets")])
        .await
        .expect(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename=\"audit-2026")
    );
    let text = answer
        .body
        .strip_prefix('\u{feff}')
        .expect("a byte order mark");
    let mut table = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(&table.headers().unwrap()[0], "Número");
    let found: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let events = all(&desk).await;
    let tickets = events.iter().filter(|e| e.kind.starts_with("ticket."));
    assert_eq!(found.len(), tickets.count());
    let opened = found.iter().find(|r| &r[7] == "ticket.created").unwrap();
    assert_eq!(&opened[1], "2026-01-14T15:00:00Z");
    assert_eq!((&opened[2], &opened[3]), ("Clara Cliente", "cli@acme.test"));
    assert_eq!((&opened[8], &opened[9]), ("Chamado aberto", t.as_str()));
    // Who took it, and what they asked for.
    let export = last(&desk, "audit.exported").await.unwrap();
    assert_eq!(
        export.actor.unwrap().to_string(),
        desk.id("adm@desk.test").await
    );
    assert_eq!(export.data, json!({ "filter": { "kind": "tickets" } }));
    let page = cast.admin.get(PAGE).await.expect(200);
    assert!(page.shows("Auditoria exportada"));
    // A filter that cannot be understood exports nothing, and so does a link.
    cast.admin.submit(path, &[("ip", "x")]).await.expect(422);
    cast.admin.get(path).await.expect(405);
    cast.admin.submit_as_is(path, &[]).await.expect(403);
    assert_eq!(last(&desk, "audit.exported").await.unwrap().seq, export.seq);
}

async fn no_cell_of_an_export_is_a_formula(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let name = [
        ("name", "=HYPERLINK(\"http://evil.test\")"),
        ("active", "on"),
    ];
    cast.admin
        .submit("/admin/channels/new", &name)
        .await
        .expect(302);
    let answer = cast
        .admin
        .submit("/admin/audit/export.csv", &[("kind", "channel.saved")])
        .await
        .expect(200);
    let mut table = csv::Reader::from_reader(answer.body.as_bytes());
    let cells: Vec<String> = table
        .records()
        .flat_map(|r| r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(
        cells.iter().any(|c| c.starts_with("'=HYPERLINK")),
        "{cells:?}"
    );
    assert!(
        !cells.iter().any(|c| c.starts_with(['=', '+', '-', '@'])),
        "{cells:?}"
    );
}

/// A ticket of the client's with a file, and the file's address.
async fn with_file(cast: &mut Cast, name: &str, content: &[u8]) -> (String, String) {
    let t = cast.client.open(&[]).await;
    let path = format!("/tickets/{t}");
    let sent = cast
        .client
        .submit_files(&path, &[], &[(name, content)])
        .await;
    sent.expect(302);
    let page = cast.client.ticket(&t).await;
    let (_, rest) = page
        .body
        .split_once(&format!("{path}/attachments/"))
        .unwrap();
    let id = &rest[..36];
    (t, format!("{path}/attachments/{id}"))
}

async fn a_download_is_recorded_and_no_open_page_hears_of_it(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (t, file) = with_file(&mut cast, "laudo.pdf", PDF).await;
    desk.settle().await;
    let before = cast.tech.get("/sync/check").await.json();
    let mut api = cast.tech.api("tec@desk.test").await;
    let shown = format!("/api/v1/tickets/{t}");
    let ticket = api.get(&shown).await.json();
    let timeline = api.get(&format!("{shown}/timeline")).await.json();
    desk.later(5);
    let answer = cast.tech.get(&file).await.expect(200);
    assert_eq!(answer.bytes, PDF);
    // The browser must ask again the next time, or nobody would see it taken.
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let taken = last(&desk, "attachment.downloaded").await.unwrap();
    assert_eq!(
        taken.actor.unwrap().to_string(),
        desk.id("tec@desk.test").await
    );
    assert_eq!(taken.subject.to_string(), ticket["id"].as_str().unwrap());
    assert_eq!(
        taken.data,
        json!({ "file": file.rsplit('/').next(), "name": "laudo.pdf" })
    );
    // By the API and to be read in place, too; not by whoever only asks for the head.
    let count = async || {
        let events = all(&desk).await;
        events
            .iter()
            .filter(|e| e.kind == "attachment.downloaded")
            .count()
    };
    api.get(&format!("/api/v1{file}")).await.expect(200);
    cast.client.get(&format!("{file}/view")).await.expect(200);
    assert_eq!(count().await, 3);
    let head = Request::builder().method("HEAD").uri(&file);
    cast.tech.send(head, Body::empty()).await.expect(200);
    cast.client2.get(&file).await.expect(404);
    assert_eq!(count().await, 3);
    // Nothing of it is the ticket's.
    assert_eq!(cast.tech.get("/sync/check").await.json(), before);
    assert_eq!(
        api.get(&shown).await.json()["updated_at"],
        ticket["updated_at"]
    );
    let now = api.get(&format!("{shown}/timeline")).await.json();
    assert_eq!(now, timeline);
    let page = cast
        .admin
        .get(&format!("{PAGE}?thing={t}"))
        .await
        .expect(200);
    assert!(page.shows("Arquivo baixado") && page.shows("laudo.pdf"));
}

async fn a_picture_that_a_page_shows_is_no_download(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (_, file) = with_file(&mut cast, "tela.png", PNG).await;
    let answer = cast.tech.get(&format!("{file}/view")).await.expect(200);
    assert_eq!(answer.header("cache-control"), "private, max-age=3600");
    assert!(last(&desk, "attachment.downloaded").await.is_none());
    cast.tech.get(&file).await.expect(200);
    assert!(last(&desk, "attachment.downloaded").await.is_some());
}

async fn the_log_is_verified_from_the_page(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    assert!(cast.admin.get(PAGE).await.shows("ainda não foi verificado"));
    desk.settle().await;
    let before = cast.tech.get("/sync/check").await.json()["audit"].as_i64();
    let answer = cast
        .admin
        .submit("/admin/audit/verify", &[])
        .await
        .expect(302);
    assert_eq!(answer.location(), PAGE);
    let page = cast.admin.get(PAGE).await.expect(200);
    assert!(
        page.shows("Verificando…") && page.shows("A verificação começou"),
        "{}",
        page.body
    );
    assert!(page.shows("data-live-topics=\"audit\""));
    // Who asks meanwhile gets the same answer.
    cast.admin
        .submit("/admin/audit/verify", &[])
        .await
        .expect(302);
    let asked = last(&desk, "audit.verify_asked").await.unwrap();
    desk.settle().await;
    let found = last(&desk, "audit.verified").await.unwrap();
    assert_eq!(found.subject, asked.subject);
    // What was there when it was asked for.
    assert_eq!(
        found.data,
        json!({ "whole": true, "events": asked.seq - 1 })
    );
    assert_eq!(
        all(&desk)
            .await
            .iter()
            .filter(|e| e.kind == "audit.verified")
            .count(),
        1
    );
    let page = cast.admin.get(PAGE).await.expect(200);
    assert!(
        page.shows("Registro íntegro") && page.shows("pedida por Ana Admin"),
        "{}",
        page.body
    );
    assert!(!page.shows("Verificando…"));
    // Pages that are open hear of it.
    let after = cast.tech.get("/sync/check").await.json()["audit"].as_i64();
    assert!(after > before);
}

async fn a_row_that_was_edited_in_the_database_is_named(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for (change, said) in [
        (
            "UPDATE events SET ip = '10.9.9.9' WHERE seq = 7",
            "O evento 7 não está como foi escrito",
        ),
        ("DELETE FROM events WHERE seq = 5", "O evento 5 foi apagado"),
    ] {
        execute(&desk, change).await;
        desk.later(1);
        cast.admin
            .submit("/admin/audit/verify", &[])
            .await
            .expect(302);
        desk.settle().await;
        let page = cast.admin.get(PAGE).await.expect(200);
        assert!(page.shows(said), "{}", page.body);
        let found = last(&desk, "audit.verified").await;
        // What lies behind a hole is not given out.
        assert!(found.is_none_or(|e| e.data == json!({ "whole": false, "broken": 7 })));
    }
}

async fn a_reading_in_stretches_finds_the_same(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let db = desk.app.db.reader();
    let mut stretches = 0;
    let mut verdict = async || {
        let mut walk = Walk::begin(db).await.unwrap();
        loop {
            stretches += 1;
            if let Some(verdict) = walk.on(db, 3).await.unwrap() {
                return verdict;
            }
        }
    };
    let last = event_log::newest(db).await.unwrap();
    assert_eq!(verdict().await, Verdict::Whole(last));
    execute(
        &desk,
        "UPDATE events SET kind = 'user.created ' WHERE seq = 8",
    )
    .await;
    assert_eq!(verdict().await, event_log::verify(db).await.unwrap());
    assert!(stretches > 4);
}

async fn how_far_a_reading_has_come_is_never_remembered(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let verify = "/admin/audit/verify";
    cast.admin.submit(verify, &[]).await.expect(302);
    cast.admin.get(PAGE).await.expect(200);
    let page = cast.admin.get(PAGE).await.expect(200);
    assert_eq!(
        page.header("etag"),
        "",
        "a browser would keep it for a minute"
    );
}

async fn a_reading_that_died_holds_up_no_other(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let verify = "/admin/audit/verify";
    cast.admin.submit(verify, &[]).await.expect(302);
    // Its job was given up after its last try.
    let given_up = "UPDATE jobs SET state = 'dead' WHERE kind = 'audit.verify'";
    execute(&desk, given_up).await;
    let page = cast.admin.get(PAGE).await.expect(200);
    assert!(page.shows(verify) && !page.shows("Verificando…"));
    cast.admin.submit(verify, &[]).await.expect(302);
    desk.settle().await;
    let page = cast.admin.get(PAGE).await.expect(200);
    assert!(page.shows("Registro íntegro"), "{}", page.body);
}

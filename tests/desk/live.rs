//! Open pages hear what changed (section K of the experience, S4-122 to S4-126),
//! and whoever has a page already is not sent it again (S3-038).

use std::collections::HashMap;

use axum::body::Body;
use axum::http::Request;
use balcao::{live, router};
use kit::Context;

use crate::support::{Answer, Browser, Kind, PASSWORD, TestDesk, on_each};

on_each!(
    a_list_in_memory_is_never_older_than_the_log,
    an_open_page_hears_what_changed_and_never_what_it_says,
    a_client_hears_of_their_own_tickets_and_of_no_note,
    nothing_falls_between_the_page_and_its_stream,
    whoever_comes_again_has_missed_nothing,
    whoever_missed_too_much_is_told_so,
    a_stream_ends_when_its_account_changes,
    every_stream_ends_when_the_desk_stops,
    a_page_on_another_node_hears_the_same,
    every_change_raises_the_number_of_its_kind,
    a_page_that_did_not_change_is_not_sent_again,
    an_unchanged_page_costs_two_reads,
    one_readers_page_is_not_anothers,
    what_was_found_is_not_kept_longer_than_the_index,
);

async fn an_open_page_hears_what_changed_and_never_what_it_says(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    desk.settle().await;
    let mut ear = cast.tech.listen("/live", None).await;
    assert!(!ear.heard().unwrap().contains("event: change"));

    let said = [("content", "O SEGREDO é outro")];
    cast.client.act(&t, "", &said).await.expect(302);
    assert_eq!(
        ear.heard().unwrap(),
        "",
        "nobody has looked into the log yet"
    );
    desk.settle().await;
    let heard = ear.heard().unwrap();
    let id = id_of(&mut cast.tech, &t).await;
    assert!(
        heard.contains("event: change") && heard.contains("id: "),
        "{heard}"
    );
    assert!(
        heard.contains(&format!("{{\"id\":\"{id}\",\"topic\":\"tickets\"}}")),
        "{heard}"
    );
    assert!(!heard.contains("SEGREDO") && !heard.contains(&t), "{heard}");
}

async fn a_client_hears_of_their_own_tickets_and_of_no_note(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    desk.settle().await;
    let mut own = cast.client.listen("/live", None).await;
    let mut other = cast.client2.listen("/live", None).await;
    let mut staff = cast.supervisor.listen("/live", None).await;
    for ear in [&mut own, &mut other, &mut staff] {
        assert!(ear.heard().is_some());
    }

    let note = [("content", "Só entre nós"), ("internal", "on")];
    cast.tech.act(&t, "", &note).await.expect(302);
    let saved = [("name", "Pombo-correio"), ("active", "on")];
    cast.admin
        .submit("/admin/channels/new", &saved)
        .await
        .expect(302);
    desk.settle().await;
    assert_eq!(own.heard().unwrap(), "");
    let heard = staff.heard().unwrap();
    assert!(
        heard.contains("tickets") && heard.contains("channels"),
        "{heard}"
    );

    cast.tech
        .act(&t, "", &[("content", "Para todos")])
        .await
        .expect(302);
    desk.settle().await;
    assert!(own.heard().unwrap().contains("tickets"));
    assert_eq!(other.heard().unwrap(), "");
    cast.nobody.get("/live").await.expect(302);
}

async fn nothing_falls_between_the_page_and_its_stream(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let page = cast.tech.ticket(&t).await;
    let seq = seq_of(&page);

    cast.client
        .act(&t, "", &[("content", "Logo depois")])
        .await
        .expect(302);
    desk.settle().await;
    let mut ear = cast.tech.listen(&format!("/live?after={seq}"), None).await;
    assert_eq!(ear.heard().unwrap().matches("event: change").count(), 1);
    let now = seq_of(&cast.tech.ticket(&t).await);
    let mut ear = cast.tech.listen(&format!("/live?after={now}"), None).await;
    assert_eq!(ear.heard().unwrap().matches("event: change").count(), 0);
}

async fn whoever_comes_again_has_missed_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    desk.settle().await;
    let mut ear = cast.tech.listen("/live?after=0", None).await;
    let last = last_id(&ear.heard().unwrap());
    drop(ear);
    for text in ["um", "dois", "três"] {
        cast.client
            .act(&t, "", &[("content", text)])
            .await
            .expect(302);
    }
    let mut again = cast.tech.listen("/live?after=0", Some(last)).await;
    assert_eq!(again.heard().unwrap().matches("event: change").count(), 3);
    cast.client
        .act(&t, "", &[("content", "quatro")])
        .await
        .expect(302);
    desk.settle().await;
    assert_eq!(again.heard().unwrap().matches("event: change").count(), 1);
}

async fn whoever_missed_too_much_is_told_so(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut tx = Context::system(&desk.app).begin().await.unwrap();
    for _ in 0..2_100 {
        tx.retell(event_log::NewEvent {
            kind: "ticket.commented",
            subject: uuid::Uuid::from_u128(7),
            company: None,
            actor: None,
            actor_kind: kit::ActorKind::System,
            ip: None,
            at: desk.app.clock.now(),
            data: serde_json::json!({}),
        });
    }
    tx.commit().await.unwrap();
    let mut ear = cast.tech.listen("/live?after=1", None).await;
    let heard = ear.heard().unwrap();
    assert!(heard.contains("event: reset") && !heard.contains("event: change"));
    assert!(last_id(&heard) > 2_100);
}

async fn a_stream_ends_when_its_account_changes(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    desk.settle().await;
    let mut ear = cast.tech2.listen("/live", None).await;
    assert!(ear.heard().is_some());
    let path = format!("/admin/users/{}", desk.id("tec2@desk.test").await);
    let gone = [
        ("name", "Tereza"),
        ("email", "tec2@desk.test"),
        ("role", "tech"),
    ];
    cast.admin.submit(&path, &gone).await.expect(302);
    cast.client.open(&[]).await;
    desk.settle().await;
    assert_eq!(ear.heard(), None);
    cast.tech2.get("/live").await.expect(302);
}

async fn every_stream_ends_when_the_desk_stops(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut ear = cast.tech.listen("/live", None).await;
    assert!(ear.heard().is_some());
    desk.app.live.close();
    assert_eq!(ear.heard(), None);
}

async fn a_page_on_another_node_hears_the_same(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let other = desk.node().await;
    live::catch_up(&other).await.unwrap();
    let mut there = Browser::new(router::service(&other));
    there.set_cookie("session", cast.tech.cookie("session").unwrap());
    let mut ear = there.listen("/live", None).await;
    ear.heard();
    let before = numbers(&mut there).await;

    cast.client
        .act(&t, "", &[("content", "Daqui")])
        .await
        .expect(302);
    live::catch_up(&other).await.unwrap();
    assert!(ear.heard().unwrap().contains("event: change"));
    assert!(there.ticket(&t).await.shows("Daqui"));
    assert!(numbers(&mut there).await["tickets"] > before["tickets"]);
    assert_eq!(numbers(&mut there).await, numbers(&mut cast.tech).await);
}

async fn every_change_raises_the_number_of_its_kind(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.nobody.get("/sync/check").await.expect(302);
    let mut last = numbers(&mut cast.supervisor).await;
    for name in ["tickets", "customers", "users", "queues"] {
        assert!(last.contains_key(name), "{last:?}");
    }
    let t = cast.client.open(&[]).await;
    for (path, fields) in [
        ("assign", &[][..]),
        ("", &[("content", "Comentário")]),
        ("wait", &[]),
        ("resume", &[]),
        ("resolve", &[("solution", "Pronto")]),
    ] {
        let now = numbers(&mut cast.supervisor).await;
        assert!(now["tickets"] > last["tickets"], "{now:?} {last:?}");
        assert_eq!(now["customers"], last["customers"]);
        last = now;
        cast.tech.act(&t, path, fields).await.expect(302);
    }
    last = numbers(&mut cast.supervisor).await;
    let company = companies::names(desk.app.db.reader()).await.unwrap()[0].0;
    let fields = [("name", "Acme e filhos"), ("active", "on")];
    let path = format!("/admin/companies/{company}");
    cast.admin.submit(&path, &fields).await.expect(302);
    let now = numbers(&mut cast.supervisor).await;
    for (name, number) in &now {
        match *name == "customers" {
            true => assert!(*number > last[name]),
            false => assert_eq!(*number, last[name], "{name}"),
        }
    }
    // A requester learns of no note, and nothing of what is not theirs to see.
    let before = numbers(&mut cast.client).await;
    assert_eq!(before.keys().collect::<Vec<_>>(), ["tickets"]);
    let note = [("content", "Só entre nós"), ("internal", "on")];
    cast.tech.act(&t, "", &note).await.expect(302);
    assert_eq!(numbers(&mut cast.client).await, before);
    assert!(numbers(&mut cast.supervisor).await["tickets"] > now["tickets"]);
}

async fn a_page_that_did_not_change_is_not_sent_again(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let paths = ["/tickets", "/dashboard", &format!("/tickets/{t}")];
    for path in paths {
        let first = cast.tech.get(path).await.expect(200);
        let tag = first.header("etag").to_owned();
        assert!(first.header("cache-control").contains("no-cache"));
        assert_eq!(cast.tech.get(path).await.header("etag"), tag);
        let again = asked(&mut cast.tech, path, &tag).await.expect(304);
        assert_eq!(
            (again.header("etag"), again.body.as_str()),
            (tag.as_str(), "")
        );

        cast.client
            .act(&t, "", &[("content", "Mudou")])
            .await
            .expect(302);
        let after = asked(&mut cast.tech, path, &tag).await.expect(200);
        assert_ne!(after.header("etag"), tag);
    }
    let tag = cast.tech.get("/tickets").await.header("etag").to_owned();
    desk.later(1);
    asked(&mut cast.tech, "/tickets", &tag).await.expect(200);
    let mut api = cast.tech.api("tec@desk.test").await;
    let tag = api.get("/api/v1/tickets").await.header("etag").to_owned();
    asked(&mut api, "/api/v1/tickets", &tag).await.expect(304);
    let nothing = cast.nobody.get("/auth/login").await;
    assert_eq!(nothing.header("etag"), "");
}

async fn an_unchanged_page_costs_two_reads(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.client.open(&[]).await;
    let tag = cast.tech.get("/tickets").await.header("etag").to_owned();
    let (answer, reads) = desk
        .statements(asked(&mut cast.tech, "/tickets", &tag))
        .await;
    answer.expect(304);
    assert_eq!(reads, 2, "the session and the log's newest number");
}

async fn one_readers_page_is_not_anothers(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let tag = cast.tech.get("/tickets").await.header("etag").to_owned();
    asked(&mut cast.tech2, "/tickets", &tag).await.expect(200);
    asked(&mut cast.client, "/tickets", &tag).await.expect(200);
    asked(&mut cast.nobody, "/tickets", &tag).await.expect(302);
    let looks = [("theme", "dark")];
    cast.tech.submit("/preferences", &looks).await.expect(302);
    asked(&mut cast.tech, "/tickets", &tag).await.expect(200);
}

async fn what_was_found_is_not_kept_longer_than_the_index(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    desk.settle().await;
    let t = cast.client.open(&[("title", "Projetor")]).await;
    // The log knows of it already, the index does not.
    let path = "/tickets?q=projetor";
    let early = cast.tech.get(path).await.expect(200);
    assert!(!early.shows(&t));
    desk.settle().await;
    let late = asked(&mut cast.tech, path, early.header("etag")).await;
    assert!(late.expect(200).shows(&t));
}

/// A GET by whoever has the page of this tag.
async fn asked(browser: &mut Browser, path: &str, tag: &str) -> Answer {
    let request = Request::builder().uri(path).header("if-none-match", tag);
    browser.send(request, Body::empty()).await
}

async fn numbers(browser: &mut Browser) -> HashMap<String, i64> {
    let answer = browser.get("/sync/check").await.expect(200);
    serde_json::from_value(answer.json()).unwrap()
}

async fn id_of(browser: &mut Browser, protocol: &str) -> String {
    let page = browser.ticket(protocol).await;
    let topics = between(&page.body, "data-live-topics=\"tickets:");
    topics.to_owned()
}

fn seq_of(page: &Answer) -> i64 {
    between(&page.body, "data-live-seq=\"").parse().unwrap()
}

fn between<'a>(text: &'a str, begin: &str) -> &'a str {
    let rest = text.split_once(begin).unwrap().1;
    rest.split('"').next().unwrap()
}

fn last_id(heard: &str) -> i64 {
    let mut ids = heard.lines().filter_map(|line| line.strip_prefix("id: "));
    ids.next_back().unwrap().parse().unwrap()
}

async fn a_list_in_memory_is_never_older_than_the_log(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.client.open(&[]).await;
    desk.settle().await;
    let (_, cold) = desk.statements(cast.tech.get("/tickets")).await;
    let (_, warm) = desk.statements(cast.tech.get("/tickets")).await;
    assert!(warm + 5 <= cold, "{cold} statements, then {warm}");
    // A change that this process has not even seen in the log yet, made by another one.
    let queue = format!("/admin/queues/{}", desk.queue("Suporte N1").await);
    let other = desk.node().await;
    let mut admin = Browser::new(balcao::router::service(&other));
    let login = [("email", "adm@desk.test"), ("password", PASSWORD)];
    admin.submit("/auth/login", &login).await.expect(302);
    let renamed = [("name", "Primeiro nível"), ("level", "1"), ("active", "on")];
    admin.submit(&queue, &renamed).await.expect(302);
    let list = cast.tech.get("/tickets").await.expect(200);
    assert!(list.shows("Primeiro nível") && !list.shows("Suporte N1"));
    desk.settle().await;
    let (list, again) = desk.statements(cast.tech.get("/tickets")).await;
    assert!(list.shows("Primeiro nível") && again < cold);
}

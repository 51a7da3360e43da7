//! Who else looks at a ticket or is writing on it: the desk's own people know, for
//! a minute, on every node; nobody else does, and nothing of it is written down.

use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::Request;
use balcao::{live, router};
use kit::{App, Clock};

use crate::support::{Answer, Browser, Kind, TestDesk, on_each};

on_each!(
    who_looks_is_seen_by_others_and_not_by_themself,
    who_writes_is_said_to_write,
    several_are_counted,
    whoever_is_not_heard_of_for_a_minute_is_gone,
    closing_one_of_two_tabs_takes_nobody_away,
    a_requester_learns_nothing_of_it,
    a_ticket_that_one_does_not_see_has_nobody,
    an_open_page_is_told_and_stands_where_it_stood,
    nobody_is_told_what_they_did_themself,
    a_page_on_another_node_is_told_whatever_its_clock_says,
    nothing_is_asked_while_nobody_listens,
    a_page_that_is_only_open_does_not_keep_its_session,
    nothing_of_it_stays,
    what_is_not_understood_is_refused,
);

async fn who_looks_is_seen_by_others_and_not_by_themself(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let alone = say(&mut cast.tech, &t, "a", "looking").await.expect(200);
    assert_eq!(alone.body.trim(), "");
    let both = say(&mut cast.tech2, &t, "a", "looking").await.expect(200);
    assert!(both.shows("Téo Técnico está vendo"), "{}", both.body);
    assert!(!both.shows("Tereza"));
    let back = others(&mut cast.tech, &t).await;
    assert!(back.shows("Tereza Técnica está vendo") && !back.shows("Téo"));
    assert!(back.shows(&desk.id("tec2@desk.test").await));

    cast.tech.language = "en";
    let answer = others(&mut cast.tech, &t).await;
    assert!(answer.shows("Tereza Técnica is looking"), "{}", answer.body);
    say(&mut cast.tech2, &t, "a", "gone").await.expect(204);
    assert_eq!(others(&mut cast.tech, &t).await.body.trim(), "");
    let elsewhere = cast.client.open(&[]).await;
    assert_eq!(others(&mut cast.tech2, &elsewhere).await.body.trim(), "");
}

async fn who_writes_is_said_to_write(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    say(&mut cast.tech2, &t, "a", "looking").await.expect(200);
    say(&mut cast.tech2, &t, "b", "writing").await.expect(200);
    let seen = others(&mut cast.tech, &t).await;
    assert!(seen.shows("Tereza Técnica está escrevendo uma resposta"));
    assert!(
        !seen.shows("está vendo"),
        "two tabs are one person, at the busier one"
    );
    say(&mut cast.tech2, &t, "b", "looking").await.expect(200);
    let seen = others(&mut cast.tech, &t).await;
    assert!(seen.shows("Tereza Técnica está vendo") && !seen.shows("escrevendo"));
}

async fn several_are_counted(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    say(&mut cast.tech2, &t, "a", "looking").await.expect(200);
    say(&mut cast.supervisor, &t, "a", "looking")
        .await
        .expect(200);
    let two = others(&mut cast.tech, &t).await;
    assert!(two.shows("Sílvia Supervisora e Tereza Técnica estão vendo"));
    say(&mut cast.admin, &t, "a", "looking").await.expect(200);
    let three = others(&mut cast.tech, &t).await;
    assert!(
        three.shows("Ana Admin e mais 2 pessoas estão vendo"),
        "{}",
        three.body
    );
    assert!(three.shows("title=\"Ana Admin, Sílvia Supervisora, Tereza Técnica\""));
    say(&mut cast.admin, &t, "a", "writing").await.expect(200);
    let mixed = others(&mut cast.tech, &t).await;
    assert!(mixed.shows("Ana Admin está escrevendo uma resposta"));
    assert!(mixed.shows("Sílvia Supervisora e Tereza Técnica estão vendo"));
}

async fn whoever_is_not_heard_of_for_a_minute_is_gone(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    say(&mut cast.tech2, &t, "a", "looking").await.expect(200);
    seconds_later(&desk.app, 40);
    assert!(others(&mut cast.tech, &t).await.shows("Tereza"));
    // Heard of again: it counts from then on.
    say(&mut cast.tech2, &t, "a", "looking").await.expect(200);
    seconds_later(&desk.app, 59);
    assert!(others(&mut cast.tech, &t).await.shows("Tereza"));
    seconds_later(&desk.app, 1);
    assert!(!others(&mut cast.tech, &t).await.shows("Tereza"));
}

async fn closing_one_of_two_tabs_takes_nobody_away(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    for tab in ["a", "b"] {
        say(&mut cast.tech2, &t, tab, "looking").await.expect(200);
    }
    say(&mut cast.tech2, &t, "a", "gone").await.expect(204);
    assert!(others(&mut cast.tech, &t).await.shows("Tereza"));
    say(&mut cast.tech2, &t, "b", "gone").await.expect(204);
    assert!(!others(&mut cast.tech, &t).await.shows("Tereza"));
}

async fn a_requester_learns_nothing_of_it(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    desk.settle().await;
    let mut ear = cast.client.listen("/live", None).await;
    ear.heard();
    let numbers = cast.client.get("/sync/check").await.json();
    let staffs = cast.tech.get("/sync/check").await.json();
    assert_eq!(staffs.get("presence"), None);

    say(&mut cast.tech, &t, "a", "writing").await.expect(200);
    live::pass_by(&desk.app).await.unwrap();
    assert_eq!(ear.heard().unwrap(), "");
    assert_eq!(cast.client.get("/sync/check").await.json(), numbers);
    assert_eq!(cast.tech.get("/sync/check").await.json(), staffs);
    say(&mut cast.client, &t, "a", "looking").await.expect(403);
    let path = format!("/tickets/{t}/presence");
    cast.client.get(&path).await.expect(403);
    cast.nobody.get(&path).await.expect(302);
    let page = cast.client.ticket(&t).await;
    assert!(!page.shows("presence"), "the page has a place for it");
    assert!(cast.tech.ticket(&t).await.shows(&path));
}

async fn a_ticket_that_one_does_not_see_has_nobody(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = "TCK-20260114-0000000000";
    say(&mut cast.tech, t, "a", "looking").await.expect(404);
    let path = format!("/tickets/{t}/presence");
    cast.tech.get(&path).await.expect(404);
}

async fn an_open_page_is_told_and_stands_where_it_stood(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    desk.settle().await;
    let id = ticket_id(&mut cast.tech, &t).await;
    let mut ear = cast.tech.listen("/live", None).await;
    ear.heard();
    let told = format!("event: presence\ndata: {{\"id\":\"{id}\",\"topic\":\"presence\"}}\n\n");
    for state in ["looking", "writing", "gone"] {
        say(&mut cast.tech2, &t, "a", state).await;
        live::pass_by(&desk.app).await.unwrap();
        // No number: whoever comes again goes on from the last change.
        assert_eq!(ear.heard().unwrap(), told, "{state}");
        live::pass_by(&desk.app).await.unwrap();
        assert_eq!(ear.heard().unwrap(), "", "{state} is told twice");
    }
    // Another heartbeat is no news.
    say(&mut cast.tech2, &t, "a", "looking").await.expect(200);
    live::pass_by(&desk.app).await.unwrap();
    ear.heard();
    seconds_later(&desk.app, 20);
    say(&mut cast.tech2, &t, "a", "looking").await.expect(200);
    live::pass_by(&desk.app).await.unwrap();
    assert_eq!(ear.heard().unwrap(), "");
    // Whoever was away for so long that they were forgotten is.
    seconds_later(&desk.app, 90);
    say(&mut cast.tech2, &t, "a", "looking").await.expect(200);
    live::pass_by(&desk.app).await.unwrap();
    assert_eq!(ear.heard().unwrap(), told);
}

async fn nobody_is_told_what_they_did_themself(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    desk.settle().await;
    let mut ear = cast.tech.listen("/live", None).await;
    ear.heard();
    say(&mut cast.tech, &t, "a", "writing").await.expect(200);
    live::pass_by(&desk.app).await.unwrap();
    assert_eq!(ear.heard().unwrap(), "");
}

async fn a_page_on_another_node_is_told_whatever_its_clock_says(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    desk.settle().await;
    let other = desk.node().await;
    let mut there = Browser::new(router::service(&other));
    there.set_cookie("session", cast.tech.cookie("session").unwrap());
    let mut ear = there.listen("/live", None).await;
    ear.heard();
    live::pass_by(&other).await.unwrap();

    say(&mut cast.tech2, &t, "a", "looking").await.expect(200);
    // By the other node's clock, that was a while ago.
    seconds_later(&desk.app, 20);
    live::pass_by(&other).await.unwrap();
    assert!(ear.heard().unwrap().contains("event: presence"));
    let seen = others(&mut there, &t).await;
    assert!(seen.shows("Tereza Técnica está vendo"));
    say(&mut there, &t, "b", "writing").await.expect(200);
    assert!(others(&mut cast.tech2, &t).await.shows("Téo Técnico"));
}

async fn nothing_is_asked_while_nobody_listens(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (result, asked) = desk.statements(live::pass_by(&desk.app)).await;
    result.unwrap();
    assert_eq!(asked, 0);
    let _ear = cast.tech.listen("/live", None).await;
    let (result, asked) = desk.statements(live::pass_by(&desk.app)).await;
    result.unwrap();
    assert_eq!(asked, 1);
}

async fn a_page_that_is_only_open_does_not_keep_its_session(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let csrf = cast.tech.csrf().await;
    let body = format!("csrf={csrf}&tab=a&state=looking");
    let path = format!("/tickets/{t}/presence");
    let beat = async |browser: &mut Browser| {
        let request = Request::post(&path)
            .header("x-refresh", "1")
            .header("content-type", "application/x-www-form-urlencoded");
        browser.send(request, Body::from(body.clone())).await
    };
    for _ in 0..3 {
        desk.later(35);
        beat(&mut cast.tech).await.expect(200);
    }
    desk.later(20);
    // Nobody has done anything for more than two hours.
    beat(&mut cast.tech).await.expect(302);
    cast.tech.get("/tickets").await.expect(302);
}

async fn nothing_of_it_stays(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let before = event_log::newest(desk.app.db.reader()).await.unwrap();
    let mut tickets = Vec::new();
    for _ in 0..3 {
        tickets.push(cast.client.open(&[]).await);
    }
    let opened = event_log::newest(desk.app.db.reader()).await.unwrap();
    assert_eq!(opened - before, 3);
    for t in &tickets {
        for tab in ["a", "b"] {
            say(&mut cast.tech, t, tab, "writing").await.expect(200);
            say(&mut cast.tech, t, tab, "gone").await.expect(204);
        }
    }
    let now = event_log::newest(desk.app.db.reader()).await.unwrap();
    assert_eq!(now, opened, "it stands in the log");
    assert_eq!(rows(&desk).await, 6);
    // Each message sweeps its ticket, and the day's sweep the rest.
    seconds_later(&desk.app, 61);
    say(&mut cast.tech2, &tickets[0], "a", "looking")
        .await
        .expect(200);
    assert_eq!(rows(&desk).await, 5);
    desk.later(24 * 60);
    desk.settle().await;
    assert_eq!(rows(&desk).await, 0);
}

async fn what_is_not_understood_is_refused(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    for (tab, state) in [
        ("", "looking"),
        ("a", ""),
        ("a", "asleep"),
        ("a b", "looking"),
        ("0123456789abcdefg", "looking"),
    ] {
        say(&mut cast.tech, &t, tab, state).await.expect(422);
    }
    assert_eq!(rows(&desk).await, 0);
    // To leave without having come is nothing.
    say(&mut cast.tech, &t, "a", "gone").await.expect(204);
    assert_eq!(rows(&desk).await, 0);
}

/// Says what somebody does at a ticket, as its page would.
async fn say(browser: &mut Browser, ticket: &str, tab: &str, state: &str) -> Answer {
    let fields = [("tab", tab), ("state", state)];
    browser.act(ticket, "presence", &fields).await
}

async fn others(browser: &mut Browser, ticket: &str) -> Answer {
    let path = format!("/tickets/{ticket}/presence");
    let answer = browser.get(&path).await.expect(200);
    // It moves without the log, so it must not be kept by the log's number.
    assert_eq!(answer.header("etag"), "");
    answer
}

async fn ticket_id(browser: &mut Browser, protocol: &str) -> String {
    let page = browser.ticket(protocol).await.body;
    let (_, rest) = page.split_once("data-live-topics=\"tickets:").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn seconds_later(app: &App, seconds: i64) {
    if let Clock::Set(millis) = &app.clock {
        millis.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

async fn rows(desk: &TestDesk) -> i64 {
    use sea_orm::{ConnectionTrait, Statement};
    let db = desk.app.db.reader();
    let count = Statement::from_string(
        db.get_database_backend(),
        "SELECT COUNT(*) AS n FROM ticket_presence",
    );
    let row = db.query_one_raw(count).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

//! The zone in which somebody reads times: their own, or else the desk's.

use db::sea_orm::ConnectionTrait;

use crate::support::{Browser, Kind, TestDesk, on_each};

on_each!(
    times_are_shown_in_the_zone_of_whoever_reads,
    a_day_in_a_filter_is_the_readers_day,
    a_page_kept_in_one_zone_is_not_shown_in_another,
    a_zone_is_chosen_by_its_name_and_given_up,
);

const PAGE: &str = "/preferences";
/// The tests begin at noon in São Paulo, which is three in the afternoon in Greenwich
/// and the next day's midnight in Tokyo.
const INSTANT: &str = "2026-01-14T15:00:00Z";

async fn choose(browser: &mut Browser, zone: &str) {
    browser.submit(PAGE, &[("zone", zone)]).await.expect(302);
    // What was done is said once, on the next page.
    browser.get(PAGE).await.expect(200);
}

async fn times_are_shown_in_the_zone_of_whoever_reads(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    choose(&mut cast.tech, "Asia/Tokyo").await;
    choose(&mut cast.admin, "America/Manaus").await;
    let time = |shown: &str| format!("<time datetime=\"{INSTANT}\" title=\"{shown}\">");
    for page in [format!("/tickets/{t}"), "/tickets?view=all".to_owned()] {
        for (browser, shown) in [
            (&mut cast.client, "14/01/2026 12:00"),
            (&mut cast.supervisor, "14/01/2026 12:00"),
            (&mut cast.tech, "15/01/2026 00:00"),
            (&mut cast.admin, "14/01/2026 11:00"),
        ] {
            let answer = browser.get(&page).await.expect(200);
            assert!(
                answer.shows(&time(shown)),
                "{page} {shown}: {}",
                answer.body
            );
        }
    }
    let audit = cast.admin.get("/admin/audit").await.expect(200);
    assert!(audit.shows(&time("14/01/2026 11:00")), "{}", audit.body);
    // Programs read UTC, whoever they are; so does whoever takes a table along.
    let mut api = cast.tech.api("tec@desk.test").await;
    let ticket = api.get(&format!("/api/v1/tickets/{t}")).await.json();
    assert_eq!(ticket["created_at"], INSTANT);
    choose(&mut cast.admin, "Asia/Tokyo").await;
    let export = cast.admin.submit("/admin/audit/export.csv", &[]).await;
    let export = export.expect(200);
    assert!(export.shows(INSTANT));
    let name = export.header("content-disposition").to_owned();
    assert!(name.contains("audit-20260115.csv"), "{name}");
    // The day in a protocol is the desk's, whoever opens the ticket.
    choose(&mut cast.client, "Asia/Tokyo").await;
    assert!(cast.client.open(&[]).await.starts_with("TCK-20260114-"));
}

async fn a_day_in_a_filter_is_the_readers_day(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    choose(&mut cast.tech, "Asia/Tokyo").await;
    choose(&mut cast.admin, "Asia/Tokyo").await;
    let lists = async |browser: &mut Browser, query: &str| {
        let page = browser.get(&format!("/tickets?view=all&{query}")).await;
        page.expect(200).shows(&t)
    };
    for (query, in_tokyo, at_the_desk) in [
        ("from=2026-01-14&to=2026-01-14", false, true),
        ("from=2026-01-15", true, false),
        ("to=2026-01-14", false, true),
        ("from=2026-01-15&to=2026-01-15", true, false),
    ] {
        assert_eq!(lists(&mut cast.tech, query).await, in_tokyo, "{query}");
        assert_eq!(lists(&mut cast.tech2, query).await, at_the_desk, "{query}");
    }
    let mut api = cast.tech.api("tec@desk.test").await;
    let found = api.get("/api/v1/tickets?from=2026-01-15").await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let path = "/admin/audit?kind=tickets&from=2026-01-15";
    assert!(cast.admin.get(path).await.expect(200).shows(&t));
    choose(&mut cast.admin, "").await;
    assert!(!cast.admin.get(path).await.expect(200).shows(&t));
}

async fn a_page_kept_in_one_zone_is_not_shown_in_another(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let path = format!("/tickets/{}", cast.client.open(&[]).await);
    let first = cast.tech.get(&path).await.expect(200);
    let kept = first.header("etag").to_owned();
    let again = [("if-none-match", kept.as_str())];
    cast.tech.get_with(&path, &again).await.expect(304);
    choose(&mut cast.tech, "Asia/Tokyo").await;
    let other = cast.tech.get_with(&path, &again).await.expect(200);
    assert_ne!(other.header("etag"), kept);
    assert!(other.shows("15/01/2026 00:00"));
    // And back: what the browser still has is right again.
    choose(&mut cast.tech, "").await;
    cast.tech.get_with(&path, &again).await.expect(304);
}

async fn a_zone_is_chosen_by_its_name_and_given_up(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let worn = async |browser: &mut Browser| {
        let page = browser.get(PAGE).await.expect(200);
        let (_, rest) = page.body.split_once("data-zone-worn-value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let tech = &mut cast.tech;
    assert_eq!(worn(tech).await, "America/Sao_Paulo");
    let page = tech.get(PAGE).await;
    assert!(page.shows("<option value=\"America/Manaus\">") && page.shows("são 12:00 agora"));
    // As people type it.
    choose(tech, " america/sao paulo ").await;
    choose(tech, "america/new york").await;
    assert_eq!(worn(tech).await, "America/New_York");
    assert!(
        tech.get(PAGE)
            .await
            .shows("value=\"America/New_York\" list")
    );
    for wrong in [
        "Mars/Base",
        "../../etc/passwd",
        "\0",
        "UTC-3",
        "a".repeat(9_000).as_str(),
    ] {
        let refused = tech.submit(PAGE, &[("zone", wrong)]).await.expect(422);
        assert!(refused.shows("Este fuso horário não existe"), "{wrong}");
        assert!(refused.shows("aria-invalid=\"true\""));
        assert_eq!(worn(tech).await, "America/New_York");
    }
    let refused = tech.submit(PAGE, &[("zone", "Mars/Base")]).await;
    assert!(refused.shows("value=\"Mars/Base\""));
    // Other forms say nothing of it.
    tech.submit(PAGE, &[("theme", "dark")]).await.expect(302);
    assert_eq!(worn(tech).await, "America/New_York");
    choose(tech, "").await;
    assert_eq!(worn(tech).await, "America/Sao_Paulo");
    // Nobody else's changed, and a name that is no zone any longer is the desk's.
    choose(tech, "UTC").await;
    assert_eq!(worn(tech).await, "UTC");
    assert_eq!(worn(&mut cast.tech2).await, "America/Sao_Paulo");
    let tx = desk.app.db.begin().await.unwrap();
    let gone = "UPDATE users SET zone = 'Mars/Base' WHERE zone = 'UTC'";
    tx.execute_unprepared(gone).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(worn(&mut cast.tech).await, "America/Sao_Paulo");
}

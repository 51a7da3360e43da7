//! The index of the administration: what is administered, and how much of it there is.

use crate::support::{Answer, Kind, TestDesk, on_each};

on_each!(
    the_index_leads_to_every_page_of_the_administration,
    the_index_tells_how_much_there_is,
);

/// The number at an entry, if it has one.
fn number(page: &Answer, path: &str) -> Option<i64> {
    let (_, card) = page
        .body
        .split_once(&format!("class=\"admin-card\" href=\"{path}\""))?;
    let card = card.split("</a>").next().unwrap();
    let (_, rest) = card.split_once("<span class=\"count\">")?;
    let digits = rest.split('<').next().unwrap();
    Some(digits.replace('.', "").parse().unwrap())
}

async fn the_index_leads_to_every_page_of_the_administration(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let index = cast.admin.get("/admin").await.expect(200);
    for entry in &desk.app.admin {
        let link = format!("class=\"admin-card\" href=\"{}\"", entry.path);
        assert!(index.shows(&link), "{} is not linked", entry.path);
        cast.admin.get(entry.path).await.expect(200);
    }
    // A page of the administration lies under an entry.
    for route in &desk.app.routes {
        let page = route.method == "GET" && route.path.starts_with("/admin/");
        let under = |path: &str| route.path == path || route.path.starts_with(&format!("{path}/"));
        assert!(
            !page || desk.app.admin.iter().any(|entry| under(entry.path)),
            "{} is under no entry of the index",
            route.path
        );
    }
    cast.tech.get("/admin").await.expect(403);
    cast.client.get("/admin").await.expect(403);
    cast.nobody.get("/admin").await.expect(302);
    // Who may open less is shown less.
    let index = cast.supervisor.get("/admin").await.expect(200);
    assert!(index.shows("href=\"/admin/queues\""));
    assert!(!index.shows("href=\"/admin/users\""));
}

async fn the_index_tells_how_much_there_is(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let page = cast.admin.get("/admin").await.expect(200);
    assert_eq!(number(&page, "/admin/users"), Some(6));
    // Acme, Beta and the first one.
    assert_eq!(number(&page, "/admin/companies"), Some(3));
    assert_eq!(number(&page, "/answers"), Some(0));
    assert_eq!(number(&page, "/admin/tools"), None);
    let events = event_log::newest(desk.app.db.reader()).await.unwrap();
    assert_eq!(number(&page, "/admin/audit"), Some(events));
    let queues = number(&page, "/admin/queues").unwrap();
    let queue = [("name", "Nova fila"), ("level", "1"), ("active", "on")];
    let made = cast.admin.submit("/admin/queues/new", &queue).await;
    made.expect(302);
    let channel = [("name", "Balcão físico")];
    let made = cast.admin.submit("/admin/channels/new", &channel).await;
    made.expect(302);
    let archived = [
        ("name", "Caio Cliente"),
        ("email", "cli2@beta.test"),
        ("role", "client"),
    ];
    let path = format!("/admin/users/{}", desk.id("cli2@beta.test").await);
    cast.admin.submit(&path, &archived).await.expect(302);
    let later = cast.admin.get("/admin").await.expect(200);
    assert_eq!(number(&later, "/admin/queues"), Some(queues + 1));
    assert_eq!(number(&later, "/admin/users"), Some(5));
    // One that is not in use does not count.
    let channels = |page: &Answer| number(page, "/admin/channels").unwrap();
    assert_eq!(channels(&later), channels(&page));
    // From memory while nothing changed: no more statements than a page without numbers.
    desk.settle().await;
    cast.admin.get("/admin").await.expect(200);
    let (_, index) = desk.statements(cast.admin.get("/admin")).await;
    let (_, other) = desk.statements(cast.admin.get("/preferences")).await;
    assert!(index <= other, "{index} statements");
}

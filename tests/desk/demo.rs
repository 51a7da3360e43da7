//! The demonstration: a story through the real commands, and a large one.

use sea_orm::{ConnectionTrait, Statement};

use crate::support::{Kind, TestDesk, on_each};

on_each!(
    the_story_is_told_and_everybody_can_sign_in,
    a_large_demo_is_whole
);

async fn the_story_is_told_and_everybody_can_sign_in(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let directory = desk.app.settings.data.clone();
    let logins = balcao::demo::prepare(&desk.app, &directory, None)
        .await
        .unwrap();
    assert_eq!(logins.len(), 14);
    let text = std::fs::read_to_string(directory.join("demo-logins.json")).unwrap();
    let written: serde_json::Value = serde_json::from_str(&text).unwrap();
    for login in written.as_array().unwrap() {
        for field in ["role", "name", "email", "password"] {
            assert!(login[field].is_string(), "{field}");
        }
        let mut browser = desk.browser();
        let fields = [
            ("email", login["email"].as_str().unwrap()),
            ("password", login["password"].as_str().unwrap()),
        ];
        browser.submit("/auth/login", &fields).await.expect(302);
        browser.get("/tickets").await.expect(200);
    }
    // What a new desk begins with has become the story's: nothing stands there twice.
    let db = desk.app.db.reader();
    let story = cast::story().unwrap();
    let categories = catalog::categories(db).await.unwrap();
    let categories = categories.into_iter().filter(|c| c.parent.is_none());
    let companies = companies::names(db).await.unwrap();
    for (found, told) in [
        (
            categories.map(|c| c.name).collect::<Vec<_>>(),
            story.categories.iter().map(|c| &c.name).collect::<Vec<_>>(),
        ),
        (
            companies.into_iter().map(|c| c.1).collect(),
            story.companies.iter().map(|c| &c.name).collect(),
        ),
    ] {
        assert_eq!(found.len(), told.len(), "{found:?}");
        assert!(told.iter().all(|name| found.contains(name)), "{found:?}");
    }
    // A second start finds everything there.
    let again = balcao::demo::prepare(&desk.app, &directory, None)
        .await
        .unwrap();
    assert_eq!(again[0].password, logins[0].password);
}

async fn a_large_demo_is_whole(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let directory = desk.app.settings.data.clone();
    let logins = balcao::demo::prepare(&desk.app, &directory, Some(2_500))
        .await
        .unwrap();
    let db = desk.app.db.reader();
    let count = async |sql: &'static str| -> i64 {
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    };
    assert_eq!(count("SELECT COUNT(*) FROM tickets").await, 2_500);
    assert_eq!(
        count("SELECT COUNT(DISTINCT protocol) FROM tickets").await,
        2_500
    );
    assert!(count("SELECT COUNT(*) FROM comments").await > 5_000);
    let verdict = ::event_log::verify(db).await.unwrap();
    assert!(matches!(verdict, ::event_log::Verdict::Whole(events) if events > 10_000));
    desk.settle().await;
    // A copied ticket reads like the one that was told: somebody opened it, and it is over.
    let mut admin = desk.browser();
    let fields = [
        ("email", logins[0].email.as_str()),
        ("password", &logins[0].password),
    ];
    admin.submit("/auth/login", &fields).await.expect(302);
    let list = admin.get("/tickets?view=all&dir=asc").await.expect(200);
    let protocol = list.body.split("href=\"/tickets/TCK-").nth(1).unwrap();
    let protocol = protocol.split('"').next().unwrap();
    let page = admin
        .get(&format!("/tickets/TCK-{protocol}"))
        .await
        .expect(200);
    assert!(page.shows("abriu o chamado") && page.shows("Fechado"));
}

//! The same on three databases, and what happens when one is away.

use kit::Db;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Query};
use tempfile::TempDir;

use crate::support::{Database, Kind, Stoppable, TestDesk, migrations, on_each};

/// A server that really stops and really starts: the desk says so meanwhile, and goes
/// on without a restart of its own.
async fn the_desk_recovers_when_its_database_comes_back(kind: Kind) {
    // A file does not go away by itself.
    if kind == Kind::Sqlite {
        return;
    }
    let mut server = Stoppable::new(kind);
    let desk = TestDesk::at(server.url().await).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[("title", "Antes da queda")]).await;
    server.stop();
    let page = cast.tech.get("/tickets").await.expect(503);
    assert!(page.shows("Voltamos em instantes"));
    desk.browser().get("/health").await.expect(503);
    server.start();
    assert!(cast.tech.get("/tickets").await.expect(200).shows(&t));
    cast.client
        .act(&t, "", &[("content", "Depois da queda")])
        .await
        .expect(302);
    desk.browser().get("/health").await.expect(200);
}

on_each!(
    a_second_start_changes_nothing,
    a_newer_schema_is_refused,
    looking_at_a_schema_changes_nothing,
    categories_that_were_made_twice_do_not_stop_an_update,
    emoji_and_accents_survive,
    a_database_that_goes_away_is_a_503_with_a_page,
    the_desk_recovers_when_its_database_comes_back,
    two_acts_on_one_ticket_come_one_after_the_other,
);

async fn a_second_start_changes_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let pending = db::pending(&desk.app.db, &migrations()).await.unwrap();
    assert_eq!(pending, Vec::<&str>::new());
    assert_eq!(
        db::migrate(&desk.app.db, &migrations()).await.unwrap(),
        Vec::<&str>::new()
    );
}

async fn a_newer_schema_is_refused(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut fewer = migrations();
    let newest = fewer.pop().unwrap();
    let error = db::migrate(&desk.app.db, &fewer)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(newest.id) && error.contains("newer version"),
        "{error}"
    );
}

async fn emoji_and_accents_survive(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast
        .client
        .open(&[("title", "Não imprime 🖨️ “aspas”")])
        .await;
    cast.client
        .act(&t, "", &[("content", "👩‍💻 ação çãõ")])
        .await
        .expect(302);
    let page = cast.tech.ticket(&t).await;
    assert!(page.shows("Não imprime 🖨️ “aspas”") && page.shows("👩‍💻 ação çãõ"));
}

async fn a_database_that_goes_away_is_a_503_with_a_page(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut api = cast.tech.api("tec@desk.test").await;
    desk.app.db.clone().close().await.unwrap();
    let page = cast.tech.get("/tickets").await.expect(503);
    assert!(page.shows("Voltamos em instantes") && !page.header("retry-after").is_empty());
    let answer = api.get("/api/v1/tickets").await.expect(503);
    assert_eq!(answer.json()["errors"][0]["code"], "error-503");
    assert_eq!(
        desk.browser().get("/health").await.expect(503).json()["status"],
        "unavailable"
    );
}

async fn two_acts_on_one_ticket_come_one_after_the_other(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for _ in 0..5 {
        let t = cast.client.open(&[]).await;
        let (mut a, mut b) = (cast.tech.clone(), cast.tech2.clone());
        let (one, two) = tokio::join!(a.act(&t, "assign", &[]), b.act(&t, "assign", &[]));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [302, 409]);
    }
}

async fn looking_at_a_schema_changes_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut more = migrations();
    more.push(db::Migration {
        id: "future-001",
        steps: || panic!("nobody asked for it"),
    });
    for _ in 0..2 {
        let pending = db::pending(&desk.app.db, &more).await.unwrap();
        assert_eq!(pending, ["future-001"]);
    }
}

async fn categories_that_were_made_twice_do_not_stop_an_update(kind: Kind) {
    let files = TempDir::new().unwrap();
    let database = Database::fresh(kind, files.path()).await;
    let db = Db::connect(&database.url).await.unwrap();
    let mut first = migrations();
    first.retain(|migration| migration.id.ends_with("-001"));
    db::migrate(&db, &first).await.unwrap();
    let tx = db.begin().await.unwrap();
    for n in 1..=3_u128 {
        let category = Query::insert()
            .into_table(Alias::new("categories"))
            .columns(["id", "name", "active"].map(Alias::new))
            .values_panic([uuid::Uuid::from_u128(n).into(), "Rede".into(), true.into()])
            .to_owned();
        tx.execute(&category).await.unwrap();
    }
    tx.commit().await.unwrap();
    let ran = db::migrate(&db, &migrations()).await.unwrap();
    assert!(ran.contains(&"catalog-002"), "{ran:?}");
    let categories = ::catalog::categories(db.reader()).await.unwrap();
    assert_eq!(categories.len(), 3, "nothing is lost");
}

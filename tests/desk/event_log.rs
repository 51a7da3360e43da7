//! The rules that make the event log sound.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use db::sea_orm::{ConnectionTrait, Statement};
use event_log::{ActorKind, Broken, Consumer, NewEvent, Verdict};
use kit::{Context, Instant};
use serde_json::json;

use crate::support::{Kind, NOON, TestDesk, on_each};

on_each!(
    numbers_are_dense_under_eight_writers_and_a_follower_misses_none,
    a_consumers_rows_and_place_are_one,
    a_hole_makes_a_follower_wait,
    an_event_that_keeps_failing_becomes_a_dead_letter,
    an_edit_of_history_shows,
    a_commit_that_records_nothing_must_be_spelled,
);

fn something() -> NewEvent {
    NewEvent {
        kind: "test.happened",
        subject: kit::new_id(NOON),
        company: None,
        actor: None,
        actor_kind: ActorKind::System,
        ip: None,
        at: NOON,
        data: json!({ "a": 1 }),
    }
}

async fn execute(desk: &TestDesk, sql: &str) {
    let tx = desk.app.db.begin().await.unwrap();
    tx.execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
}

async fn numbers_are_dense_under_eight_writers_and_a_follower_misses_none(kind: Kind) {
    let desk = Arc::new(TestDesk::new(kind).await);
    let start = event_log::newest(desk.app.db.reader()).await.unwrap();
    let each = 40;
    let follower = {
        let desk = desk.clone();
        tokio::spawn(async move {
            let (mut place, mut seen) = (start, Vec::new());
            while seen.len() < each * 8 {
                let events = event_log::after(desk.app.db.reader(), place, 50)
                    .await
                    .unwrap();
                for event in events {
                    place = event.seq;
                    seen.push(event.seq);
                }
                tokio::task::yield_now().await;
            }
            seen
        })
    };
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let desk = desk.clone();
            tokio::spawn(async move {
                for i in 0..each {
                    let tx = desk.app.db.begin().await.unwrap();
                    // Different amounts of work before the number is taken.
                    for _ in 0..(writer + i) % 3 {
                        tx.execute_unprepared("SELECT 1").await.unwrap();
                    }
                    event_log::append(&tx, vec![something()]).await.unwrap();
                    // Every fifth gives up after it took its number: no hole may stay.
                    if i % 5 == 4 {
                        tx.rollback().await.unwrap();
                        let tx = desk.app.db.begin().await.unwrap();
                        event_log::append(&tx, vec![something()]).await.unwrap();
                        tx.commit().await.unwrap();
                    } else {
                        tx.commit().await.unwrap();
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let seen = follower.await.unwrap();
    let wanted: Vec<i64> = (start + 1..=start + 8 * i64::try_from(each).unwrap()).collect();
    assert_eq!(seen, wanted);
    assert_eq!(
        event_log::verify(desk.app.db.reader()).await.unwrap(),
        Verdict::Whole(*wanted.last().unwrap())
    );
}

/// A consumer that counts in a table of its own and fails when told to.
fn counter(fails: Arc<AtomicU64>) -> Consumer {
    Consumer {
        name: "counter",
        apply: Arc::new(move |tx, event| {
            let fails = fails.clone();
            Box::pin(async move {
                tx.execute_unprepared("UPDATE counted SET n = n + 1")
                    .await
                    .map_err(|e| e.to_string())?;
                if i64::try_from(fails.load(Ordering::SeqCst)) == Ok(event.seq) {
                    return Err("told to fail".to_owned());
                }
                Ok(())
            })
        }),
    }
}

async fn counted(desk: &TestDesk) -> i64 {
    let db = desk.app.db.reader();
    let statement = Statement::from_string(db.get_database_backend(), "SELECT n FROM counted");
    db.query_one_raw(statement)
        .await
        .unwrap()
        .unwrap()
        .try_get("", "n")
        .unwrap()
}

async fn begin_counting(desk: &TestDesk) -> i64 {
    execute(desk, "CREATE TABLE counted (n BIGINT NOT NULL)").await;
    execute(desk, "INSERT INTO counted (n) VALUES (0)").await;
    event_log::newest(desk.app.db.reader()).await.unwrap()
}

async fn a_consumers_rows_and_place_are_one(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let there = begin_counting(&desk).await;
    let fails = Arc::new(AtomicU64::new(u64::try_from(there).unwrap()));
    let consumer = counter(fails.clone());
    let now = NOON;
    // The last event fails: what was written for it is taken back with its place.
    event_log::run(&desk.app.db, &consumer, now).await.unwrap();
    assert_eq!(counted(&desk).await, there - 1);
    assert_eq!(
        event_log::progress(desk.app.db.reader()).await.unwrap()[0].behind,
        1
    );
    fails.store(0, Ordering::SeqCst);
    // It waits before it tries again …
    event_log::run(&desk.app.db, &consumer, now).await.unwrap();
    assert_eq!(counted(&desk).await, there - 1);
    // … and then applies each event exactly once, however often it is run.
    for minutes in 1..4 {
        event_log::run(&desk.app.db, &consumer, now.plus_minutes(minutes))
            .await
            .unwrap();
    }
    assert_eq!(counted(&desk).await, there);
}

async fn a_hole_makes_a_follower_wait(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let last = event_log::newest(desk.app.db.reader()).await.unwrap();
    execute(
        &desk,
        &format!("UPDATE events SET seq = {} WHERE seq = {last}", last + 1),
    )
    .await;
    let events = event_log::after(desk.app.db.reader(), last - 2, 10)
        .await
        .unwrap();
    assert_eq!(events.iter().map(|e| e.seq).collect::<Vec<_>>(), [last - 1]);
    execute(
        &desk,
        &format!("UPDATE events SET seq = {last} WHERE seq = {}", last + 1),
    )
    .await;
    assert_eq!(
        event_log::after(desk.app.db.reader(), last - 2, 10)
            .await
            .unwrap()
            .len(),
        2
    );
}

async fn an_event_that_keeps_failing_becomes_a_dead_letter(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let there = begin_counting(&desk).await;
    let consumer = counter(Arc::new(AtomicU64::new(2)));
    let mut now: Instant = NOON;
    for _ in 0..10 {
        event_log::run(&desk.app.db, &consumer, now).await.unwrap();
        now = now.plus_minutes(60);
    }
    assert_eq!(counted(&desk).await, there - 1);
    let dead = event_log::dead_letters(desk.app.db.reader(), "counter")
        .await
        .unwrap();
    assert_eq!(dead, [(2, "told to fail".to_owned())]);
}

async fn an_edit_of_history_shows(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    desk.cast().await;
    let db = desk.app.db.reader();
    let last = event_log::newest(db).await.unwrap();
    assert_eq!(event_log::verify(db).await.unwrap(), Verdict::Whole(last));
    execute(
        &desk,
        "UPDATE events SET kind = 'user.created ' WHERE seq = 5",
    )
    .await;
    assert_eq!(
        event_log::verify(db).await.unwrap(),
        Verdict::Broken(Broken::Edited(5))
    );
    execute(&desk, "DELETE FROM events WHERE seq = 4").await;
    assert_eq!(
        event_log::verify(db).await.unwrap(),
        Verdict::Broken(Broken::Missing(4))
    );
    let desk = TestDesk::new(kind).await;
    let db = desk.app.db.reader();
    let last = event_log::newest(db).await.unwrap();
    execute(&desk, &format!("DELETE FROM events WHERE seq = {last}")).await;
    let end = Broken::End {
        expected: last,
        found: last - 1,
    };
    assert_eq!(event_log::verify(db).await.unwrap(), Verdict::Broken(end));
}

async fn a_commit_that_records_nothing_must_be_spelled(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cx = Context::system(&desk.app);
    let tx = cx.begin().await.unwrap();
    assert!(tx.commit().await.is_err());
    let tx = cx.begin().await.unwrap();
    tx.commit_silently("nothing happened").await.unwrap();
}

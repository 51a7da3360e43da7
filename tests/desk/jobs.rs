//! Jobs: written in the transaction, carried out at least once, never swallowed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jobs::{Failure, Handler, NewJob, Schedule};
use serde_json::{Value, json};

use crate::support::{Kind, NOON, TestDesk, on_each};

on_each!(
    a_job_is_written_with_its_transaction_or_not_at_all,
    two_jobs_of_one_key_are_one,
    a_failing_job_is_tried_again_later_and_ends_dead,
    a_hopeless_job_is_given_up_at_once,
    two_workers_never_do_the_same_job,
    a_dead_workers_job_is_taken_over,
    a_worker_whose_lease_ran_out_ends_nobody_elses_run,
    a_schedule_runs_once_an_interval,
);

const KIND: &str = "test.job";

fn new(key: &str) -> NewJob {
    NewJob {
        kind: KIND,
        payload: json!({ "n": 1 }),
        run_at: NOON,
        key: key.to_owned(),
    }
}

async fn enqueue(desk: &TestDesk, key: &str) {
    let tx = desk.app.db.begin().await.unwrap();
    jobs::enqueue(&tx, new(key), NOON).await.unwrap();
    tx.commit().await.unwrap();
}

/// Counts, and fails when told to.
fn handler(count: Arc<AtomicU64>, fails: bool) -> Handler {
    Handler {
        kind: KIND,
        run: Arc::new(move |payload: Value| {
            assert_eq!(payload["n"], 1);
            let count = count.clone();
            Box::pin(async move {
                count.fetch_add(1, Ordering::SeqCst);
                if fails { Err("no luck".into()) } else { Ok(()) }
            })
        }),
    }
}

async fn a_job_is_written_with_its_transaction_or_not_at_all(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let count = Arc::new(AtomicU64::new(0));
    let tx = desk.app.db.begin().await.unwrap();
    jobs::enqueue(&tx, new("a"), NOON).await.unwrap();
    tx.rollback().await.unwrap();
    assert!(
        !jobs::run_one(&desk.app.db, &[handler(count.clone(), false)], NOON)
            .await
            .unwrap()
    );
    enqueue(&desk, "a").await;
    assert!(
        jobs::run_one(&desk.app.db, &[handler(count.clone(), false)], NOON)
            .await
            .unwrap()
    );
    assert!(
        !jobs::run_one(&desk.app.db, &[handler(count.clone(), false)], NOON)
            .await
            .unwrap()
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

async fn two_jobs_of_one_key_are_one(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    enqueue(&desk, "same").await;
    enqueue(&desk, "same").await;
    enqueue(&desk, "other").await;
    let count = Arc::new(AtomicU64::new(0));
    while jobs::run_one(&desk.app.db, &[handler(count.clone(), false)], NOON)
        .await
        .unwrap()
    {}
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

async fn a_failing_job_is_tried_again_later_and_ends_dead(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    enqueue(&desk, "a").await;
    let count = Arc::new(AtomicU64::new(0));
    let handlers = [handler(count.clone(), true)];
    assert!(jobs::run_one(&desk.app.db, &handlers, NOON).await.unwrap());
    assert!(!jobs::run_one(&desk.app.db, &handlers, NOON).await.unwrap());
    let mut now = NOON;
    for _ in 0..20 {
        now = now.plus_minutes(120);
        jobs::run_one(&desk.app.db, &handlers, now).await.unwrap();
    }
    assert_eq!(count.load(Ordering::SeqCst), 8);
    let job = &jobs::recent(desk.app.db.reader(), 1).await.unwrap()[0];
    assert_eq!((job.state.as_str(), job.attempts), ("dead", 8));
    assert_eq!(job.last_error.as_deref(), Some("no luck"));
}

async fn a_hopeless_job_is_given_up_at_once(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    enqueue(&desk, "a").await;
    let handlers = [Handler {
        kind: KIND,
        run: Arc::new(|_| Box::pin(async { Err(Failure::hopeless("no such address".to_owned())) })),
    }];
    assert!(jobs::run_one(&desk.app.db, &handlers, NOON).await.unwrap());
    let job = &jobs::recent(desk.app.db.reader(), 1).await.unwrap()[0];
    assert_eq!((job.state.as_str(), job.attempts), ("dead", 1));
    assert_eq!(job.last_error.as_deref(), Some("no such address"));
    let later = NOON.plus_minutes(24 * 60);
    assert!(!jobs::run_one(&desk.app.db, &handlers, later).await.unwrap());
}

async fn two_workers_never_do_the_same_job(kind: Kind) {
    let desk = Arc::new(TestDesk::new(kind).await);
    for i in 0..30 {
        enqueue(&desk, &i.to_string()).await;
    }
    let count = Arc::new(AtomicU64::new(0));
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let (desk, handlers) = (desk.clone(), [handler(count.clone(), false)]);
            tokio::spawn(async move {
                while jobs::run_one(&desk.app.db, &handlers, NOON).await.unwrap() {}
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    while jobs::run_one(&desk.app.db, &[handler(count.clone(), false)], NOON)
        .await
        .unwrap()
    {}
    assert_eq!(count.load(Ordering::SeqCst), 30);
}

async fn a_dead_workers_job_is_taken_over(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    enqueue(&desk, "a").await;
    // A worker that claims and never comes back.
    let gone = Handler {
        kind: KIND,
        run: Arc::new(|_| Box::pin(std::future::pending())),
    };
    let claim = jobs::run_one(&desk.app.db, std::slice::from_ref(&gone), NOON);
    let claimed = tokio::time::timeout(std::time::Duration::from_millis(500), claim).await;
    assert!(claimed.is_err());
    let count = Arc::new(AtomicU64::new(0));
    let handlers = [handler(count.clone(), false)];
    assert!(
        !jobs::run_one(&desk.app.db, &handlers, NOON.plus_minutes(5))
            .await
            .unwrap()
    );
    assert!(
        jobs::run_one(&desk.app.db, &handlers, NOON.plus_minutes(11))
            .await
            .unwrap()
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

async fn a_worker_whose_lease_ran_out_ends_nobody_elses_run(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    enqueue(&desk, "a").await;
    let go = Arc::new(tokio::sync::Notify::new());
    let told = go.clone();
    let slow = [Handler {
        kind: KIND,
        run: Arc::new(move |_| {
            let told = told.clone();
            Box::pin(async move {
                told.notified().await;
                Ok(())
            })
        }),
    }];
    let mut slow = std::pin::pin!(jobs::run_one(&desk.app.db, &slow, NOON));
    let waits = tokio::time::timeout(std::time::Duration::from_millis(500), &mut slow).await;
    assert!(waits.is_err());
    // Its lease runs out, and another takes the job over and fails.
    let fails = [handler(Arc::default(), true)];
    let later = NOON.plus_minutes(11);
    assert!(jobs::run_one(&desk.app.db, &fails, later).await.unwrap());
    go.notify_one();
    assert!(slow.await.unwrap());
    let job = &jobs::recent(desk.app.db.reader(), 1).await.unwrap()[0];
    assert_eq!((job.state.as_str(), job.attempts), ("waiting", 2));
    assert_eq!(job.last_error.as_deref(), Some("no luck"));
    assert!(jobs::goes_on(desk.app.db.reader(), "a").await.unwrap());
    assert!(!jobs::goes_on(desk.app.db.reader(), "b").await.unwrap());
}

async fn a_schedule_runs_once_an_interval(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let schedule = Schedule {
        kind: KIND,
        every_minutes: 60,
    };
    let count = Arc::new(AtomicU64::new(0));
    let counts = count.clone();
    let handlers = [Handler {
        kind: KIND,
        run: Arc::new(move |_| {
            let counts = counts.clone();
            Box::pin(async move {
                counts.fetch_add(1, Ordering::SeqCst);
                Ok(())
            })
        }),
    }];
    for minutes in [0, 1, 30, 61, 62, 125] {
        let now = NOON.plus_minutes(minutes);
        jobs::plan(&desk.app.db, &[schedule], now).await.unwrap();
        jobs::plan(&desk.app.db, &[schedule], now).await.unwrap();
        while jobs::run_one(&desk.app.db, &handlers, now).await.unwrap() {}
    }
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

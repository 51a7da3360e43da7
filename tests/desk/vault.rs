//! Secrets at rest (S4-259, S4-260).

use kit::{Vault, VaultError};
use sea_orm::{ConnectionTrait, Statement};
use tempfile::TempDir;

use ::vault::{Keys, Resealed};

use crate::support::{ENCRYPTION_KEY, Kind, NOON, SECRET, TestDesk, on_each};

on_each!(
    the_same_secret_twice_differs_and_is_nowhere_in_the_database,
    a_database_copied_to_another_key_is_unreadable,
    rows_cannot_be_exchanged_nor_changed,
    a_new_key_takes_over_while_the_desk_serves,
    a_crash_between_the_steps_of_a_rotation_loses_nothing,
    what_is_saved_while_the_key_changes_stays_readable,
    a_key_from_the_environment_takes_over_with_both_set,
);

const TOKEN: &str = "123456:AAH-telegram-token";

/// What stands in the table under `name`.
async fn sealed(desk: &TestDesk, name: &str) -> Vec<u8> {
    let db = desk.app.db.reader();
    let sql = format!("SELECT sealed FROM secrets WHERE name = '{name}'");
    let row = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(row).await.unwrap().unwrap();
    row.try_get("", "sealed").unwrap()
}

async fn put(desk: &TestDesk, vault: &Vault, name: &str, text: &str) {
    let tx = desk.app.db.begin().await.unwrap();
    vault.put(&tx, name, text, NOON).await.unwrap();
    tx.commit().await.unwrap();
}

async fn reseal(desk: &TestDesk, vault: &Vault) -> Resealed {
    let tx = desk.app.db.begin().await.unwrap();
    let done = vault.reseal(&tx, NOON).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn read(desk: &TestDesk, vault: &Vault, name: &str) -> Result<Option<String>, VaultError> {
    vault.get(desk.app.db.reader(), name).await
}

#[track_caller]
fn unreadable(found: Result<Option<String>, VaultError>) {
    assert!(matches!(found, Err(VaultError::Unreadable(_))), "{found:?}");
}

async fn the_same_secret_twice_differs_and_is_nowhere_in_the_database(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let vault = desk.app.vault.clone();
    put(&desk, &vault, "telegram", TOKEN).await;
    let first = sealed(&desk, "telegram").await;
    put(&desk, &vault, "telegram", TOKEN).await;
    put(&desk, &vault, "telegram-2", TOKEN).await;
    let second = sealed(&desk, "telegram").await;
    assert_ne!(first, second);
    assert_ne!(second, sealed(&desk, "telegram-2").await);
    for row in [&first, &second] {
        let clear = row
            .windows(8)
            .any(|part| TOKEN.as_bytes().starts_with(part));
        assert!(!clear, "the token stands in the row");
    }
    assert_eq!(
        read(&desk, &vault, "telegram").await.unwrap().unwrap(),
        TOKEN
    );
    assert_eq!(read(&desk, &vault, "whatsapp").await.unwrap(), None);
    let tx = desk.app.db.begin().await.unwrap();
    vault.remove(&tx, "telegram").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(read(&desk, &vault, "telegram").await.unwrap(), None);
}

async fn a_database_copied_to_another_key_is_unreadable(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    put(&desk, &desk.app.vault, "telegram", TOKEN).await;
    // The desk's other secret is no key to it either.
    for key in ["another installation's key, just as long", SECRET] {
        let other = Vault::open(Keys::given([key]));
        unreadable(read(&desk, &other, "telegram").await);
    }
    // Whoever enters it again there has it again.
    let other = Vault::open(Keys::given(["another installation's key, just as long"]));
    put(&desk, &other, "telegram", "new").await;
    assert_eq!(
        read(&desk, &other, "telegram").await.unwrap().unwrap(),
        "new"
    );
}

async fn rows_cannot_be_exchanged_nor_changed(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let vault = desk.app.vault.clone();
    put(&desk, &vault, "mine", "mine").await;
    put(&desk, &vault, "yours", "yours").await;
    let tx = desk.app.db.begin().await.unwrap();
    tx.execute_unprepared("DELETE FROM secrets WHERE name = 'yours'")
        .await
        .unwrap();
    tx.execute_unprepared("UPDATE secrets SET name = 'yours' WHERE name = 'mine'")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    unreadable(read(&desk, &vault, "yours").await);
}

async fn a_new_key_takes_over_while_the_desk_serves(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("encryption.key");
    // A desk that serves, and the command beside it.
    let serving = Vault::open(Keys::kept(&file).unwrap());
    put(&desk, &serving, "telegram", TOKEN).await;
    put(&desk, &serving, "smtp", "s3nha").await;
    let stolen = std::fs::read_to_string(&file).unwrap();
    let command = Vault::open(Keys::kept(&file).unwrap());
    Keys::add(&file).unwrap();
    let done = reseal(&desk, &command).await;
    assert_eq!((done.count, done.unreadable.len()), (2, 0));
    command.retire(desk.app.db.reader()).await.unwrap();
    assert_eq!(
        read(&desk, &serving, "telegram").await.unwrap().unwrap(),
        TOKEN
    );
    assert!(
        !std::fs::read_to_string(&file)
            .unwrap()
            .contains(stolen.trim())
    );
    let thief = Vault::open(Keys::given([stolen.trim()]));
    unreadable(read(&desk, &thief, "telegram").await);
    put(&desk, &serving, "smtp", "outra").await;
    unreadable(read(&desk, &thief, "smtp").await);
    assert_eq!(reseal(&desk, &command).await, Resealed::default());
}

async fn a_crash_between_the_steps_of_a_rotation_loses_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("encryption.key");
    // Whoever starts after the crash knows only what lies in the file.
    let started = || Vault::open(Keys::kept(&file).unwrap());
    put(&desk, &started(), "telegram", TOKEN).await;
    let all_is_well = async || {
        let found = read(&desk, &started(), "telegram").await;
        assert_eq!(found.unwrap().unwrap(), TOKEN);
    };
    // After the new key was put into the file.
    Keys::add(&file).unwrap();
    all_is_well().await;
    // While the rows are sealed again.
    let tx = desk.app.db.begin().await.unwrap();
    started().reseal(&tx, NOON).await.unwrap();
    drop(tx);
    all_is_well().await;
    started().retire(desk.app.db.reader()).await.unwrap();
    all_is_well().await;
    // After the commit, with the old key still there.
    assert_eq!(reseal(&desk, &started()).await.count, 1);
    all_is_well().await;
    // The next rotation finishes what this one left.
    Keys::add(&file).unwrap();
    assert_eq!(reseal(&desk, &started()).await.count, 1);
    started().retire(desk.app.db.reader()).await.unwrap();
    all_is_well().await;
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 1);
}

async fn what_is_saved_while_the_key_changes_stays_readable(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("encryption.key");
    let serving = Vault::open(Keys::kept(&file).unwrap());
    let command = Vault::open(Keys::kept(&file).unwrap());
    // Sealed under the old key and not committed yet: nobody sees it.
    let saving = desk.app.db.begin().await.unwrap();
    serving.put(&saving, "smtp", TOKEN, NOON).await.unwrap();
    Keys::add(&file).unwrap();
    let mut rotating = std::pin::pin!(reseal(&desk, &command));
    let waits = std::time::Duration::from_millis(300);
    let waits = tokio::time::timeout(waits, &mut rotating).await;
    assert!(waits.is_err(), "it did not wait");
    saving.commit().await.unwrap();
    assert_eq!(rotating.await.count, 1);
    command.retire(desk.app.db.reader()).await.unwrap();
    let found = read(&desk, &serving, "smtp").await.unwrap();
    assert_eq!(found.unwrap(), TOKEN);
}

async fn a_key_from_the_environment_takes_over_with_both_set(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let new = "the next encryption key, as long as the first";
    put(&desk, &desk.app.vault, "telegram", TOKEN).await;
    let foreign = Vault::open(Keys::given(["a key that nobody here has, just as long"]));
    put(&desk, &foreign, "foreign", "x").await;
    let both = Vault::open(Keys::given([new, ENCRYPTION_KEY]));
    assert_eq!(
        read(&desk, &both, "telegram").await.unwrap().unwrap(),
        TOKEN
    );
    let done = reseal(&desk, &both).await;
    assert_eq!(done.count, 1);
    assert_eq!(done.unreadable, ["foreign"]);
    let only_new = Vault::open(Keys::given([new]));
    assert_eq!(
        read(&desk, &only_new, "telegram").await.unwrap().unwrap(),
        TOKEN
    );
    unreadable(read(&desk, &desk.app.vault, "telegram").await);
}

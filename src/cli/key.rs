use balcao::{config, features};
use clap::{Args, Subcommand};
use db::Db;
use kit::Clock;
use vault::{Keys, Resealed, Vault, VaultError};

#[derive(Args)]
pub struct KeyCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Seal every secret again under a new key; the desk may go on serving
    Rotate,
}

/// Changes the key under which secrets are kept.
///
/// The order makes a crash harmless at any point. First the new key is put before
/// the old one in the file, which is replaced whole: from then on a running desk
/// seals with the new one and reads with both. Then all rows are sealed again in one
/// transaction: either all of them are under the new key, or all are as they were.
/// Only then, and only if no row is under it any more, the old key leaves the file.
/// Whatever was left undone, the next rotation does.
pub async fn run(command: KeyCommand) -> Result<(), String> {
    let Action::Rotate = command.action;
    let config = super::settings()?;
    let words = |e: VaultError| e.to_string();
    let in_file = config.encryption.is_empty();
    if config.encryption.len() == 1 {
        return Err("ENCRYPTION_KEY is set, so the new key must be, too: put it into ENCRYPTION_KEY_NEW, start the desk again with both, and then rotate".to_owned());
    }
    std::fs::create_dir_all(&config.settings.data)
        .map_err(|e| format!("{}: {e}", config.settings.data.display()))?;
    let vault = config::vault(&config).map_err(|e| format!("the encryption key: {e}"))?;
    let db = Db::connect(&config.settings.database_url)
        .await
        .map_err(|e| format!("the database does not answer: {e}"))?;
    let pending = db::pending(&db, &features::migrations()).await;
    if !pending.map_err(|e| e.to_string())?.is_empty() {
        return Err("the schema is behind; `balcao migrate` brings it up to date".to_owned());
    }
    if in_file {
        let file = config::key_file(&config);
        Keys::add(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    let done = reseal(&vault, &db).await.map_err(words)?;
    vault.retire(db.reader()).await.map_err(words)?;
    println!("{} secrets are under the new key.", done.count);
    for name in &done.unreadable {
        println!(
            "{name} could not be read with any key here and was left as it was: enter it again."
        );
    }
    if !in_file {
        println!(
            "Now put the new key into ENCRYPTION_KEY, take ENCRYPTION_KEY_NEW out, and start the desk again."
        );
    }
    Ok(())
}

async fn reseal(vault: &Vault, db: &Db) -> Result<Resealed, VaultError> {
    let tx = db.begin().await?;
    let done = vault.reseal(&tx, Clock::System.now()).await?;
    tx.commit().await?;
    Ok(done)
}

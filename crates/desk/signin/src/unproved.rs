//! Keys for apps that no code has proved yet. One belongs to the session, or to the
//! sign-in on its way, that began it: another browser of the same person neither shows
//! it nor proves it. After a while it is over.

use kit::{App, Error, Instant, Result, Tx, UserId};
use sea_orm::ConnectionTrait;

use crate::store::unproved::{self as store, Model};
use crate::{PendingId, totp};

/// So long somebody may take.
const MINUTES: i64 = 15;

/// Where somebody sits who began one.
#[derive(Clone, Copy)]
pub enum Holder<'a> {
    /// In the session of this cookie.
    Session(&'a str),
    /// In a sign-in that is not finished.
    Pending(PendingId),
}

impl Holder<'_> {
    fn hash(self, app: &App) -> String {
        let about = match self {
            Holder::Session(token) => format!("session {token}"),
            Holder::Pending(id) => format!("pending {id}"),
        };
        app.key.sign_hex("unproved totp", about.as_bytes())
    }
}

/// Makes a key for an app; one that was begun here before is worth nothing.
///
/// # Errors
/// When the key cannot be sealed.
pub async fn begin(tx: &Tx, user: UserId, holder: Holder<'_>) -> Result<()> {
    people::hold(tx, user).await?;
    let app = &tx.cx().app;
    let row = Model {
        holder_hash: holder.hash(app),
        user_id: user,
        expires_at: tx.now().plus_minutes(MINUTES),
    };
    store::put(tx.db(), row.clone()).await?;
    let (vault, key) = (&app.vault, totp::new_key());
    let put = vault.put(tx.db(), &place(&row), &key, tx.now()).await;
    put.map_err(Error::internal)
}

/// The key that was begun here, until it is over.
///
/// # Errors
/// When the database refuses.
pub async fn key(
    app: &App,
    db: &impl ConnectionTrait,
    user: UserId,
    holder: Holder<'_>,
    now: Instant,
) -> Result<Option<String>> {
    let row = store::find(db, &holder.hash(app)).await?;
    match row.filter(|row| row.user_id == user && now < row.expires_at) {
        Some(row) => totp::key_at(app, db, &place(&row)).await,
        None => Ok(None),
    }
}

/// Forgets all of somebody's.
///
/// # Errors
/// When the database refuses.
pub async fn forget_all_of(tx: &Tx, user: UserId) -> Result<()> {
    forget(tx, store::of(tx.db(), user).await?).await
}

/// Forgets what nobody went on with.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(tx: &Tx) -> Result<()> {
    forget(tx, store::over(tx.db(), tx.now()).await?).await
}

async fn forget(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    for row in rows {
        // Another one may have been begun there since.
        if !store::delete(tx.db(), &row).await? {
            continue;
        }
        let removed = tx.cx().app.vault.remove(tx.db(), &place(&row)).await;
        removed.map_err(Error::internal)?;
    }
    Ok(())
}

/// Where the key is kept.
fn place(row: &Model) -> String {
    format!("totp-new/{}", row.holder_hash)
}

//! What somebody shows beside their password: which of them there are, and how they
//! come and go. Whatever changes here ends the other sessions and is told by a letter.

use kit::{Context, Error, Instant, Result, Tx, UserId};
use people::{MANAGE, Person};
use sea_orm::ConnectionTrait;

use crate::events::{Factor, FactorEvent};
use crate::store::{factors as store, passkeys, pending};
use crate::unproved::{self, Holder};
use crate::{PasskeyId, codes, letters, rules, totp};

/// What somebody has.
pub struct Factors {
    /// Codes by mail.
    pub email: bool,
    /// An authenticator app, since when.
    pub totp: Option<Instant>,
    /// Passkeys, the oldest first.
    pub passkeys: Vec<passkeys::Model>,
    /// So many recovery codes are left.
    pub codes: u64,
}

impl Factors {
    /// What somebody has.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of(db: &impl ConnectionTrait, user: UserId) -> Result<Factors> {
        let row = store::of(db, user).await?;
        Ok(Factors {
            email: row.email,
            totp: row.totp_since,
            passkeys: passkeys::of(db, user).await?,
            codes: store::codes_left(db, user).await?,
        })
    }

    /// Whether there is anything to show.
    #[must_use]
    pub fn any(&self) -> bool {
        self.email || self.totp.is_some() || !self.passkeys.is_empty()
    }

    /// Whether mail is all there is, so that a code may be sent without being asked for.
    #[must_use]
    pub fn only_email(&self) -> bool {
        self.email && self.totp.is_none() && self.passkeys.is_empty()
    }
}

/// Whether letters leave this desk: codes by mail are of no use otherwise.
#[must_use]
pub fn mail_leaves(cx: &Context) -> bool {
    cx.app.mail.server().is_some()
}

/// Whose things change, and which session of theirs goes on.
#[derive(Clone, Copy)]
pub struct Whose<'a> {
    /// Whose.
    pub user: UserId,
    /// The cookie of the session that goes on.
    pub but: Option<&'a str>,
}

/// Lets codes come by mail, or no more; `false` when it was so already.
///
/// # Errors
/// [`Error::Conflict`] when no mail leaves, or when it is the last thing of somebody
/// who must have one.
pub async fn set_email(tx: &mut Tx, whose: Whose<'_>, on: bool) -> Result<bool> {
    people::hold(tx, whose.user).await?;
    let mut row = store::of(tx.db(), whose.user).await?;
    if row.email == on {
        return Ok(false);
    }
    if on && !mail_leaves(tx.cx()) {
        return Err(Error::Conflict("factor-no-mail"));
    }
    row.email = on;
    store::keep(tx.db(), row).await?;
    match on {
        true => added(tx, whose, Factor::Email, None).await?,
        false => removed(tx, whose, Factor::Email, None).await?,
    }
    Ok(true)
}

/// Takes the key for good that `code` proves; it replaces the one before.
///
/// # Errors
/// [`Error::Invalid`] at `code`; [`Error::NotFound`] when there is no key to prove.
pub async fn confirm_totp(
    tx: &mut Tx,
    whose: Whose<'_>,
    holder: Holder<'_>,
    code: &str,
) -> Result<()> {
    let user = whose.user;
    people::hold(tx, user).await?;
    let (app, now) = (tx.cx().app.clone(), tx.now());
    let key = unproved::key(&app, tx.db(), user, holder, now).await?;
    let key = key.ok_or(Error::NotFound)?;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let step = totp::step_of(&key, &digits, now);
    let step = step.ok_or_else(|| Error::field("code", "code-wrong"))?;
    app.vault
        .put(tx.db(), &totp::place(user), &key, now)
        .await
        .map_err(Error::internal)?;
    let mut row = store::of(tx.db(), user).await?;
    row.totp_since = Some(now);
    row.totp_step = Some(step);
    store::keep(tx.db(), row).await?;
    added(tx, whose, Factor::Totp, None).await
}

/// Takes somebody's app away; `false` when there was none.
///
/// # Errors
/// As [`set_email`].
pub async fn remove_totp(tx: &mut Tx, whose: Whose<'_>) -> Result<bool> {
    people::hold(tx, whose.user).await?;
    let row = store::of(tx.db(), whose.user).await?;
    if row.totp_since.is_none() {
        return Ok(false);
    }
    forget_totp(tx, row).await?;
    removed(tx, whose, Factor::Totp, None).await?;
    Ok(true)
}

async fn forget_totp(tx: &Tx, mut row: store::Model) -> Result<()> {
    let place = totp::place(row.user_id);
    let removed = tx.cx().app.vault.remove(tx.db(), &place).await;
    removed.map_err(Error::internal)?;
    row.totp_since = None;
    row.totp_step = None;
    store::keep(tx.db(), row).await
}

/// Takes a passkey away.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; as [`set_email`].
pub async fn remove_passkey(tx: &mut Tx, whose: Whose<'_>, id: PasskeyId) -> Result<()> {
    people::hold(tx, whose.user).await?;
    let own = passkeys::of(tx.db(), whose.user).await?;
    let gone = own.into_iter().find(|key| key.id == id);
    let gone = gone.ok_or(Error::NotFound)?;
    passkeys::delete(tx.db(), whose.user, id).await?;
    removed(tx, whose, Factor::Passkey, Some(gone.name)).await
}

/// Takes everything away that somebody has lost; `false` when there was nothing.
///
/// # Errors
/// [`Error::Forbidden`] for whoever may not.
pub async fn reset(tx: &mut Tx, whose: Whose<'_>) -> Result<bool> {
    tx.cx().require(&MANAGE)?;
    let user = whose.user;
    people::hold(tx, user).await?;
    let has = Factors::of(tx.db(), user).await?;
    if !has.any() && has.codes == 0 {
        return Ok(false);
    }
    let mut row = store::of(tx.db(), user).await?;
    row.email = false;
    forget_totp(tx, row).await?;
    passkeys::delete_all_of(tx.db(), user).await?;
    store::replace_codes(tx.db(), user, Vec::new()).await?;
    tx.record(&FactorEvent::Reset(user));
    changed(tx, whose, "reset").await?;
    Ok(true)
}

/// Makes somebody's recovery codes anew.
///
/// # Errors
/// [`Error::Conflict`] when there is nothing that they would stand in for.
pub async fn renew_codes(tx: &mut Tx, whose: Whose<'_>) -> Result<Vec<String>> {
    people::hold(tx, whose.user).await?;
    if !Factors::of(tx.db(), whose.user).await?.any() {
        return Err(Error::Conflict("factor-none"));
    }
    let made = codes::make(tx, whose.user).await?;
    tx.record(&FactorEvent::CodesMade(whose.user));
    changed(tx, whose, "codes").await?;
    Ok(made)
}

/// Recovery codes for whoever has just got the first thing that they stand in for.
///
/// # Errors
/// When the database refuses.
pub async fn first_codes(tx: &mut Tx, user: UserId) -> Result<Vec<String>> {
    if store::codes_left(tx.db(), user).await? > 0 {
        return Ok(Vec::new());
    }
    tx.record(&FactorEvent::CodesMade(user));
    codes::make(tx, user).await
}

/// Somebody has one thing more.
///
/// # Errors
/// When the database refuses.
pub async fn added(
    tx: &mut Tx,
    whose: Whose<'_>,
    factor: Factor,
    name: Option<String>,
) -> Result<()> {
    tx.record(&FactorEvent::Added(whose.user, factor, name));
    let what = match factor {
        Factor::Email => "email-on",
        Factor::Totp => "totp-on",
        Factor::Passkey => "passkey-on",
    };
    changed(tx, whose, what).await
}

async fn removed(
    tx: &mut Tx,
    whose: Whose<'_>,
    factor: Factor,
    name: Option<String>,
) -> Result<()> {
    let person = people::person(tx.db(), whose.user).await?;
    let person: Person = person.ok_or(Error::NotFound)?;
    if !Factors::of(tx.db(), whose.user).await?.any() {
        // An administrator resets; nobody goes around the rule by themselves.
        let own = tx.cx().actor.id() == Some(whose.user);
        if own && rules::must(tx.db(), &person).await? {
            return Err(Error::Conflict("factor-required"));
        }
        store::replace_codes(tx.db(), whose.user, Vec::new()).await?;
    }
    tx.record(&FactorEvent::Removed(whose.user, factor, name));
    let what = match factor {
        Factor::Email => "email-off",
        Factor::Totp => "totp-off",
        Factor::Passkey => "passkey-off",
    };
    changed(tx, whose, what).await
}

/// What every change brings with it.
async fn changed(tx: &mut Tx, whose: Whose<'_>, what: &'static str) -> Result<()> {
    people::renew(tx, whose.user, whose.but).await?;
    pending::delete_all_of(tx.db(), whose.user).await?;
    unproved::forget_all_of(tx, whose.user).await?;
    letters::send_changed(tx, whose.user, what).await
}

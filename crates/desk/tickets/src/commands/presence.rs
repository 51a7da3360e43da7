use jobs::{Handler, Schedule};
use kit::{App, Context, Result, Tx};

use crate::TicketId;
use crate::policy::WORK;
use crate::presence::{ALIVE_SECONDS, Presence, Tab};
use crate::store::{presence, ticket as store};

/// Each message sweeps its own ticket; what lies at tickets that nobody opens any
/// more goes once a day.
pub const SWEEP_PRESENCE: Schedule = Schedule {
    kind: "tickets.sweep_presence",
    every_minutes: 24 * 60,
};

/// Says what the actor does at a ticket in one of their tabs. Returns the ticket,
/// and whether there is anything new for others in it.
pub async fn attend(
    tx: &mut Tx,
    ticket: &str,
    tab: &Tab,
    what: Presence,
) -> Result<(TicketId, bool)> {
    tx.cx().require(&WORK)?;
    let user = tx.cx().actor.user()?.id;
    let ticket = store::find(tx.db(), tx.cx().scope(), ticket).await?.id;
    let before = tx.now().plus_seconds(-ALIVE_SECONDS);
    presence::forget(tx, Some(ticket), before).await?;
    let is_new = presence::note(tx, ticket, user, tab, what).await?;
    Ok((ticket, is_new))
}

/// Carries out [`SWEEP_PRESENCE`].
pub fn presence_sweeper(app: &App) -> Handler {
    kit::handler(app, SWEEP_PRESENCE.kind, |app, _| async move {
        Ok(sweep(&app).await?)
    })
}

async fn sweep(app: &App) -> Result<()> {
    let tx = Context::system(app).begin().await?;
    let before = tx.now().plus_seconds(-ALIVE_SECONDS);
    presence::forget(&tx, None, before).await?;
    tx.commit_silently("who looked is no history").await
}

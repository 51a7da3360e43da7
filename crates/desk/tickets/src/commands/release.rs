use jobs::Handler;
use kit::{App, Context, Error, Result, UserId};

use super::hold::{Hold, Target};
use crate::TicketId;
use crate::store::ticket as store;

/// Carries out [`people::REACH_CHANGED`]: what lies with somebody who left, or who may
/// not look where it is any more, waits for somebody else.
pub fn releaser(app: &App) -> Handler {
    kit::handler(app, people::REACH_CHANGED, |app, payload| async move {
        let user = payload["user"].as_str().and_then(|id| id.parse().ok());
        let Some(user) = user else { return Ok(()) };
        Ok(release_all(&app, user).await?)
    })
}

async fn release_all(app: &App, user: UserId) -> Result<()> {
    let mut after = None;
    loop {
        let some = store::worked_on(app.db.reader(), user, after).await?;
        let Some(last) = some.last() else {
            return Ok(());
        };
        after = Some(*last);
        for id in some {
            release(app, id).await?;
        }
    }
}

/// One by one, so that nobody who works on another one waits.
async fn release(app: &App, id: TicketId) -> Result<()> {
    let mut tx = Context::system(app).begin().await?;
    let mut hold = match Hold::of(&tx, &Target::from(id.to_string().as_str())).await {
        Err(Error::NotFound) => return Ok(()),
        hold => hold?,
    };
    if hold.release(&mut tx).await? {
        hold.keep(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

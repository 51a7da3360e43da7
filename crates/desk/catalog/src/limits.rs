//! Into which queues and companies somebody of the staff may look. The account keeps it;
//! it is said here, where queues are known.

use kit::{CompanyId, Context, Error, Limits, Problems, Result, Tx, UserId};

use crate::{Queue, QueueId};

/// So many queues, and so many companies: more than that is everything.
const MOST: usize = 500;

/// What can be chosen.
pub struct Choices {
    /// Every queue, archived ones too: what lies in them can be looked at.
    pub queues: Vec<Queue>,
    /// The active companies by name, and those that are chosen already.
    pub companies: Vec<(CompanyId, String)>,
}

impl Choices {
    /// Reads them; `chosen` are companies that may be archived by now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of(cx: &Context, chosen: &[CompanyId]) -> Result<Choices> {
        let mut all = companies::names(cx.db()).await?;
        let known = |id: &CompanyId| all.iter().any(|(other, _)| other == id);
        let missing = chosen.iter().filter(|id| !known(id)).copied().collect();
        let missing = companies::names_of(cx.db(), missing).await?;
        all.extend(missing);
        Ok(Choices {
            queues: crate::queues(cx.db()).await?,
            companies: all,
        })
    }
}

/// Says where somebody may look; `false` when it is so already.
///
/// # Errors
/// [`Error::Invalid`] for what is unknown; [`Error::Conflict`] for requesters and
/// administrators.
pub async fn limit(
    tx: &mut Tx,
    user: UserId,
    queues: Vec<QueueId>,
    companies: Vec<CompanyId>,
) -> Result<bool> {
    tx.cx().require(&people::MANAGE)?;
    let mut problems = Problems::default();
    for (field, count) in [("queues", queues.len()), ("companies", companies.len())] {
        if count > MOST {
            problems.add(field, "too-many-limits").limit = i64::try_from(MOST).ok();
        }
    }
    problems.done()?;
    let choices = Choices::of(tx.cx(), &companies).await?;
    let mut problems = Problems::default();
    // In the order in which they are shown, each once.
    let known: Vec<&Queue> = choices
        .queues
        .iter()
        .filter(|q| queues.contains(&q.id))
        .collect();
    let named: Vec<&(CompanyId, String)> = choices
        .companies
        .iter()
        .filter(|(id, _)| companies.contains(id))
        .collect();
    if queues.iter().any(|id| !known.iter().any(|q| q.id == *id)) {
        problems.add("queues", "unknown");
    }
    if companies
        .iter()
        .any(|id| !named.iter().any(|(n, _)| n == id))
    {
        problems.add("companies", "unknown");
    }
    problems.done()?;
    let limits = Limits {
        queues: known.iter().map(|q| q.id.0).collect(),
        companies: named.iter().map(|(id, _)| *id).collect(),
    };
    let names = (
        known.iter().map(|q| q.name.clone()).collect(),
        named.iter().map(|(_, name)| name.clone()).collect(),
    );
    people::limit(tx, user, limits, names).await
}

/// Whose limits can be changed.
///
/// # Errors
/// [`Error::NotFound`] when there is nobody of this id.
pub async fn person(cx: &Context, id: &str) -> Result<people::Person> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    let found = people::person(cx.db(), id).await?;
    found.ok_or(Error::NotFound)
}

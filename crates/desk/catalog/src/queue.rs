use kit::{Error, Problems, Result, Tx, UserId, new_id};

use crate::events::CatalogEvent;
use crate::store::queues as store;
use crate::{MANAGE, QueueId};

/// A queue of tickets with the people who work on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Which.
    pub id: QueueId,
    /// Its name, used once.
    pub name: String,
    /// Who hears of new tickets, later.
    pub email: Option<String>,
    /// 1 to 3: escalating leads to the next one.
    pub level: i32,
    /// Whether tickets may be put into it.
    pub active: bool,
}

/// What is typed to make or change a queue.
#[derive(Clone, Debug)]
pub struct QueueInput {
    /// See [`Queue::name`].
    pub name: String,
    /// See [`Queue::email`].
    pub email: Option<String>,
    /// See [`Queue::level`].
    pub level: i32,
    /// See [`Queue::active`].
    pub active: bool,
    /// Who works on it.
    pub members: Vec<UserId>,
}

/// Makes a queue (`id` is `None`) or changes one.
///
/// # Errors
/// [`Error::Invalid`] at the field, [`Error::NotFound`].
pub async fn save_queue(tx: &mut Tx, id: Option<QueueId>, input: QueueInput) -> Result<Queue> {
    tx.cx().require(&MANAGE)?;
    // Into a new one they would not look, and could not say so of themselves.
    if !tx.cx().scope().sees_queue(id.map(|id| id.0)) {
        return Err(Error::Forbidden("limits"));
    }
    let mut problems = Problems::default();
    let name = problems.text("name", &input.name, 1..=80);
    let email = problems.line("email", input.email.as_deref(), 160);
    if !(1..=3).contains(&input.level) {
        problems.add("level", "unknown");
    }
    let known = people::cards(tx.db(), input.members.clone()).await?;
    if input
        .members
        .iter()
        .any(|m| known.get(m).is_none_or(|p| !p.role.is_staff()))
    {
        problems.add("members", "unknown");
    }
    problems.done()?;
    let queue = Queue {
        id: id.unwrap_or_else(|| QueueId(new_id(tx.now()))),
        name,
        email,
        level: input.level,
        active: input.active,
    };
    match id {
        None => store::insert(tx, &queue).await?,
        Some(id) => {
            store::find(tx.db(), id).await?.ok_or(Error::NotFound)?;
            store::update(tx, &queue).await?;
        }
    }
    store::set_members(tx, queue.id, &input.members).await?;
    tx.record(&CatalogEvent::QueueSaved(
        queue.id,
        queue.name.clone(),
        queue.active,
    ));
    Ok(queue)
}

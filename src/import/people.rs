//! The people and lists that an import names, made once and remembered.

use std::collections::HashMap;

use catalog::{CategoryId, CategoryInput, ChannelId, ChannelInput, QueueId, QueueInput};
use kit::{Actor, Result, Role, Tx, User, UserId};
use people::PersonInput;

/// What has been looked up or made so far.
#[derive(Default)]
pub struct Known {
    people: HashMap<String, UserId>,
    queues: HashMap<String, QueueId>,
    categories: HashMap<(Option<CategoryId>, String), CategoryId>,
    channels: HashMap<String, ChannelId>,
}

impl Known {
    /// The account of a person, made without a password when there is none.
    pub async fn person(
        &mut self,
        tx: &mut Tx,
        name: &str,
        role: Role,
        active: bool,
        domain: &str,
    ) -> Result<UserId> {
        if let Some(id) = self.people.get(name) {
            return Ok(*id);
        }
        let email = format!("{}@{domain}", slug(name));
        let id = match people::by_email(tx.db(), &email).await? {
            Some(person) => person.id,
            None => {
                let input = PersonInput {
                    name: name.to_owned(),
                    email,
                    role,
                    company: None,
                    active,
                    password: String::new(),
                };
                as_system(tx, async |tx| people::create(tx, input).await)
                    .await?
                    .id
            }
        };
        self.people.insert(name.to_owned(), id);
        Ok(id)
    }

    /// A queue, made at level 1 when there is none.
    pub async fn queue(&mut self, tx: &mut Tx, name: &str) -> Result<QueueId> {
        if let Some(id) = self.queues.get(name) {
            return Ok(*id);
        }
        let id = match catalog::queue_named(tx.db(), name).await? {
            Some(queue) => queue.id,
            None => {
                let input = QueueInput {
                    name: name.to_owned(),
                    email: None,
                    level: 1,
                    active: true,
                    members: Vec::new(),
                };
                as_system(tx, async |tx| catalog::save_queue(tx, None, input).await)
                    .await?
                    .id
            }
        };
        self.queues.insert(name.to_owned(), id);
        Ok(id)
    }

    /// A category, or a subcategory of one, made when there is none.
    pub async fn category(
        &mut self,
        tx: &mut Tx,
        parent: Option<CategoryId>,
        name: &str,
    ) -> Result<CategoryId> {
        let key = (parent, name.to_owned());
        if let Some(id) = self.categories.get(&key) {
            return Ok(*id);
        }
        let id = match catalog::category_named(tx.db(), parent, name).await? {
            Some(category) => category.id,
            None => {
                let input = CategoryInput {
                    parent,
                    name: name.to_owned(),
                    active: true,
                };
                as_system(tx, async |tx| catalog::save_category(tx, None, input).await)
                    .await?
                    .id
            }
        };
        self.categories.insert(key, id);
        Ok(id)
    }

    /// A channel, made when there is none.
    pub async fn channel(&mut self, tx: &mut Tx, name: &str) -> Result<ChannelId> {
        if let Some(id) = self.channels.get(name) {
            return Ok(*id);
        }
        let id = match catalog::channel_named(tx.db(), name).await? {
            Some(channel) => channel.id,
            None => {
                let input = ChannelInput {
                    name: name.to_owned(),
                    active: true,
                };
                as_system(tx, async |tx| catalog::save_channel(tx, None, input).await)
                    .await?
                    .id
            }
        };
        self.channels.insert(name.to_owned(), id);
        Ok(id)
    }
}

/// What the import itself makes, it makes as the program; afterwards the actor
/// is again whoever it was.
async fn as_system<T>(tx: &mut Tx, make: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    let (actor, now) = (tx.cx().actor.clone(), tx.now());
    tx.act_as(Actor::System, now);
    let made = make(tx).await;
    tx.act_as(actor, now);
    made
}

/// Whoever changed a ticket elsewhere acts here with a supervisor's right: the
/// other system let them.
pub fn acting(id: UserId, name: &str) -> Actor {
    Actor::User(std::sync::Arc::new(User {
        id,
        name: name.to_owned(),
        email: String::new(),
        role: Role::Supervisor,
        company: None,
    }))
}

/// `Caller 2403` is `caller-2403`.
fn slug(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    plain.trim_matches('-').to_owned()
}

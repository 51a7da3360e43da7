//! The people and lists that an import names, made once and remembered.

use std::collections::HashMap;

use catalog::{CategoryId, CategoryInput, ChannelId, ChannelInput, QueueId, QueueInput};
use kit::{Actor, Result, Role, Tx, User, UserId};
use people::PersonInput;

/// What a history knows somebody as, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum As {
    /// Who asked.
    Requester,
    /// Who changed something.
    Actor,
    /// Who worked on a ticket.
    Technician,
}

/// What has been looked up or made so far.
#[derive(Default)]
pub struct Known {
    people: HashMap<String, (UserId, As)>,
    queues: HashMap<String, QueueId>,
    categories: HashMap<(Option<CategoryId>, String), CategoryId>,
    channels: HashMap<String, ChannelId>,
}

impl Known {
    /// The account of a person, made without a password when there is none. Who
    /// asked once and works now becomes staff; who only changed things becomes
    /// active with the first ticket of their own.
    pub async fn person(
        &mut self,
        tx: &mut Tx,
        name: &str,
        wanted: As,
        domain: &str,
    ) -> Result<UserId> {
        if let Some((id, known)) = self.people.get(name)
            && *known >= wanted
        {
            return Ok(*id);
        }
        let email = format!("{}@{domain}", slug(name));
        let found = people::by_email(tx.db(), &email).await?;
        let input = PersonInput {
            name: name.to_owned(),
            email,
            role: if wanted == As::Requester {
                Role::Client
            } else {
                Role::Tech
            },
            company: None,
            active: wanted == As::Technician,
            password: String::new(),
        };
        let id = match found {
            None => {
                as_system(tx, async |tx| {
                    let input = input.check(tx.cx(), false).await?;
                    people::create(tx, input).await
                })
                .await?
                .id
            }
            Some(person) => {
                let falls_short = person.role < input.role || (!person.active && input.active);
                if falls_short {
                    as_system(tx, async |tx| {
                        let input = input.check(tx.cx(), false).await?;
                        people::update(tx, person.id, input).await
                    })
                    .await?;
                }
                person.id
            }
        };
        self.people.insert(name.to_owned(), (id, wanted));
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
        powers: None,
        limits: None,
    }))
}

/// `Caller 2403` is `caller-2403`. A name beyond ASCII gets a mark of its own, so
/// that José and Josè stay two.
fn slug(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let plain = plain.trim_matches('-');
    if name.is_ascii() && !plain.is_empty() {
        return plain.to_owned();
    }
    // FNV-1a: short, and the same in every run.
    let mark = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{plain}-{mark:08x}").trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn different_people_have_different_addresses() {
        assert_eq!(slug("Caller 2403"), "caller-2403");
        assert_ne!(slug("José"), slug("Josè"));
        assert!(!slug("山田").is_empty() && slug("山田") != slug("佐藤"));
    }
}

use kit::{Error, Problems, Result, Tx, new_id};

use crate::events::CatalogEvent;
use crate::store::channels as store;
use crate::{ChannelId, MANAGE};

/// A way by which tickets come: telephone, e-mail, the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Which.
    pub id: ChannelId,
    /// Its name, used once.
    pub name: String,
    /// Whether new tickets may have it.
    pub active: bool,
    /// What a ticket opened in the browser by its requester gets.
    pub portal: bool,
}

/// What is typed to make or change a channel.
#[derive(Clone, Debug)]
pub struct ChannelInput {
    /// See [`Channel::name`].
    pub name: String,
    /// See [`Channel::active`].
    pub active: bool,
}

/// Makes a channel (`id` is `None`) or changes one.
///
/// # Errors
/// [`Error::Invalid`] at the field, [`Error::NotFound`], [`Error::Conflict`]
/// when the portal's own channel would be archived.
pub async fn save_channel(
    tx: &mut Tx,
    id: Option<ChannelId>,
    input: ChannelInput,
) -> Result<Channel> {
    tx.cx().require(&MANAGE)?;
    let mut problems = Problems::default();
    let name = problems.text("name", &input.name, 1..=80);
    problems.done()?;
    let old = match id {
        Some(id) => Some(store::find(tx.db(), id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    let portal = old.is_some_and(|c| c.portal);
    if portal && !input.active {
        return Err(Error::Conflict("portal-channel"));
    }
    let channel = Channel {
        id: id.unwrap_or_else(|| ChannelId(new_id(tx.now()))),
        name,
        active: input.active,
        portal,
    };
    match id {
        None => store::insert(tx, &channel).await?,
        Some(_) => store::update(tx, &channel).await?,
    }
    tx.record(&CatalogEvent::ChannelSaved(
        channel.id,
        channel.name.clone(),
        channel.active,
    ));
    Ok(channel)
}

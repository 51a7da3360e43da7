use kit::{Result, Tx, new_id};

use crate::channel::Channel;
use crate::events::CatalogEvent;
use crate::store::channels;
use crate::{CategoryInput, ChannelId, ChannelInput, QueueInput};
use crate::{save_category, save_channel, save_queue};

/// The lists that a new desk begins with: a channel for the portal and the usual
/// others, two levels of queues, and a few categories. All of them can be renamed.
///
/// # Errors
/// When the database refuses.
pub async fn first_lists(tx: &mut Tx) -> Result<()> {
    let cx = tx.cx().clone();
    let portal = Channel {
        id: ChannelId(new_id(tx.now())),
        name: cx.text("channel-portal", &[]),
        active: true,
        portal: true,
    };
    channels::insert(tx, &portal).await?;
    tx.record(&CatalogEvent::ChannelSaved(
        portal.id,
        portal.name.clone(),
        true,
    ));
    for key in ["phone", "email", "whatsapp", "chat"] {
        let name = cx.text(&format!("first-channel-{key}"), &[]);
        save_channel(tx, None, ChannelInput { name, active: true }).await?;
    }
    for level in 1..=2 {
        let queue = QueueInput {
            name: cx.text(&format!("first-queue-{level}"), &[]),
            email: None,
            level,
            active: true,
            members: Vec::new(),
        };
        save_queue(tx, None, queue).await?;
    }
    for key in ["hardware", "software", "network", "access"] {
        let category = CategoryInput {
            parent: None,
            name: cx.text(&format!("first-category-{key}"), &[]),
            active: true,
        };
        save_category(tx, None, category).await?;
    }
    Ok(())
}

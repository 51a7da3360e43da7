use kit::{Instant, Problems, Result, Tx, Upload, new_id};
use storage::{Kind, Refused, fingerprint, sniff};

use crate::store::attachments::{self, Model};
use crate::ticket::Ticket;
use crate::{AttachmentId, CommentId};

/// Where the files of tickets are kept.
pub(super) const FILES: &str = "tickets";

/// What each file is. One that the desk does not take is a problem that names it.
pub(super) fn check_files(problems: &mut Problems, files: &[Upload]) -> Vec<Kind> {
    let mut kinds = Vec::new();
    for file in files {
        match sniff(&file.name, &file.content) {
            Ok(kind) => kinds.push(kind),
            Err(refused) => {
                let code = match refused {
                    Refused::Empty => "file-empty",
                    Refused::Kind => "file-kind",
                    Refused::Lies => "file-lies",
                };
                problems.add("files", code).about = Some(file.name.clone());
            }
        }
    }
    kinds
}

/// Stores checked files under the company's and the ticket's own directory, with
/// random names (S3-082, S4-085).
pub(super) async fn attach(
    tx: &Tx,
    ticket: &Ticket,
    comment: Option<CommentId>,
    internal: bool,
    files: Vec<Upload>,
    kinds: &[Kind],
) -> Result<()> {
    for (number, (file, kind)) in (0..).zip(files.into_iter().zip(kinds)) {
        // A millisecond apart, so that they stay in the order in which they were sent.
        let id = AttachmentId(new_id(Instant(tx.now().0 + number)));
        let owner = ticket
            .company
            .map_or_else(|| "none".to_owned(), |c| c.to_string());
        let path = format!("{FILES}/{owner}/{}/{}", ticket.id, new_id(tx.now()));
        let row = Model {
            id,
            ticket_id: ticket.id,
            comment_id: comment,
            name: file.name,
            media_type: kind.media_type.to_owned(),
            inline: kind.inline,
            size: i64::try_from(file.content.len()).unwrap_or(i64::MAX),
            sha256: fingerprint(&file.content),
            path: path.clone(),
            internal,
            author_id: tx.cx().actor.id(),
            created_at: tx.now(),
            removed_at: None,
        };
        attachments::insert(tx, row).await?;
        tx.cx().app.storage.put(&path, file.content).await?;
    }
    Ok(())
}

use db::sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use sha2::{Digest, Sha256};

use crate::entity::{event, head};

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every row is what was appended; so many of them.
    Whole(i64),
    /// The first row that is not.
    Broken(Broken),
}

/// The first place where the log is not what was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// This number is missing.
    Missing(i64),
    /// This row was changed after it was written.
    Edited(i64),
    /// The log ends before or after the number that was given out last.
    End {
        /// The number that was given out last.
        expected: i64,
        /// The number of the last row.
        found: i64,
    },
}

/// SHA-256 over the hash of the row before and every field of this one, each
/// with its length in front so that no two rows read alike.
pub(crate) fn hash(previous: &[u8], row: &event::Model) -> Vec<u8> {
    let mut sha = Sha256::new();
    let mut field = |bytes: &[u8]| {
        sha.update((bytes.len() as u64).to_be_bytes());
        sha.update(bytes);
    };
    field(previous);
    field(&row.seq.to_be_bytes());
    field(row.kind.as_bytes());
    field(row.subject_id.as_bytes());
    field(row.company_id.as_ref().map_or(&[], |id| &id.as_bytes()[..]));
    field(row.actor_id.as_ref().map_or(&[], |id| &id.as_bytes()[..]));
    field(row.actor_kind.as_bytes());
    field(row.ip.as_deref().unwrap_or_default().as_bytes());
    field(&row.at.0.to_be_bytes());
    field(row.data.as_bytes());
    sha.finalize().to_vec()
}

/// Reads the whole log and compares every hash.
///
/// # Errors
/// When the database refuses.
pub async fn verify<C: ConnectionTrait>(db: &C) -> Result<Verdict, DbErr> {
    let head = head::Entity::find_by_id(1)
        .one(db)
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("event_head".into()))?;
    let mut seq = 0;
    let mut previous = Vec::new();
    loop {
        let rows = event::Entity::find()
            .filter(event::Column::Seq.gt(seq))
            .filter(event::Column::Seq.lte(head.seq))
            .order_by_asc(event::Column::Seq)
            .limit(5_000)
            .all(db)
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.seq != seq + 1 {
                return Ok(Verdict::Broken(Broken::Missing(seq + 1)));
            }
            if row.hash != hash(&previous, &row) {
                return Ok(Verdict::Broken(Broken::Edited(row.seq)));
            }
            seq = row.seq;
            previous = row.hash;
        }
    }
    if seq != head.seq || previous != head.hash {
        return Ok(Verdict::Broken(Broken::End {
            expected: head.seq,
            found: seq,
        }));
    }
    Ok(Verdict::Whole(seq))
}

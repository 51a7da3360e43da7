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
    let mut walk = Walk::begin(db).await?;
    loop {
        if let Some(verdict) = walk.on(db, u64::MAX).await? {
            return Ok(verdict);
        }
    }
}

/// The same in stretches: how far a reading has come, and where it ends. Written down
/// between two stretches, it can be taken up again by whoever comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// The number of the last row that was read and is as it was written.
    pub seq: i64,
    /// That row's hash.
    pub hash: Vec<u8>,
    /// The number that had been given out last when the reading began.
    pub end: i64,
    /// The hash that the log had then.
    pub end_hash: Vec<u8>,
}

/// So many rows are read at once.
const AT_ONCE: u64 = 5_000;

impl Walk {
    /// A reading of everything that is in the log now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn begin<C: ConnectionTrait>(db: &C) -> Result<Walk, DbErr> {
        let head = head::Entity::find_by_id(1)
            .one(db)
            .await?
            .ok_or_else(|| DbErr::RecordNotFound("event_head".into()))?;
        Ok(Walk {
            seq: 0,
            hash: Vec::new(),
            end: head.seq,
            end_hash: head.hash,
        })
    }

    /// Reads about `rows` more; the verdict when there is one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn on<C: ConnectionTrait>(
        &mut self,
        db: &C,
        rows: u64,
    ) -> Result<Option<Verdict>, DbErr> {
        let mut left = rows;
        while left > 0 {
            let some = event::Entity::find()
                .filter(event::Column::Seq.gt(self.seq))
                .filter(event::Column::Seq.lte(self.end))
                .order_by_asc(event::Column::Seq)
                .limit(AT_ONCE.min(left))
                .all(db)
                .await?;
            left = left.saturating_sub(AT_ONCE);
            if some.is_empty() {
                return Ok(Some(self.verdict()));
            }
            for row in some {
                if row.seq != self.seq + 1 {
                    return Ok(Some(Verdict::Broken(Broken::Missing(self.seq + 1))));
                }
                if row.hash != hash(&self.hash, &row) {
                    return Ok(Some(Verdict::Broken(Broken::Edited(row.seq))));
                }
                self.seq = row.seq;
                self.hash = row.hash;
            }
        }
        Ok(None)
    }

    /// What is to be said when there are no more rows.
    fn verdict(&self) -> Verdict {
        match self.seq == self.end && self.hash == self.end_hash {
            true => Verdict::Whole(self.seq),
            false => Verdict::Broken(Broken::End {
                expected: self.end,
                found: self.seq,
            }),
        }
    }
}

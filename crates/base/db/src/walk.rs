use sea_orm::entity::prelude::*;
use sea_orm::{DbErr, QueryOrder, QuerySelect};

/// So many at a time.
const AT_ONCE: u64 = 500;

/// The next ids of `rows` after one, in their order: for walking over all of them, with
/// no more in hand than a stretch. `id` is their primary key.
///
/// # Errors
/// When the database refuses.
pub async fn next_ids<E: EntityTrait>(
    db: &impl ConnectionTrait,
    rows: Select<E>,
    id: E::Column,
    after: Option<Uuid>,
) -> Result<Vec<Uuid>, DbErr> {
    rows.select_only()
        .column(id)
        .filter(id.gt(after.unwrap_or_default()))
        .order_by_asc(id)
        .limit(AT_ONCE)
        .into_tuple()
        .all(db)
        .await
}

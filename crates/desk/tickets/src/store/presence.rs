use catalog::QueueId;
use kit::{CompanyId, Instant, Move, Place, Result, Tx, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{FromQueryResult, JoinType, QuerySelect};

use super::ticket;
use crate::TicketId;
use crate::presence::{Presence, Tab};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_presence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: TicketId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tab: String,
    pub state: String,
    pub seen_at: Instant,
    pub changed_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::ticket::Entity",
        from = "Column::TicketId",
        to = "super::ticket::Column::Id"
    )]
    Ticket,
}
impl ActiveModelBehavior for ActiveModel {}

/// Who is at a ticket in any tab, `except` for whoever asks.
pub async fn at_ticket(
    db: &impl ConnectionTrait,
    ticket: TicketId,
    except: Option<UserId>,
    since: Instant,
) -> Result<Vec<(UserId, Presence)>> {
    let found: Vec<(UserId, String)> = Entity::find()
        .select_only()
        .columns([Column::UserId, Column::State])
        .filter(Column::TicketId.eq(ticket))
        .filter(Column::SeenAt.gt(since))
        .into_tuple()
        .all(db)
        .await?;
    let there = |(user, state): (UserId, String)| {
        let presence = Presence::from_code(&state).filter(|p| *p != Presence::Gone)?;
        (Some(user) != except).then_some((user, presence))
    };
    Ok(found.into_iter().filter_map(there).collect())
}

/// Notes that a tab was heard of; `false` when it does what it did before.
pub async fn note(
    tx: &Tx,
    ticket: TicketId,
    user: UserId,
    tab: &Tab,
    presence: Presence,
) -> Result<bool> {
    let own = || {
        Entity::update_many()
            .col_expr(Column::SeenAt, Expr::value(tx.now()))
            .filter(Column::TicketId.eq(ticket))
            .filter(Column::UserId.eq(user))
            .filter(Column::Tab.eq(tab.as_str()))
    };
    let same = own().filter(Column::State.eq(presence.code()));
    if same.exec(tx.db()).await?.rows_affected > 0 {
        return Ok(false);
    }
    let other = own()
        .col_expr(Column::State, Expr::value(presence.code()))
        .col_expr(Column::ChangedAt, Expr::value(tx.now()));
    if other.exec(tx.db()).await?.rows_affected > 0 {
        return Ok(true);
    }
    // Whoever was never there need not be said to have left.
    if presence == Presence::Gone {
        return Ok(false);
    }
    let row = ActiveModel {
        ticket_id: Set(ticket),
        user_id: Set(user),
        tab: Set(tab.as_str().to_owned()),
        state: Set(presence.code().to_owned()),
        seen_at: Set(tx.now()),
        changed_at: Set(tx.now()),
    };
    // Two messages of one tab at once are one.
    let key = [Column::TicketId, Column::UserId, Column::Tab];
    Entity::insert(row)
        .on_conflict(OnConflict::columns(key).do_nothing_on(key).to_owned())
        .exec_without_returning(tx.db())
        .await?;
    Ok(true)
}

/// Forgets who was last heard of before `before`: at one ticket, or anywhere.
pub async fn forget(tx: &Tx, ticket: Option<TicketId>, before: Instant) -> Result<()> {
    let mut old = Entity::delete_many().filter(Column::SeenAt.lte(before));
    if let Some(ticket) = ticket {
        old = old.filter(Column::TicketId.eq(ticket));
    }
    old.exec(tx.db()).await?;
    Ok(())
}

/// At which tickets somebody came, went or began something after `since`, with where
/// those tickets are: who may not look there hears nothing of it.
pub async fn moved(db: &impl ConnectionTrait, since: Instant) -> Result<Vec<Move>> {
    let rows = Entity::find()
        .filter(Column::ChangedAt.gt(since))
        .join(JoinType::InnerJoin, Relation::Ticket.def())
        .select_only()
        .columns([
            Column::TicketId,
            Column::UserId,
            Column::Tab,
            Column::State,
            Column::ChangedAt,
        ])
        .columns([ticket::Column::QueueId, ticket::Column::CompanyId])
        .into_model::<Moved>()
        .all(db)
        .await?;
    let moved = |row: Moved| Move {
        mark: format!("{} {} {}", row.tab, row.state, row.changed_at.millis()),
        of: row.ticket_id.0,
        by: row.user_id.0,
        place: Place {
            queue: row.queue_id.map(|id| id.0),
            company: row.company_id.map(|id| id.0),
        },
    };
    Ok(rows.into_iter().map(moved).collect())
}

#[derive(FromQueryResult)]
struct Moved {
    ticket_id: TicketId,
    user_id: UserId,
    tab: String,
    state: String,
    changed_at: Instant,
    queue_id: Option<QueueId>,
    company_id: Option<CompanyId>,
}

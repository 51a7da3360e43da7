use std::collections::HashMap;

use catalog::{CategoryId, ChannelId, QueueId};
use kit::{CompanyId, Error, Instant, Place, Problems, Result, Scope, Tx, UserId, Whose};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sea_orm::{Condition, IntoActiveModel, QueryOrder, QuerySelect, SqlErr};

use crate::TicketId;
use crate::policy::visible;
use crate::status::Status;
use crate::tallies;
use crate::ticket::{Classification, Priority, Ticket, block};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tickets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketId,
    pub protocol: String,
    pub title: String,
    pub description: String,
    pub status: String,
    pub priority: i32,
    pub block: i32,
    pub queue_id: Option<QueueId>,
    pub category_id: Option<CategoryId>,
    pub category_name: Option<String>,
    pub subcategory_name: Option<String>,
    pub channel_id: Option<ChannelId>,
    pub company_id: Option<CompanyId>,
    pub requester_id: Option<UserId>,
    pub assignee_id: Option<UserId>,
    pub escalated_by: Option<UserId>,
    pub contact_name: Option<String>,
    pub contact_info: Option<String>,
    pub solution: Option<String>,
    pub closed_reason: Option<String>,
    pub classification: Option<String>,
    pub evaluation: Option<String>,
    pub evaluation_pending: bool,
    pub last_line: Option<String>,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub resolved_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    pub version: i32,
    pub public_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Where it counts.
    pub fn place(&self) -> tallies::Place {
        tallies::Place {
            status: Status::from_code(&self.status).unwrap_or(Status::Open),
            assignee: self.assignee_id,
            queue: self.queue_id,
            company: self.company_id,
        }
    }
}

impl From<Model> for Ticket {
    fn from(row: Model) -> Ticket {
        Ticket {
            id: row.id,
            protocol: row.protocol,
            title: row.title,
            description: row.description,
            status: Status::from_code(&row.status).unwrap_or(Status::Open),
            priority: Priority::from_weight(row.priority),
            queue: row.queue_id,
            category: row.category_id,
            category_name: row.category_name,
            subcategory_name: row.subcategory_name,
            channel: row.channel_id,
            company: row.company_id,
            requester: row.requester_id,
            assignee: row.assignee_id,
            escalated_by: row.escalated_by,
            contact_name: row.contact_name,
            contact_info: row.contact_info,
            solution: row.solution,
            closed_reason: row.closed_reason,
            classification: row
                .classification
                .as_deref()
                .and_then(Classification::from_code),
            evaluation: row.evaluation,
            evaluation_pending: row.evaluation_pending,
            last_line: row.last_line,
            created_at: row.created_at,
            updated_at: row.updated_at,
            resolved_at: row.resolved_at,
            closed_at: row.closed_at,
            version: row.version,
            public_at: row.public_at,
        }
    }
}

impl From<Ticket> for Model {
    fn from(ticket: Ticket) -> Model {
        Model {
            block: ticket.block(),
            id: ticket.id,
            protocol: ticket.protocol,
            title: ticket.title,
            description: ticket.description,
            status: ticket.status.code().to_owned(),
            priority: ticket.priority.weight(),
            queue_id: ticket.queue,
            category_id: ticket.category,
            category_name: ticket.category_name,
            subcategory_name: ticket.subcategory_name,
            channel_id: ticket.channel,
            company_id: ticket.company,
            requester_id: ticket.requester,
            assignee_id: ticket.assignee,
            escalated_by: ticket.escalated_by,
            contact_name: ticket.contact_name,
            contact_info: ticket.contact_info,
            solution: ticket.solution,
            closed_reason: ticket.closed_reason,
            classification: ticket.classification.map(|c| c.code().to_owned()),
            evaluation: ticket.evaluation,
            evaluation_pending: ticket.evaluation_pending,
            last_line: ticket.last_line,
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            resolved_at: ticket.resolved_at,
            closed_at: ticket.closed_at,
            version: ticket.version,
            public_at: ticket.public_at,
        }
    }
}

impl Model {
    /// The ticket as a scope may know it: when the desk last wrote a note for
    /// itself is nothing that a requester learns.
    pub fn shown_to(self, scope: &Scope) -> Ticket {
        let mut ticket = Ticket::from(self);
        if !scope.sees_internal() {
            ticket.updated_at = ticket.public_at;
        }
        ticket
    }
}

/// The ticket of an id or a protocol, if `scope` may see it: not yours is not found.
pub async fn find(db: &impl ConnectionTrait, scope: Scope, name: &str) -> Result<Ticket> {
    let found = Entity::find().filter(named(name)?).filter(visible(&scope));
    let row = found.one(db).await?.ok_or(Error::NotFound)?;
    Ok(row.shown_to(&scope))
}

/// The same, held until the transaction ends, so that two acts on one ticket
/// come one after the other.
pub async fn find_for_update(tx: &Tx, name: &str) -> Result<Ticket> {
    let found = Entity::find()
        .filter(named(name)?)
        .filter(visible(&tx.cx().scope()))
        .lock(LockType::Update);
    let row = found.one(tx.db()).await?.ok_or(Error::NotFound)?;
    Ok(row.into())
}

/// Whether a ticket is called so.
///
/// # Errors
/// When the database refuses.
pub async fn is_known(db: &impl ConnectionTrait, protocol: &str) -> Result<bool> {
    let found = Entity::find().filter(Column::Protocol.eq(protocol));
    Ok(found.one(db).await?.is_some())
}

/// Which tickets' ids are wanted.
#[derive(Clone, Copy, Debug)]
pub enum Named {
    /// All.
    Anything,
    /// A company's.
    Company(CompanyId),
    /// Those that somebody asked for.
    Requester(UserId),
}

/// The next ids after one, in their order.
pub async fn next_ids(
    db: &impl ConnectionTrait,
    whose: Named,
    after: Option<Uuid>,
) -> Result<Vec<Uuid>> {
    let rows = match whose {
        Named::Anything => Entity::find(),
        Named::Company(id) => Entity::find().filter(Column::CompanyId.eq(id)),
        Named::Requester(id) => Entity::find().filter(Column::RequesterId.eq(id)),
    };
    Ok(db::next_ids(db, rows, Column::Id, after).await?)
}

/// The next hundred after one that somebody works on, in the order of their ids.
pub async fn worked_on(
    db: &impl ConnectionTrait,
    user: UserId,
    after: Option<TicketId>,
) -> Result<Vec<TicketId>> {
    let mut rows = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::AssigneeId.eq(user))
        .filter(Column::Block.eq(block(Status::InProgress, true)));
    if let Some(after) = after {
        rows = rows.filter(Column::Id.gt(after));
    }
    let rows = rows.order_by_asc(Column::Id).limit(100);
    Ok(rows.into_tuple().all(db).await?)
}

/// Those of these tickets that `scope` may see.
pub async fn some(db: &impl ConnectionTrait, scope: Scope, ids: Vec<Uuid>) -> Result<Vec<Ticket>> {
    let rows = Entity::find()
        .filter(visible(&scope))
        .filter(Column::Id.is_in(ids))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.shown_to(&scope)).collect())
}

/// What these tickets are called.
///
/// # Errors
/// When the database refuses.
pub async fn protocols(
    db: &impl ConnectionTrait,
    mut ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, String>> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Protocol])
        .filter(Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// Who asked for each of these tickets, where it is somebody with an account, and where
/// it is.
pub async fn whose(db: &impl ConnectionTrait, tickets: Vec<Uuid>) -> Result<HashMap<Uuid, Whose>> {
    type Row = (Uuid, Option<UserId>, Option<QueueId>, Option<CompanyId>);
    let found: Vec<Row> = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::RequesterId,
            Column::QueueId,
            Column::CompanyId,
        ])
        .filter(Column::Id.is_in(tickets))
        .into_tuple()
        .all(db)
        .await?;
    let whose = |(ticket, owner, queue, company): Row| {
        let place = Place {
            queue: queue.map(|id| id.0),
            company: company.map(|id| id.0),
        };
        (ticket, Whose { owner, place })
    };
    Ok(found.into_iter().map(whose).collect())
}

fn named(name: &str) -> Result<Condition> {
    if let Ok(id) = name.parse::<TicketId>() {
        return Ok(Condition::all().add(Column::Id.eq(id)));
    }
    if name.is_empty() || name.len() > 40 {
        return Err(Error::NotFound);
    }
    Ok(Condition::all().add(Column::Protocol.eq(name)))
}

/// Whether there is any ticket.
pub async fn any(db: &impl ConnectionTrait) -> Result<bool> {
    let one = Entity::find().select_only().column(Column::Id);
    Ok(one.into_tuple::<TicketId>().one(db).await?.is_some())
}

/// How many tickets count at each place, counted.
pub async fn places(db: &impl ConnectionTrait) -> Result<Vec<(tallies::Place, i64)>> {
    type Row = (
        String,
        Option<UserId>,
        Option<QueueId>,
        Option<CompanyId>,
        i64,
    );
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([
            Column::Status,
            Column::AssigneeId,
            Column::QueueId,
            Column::CompanyId,
        ])
        .column_as(Column::Id.count(), "n")
        .group_by(Column::Status)
        .group_by(Column::AssigneeId)
        .group_by(Column::QueueId)
        .group_by(Column::CompanyId)
        .into_tuple()
        .all(db)
        .await?;
    let place = |(status, assignee, queue, company, n): Row| {
        let place = tallies::Place {
            status: Status::from_code(&status).unwrap_or(Status::Open),
            assignee,
            queue,
            company,
        };
        (place, n)
    };
    Ok(rows.into_iter().map(place).collect())
}

pub async fn insert(tx: &Tx, ticket: &Ticket) -> Result<()> {
    let row = Model::from(ticket.clone());
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await
        .map_err(wrong_key)?;
    Ok(())
}

/// Writes the ticket as it is now, one version on; `public` when its requester
/// may know that something happened.
pub async fn save(tx: &Tx, ticket: &mut Ticket, public: bool) -> Result<()> {
    ticket.version += 1;
    ticket.updated_at = tx.now();
    if public {
        ticket.public_at = tx.now();
    }
    let row = Model::from(ticket.clone());
    let changed = Entity::update_many()
        .set(row.into_active_model().reset_all())
        .filter(Column::Id.eq(ticket.id))
        .exec(tx.db())
        .await
        .map_err(wrong_key)?;
    match changed.rows_affected {
        1 => Ok(()),
        n => Err(Error::internal(format!("{n} tickets were changed for one"))),
    }
}

/// The protocol is unique; whatever else is refused names something unknown.
fn wrong_key(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Error::Invalid(Problems::of("protocol", "taken"))
        }
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => {
            Error::Invalid(Problems::of("", "unknown"))
        }
        _ => error.into(),
    }
}

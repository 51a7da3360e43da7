use std::collections::HashMap;
use std::sync::Arc;

use kit::{CompanyId, Context, Error, Instant, Result, Tx};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, PaginatorTrait, QueryOrder, QuerySelect};

use crate::company::Company;

mod row {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "companies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: CompanyId,
        pub name: String,
        pub trade_name: Option<String>,
        pub tax_id: Option<String>,
        pub foreign_id: bool,
        pub contact_name: Option<String>,
        pub email: Option<String>,
        pub phone: Option<String>,
        pub address: Option<String>,
        pub notes: Option<String>,
        pub active: bool,
        pub any_domain: bool,
        pub consent: bool,
        pub created_at: Instant,
        pub updated_at: Instant,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

use row::{ActiveModel, Column, Entity};

impl From<row::Model> for Company {
    fn from(row: row::Model) -> Company {
        Company {
            id: row.id,
            name: row.name,
            trade_name: row.trade_name,
            tax_id: row.tax_id,
            foreign_id: row.foreign_id,
            contact_name: row.contact_name,
            email: row.email,
            phone: row.phone,
            address: row.address,
            notes: row.notes,
            active: row.active,
            any_domain: row.any_domain,
            consent: row.consent,
        }
    }
}

/// The company with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &impl ConnectionTrait, id: CompanyId) -> Result<Option<Company>> {
    Ok(Entity::find_by_id(id).one(db).await?.map(Company::from))
}

/// Every company, by name; there are hundreds, not millions.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Company>> {
    let rows = Entity::find()
        .order_by_asc(Column::Name)
        .limit(2_000)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Company::from).collect())
}

/// The companies with these ids.
pub async fn some(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<Company>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(Company::from).collect())
}

/// The next ids after one, in their order.
pub async fn next_ids(db: &impl ConnectionTrait, after: Option<Uuid>) -> Result<Vec<Uuid>> {
    Ok(db::next_ids(db, Entity::find(), Column::Id, after).await?)
}

/// How many companies are active.
///
/// # Errors
/// When the database refuses.
pub async fn count(db: &impl ConnectionTrait) -> Result<i64> {
    let active = Entity::find().filter(Column::Active.eq(true));
    Ok(i64::try_from(active.count(db).await?).unwrap_or(i64::MAX))
}

/// The active companies' ids and names, by name, for a choice.
///
/// # Errors
/// When the database refuses.
pub async fn names(db: &impl ConnectionTrait) -> Result<Vec<(CompanyId, String)>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .column(Column::Name)
        .filter(Column::Active.eq(true))
        .order_by_asc(Column::Name)
        .limit(2_000)
        .into_tuple()
        .all(db)
        .await?)
}

/// The names of these companies, archived ones too, for showing tickets.
///
/// # Errors
/// When the database refuses.
pub async fn names_of(
    db: &impl ConnectionTrait,
    mut ids: Vec<CompanyId>,
) -> Result<HashMap<CompanyId, String>> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(CompanyId, String)> = Entity::find()
        .select_only()
        .column(Column::Id)
        .column(Column::Name)
        .filter(Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The same, from memory where they are known: for pages.
///
/// # Errors
/// When the database refuses.
pub async fn named(cx: &Context, ids: Vec<CompanyId>) -> Result<HashMap<CompanyId, Arc<String>>> {
    let read = |ids| names_of(cx.db(), ids);
    cx.kept_each("company names", "customers", ids, read).await
}

/// Those of these companies that are active, the oldest first.
pub async fn active_ids(db: &impl ConnectionTrait, ids: Vec<CompanyId>) -> Result<Vec<CompanyId>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids))
        .filter(Column::Active.eq(true))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db)
        .await?)
}

/// Those whose people must consent.
pub async fn consenting(db: &impl ConnectionTrait) -> Result<Vec<CompanyId>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Consent.eq(true))
        .into_tuple()
        .all(db)
        .await?)
}

/// The active companies with which people can register: those of these ids, and those
/// that take any address. Id, the name people know, whether consent is asked for.
pub async fn registering(
    db: &impl ConnectionTrait,
    ids: Vec<CompanyId>,
) -> Result<Vec<(CompanyId, String, bool)>> {
    let open = Condition::any()
        .add(Column::AnyDomain.eq(true))
        .add(Column::Id.is_in(ids));
    let rows: Vec<(CompanyId, String, Option<String>, bool)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name, Column::TradeName, Column::Consent])
        .filter(Column::Active.eq(true))
        .filter(open)
        .order_by_asc(Column::Name)
        .limit(2_000)
        .into_tuple()
        .all(db)
        .await?;
    let known =
        |(id, name, trade_name, consent)| (id, Option::unwrap_or(trade_name, name), consent);
    Ok(rows.into_iter().map(known).collect())
}

pub async fn insert(tx: &Tx, company: &Company) -> Result<()> {
    let mut row = to_row(company, tx.now());
    row.created_at = Set(tx.now());
    Entity::insert(row)
        .exec_without_returning(tx.db())
        .await
        .map_err(Error::taken("tax_id"))?;
    Ok(())
}

pub async fn update(tx: &Tx, company: &Company) -> Result<()> {
    Entity::update(to_row(company, tx.now()))
        .exec(tx.db())
        .await
        .map_err(Error::taken("tax_id"))?;
    Ok(())
}

fn to_row(company: &Company, now: Instant) -> ActiveModel {
    let c = company.clone();
    ActiveModel {
        id: Set(c.id),
        name: Set(c.name),
        trade_name: Set(c.trade_name),
        tax_id: Set(c.tax_id),
        foreign_id: Set(c.foreign_id),
        contact_name: Set(c.contact_name),
        email: Set(c.email),
        phone: Set(c.phone),
        address: Set(c.address),
        notes: Set(c.notes),
        active: Set(c.active),
        any_domain: Set(c.any_domain),
        consent: Set(c.consent),
        updated_at: Set(now),
        ..Default::default()
    }
}

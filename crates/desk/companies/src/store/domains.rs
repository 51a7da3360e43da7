use std::collections::HashMap;

use kit::{CompanyId, Result, Tx};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect};

use super::companies;
use crate::rules::domain_of;

mod row {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "company_domains")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub domain: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub company_id: CompanyId,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

use row::{Column, Entity, Model};

/// The domains of these companies; of all that have any when none is named.
pub async fn domains_of(
    db: &impl ConnectionTrait,
    ids: Option<Vec<CompanyId>>,
) -> Result<HashMap<CompanyId, Vec<String>>> {
    let mut rows = Entity::find().order_by_asc(Column::Domain);
    if let Some(ids) = ids {
        rows = rows.filter(Column::CompanyId.is_in(ids));
    }
    let mut found: HashMap<CompanyId, Vec<String>> = HashMap::new();
    for row in rows.all(db).await? {
        found.entry(row.company_id).or_default().push(row.domain);
    }
    Ok(found)
}

/// Replaces a company's domains.
pub async fn set_domains(tx: &Tx, id: CompanyId, domains: &[String]) -> Result<()> {
    Entity::delete_many()
        .filter(Column::CompanyId.eq(id))
        .exec(tx.db())
        .await?;
    let row = |domain: &String| Model {
        domain: domain.clone(),
        company_id: id,
    };
    let rows: Vec<_> = domains.iter().map(|d| row(d).into_active_model()).collect();
    if !rows.is_empty() {
        Entity::insert_many(rows)
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}

/// The active company one of whose domains an address has.
///
/// # Errors
/// When the database refuses.
pub async fn of_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<CompanyId>> {
    let Some(domain) = domain_of(email) else {
        return Ok(None);
    };
    let ids: Vec<CompanyId> = Entity::find()
        .select_only()
        .column(Column::CompanyId)
        .filter(Column::Domain.eq(domain))
        .into_tuple()
        .all(db)
        .await?;
    if ids.is_empty() {
        return Ok(None);
    }
    Ok(companies::active_ids(db, ids).await?.into_iter().next())
}

/// Whether somebody with this address may register with a company: it is active, and it
/// takes any address, or one of its domains is exactly what stands behind the @.
///
/// # Errors
/// When the database refuses.
pub async fn admits(db: &impl ConnectionTrait, id: CompanyId, email: &str) -> Result<bool> {
    match companies::find(db, id).await? {
        Some(company) if company.active => Ok(company.any_domain || has(db, id, email).await?),
        _ => Ok(false),
    }
}

/// Whether an administrator may give the company somebody with this address: the same
/// rule (S3-174), but a company without any domain has none to break.
///
/// # Errors
/// When the database refuses.
pub async fn fits(db: &impl ConnectionTrait, id: CompanyId, email: &str) -> Result<bool> {
    match companies::find(db, id).await? {
        Some(company) if !company.any_domain => {
            Ok(has(db, id, email).await? || !has_any(db, id).await?)
        }
        Some(_) => Ok(true),
        None => Ok(false),
    }
}

async fn has(db: &impl ConnectionTrait, id: CompanyId, email: &str) -> Result<bool> {
    let Some(domain) = domain_of(email) else {
        return Ok(false);
    };
    Ok(Entity::find_by_id((domain, id)).one(db).await?.is_some())
}

async fn has_any(db: &impl ConnectionTrait, id: CompanyId) -> Result<bool> {
    let found = Entity::find().filter(Column::CompanyId.eq(id)).one(db);
    Ok(found.await?.is_some())
}

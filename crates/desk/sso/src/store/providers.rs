//! The SQL of providers.

use kit::{CompanyId, Error, Instant, Problems, Result, Role, Tx};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, IntoActiveModel, QueryOrder, QuerySelect, SqlErr};

use crate::ProviderId;
use crate::provider::{CompanyBy, Provider};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sso_providers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderId,
    pub name: String,
    pub slug: String,
    pub issuer: String,
    pub client_id: String,
    pub scopes: String,
    #[sea_orm(column_type = "Text")]
    pub role_rules: String,
    pub default_role: Option<String>,
    pub company_by: String,
    pub company_claim: Option<String>,
    pub company_id: Option<CompanyId>,
    pub makes_accounts: bool,
    pub wants_verified: bool,
    pub links_accounts: bool,
    pub active: bool,
    pub acr: Option<String>,
    pub created_at: Instant,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    fn of(provider: &Provider, now: Instant) -> Result<Model> {
        let p = provider.clone();
        let (claim, company) = match &p.company {
            CompanyBy::Claim(claim) => (Some(claim.clone()), None),
            CompanyBy::Fixed(id) => (None, Some(*id)),
            CompanyBy::Nothing | CompanyBy::Domain => (None, None),
        };
        Ok(Model {
            id: p.id,
            name: p.name,
            slug: p.slug,
            issuer: p.issuer,
            client_id: p.client_id,
            scopes: p.scopes,
            role_rules: serde_json::to_string(&p.rules).map_err(Error::internal)?,
            default_role: p.default_role.map(|role| role.code().to_owned()),
            company_by: p.company.code().to_owned(),
            company_claim: claim,
            company_id: company,
            makes_accounts: p.makes_accounts,
            wants_verified: p.wants_verified,
            links_accounts: p.links_accounts,
            active: p.active,
            acr: p.acr,
            created_at: now,
        })
    }
}

impl TryFrom<Model> for Provider {
    type Error = Error;

    fn try_from(row: Model) -> Result<Provider> {
        let company = match (row.company_by.as_str(), row.company_claim, row.company_id) {
            ("domain", ..) => CompanyBy::Domain,
            ("claim", Some(claim), _) => CompanyBy::Claim(claim),
            ("fixed", _, Some(id)) => CompanyBy::Fixed(id),
            _ => CompanyBy::Nothing,
        };
        Ok(Provider {
            id: row.id,
            name: row.name,
            slug: row.slug,
            issuer: row.issuer,
            client_id: row.client_id,
            scopes: row.scopes,
            rules: serde_json::from_str(&row.role_rules).map_err(Error::internal)?,
            default_role: row.default_role.map(|_| Role::Client),
            company,
            makes_accounts: row.makes_accounts,
            wants_verified: row.wants_verified,
            links_accounts: row.links_accounts,
            active: row.active,
            acr: row.acr,
        })
    }
}

/// All of them, by name; there are a few.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Provider>> {
    let rows = Entity::find().order_by_asc(Column::Name).limit(200);
    rows.all(db)
        .await?
        .into_iter()
        .map(Provider::try_from)
        .collect()
}

pub async fn find(db: &impl ConnectionTrait, id: ProviderId) -> Result<Option<Provider>> {
    let row = Entity::find_by_id(id).one(db).await?;
    row.map(Provider::try_from).transpose()
}

/// The active one with this name in addresses.
pub async fn active(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Provider>> {
    let found = Entity::find()
        .filter(Column::Slug.eq(slug))
        .filter(Column::Active.eq(true));
    found.one(db).await?.map(Provider::try_from).transpose()
}

/// The active ones' names and slugs, by name.
pub async fn doors(db: &impl ConnectionTrait) -> Result<Vec<(String, String)>> {
    Ok(Entity::find()
        .select_only()
        .columns([Column::Name, Column::Slug])
        .filter(Column::Active.eq(true))
        .order_by_asc(Column::Name)
        .limit(200)
        .into_tuple()
        .all(db)
        .await?)
}

pub async fn insert(tx: &Tx, provider: &Provider) -> Result<()> {
    let row = Model::of(provider, tx.now())?.into_active_model();
    Entity::insert(row)
        .exec_without_returning(tx.db())
        .await
        .map_err(taken)?;
    Ok(())
}

pub async fn update(tx: &Tx, provider: &Provider) -> Result<()> {
    let mut row = Model::of(provider, tx.now())?
        .into_active_model()
        .reset_all();
    row.created_at = ActiveValue::NotSet;
    Entity::update(row).exec(tx.db()).await.map_err(taken)?;
    Ok(())
}

fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Invalid(Problems::of("slug", "taken")),
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => {
            Error::Invalid(Problems::of("company_id", "unknown"))
        }
        _ => error.into(),
    }
}

//! What a company's people see of their own, and from where they may come. The desk's
//! own row has the id of nobody.

use std::collections::HashSet;

use kit::{CompanyId, Error, Problems, Result, Tx};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{Condition, IntoActiveModel, QuerySelect, SqlErr};

use crate::company::Profile;
use crate::rules;

mod row {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "faces")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub owner: CompanyId,
        pub slug: Option<String>,
        pub networks: Option<String>,
        /// The desk's own name.
        pub name: Option<String>,
        /// The desk's own number.
        pub tax_id: Option<String>,
        pub colour: Option<String>,
        pub login_text: Option<String>,
        pub mail_footer: Option<String>,
        pub logo_key: Option<String>,
        pub logo_type: Option<String>,
        pub logo_hash: Option<String>,
        pub icon_key: Option<String>,
        pub icon_type: Option<String>,
        pub icon_hash: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use row::Model;
use row::{Column, Entity};

/// Whose row is the desk's.
pub const DESK: CompanyId = CompanyId(Uuid::nil());

impl Model {
    /// The row of whoever has none yet.
    fn of(owner: CompanyId) -> Model {
        Model {
            owner,
            slug: None,
            networks: None,
            name: None,
            tax_id: None,
            colour: None,
            login_text: None,
            mail_footer: None,
            logo_key: None,
            logo_type: None,
            logo_hash: None,
            icon_key: None,
            icon_type: None,
            icon_hash: None,
        }
    }

    /// Takes over what was typed.
    pub fn wear(&mut self, profile: &Profile) {
        let networks = rules::shown_networks(&profile.networks);
        self.networks = Some(networks).filter(|text| !text.is_empty());
        self.slug.clone_from(&profile.slug);
        self.colour.clone_from(&profile.colour);
        self.login_text.clone_from(&profile.login_text);
        self.mail_footer.clone_from(&profile.mail_footer);
    }

    /// As it was typed.
    pub fn profile(self, domains: Vec<String>) -> Profile {
        Profile {
            domains,
            networks: rules::kept_networks(&self.networks.unwrap_or_default()),
            slug: self.slug,
            colour: self.colour,
            login_text: self.login_text,
            mail_footer: self.mail_footer,
        }
    }
}

/// All of them; there are hundreds, not millions.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().all(db).await?)
}

/// One of them, or an empty one.
pub async fn face(db: &impl ConnectionTrait, owner: CompanyId) -> Result<Model> {
    let row = Entity::find_by_id(owner).one(db).await?;
    Ok(row.unwrap_or_else(|| Model::of(owner)))
}

/// One of them, made when there is none, held until the transaction ends: it is written
/// whole, so of two who change it at once the second must see what the first wrote.
pub async fn hold(tx: &Tx, owner: CompanyId) -> Result<Model> {
    let nothing = OnConflict::column(Column::Owner)
        .do_nothing_on([Column::Owner])
        .to_owned();
    Entity::insert(Model::of(owner).into_active_model())
        .on_conflict(nothing)
        .exec_without_returning(tx.db())
        .await?;
    let row = Entity::find_by_id(owner).lock(LockType::Update);
    let row = row.one(tx.db()).await?;
    Ok(row.unwrap_or_else(|| Model::of(owner)))
}

/// Those of these files that are a company's or the desk's.
pub async fn known(db: &impl ConnectionTrait, keys: Vec<String>) -> Result<HashSet<String>> {
    let one_of = Condition::any()
        .add(Column::LogoKey.is_in(keys.clone()))
        .add(Column::IconKey.is_in(keys));
    let rows = Entity::find().filter(one_of).all(db).await?;
    let of = |row: Model| [row.logo_key, row.icon_key].into_iter().flatten();
    Ok(rows.into_iter().flat_map(of).collect())
}

/// The names in addresses of those that have one.
pub async fn slugs(
    db: &impl ConnectionTrait,
    ids: Vec<CompanyId>,
) -> Result<Vec<(CompanyId, String)>> {
    let rows = Entity::find()
        .filter(Column::Owner.is_in(ids))
        .all(db)
        .await?;
    let named = |row: Model| Some((row.owner, row.slug?));
    Ok(rows.into_iter().filter_map(named).collect())
}

/// Keeps one, whether it is there already or not.
pub async fn keep(tx: &Tx, row: Model) -> Result<()> {
    let there = Entity::find_by_id(row.owner).one(tx.db()).await?.is_some();
    let row = row.into_active_model();
    let kept = match there {
        true => Entity::update(row.reset_all())
            .exec(tx.db())
            .await
            .map(drop),
        false => Entity::insert(row)
            .exec_without_returning(tx.db())
            .await
            .map(drop),
    };
    kept.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Invalid(Problems::of("slug", "taken")),
        _ => error.into(),
    })
}

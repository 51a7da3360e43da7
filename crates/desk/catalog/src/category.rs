use kit::{Error, Problems, Result, Tx, new_id};

use crate::events::CatalogEvent;
use crate::store::categories as store;
use crate::{CategoryId, MANAGE};

/// What a ticket is about. A subcategory has a parent; there is no third level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Which.
    pub id: CategoryId,
    /// The category that this is a subcategory of.
    pub parent: Option<CategoryId>,
    /// Its name, used once below its parent.
    pub name: String,
    /// Whether new tickets may have it.
    pub active: bool,
}

/// What is typed to make or change a category.
#[derive(Clone, Debug)]
pub struct CategoryInput {
    /// See [`Category::parent`].
    pub parent: Option<CategoryId>,
    /// See [`Category::name`].
    pub name: String,
    /// See [`Category::active`].
    pub active: bool,
}

/// Makes a category (`id` is `None`) or changes one. Tickets keep the names that
/// they were opened with (S3-015).
///
/// # Errors
/// [`Error::Invalid`] at the field, [`Error::NotFound`].
pub async fn save_category(
    tx: &mut Tx,
    id: Option<CategoryId>,
    input: CategoryInput,
) -> Result<Category> {
    tx.cx().require(&MANAGE)?;
    let mut problems = Problems::default();
    let name = problems.text("name", &input.name, 1..=80);
    let all = store::list(tx.db()).await?;
    if let Some(parent) = input.parent {
        // Only a top category can have children: no cycle, no third level (S3-235).
        let top = all.iter().any(|c| c.id == parent && c.parent.is_none());
        let has_children = id.is_some_and(|id| all.iter().any(|c| c.parent == Some(id)));
        if !top || has_children || id == Some(parent) {
            problems.add("parent", "category-level");
        }
    }
    let taken = |c: &Category| {
        Some(c.id) != id && c.parent == input.parent && c.name.to_lowercase() == name.to_lowercase()
    };
    if all.iter().any(taken) {
        problems.add("name", "taken");
    }
    problems.done()?;
    let category = Category {
        id: id.unwrap_or_else(|| CategoryId(new_id(tx.now()))),
        parent: input.parent,
        name,
        active: input.active,
    };
    match id {
        None => store::insert(tx, &category).await?,
        Some(id) if all.iter().any(|c| c.id == id) => store::update(tx, &category).await?,
        Some(_) => return Err(Error::NotFound),
    }
    tx.record(&CatalogEvent::CategorySaved(
        category.id,
        category.name.clone(),
        category.active,
    ));
    Ok(category)
}

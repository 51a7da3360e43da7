use db::{Migration, Step, column};
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, ForeignKey, ForeignKeyAction, Index, Query, Table, TableCreateStatement,
};
use uuid::Uuid;

pub(crate) const MIGRATIONS: &[Migration] = &[FIRST, NAMED_ONCE];

const FIRST: Migration = Migration {
    id: "catalog-001",
    steps: || {
        vec![
            Step::Table(
                named("queues")
                    .col(column("email").string_len(160))
                    .col(column("level").integer().not_null())
                    .to_owned(),
            ),
            Step::Index(unique_name("queues")),
            Step::Table(
                Table::create()
                    .table(Alias::new("queue_members"))
                    .col(column("queue_id").uuid().not_null())
                    .col(column("user_id").uuid().not_null())
                    .primary_key(
                        Index::create()
                            .col(Alias::new("queue_id"))
                            .col(Alias::new("user_id")),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("queue_members"), Alias::new("queue_id"))
                            .to(Alias::new("queues"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("queue_members"), Alias::new("user_id"))
                            .to(Alias::new("users"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            ),
            Step::Table(
                named("categories")
                    .col(column("parent_id").uuid())
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("categories"), Alias::new("parent_id"))
                            .to(Alias::new("categories"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Restrict),
                    )
                    .to_owned(),
            ),
            Step::Table(
                named("channels")
                    .col(column("portal").boolean().not_null())
                    .to_owned(),
            ),
            Step::Index(unique_name("channels")),
        ]
    },
};

/// A category's name is used once below its parent. No index holds for a parent
/// that is NULL, so a top category lies below the nil UUID there.
const NAMED_ONCE: Migration = Migration {
    id: "catalog-002",
    steps: || {
        let below = Alias::new("below_id");
        let parent = Expr::col(Alias::new("parent_id"));
        vec![
            Step::Alter(
                Table::alter()
                    .table(Alias::new("categories"))
                    .add_column(column("below_id").uuid())
                    .to_owned(),
            ),
            Step::Update(
                Query::update()
                    .table(Alias::new("categories"))
                    .value(below.clone(), Expr::expr(parent).if_null(Uuid::nil()))
                    .to_owned(),
            ),
            // Two that were made at one moment before: the later one lies below itself
            // until somebody gives it another name.
            Step::Sql(
                "UPDATE categories SET below_id = id WHERE EXISTS (\
                 SELECT 1 FROM (SELECT id, below_id, name FROM categories) AS other \
                 WHERE other.name = categories.name \
                 AND other.below_id = categories.below_id AND other.id < categories.id)",
            ),
            Step::Index(
                Index::create()
                    .name("categories_name")
                    .table(Alias::new("categories"))
                    .col(below)
                    .col(Alias::new("name"))
                    .unique()
                    .to_owned(),
            ),
        ]
    },
};

fn named(table: &'static str) -> TableCreateStatement {
    Table::create()
        .table(Alias::new(table))
        .col(column("id").uuid().not_null().primary_key())
        .col(column("name").string_len(80).not_null())
        .col(column("active").boolean().not_null())
        .to_owned()
}

fn unique_name(table: &'static str) -> sea_orm::sea_query::IndexCreateStatement {
    Index::create()
        .name(format!("{table}_name"))
        .table(Alias::new(table))
        .col(Alias::new("name"))
        .unique()
        .to_owned()
}

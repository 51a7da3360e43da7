use db::{Migration, Step, column};
use sea_orm::sea_query::{Alias, ForeignKey, ForeignKeyAction, Index, IndexCreateStatement, Table};

pub(crate) const MIGRATIONS: &[Migration] = &[FIRST];

/// Title and shortcut are used once among the shared answers and once among each
/// person's own. No index holds for an owner that is NULL, so `below_id` is the nil
/// UUID there; a shortcut that is NULL is none, of which there may be many.
const FIRST: Migration = Migration {
    id: "answers-001",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("answers"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("title").string_len(80).not_null())
                    .col(column("title_key").string_len(240).not_null())
                    .col(column("shortcut").string_len(30))
                    .col(column("body").text().not_null())
                    .col(column("owner_id").uuid())
                    .col(column("below_id").uuid().not_null())
                    .col(column("active").boolean().not_null())
                    .col(column("created_at").big_integer().not_null())
                    .col(column("updated_at").big_integer().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("answers"), Alias::new("owner_id"))
                            .to(Alias::new("users"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Restrict),
                    )
                    .to_owned(),
            ),
            Step::Index(once("answers_title", "title_key")),
            Step::Index(once("answers_shortcut", "shortcut")),
        ]
    },
};

fn once(name: &str, of: &'static str) -> IndexCreateStatement {
    Index::create()
        .name(name)
        .table(Alias::new("answers"))
        .col(Alias::new("below_id"))
        .col(Alias::new(of))
        .unique()
        .to_owned()
}

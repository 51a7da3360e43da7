use db::{Migration, Step, column};
use sea_orm::sea_query::{Alias, Index, Table};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    id: "companies-001",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("companies"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("name").string_len(160).not_null())
                    .col(column("trade_name").string_len(160))
                    .col(column("tax_id").string_len(14).unique_key())
                    .col(column("domain").string_len(160))
                    .col(column("contact_name").string_len(160))
                    .col(column("email").string_len(160))
                    .col(column("phone").string_len(40))
                    .col(column("address").string_len(300))
                    .col(column("notes").text())
                    .col(column("active").boolean().not_null())
                    .col(column("created_at").big_integer().not_null())
                    .col(column("updated_at").big_integer().not_null())
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("companies_domain")
                    .table(Alias::new("companies"))
                    .col(Alias::new("domain"))
                    .to_owned(),
            ),
        ]
    },
}];

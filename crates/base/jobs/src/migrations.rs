use db::sea_orm::sea_query::{Alias, Index, Table};
use db::{Migration, Step, column};

/// The table of jobs.
pub const MIGRATIONS: &[Migration] = &[Migration {
    id: "jobs-001",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("jobs"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("kind").string_len(64).not_null())
                    .col(column("unique_key").string_len(191).not_null().unique_key())
                    .col(column("payload").text().not_null())
                    .col(column("state").string_len(8).not_null())
                    .col(column("run_at").big_integer().not_null())
                    .col(column("attempts").integer().not_null())
                    .col(column("last_error").text())
                    .col(column("created_at").big_integer().not_null())
                    .col(column("finished_at").big_integer())
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("jobs_due")
                    .table(Alias::new("jobs"))
                    .col(Alias::new("state"))
                    .col(Alias::new("run_at"))
                    .to_owned(),
            ),
        ]
    },
}];

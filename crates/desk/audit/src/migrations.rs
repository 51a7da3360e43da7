use db::{Migration, Step, column};
use sea_orm::sea_query::{Alias, Table};

pub(crate) const MIGRATIONS: &[Migration] = &[FIRST];

/// The readings of the log: how far each has come, and what it found.
const FIRST: Migration = Migration {
    id: "audit-001",
    steps: || {
        vec![Step::Table(
            Table::create()
                .table(Alias::new("audit_checks"))
                .col(column("id").uuid().not_null().primary_key())
                .col(column("begun_by").uuid())
                .col(column("begun_at").big_integer().not_null())
                .col(column("moved_at").big_integer().not_null())
                .col(column("finished_at").big_integer())
                .col(column("seq").big_integer().not_null())
                .col(column("hash").var_binary(32).not_null())
                .col(column("end_seq").big_integer().not_null())
                .col(column("end_hash").var_binary(32).not_null())
                .col(column("verdict").string_len(8))
                .col(column("broken").big_integer())
                .to_owned(),
        )]
    },
};

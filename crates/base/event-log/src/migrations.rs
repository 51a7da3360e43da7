use db::sea_orm::sea_query::{Alias, Index, Table};
use db::{Migration, Step, column};

/// The tables of the log, its head row, and its consumers' places.
pub const MIGRATIONS: &[Migration] = &[FIRST, READING];

const FIRST: Migration = Migration {
    id: "event-log-001",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("events"))
                    .col(column("seq").big_integer().not_null().primary_key())
                    .col(column("kind").string_len(64).not_null())
                    .col(column("subject_id").uuid().not_null())
                    .col(column("company_id").uuid())
                    .col(column("actor_id").uuid())
                    .col(column("actor_kind").string_len(8).not_null())
                    .col(column("ip").string_len(45))
                    .col(column("at").big_integer().not_null())
                    .col(column("data").text().not_null())
                    .col(column("hash").var_binary(32).not_null())
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("events_subject")
                    .table(Alias::new("events"))
                    .col(Alias::new("subject_id"))
                    .col(Alias::new("seq"))
                    .to_owned(),
            ),
            Step::Table(
                Table::create()
                    .table(Alias::new("event_head"))
                    .col(column("id").integer().not_null().primary_key())
                    .col(column("seq").big_integer().not_null())
                    .col(column("hash").var_binary(32).not_null())
                    .to_owned(),
            ),
            Step::Sql("INSERT INTO event_head (id, seq, hash) VALUES (1, 0, '')"),
            Step::Table(
                Table::create()
                    .table(Alias::new("event_offsets"))
                    .col(column("consumer").string_len(64).not_null().primary_key())
                    .col(column("seq").big_integer().not_null())
                    .col(column("attempts").integer().not_null())
                    .col(column("retry_at").big_integer().not_null())
                    .to_owned(),
            ),
            Step::Table(
                Table::create()
                    .table(Alias::new("event_dead_letters"))
                    .col(column("consumer").string_len(64).not_null())
                    .col(column("seq").big_integer().not_null())
                    .col(column("error").text().not_null())
                    .col(column("at").big_integer().not_null())
                    .primary_key(
                        Index::create()
                            .col(Alias::new("consumer"))
                            .col(Alias::new("seq")),
                    )
                    .to_owned(),
            ),
        ]
    },
};

/// The ways in which people look at the log (`reading.rs`), each in the order of time.
const READING: Migration = Migration {
    id: "event-log-002",
    steps: || {
        vec![
            by("events_time", &[]),
            by("events_kind", &["kind"]),
            by("events_actor", &["actor_id"]),
            by("events_ip", &["ip"]),
        ]
    },
};

fn by(name: &str, columns: &[&'static str]) -> Step {
    let mut index = Index::create();
    index.name(name).table(Alias::new("events"));
    for column in columns.iter().chain(&["at", "seq"]) {
        index.col(Alias::new(*column));
    }
    Step::Index(index)
}

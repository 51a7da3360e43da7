use db::{Migration, Step, column};
use sea_orm::sea_query::{Alias, ForeignKey, ForeignKeyAction, Index, Table};

pub(crate) const MIGRATIONS: &[Migration] = &[LINKS, TOKENS, CONSENTS];

/// What people agreed to: which version of whose text, when, and from where.
const CONSENTS: Migration = Migration {
    id: "accounts-003",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("consents"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("user_id").uuid().not_null())
                    .col(column("owner").uuid().not_null())
                    .col(column("version").integer().not_null())
                    .col(column("at").big_integer().not_null())
                    .col(column("ip").string_len(45))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("consents"), Alias::new("user_id"))
                            .to(Alias::new("users"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("consents_once")
                    .table(Alias::new("consents"))
                    .col(Alias::new("user_id"))
                    .col(Alias::new("owner"))
                    .col(Alias::new("version"))
                    .unique()
                    .to_owned(),
            ),
        ]
    },
};

const TOKENS: Migration = Migration {
    id: "accounts-002",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("api_tokens"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("user_id").uuid().not_null())
                    .col(column("name").string_len(60).not_null())
                    .col(column("scope").string_len(16).not_null())
                    .col(column("token_hash").string_len(64).not_null().unique_key())
                    .col(column("created_at").big_integer().not_null())
                    .col(column("expires_at").big_integer())
                    .col(column("seen_at").big_integer())
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("api_tokens"), Alias::new("user_id"))
                            .to(Alias::new("users"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("api_tokens_user")
                    .table(Alias::new("api_tokens"))
                    .col(Alias::new("user_id"))
                    .to_owned(),
            ),
        ]
    },
};

const LINKS: Migration = Migration {
    id: "accounts-001",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("account_links"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("purpose").string_len(16).not_null())
                    .col(column("user_id").uuid().not_null())
                    .col(column("email").string_len(160))
                    .col(column("created_at").big_integer().not_null())
                    .col(column("expires_at").big_integer().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("account_links"), Alias::new("user_id"))
                            .to(Alias::new("users"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("account_links_user")
                    .table(Alias::new("account_links"))
                    .col(Alias::new("user_id"))
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("account_links_expires")
                    .table(Alias::new("account_links"))
                    .col(Alias::new("expires_at"))
                    .to_owned(),
            ),
        ]
    },
};

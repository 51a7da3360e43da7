use db::{Migration, Step, column};
use sea_orm::sea_query::{Alias, ForeignKey, ForeignKeyAction, Index, Table};

pub(crate) const MIGRATIONS: &[Migration] = &[
    FIRST, LOOKS, CONFIRMED, ZONE, STAMP, ADDRESSES, ROLES, REPLACED,
];

/// When somebody's password last gave way to one of whoever did not show it.
const REPLACED: Migration = Migration {
    id: "people-011",
    steps: || {
        vec![Step::Sql(
            "ALTER TABLE users ADD COLUMN password_replaced_at BIGINT",
        )]
    },
};

/// How somebody wants pages to look.
const LOOKS: Migration = Migration {
    id: "people-002",
    steps: || {
        vec![
            Step::Sql("ALTER TABLE users ADD COLUMN theme VARCHAR(16)"),
            Step::Sql("ALTER TABLE users ADD COLUMN density VARCHAR(16)"),
            Step::Sql("ALTER TABLE users ADD COLUMN keys_off BOOLEAN NOT NULL DEFAULT FALSE"),
        ]
    },
};

/// Since when an address is known to be its person's own, and their picture. Whoever
/// was there before has signed in with it all along.
const CONFIRMED: Migration = Migration {
    id: "people-003",
    steps: || {
        vec![
            Step::Sql("ALTER TABLE users ADD COLUMN confirmed_at BIGINT"),
            Step::Sql("UPDATE users SET confirmed_at = created_at"),
            Step::Sql("ALTER TABLE users ADD COLUMN picture VARCHAR(80)"),
        ]
    },
};

/// The zone in which somebody reads times.
const ZONE: Migration = Migration {
    id: "people-004",
    steps: || vec![Step::Sql("ALTER TABLE users ADD COLUMN zone VARCHAR(64)")],
};

/// Changes with a password and with whatever else somebody signs in by, so that what
/// was given out before is worth nothing.
const STAMP: Migration = Migration {
    id: "people-005",
    steps: || {
        vec![Step::Sql(
            "ALTER TABLE users ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0",
        )]
    },
};

/// What was tried with an address, whether it is anybody's or not; by its fingerprint.
const ADDRESSES: Migration = Migration {
    id: "people-006",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("addresses"))
                    .col(column("hash").string_len(64).not_null().primary_key())
                    .col(column("failures").integer().not_null())
                    .col(column("locked_until").big_integer())
                    .col(column("letters").integer().not_null())
                    .col(column("letters_from").big_integer().not_null())
                    .col(column("claimed_at").big_integer())
                    .col(column("touched_at").big_integer().not_null())
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("addresses_touched")
                    .table(Alias::new("addresses"))
                    .col(Alias::new("touched_at"))
                    .to_owned(),
            ),
        ]
    },
};

/// Roles that are made here, who has one, and where somebody may look.
const ROLES: Migration = Migration {
    id: "people-010",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("custom_roles"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("name").string_len(60).not_null())
                    .col(column("name_key").string_len(60).not_null().unique_key())
                    .col(column("base").string_len(16).not_null())
                    .col(column("permissions").text().not_null())
                    .col(column("active").boolean().not_null())
                    .col(column("created_at").big_integer().not_null())
                    .to_owned(),
            ),
            Step::Alter(
                Table::alter()
                    .table(Alias::new("users"))
                    .add_column(column("role_id").uuid())
                    .to_owned(),
            ),
            Step::Sql("ALTER TABLE users ADD COLUMN limits TEXT"),
        ]
    },
};

const FIRST: Migration = Migration {
    id: "people-001",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("users"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("name").string_len(160).not_null())
                    .col(column("email").string_len(160).not_null().unique_key())
                    .col(column("role").string_len(16).not_null())
                    .col(column("company_id").uuid())
                    .col(column("password_hash").string_len(255))
                    .col(column("active").boolean().not_null())
                    .col(column("locale").string_len(8))
                    .col(column("failures").integer().not_null())
                    .col(column("locked_until").big_integer())
                    .col(column("created_at").big_integer().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("users"), Alias::new("company_id"))
                            .to(Alias::new("companies"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Restrict),
                    )
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("users_role")
                    .table(Alias::new("users"))
                    .col(Alias::new("role"))
                    .col(Alias::new("name"))
                    .to_owned(),
            ),
            Step::Table(
                Table::create()
                    .table(Alias::new("sessions"))
                    .col(column("token_hash").string_len(64).not_null().primary_key())
                    .col(column("user_id").uuid().not_null())
                    .col(column("created_at").big_integer().not_null())
                    .col(column("seen_at").big_integer().not_null())
                    .col(column("ip").string_len(45))
                    .col(column("device").string_len(200))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("sessions"), Alias::new("user_id"))
                            .to(Alias::new("users"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("sessions_user")
                    .table(Alias::new("sessions"))
                    .col(Alias::new("user_id"))
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("sessions_seen")
                    .table(Alias::new("sessions"))
                    .col(Alias::new("seen_at"))
                    .to_owned(),
            ),
            Step::Table(
                Table::create()
                    .table(Alias::new("setup_links"))
                    .col(column("token_hash").string_len(64).not_null().primary_key())
                    .col(column("expires_at").big_integer().not_null())
                    .to_owned(),
            ),
        ]
    },
};

use db::{Migration, Step, column};
use sea_orm::sea_query::{
    Alias, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index, IndexCreateStatement,
    Table,
};

pub(crate) const MIGRATIONS: &[Migration] = &[FIRST, UNPROVED, VOUCHED];

/// Rows go with their person.
fn of_user(table: &str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(Alias::new(table), Alias::new("user_id"))
        .to(Alias::new("users"), Alias::new("id"))
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn index(table: &str, name: &str, by: &str) -> IndexCreateStatement {
    Index::create()
        .name(name)
        .table(Alias::new(table))
        .col(Alias::new(by))
        .to_owned()
}

/// Keys for apps that no code has proved yet. Those before lay by their person and had
/// no end.
const UNPROVED: Migration = Migration {
    id: "signin-002",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("unproved_totps"))
                    .col(
                        column("holder_hash")
                            .string_len(64)
                            .not_null()
                            .primary_key(),
                    )
                    .col(column("user_id").uuid().not_null())
                    .col(column("expires_at").big_integer().not_null())
                    .foreign_key(&mut of_user("unproved_totps"))
                    .to_owned(),
            ),
            Step::Index(index("unproved_totps", "unproved_totps_user", "user_id")),
            Step::Index(index(
                "unproved_totps",
                "unproved_totps_expires",
                "expires_at",
            )),
            Step::Sql("DELETE FROM secrets WHERE name LIKE 'totp-new/%'"),
        ]
    },
};

/// By whose word somebody began to sign in.
const VOUCHED: Migration = Migration {
    id: "signin-003",
    steps: || {
        vec![Step::Alter(
            Table::alter()
                .table(Alias::new("pending_sign_ins"))
                .add_column(column("vouched_by").string_len(60))
                .to_owned(),
        )]
    },
};

const FIRST: Migration = Migration {
    id: "signin-001",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("sign_in_factors"))
                    .col(column("user_id").uuid().not_null().primary_key())
                    .col(column("email").boolean().not_null())
                    .col(column("totp_since").big_integer())
                    .col(column("totp_step").big_integer())
                    .foreign_key(&mut of_user("sign_in_factors"))
                    .to_owned(),
            ),
            Step::Table(
                Table::create()
                    .table(Alias::new("recovery_codes"))
                    .col(column("code_hash").string_len(64).not_null().primary_key())
                    .col(column("user_id").uuid().not_null())
                    .foreign_key(&mut of_user("recovery_codes"))
                    .to_owned(),
            ),
            Step::Index(index("recovery_codes", "recovery_codes_user", "user_id")),
            Step::Table(
                Table::create()
                    .table(Alias::new("passkeys"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("user_id").uuid().not_null())
                    .col(column("key_hash").string_len(64).not_null().unique_key())
                    .col(column("name").string_len(60).not_null())
                    .col(column("credential").text().not_null())
                    .col(column("created_at").big_integer().not_null())
                    .col(column("seen_at").big_integer())
                    .foreign_key(&mut of_user("passkeys"))
                    .to_owned(),
            ),
            Step::Index(index("passkeys", "passkeys_user", "user_id")),
            Step::Table(
                Table::create()
                    .table(Alias::new("passkey_challenges"))
                    .col(column("token_hash").string_len(64).not_null().primary_key())
                    .col(column("user_id").uuid())
                    .col(column("purpose").string_len(16).not_null())
                    .col(column("name").string_len(60))
                    .col(column("state").text().not_null())
                    .col(column("expires_at").big_integer().not_null())
                    .foreign_key(&mut of_user("passkey_challenges"))
                    .to_owned(),
            ),
            Step::Index(index(
                "passkey_challenges",
                "passkey_challenges_expires",
                "expires_at",
            )),
            Step::Table(
                Table::create()
                    .table(Alias::new("pending_sign_ins"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("token_hash").string_len(64).unique_key())
                    .col(column("user_id").uuid().not_null())
                    .col(column("stamp").integer().not_null())
                    .col(column("next").text().not_null())
                    .col(column("code_hash").string_len(64))
                    .col(column("code_asked_at").big_integer())
                    .col(column("expires_at").big_integer().not_null())
                    .foreign_key(&mut of_user("pending_sign_ins"))
                    .to_owned(),
            ),
            Step::Index(index(
                "pending_sign_ins",
                "pending_sign_ins_user",
                "user_id",
            )),
            Step::Index(index(
                "pending_sign_ins",
                "pending_sign_ins_expires",
                "expires_at",
            )),
            Step::Table(
                Table::create()
                    .table(Alias::new("sign_in_rules"))
                    .col(column("role").string_len(64).not_null().primary_key())
                    .to_owned(),
            ),
        ]
    },
};

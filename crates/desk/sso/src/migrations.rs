use db::{Migration, Step, column};
use sea_orm::sea_query::{Alias, ForeignKey, ForeignKeyAction, Index, Table};

pub(crate) const MIGRATIONS: &[Migration] = &[FIRST, STRENGTH];

/// How strong a provider's sign-in must be, and which role made here a rule gave.
const STRENGTH: Migration = Migration {
    id: "sso-002",
    steps: || {
        vec![
            Step::Alter(
                Table::alter()
                    .table(Alias::new("sso_providers"))
                    .add_column(column("acr").string_len(200))
                    .to_owned(),
            ),
            Step::Alter(
                Table::alter()
                    .table(Alias::new("sso_identities"))
                    .add_column(column("ruled_role").uuid())
                    .to_owned(),
            ),
        ]
    },
};

const FIRST: Migration = Migration {
    id: "sso-001",
    steps: || {
        let provider = |table: &'static str| {
            ForeignKey::create()
                .from(Alias::new(table), Alias::new("provider_id"))
                .to(Alias::new("sso_providers"), Alias::new("id"))
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        let user = |table: &'static str| {
            ForeignKey::create()
                .from(Alias::new(table), Alias::new("user_id"))
                .to(Alias::new("users"), Alias::new("id"))
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("sso_providers"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("name").string_len(60).not_null())
                    .col(column("slug").string_len(60).not_null().unique_key())
                    .col(column("issuer").string_len(500).not_null())
                    .col(column("client_id").string_len(255).not_null())
                    .col(column("scopes").string_len(300).not_null())
                    .col(column("role_rules").text().not_null())
                    .col(column("default_role").string_len(16))
                    .col(column("company_by").string_len(16).not_null())
                    .col(column("company_claim").string_len(120))
                    .col(column("company_id").uuid())
                    .col(column("makes_accounts").boolean().not_null())
                    .col(column("wants_verified").boolean().not_null())
                    .col(column("links_accounts").boolean().not_null())
                    .col(column("active").boolean().not_null())
                    .col(column("created_at").big_integer().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("sso_providers"), Alias::new("company_id"))
                            .to(Alias::new("companies"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Restrict),
                    )
                    .to_owned(),
            ),
            Step::Table(
                Table::create()
                    .table(Alias::new("sso_identities"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("provider_id").uuid().not_null())
                    .col(column("user_id").uuid().not_null())
                    .col(column("subject").string_len(255).not_null())
                    .col(column("subject_hash").string_len(64).not_null())
                    .col(column("email").string_len(160))
                    .col(column("ruled").boolean().not_null())
                    .col(column("created_at").big_integer().not_null())
                    .col(column("seen_at").big_integer().not_null())
                    .foreign_key(&mut provider("sso_identities"))
                    .foreign_key(&mut user("sso_identities"))
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("sso_identities_subject")
                    .table(Alias::new("sso_identities"))
                    .col(Alias::new("provider_id"))
                    .col(Alias::new("subject_hash"))
                    .unique()
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("sso_identities_user")
                    .table(Alias::new("sso_identities"))
                    .col(Alias::new("user_id"))
                    .to_owned(),
            ),
            Step::Table(
                Table::create()
                    .table(Alias::new("sso_starts"))
                    .col(column("token_hash").string_len(64).not_null().primary_key())
                    .col(column("provider_id").uuid().not_null())
                    .col(column("user_id").uuid())
                    .col(column("next").string_len(2000).not_null())
                    .col(column("expires_at").big_integer().not_null())
                    .foreign_key(&mut provider("sso_starts"))
                    .foreign_key(&mut user("sso_starts"))
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("sso_starts_expires")
                    .table(Alias::new("sso_starts"))
                    .col(Alias::new("expires_at"))
                    .to_owned(),
            ),
        ]
    },
};

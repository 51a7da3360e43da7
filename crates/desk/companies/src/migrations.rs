use db::{Migration, Step, column};
use sea_orm::sea_query::{Alias, ForeignKey, ForeignKeyAction, Index, Table};

pub(crate) const MIGRATIONS: &[Migration] = &[FIRST, RULES, FACES, PRIVACY];

/// Who may register with a company. Its one domain of old becomes the first of a list;
/// the column stays, and nobody reads it any more.
const RULES: Migration = Migration {
    id: "companies-002",
    steps: || {
        vec![
            Step::Sql("ALTER TABLE companies ADD COLUMN foreign_id BOOLEAN NOT NULL DEFAULT FALSE"),
            Step::Sql("ALTER TABLE companies ADD COLUMN any_domain BOOLEAN NOT NULL DEFAULT FALSE"),
            Step::Sql("ALTER TABLE companies ADD COLUMN consent BOOLEAN NOT NULL DEFAULT FALSE"),
            Step::Table(
                Table::create()
                    .table(Alias::new("company_domains"))
                    .col(column("domain").string_len(253).not_null())
                    .col(column("company_id").uuid().not_null())
                    .primary_key(
                        Index::create()
                            .col(Alias::new("domain"))
                            .col(Alias::new("company_id")),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(Alias::new("company_domains"), Alias::new("company_id"))
                            .to(Alias::new("companies"), Alias::new("id"))
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            ),
            Step::Index(
                Index::create()
                    .name("company_domains_company")
                    .table(Alias::new("company_domains"))
                    .col(Alias::new("company_id"))
                    .to_owned(),
            ),
            Step::Sql(
                "INSERT INTO company_domains (domain, company_id) \
                 SELECT LOWER(domain), id FROM companies WHERE domain IS NOT NULL",
            ),
        ]
    },
};

/// What each company's people see of their own, and from where they may come; the desk's
/// own row has the id of nobody. One table, because each request needs all of it at once.
const FACES: Migration = Migration {
    id: "companies-003",
    steps: || {
        vec![Step::Table(
            Table::create()
                .table(Alias::new("faces"))
                .col(column("owner").uuid().not_null().primary_key())
                .col(column("slug").string_len(60).unique_key())
                .col(column("networks").text())
                .col(column("name").string_len(160))
                .col(column("tax_id").string_len(14))
                .col(column("colour").string_len(7))
                .col(column("login_text").text())
                .col(column("mail_footer").text())
                .col(column("logo_key").string_len(120))
                .col(column("logo_type").string_len(40))
                .col(column("logo_hash").string_len(64))
                .col(column("icon_key").string_len(120))
                .col(column("icon_type").string_len(40))
                .col(column("icon_hash").string_len(64))
                .to_owned(),
        )]
    },
};

/// What each company tells people about their data, version by version; the desk's own
/// has the id of nobody.
const PRIVACY: Migration = Migration {
    id: "companies-004",
    steps: || {
        vec![Step::Table(
            Table::create()
                .table(Alias::new("privacy_texts"))
                .col(column("owner").uuid().not_null())
                .col(column("version").integer().not_null())
                .col(column("body").text())
                .col(column("created_at").big_integer().not_null())
                .col(column("created_by").uuid())
                .primary_key(
                    Index::create()
                        .col(Alias::new("owner"))
                        .col(Alias::new("version")),
                )
                .to_owned(),
        )]
    },
};

const FIRST: Migration = Migration {
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
};

use db::{Migration, Step, column};
use sea_orm::sea_query::{
    Alias, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index, IndexCreateStatement,
    Table,
};

pub(crate) const MIGRATIONS: &[Migration] = &[
    FIRST,
    PUBLIC_AT,
    FILES_BY_PATH,
    PRESENCE,
    VIEWS,
    UNDOS,
    MINE_BY_CHANGE,
];

const FIRST: Migration = Migration {
    id: "tickets-001",
    steps: || {
        let mut steps = vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("tickets"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("protocol").string_len(40).not_null().unique_key())
                    .col(column("title").string_len(200).not_null())
                    .col(column("description").text().not_null())
                    .col(column("status").string_len(16).not_null())
                    .col(column("priority").integer().not_null())
                    .col(column("block").integer().not_null())
                    .col(column("queue_id").uuid())
                    .col(column("category_id").uuid())
                    .col(column("category_name").string_len(80))
                    .col(column("subcategory_name").string_len(80))
                    .col(column("channel_id").uuid())
                    .col(column("company_id").uuid())
                    .col(column("requester_id").uuid())
                    .col(column("assignee_id").uuid())
                    .col(column("escalated_by").uuid())
                    .col(column("contact_name").string_len(160))
                    .col(column("contact_info").string_len(160))
                    .col(column("solution").text())
                    .col(column("closed_reason").string_len(500))
                    .col(column("classification").string_len(16))
                    .col(column("evaluation").text())
                    .col(column("evaluation_pending").boolean().not_null())
                    .col(column("last_line").string_len(160))
                    .col(column("created_at").big_integer().not_null())
                    .col(column("updated_at").big_integer().not_null())
                    .col(column("resolved_at").big_integer())
                    .col(column("closed_at").big_integer())
                    .col(column("version").integer().not_null())
                    .foreign_key(&mut to("tickets", "queue_id", "queues"))
                    .foreign_key(&mut to("tickets", "channel_id", "channels"))
                    .foreign_key(&mut to("tickets", "category_id", "categories"))
                    .foreign_key(&mut to("tickets", "company_id", "companies"))
                    .foreign_key(&mut to("tickets", "requester_id", "users"))
                    .foreign_key(&mut to("tickets", "assignee_id", "users"))
                    .to_owned(),
            ),
            Step::Table(
                Table::create()
                    .table(Alias::new("comments"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("ticket_id").uuid().not_null())
                    .col(column("author_id").uuid())
                    .col(column("author_kind").string_len(8).not_null())
                    .col(column("internal").boolean().not_null())
                    .col(column("content").text().not_null())
                    .col(column("created_at").big_integer().not_null())
                    .col(column("retracted_at").big_integer())
                    .foreign_key(&mut to("comments", "ticket_id", "tickets"))
                    .foreign_key(&mut to("comments", "author_id", "users"))
                    .to_owned(),
            ),
            Step::Table(
                Table::create()
                    .table(Alias::new("attachments"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("ticket_id").uuid().not_null())
                    .col(column("comment_id").uuid())
                    .col(column("name").string_len(160).not_null())
                    .col(column("media_type").string_len(100).not_null())
                    .col(column("inline").boolean().not_null())
                    .col(column("size").big_integer().not_null())
                    .col(column("sha256").string_len(64).not_null())
                    .col(column("path").string_len(200).not_null())
                    .col(column("internal").boolean().not_null())
                    .col(column("author_id").uuid())
                    .col(column("created_at").big_integer().not_null())
                    .col(column("removed_at").big_integer())
                    .foreign_key(&mut to("attachments", "ticket_id", "tickets"))
                    .to_owned(),
            ),
            Step::Table(
                Table::create()
                    .table(Alias::new("ticket_participants"))
                    .col(column("ticket_id").uuid().not_null())
                    .col(column("user_id").uuid().not_null())
                    .col(column("added_at").big_integer().not_null())
                    .primary_key(
                        Index::create()
                            .col(Alias::new("ticket_id"))
                            .col(Alias::new("user_id")),
                    )
                    .foreign_key(&mut to("ticket_participants", "ticket_id", "tickets"))
                    .foreign_key(&mut to("ticket_participants", "user_id", "users"))
                    .to_owned(),
            ),
        ];
        // Each list is one walk of one of these, newest first.
        for (name, columns) in [
            ("tickets_created", &["created_at", "id"][..]),
            ("tickets_updated", &["updated_at", "id"]),
            ("tickets_priority", &["priority", "created_at", "id"]),
            ("tickets_block", &["block", "created_at", "id"]),
            ("tickets_status", &["status", "created_at", "id"]),
            ("tickets_requester", &["requester_id", "created_at", "id"]),
            (
                "tickets_assignee",
                &["assignee_id", "block", "created_at", "id"],
            ),
            ("tickets_queue", &["queue_id", "created_at", "id"]),
            ("tickets_company", &["company_id", "created_at", "id"]),
            ("tickets_category", &["category_name", "created_at", "id"]),
        ] {
            steps.push(Step::Index(index(name, "tickets", columns)));
        }
        steps.push(Step::Index(index(
            "comments_ticket",
            "comments",
            &["ticket_id", "created_at"],
        )));
        steps.push(Step::Index(index(
            "attachments_ticket",
            "attachments",
            &["ticket_id"],
        )));
        steps
    },
};

/// When a requester's ticket last changed is not when the desk wrote a note.
const PUBLIC_AT: Migration = Migration {
    id: "tickets-002",
    steps: || {
        vec![
            Step::Sql("ALTER TABLE tickets ADD COLUMN public_at BIGINT NOT NULL DEFAULT 0"),
            Step::Sql("UPDATE tickets SET public_at = updated_at"),
        ]
    },
};

/// The sweep asks which of the stored files are known.
const FILES_BY_PATH: Migration = Migration {
    id: "tickets-003",
    steps: || {
        vec![Step::Index(index(
            "attachments_path",
            "attachments",
            &["path"],
        ))]
    },
};

/// The dashboard shows what one works on, the last change first: without, all of it
/// was read and sorted each time.
const MINE_BY_CHANGE: Migration = Migration {
    id: "tickets-007",
    steps: || {
        vec![Step::Index(index(
            "tickets_assignee_updated",
            "tickets",
            &["assignee_id", "block", "updated_at", "id"],
        ))]
    },
};

/// Who looks at a ticket now. Without foreign keys: a row lives a minute, and on
/// InnoDB a key would make it wait for whoever works on the ticket.
const PRESENCE: Migration = Migration {
    id: "tickets-004",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("ticket_presence"))
                    .col(column("ticket_id").uuid().not_null())
                    .col(column("user_id").uuid().not_null())
                    .col(column("tab").string_len(16).not_null())
                    .col(column("state").string_len(8).not_null())
                    .col(column("seen_at").big_integer().not_null())
                    .col(column("changed_at").big_integer().not_null())
                    .primary_key(
                        Index::create()
                            .col(Alias::new("ticket_id"))
                            .col(Alias::new("user_id"))
                            .col(Alias::new("tab")),
                    )
                    .to_owned(),
            ),
            Step::Index(index(
                "ticket_presence_changed",
                "ticket_presence",
                &["changed_at"],
            )),
        ]
    },
};

/// Lists that somebody gave a name.
const VIEWS: Migration = Migration {
    id: "tickets-005",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("ticket_views"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("owner_id").uuid().not_null())
                    .col(column("name").string_len(60).not_null())
                    .col(column("shared").boolean().not_null())
                    .col(column("query").string_len(1000).not_null())
                    .col(column("created_at").big_integer().not_null())
                    .foreign_key(&mut to("ticket_views", "owner_id", "users"))
                    .to_owned(),
            ),
            Step::Index(
                index("ticket_views_name", "ticket_views", &["owner_id", "name"])
                    .unique()
                    .to_owned(),
            ),
            Step::Index(index(
                "ticket_views_shared",
                "ticket_views",
                &["shared", "name"],
            )),
        ]
    },
};

/// What acts on many tickets did.
const UNDOS: Migration = Migration {
    id: "tickets-006",
    steps: || {
        vec![
            Step::Table(
                Table::create()
                    .table(Alias::new("ticket_undos"))
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("user_id").uuid().not_null())
                    .col(column("act").string_len(16).not_null())
                    .col(column("outcome").text().not_null())
                    .col(column("created_at").big_integer().not_null())
                    .col(column("undone_at").big_integer())
                    .foreign_key(&mut to("ticket_undos", "user_id", "users"))
                    .to_owned(),
            ),
            Step::Index(index(
                "ticket_undos_user",
                "ticket_undos",
                &["user_id", "created_at"],
            )),
        ]
    },
};

fn to(from: &'static str, key: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(Alias::new(from), Alias::new(key))
        .to(Alias::new(table), Alias::new("id"))
        .on_delete(ForeignKeyAction::Restrict)
        .to_owned()
}

fn index(name: &str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create()
        .name(name)
        .table(Alias::new(table))
        .to_owned();
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

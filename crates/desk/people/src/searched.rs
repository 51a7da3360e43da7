//! How people are found: by name and address.

use event_log::Event;
use kit::{App, Context, Indexed, Reading, Result, UserId};
use search::{Document, Hit};
use uuid::Uuid;

use crate::{MANAGE, Person, store};

pub const INDEXED: Indexed = Indexed {
    kind: "person",
    next: |app, after| Box::pin(store::next_ids(app.db.reader(), after)),
    touched,
    documents: |app, ids| Box::pin(documents(app, ids)),
    hits: |cx, ids| Box::pin(hits(cx, ids)),
};

fn touched<'a>(_: &'a App, event: &'a Event, after: Option<Uuid>) -> Reading<'a, Uuid> {
    let changed = matches!(&*event.kind, "user.created" | "user.updated");
    let own = changed && after.is_none();
    Box::pin(async move { Ok(own.then_some(event.subject).into_iter().collect()) })
}

async fn some(db: &kit::Db, ids: Vec<Uuid>) -> Result<Vec<Person>> {
    let ids = ids.into_iter().map(UserId).collect();
    Ok(store::cards(db.reader(), ids)
        .await?
        .into_values()
        .collect())
}

async fn documents(app: &App, ids: Vec<Uuid>) -> Result<Vec<Document>> {
    let document = |person: Person| Document {
        kind: INDEXED.kind,
        id: person.id.0,
        title: person.name,
        text: person.email,
        tags: vec![
            "queue=any".to_owned(),
            match person.company {
                _ if person.role.is_staff() => "company=desk".to_owned(),
                Some(company) => format!("company={company}"),
                None => "company=none".to_owned(),
            },
        ],
        ..Document::default()
    };
    Ok(some(&app.db, ids)
        .await?
        .into_iter()
        .map(document)
        .collect())
}

/// Who may not keep accounts is shown the person's tickets instead.
async fn hits(cx: &Context, ids: Vec<Uuid>) -> Result<Vec<Hit>> {
    let scope = cx.scope();
    if !scope.sees_internal() {
        return Ok(Vec::new());
    }
    let seen = |p: &Person| p.role.is_staff() || scope.sees_company(p.company);
    let hit = |person: Person| {
        let UserId(id) = person.id;
        Hit {
            id,
            path: match cx.actor.may(&MANAGE) {
                true => format!("/admin/users/{id}"),
                false => kit::with_query("/tickets", &[("q", &person.email)]),
            },
            title: person.name,
            about: person.email,
            icon: "user",
        }
    };
    let found = some(&cx.app.db, ids).await?.into_iter();
    Ok(found.filter(seen).map(hit).collect())
}

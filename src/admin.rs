//! `/admin`: the way to everything that is administered, and how much there is of it
//! (S3-307). It asks every feature, so it stands in the front door.

use askama::Template;
use axum::response::Response;
use kit::{Context, Nav, Page, Result, render};
use ui::Components;

#[derive(Template)]
#[template(path = "admin.html")]
struct Index {
    p: Page,
    entries: Vec<Entry>,
}

/// Where one can go.
struct Entry {
    nav: Nav,
    /// How many are in use there, of what can be counted.
    count: Option<String>,
}

/// The page.
///
/// # Errors
/// When the database refuses.
pub async fn index(cx: Context) -> Result<Response> {
    let p = Page::new(&cx, "admin");
    let mut entries = Vec::new();
    for nav in p.admin() {
        let count = count(&cx, nav.path).await?;
        entries.push(Entry {
            nav,
            count: count.map(|n| p.number(n)),
        });
    }
    render(&Index { p, entries })
}

/// From memory until one of them changes.
async fn count(cx: &Context, path: &str) -> Result<Option<i64>> {
    let in_use = match path {
        "/admin/users" => {
            let read = people::count(cx.db());
            return Ok(Some(*cx.kept("user count", "users", read).await?));
        }
        "/admin/companies" if cx.scope().limits().is_some() => {
            let scope = cx.scope();
            let all = companies::names(cx.db()).await?;
            all.iter()
                .filter(|(id, _)| scope.sees_company(Some(*id)))
                .count()
        }
        "/admin/companies" => {
            let read = companies::count(cx.db());
            return Ok(Some(*cx.kept("company count", "customers", read).await?));
        }
        // The log's numbers are dense: the newest is how many there are.
        "/admin/audit" => return Ok(Some(cx.seq)),
        "/admin/queues" => {
            let all = cx.kept("queues", "queues", catalog::queues(cx.db()));
            let (all, scope) = (all.await?, cx.scope());
            let seen = |queue: &&catalog::Queue| scope.sees_queue(Some(queue.id.0));
            all.iter().filter(|q| q.active).filter(seen).count()
        }
        "/admin/categories" => {
            let all = cx.kept("categories", "categories", catalog::categories(cx.db()));
            all.await?.iter().filter(|category| category.active).count()
        }
        "/admin/channels" => {
            let all = cx.kept("channels", "channels", catalog::channels(cx.db()));
            all.await?.iter().filter(|channel| channel.active).count()
        }
        "/answers" => {
            let all = answers::list(cx.db(), None);
            let shared = cx.kept("shared answers", "answers", all).await?;
            shared.iter().filter(|answer| answer.active).count()
        }
        _ => return Ok(None),
    };
    Ok(i64::try_from(in_use).ok())
}

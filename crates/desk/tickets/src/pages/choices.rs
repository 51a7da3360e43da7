//! What the selects of the ticket forms offer: values and what they read.

use std::sync::Arc;

use catalog::{Category, Queue};
use kit::{Context, Form, Result};

use crate::status::Status;
use crate::ticket::{Classification, Priority};
use crate::timeline::status_word;

/// A value and what it reads.
pub type Choice = (String, String);

/// The active queues into which a ticket can be put: handing one on leads anywhere.
pub async fn queues(cx: &Context, first: &str) -> Result<Vec<Choice>> {
    some_queues(cx, first, |_| true).await
}

/// Those into which the reader may look; a requester's ticket waits in any of them.
pub async fn own_queues(cx: &Context, first: &str) -> Result<Vec<Choice>> {
    let scope = cx.scope();
    let seen = |q: &Queue| scope.limits().is_none() || scope.sees_queue(Some(q.id.0));
    some_queues(cx, first, seen).await
}

async fn some_queues(
    cx: &Context,
    first: &str,
    wanted: impl Fn(&Queue) -> bool,
) -> Result<Vec<Choice>> {
    let queues = cx.kept("queues", "queues", catalog::queues(cx.db()));
    let queues = queues.await?;
    let active = queues.iter().filter(|q| q.active && wanted(q));
    Ok(with_first(
        cx,
        first,
        active.map(|q| (q.id.to_string(), q.name.clone())),
    ))
}

/// The active staff.
pub async fn staff(cx: &Context, first: &str) -> Result<Vec<Choice>> {
    let staff = cx.kept("staff", "users", people::staff(cx.db())).await?;
    Ok(with_first(
        cx,
        first,
        staff.iter().map(|p| (p.id.to_string(), p.name.clone())),
    ))
}

/// The active companies that the reader may know of.
pub async fn companies(cx: &Context, first: &str) -> Result<Vec<Choice>> {
    let names = cx.kept("companies", "customers", companies::names(cx.db()));
    let names = names.await?;
    let scope = cx.scope();
    Ok(with_first(
        cx,
        first,
        names
            .iter()
            .filter(|(id, _)| scope.sees_company(Some(*id)))
            .map(|(id, name)| (id.to_string(), name.clone())),
    ))
}

/// The active channels.
pub async fn channels(cx: &Context, first: &str) -> Result<Vec<Choice>> {
    let channels = super::channels(cx).await?;
    let active = channels.iter().filter(|c| c.active);
    Ok(with_first(
        cx,
        first,
        active.map(|c| (c.id.to_string(), c.name.clone())),
    ))
}

/// The active categories with their active subcategories.
pub async fn categories(cx: &Context) -> Result<Vec<(Category, Vec<Category>)>> {
    let all = all_categories(cx).await?;
    let active: Vec<Category> = all.iter().filter(|c| c.active).cloned().collect();
    let below = |id| {
        active
            .iter()
            .filter(move |c| c.parent == Some(id))
            .cloned()
            .collect()
    };
    let top = active.iter().filter(|c| c.parent.is_none());
    Ok(top.map(|c| (c.clone(), below(c.id))).collect())
}

/// Every category that ever was.
pub async fn all_categories(cx: &Context) -> Result<Arc<Vec<Category>>> {
    let all = cx.kept("categories", "categories", catalog::categories(cx.db()));
    all.await
}

/// Every priority, the most urgent first.
pub fn priorities(cx: &Context) -> Vec<Choice> {
    let text = |p: Priority| cx.text(&format!("priority-{}", p.code()), &[]);
    let mut all: Vec<Choice> = Priority::ALL
        .iter()
        .map(|p| (p.code().to_owned(), text(*p)))
        .collect();
    all.reverse();
    all
}

/// One state for each word of the installation's vocabulary.
pub fn statuses(cx: &Context) -> Vec<Choice> {
    let choices = Status::choices(cx.app.settings.vocabulary);
    let choice = |s: Status| (s.code().to_owned(), status_word(cx, s));
    choices.into_iter().map(choice).collect()
}

/// The states that staff may open a ticket in (S0-006).
pub fn first_statuses(cx: &Context) -> Vec<Choice> {
    let choice = |s: Status| (s.code().to_owned(), status_word(cx, s));
    [Status::Open, Status::InProgress, Status::Resolved]
        .map(choice)
        .to_vec()
}

/// Every classification.
pub fn classifications(cx: &Context) -> Vec<Choice> {
    let choice = |c: &Classification| {
        let text = cx.text(
            &format!("classification-{}", c.code().replace('_', "-")),
            &[],
        );
        (c.code().to_owned(), text)
    };
    let all = Classification::ALL.iter().map(choice);
    with_first(cx, "choose", all)
}

fn with_first(cx: &Context, first: &str, rest: impl Iterator<Item = Choice>) -> Vec<Choice> {
    let head = (String::new(), cx.text(first, &[]));
    std::iter::once(head).chain(rest).collect()
}

/// What the form of a new or a corrected ticket offers.
pub struct TicketChoices {
    /// Queues.
    pub queues: Vec<Choice>,
    /// Categories with their subcategories.
    pub categories: Vec<(Category, Vec<Category>)>,
    /// Priorities.
    pub priorities: Vec<Choice>,
    /// For staff: channels.
    pub channels: Vec<Choice>,
    /// For staff: companies.
    pub companies: Vec<Choice>,
    /// For staff: who may work on it.
    pub staff: Vec<Choice>,
    /// For staff: who asked.
    pub requesters: Vec<Choice>,
    /// For staff: the first state.
    pub statuses: Vec<Choice>,
}

impl TicketChoices {
    /// Reads them; a requester's form needs only the first three.
    pub async fn of(cx: &Context) -> Result<TicketChoices> {
        let staff = cx.scope().sees_internal();
        let mut choices = TicketChoices {
            queues: own_queues(cx, "queue-choose").await?,
            categories: categories(cx).await?,
            priorities: priorities(cx),
            channels: Vec::new(),
            companies: Vec::new(),
            staff: Vec::new(),
            requesters: Vec::new(),
            statuses: Vec::new(),
        };
        if staff {
            choices.channels = channels(cx, "channel-portal").await?;
            choices.companies = companies(cx, "company-none").await?;
            choices.staff = self::staff(cx, "nobody").await?;
            let clients = people::clients(cx.db(), &cx.scope()).await?;
            let clients = clients.into_iter().map(|p| {
                let text = format!("{} · {}", p.name, p.email);
                (p.id.to_string(), text)
            });
            choices.requesters = with_first(cx, "requester-none", clients);
            choices.statuses = first_statuses(cx);
        }
        Ok(choices)
    }
}

/// Whether `value` stands in the form's field `name`: for `selected`.
pub fn is(form: &Form, name: &str, value: &impl ToString) -> bool {
    form.get(name) == value.to_string()
}

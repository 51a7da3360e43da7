//! The filters of a list: what can be chosen, and what is.

use kit::{Context, Result};

use super::{anew, get};
use crate::filter::Pair;
use crate::pages::choices::{self, Choice};

/// A filter with its choices.
pub struct Select {
    pub name: &'static str,
    pub label: String,
    pub choices: Vec<Choice>,
    pub value: String,
}

/// A filter that is set and can be taken away.
pub struct Chip {
    pub text: String,
    pub without: String,
}

pub async fn selects(cx: &Context, pairs: &[Pair]) -> Result<Vec<Select>> {
    let any = |mut choices: Vec<Choice>| {
        choices.insert(0, (String::new(), cx.text("all", &[])));
        choices
    };
    let mut staff = choices::staff(cx, "all").await?;
    staff.insert(1, ("none".to_owned(), cx.text("nobody", &[])));
    staff.insert(1, ("me".to_owned(), cx.text("me", &[])));
    let categories = choices::all_categories(cx).await?;
    let categories = categories
        .iter()
        .filter(|c| c.parent.is_none())
        .map(|c| (c.name.clone(), c.name.clone()));
    let select = |name: &'static str, choices: Vec<Choice>| Select {
        name,
        label: cx.text(&format!("field-{name}"), &[]),
        choices,
        value: get(pairs, name).to_owned(),
    };
    Ok(vec![
        select("status", any(choices::statuses(cx))),
        select("queue", choices::own_queues(cx, "all").await?),
        select("category", any(categories.collect())),
        select("assignee", staff),
        select("priority", any(choices::priorities(cx))),
        select("company", choices::companies(cx, "all").await?),
    ])
}

pub fn chips(cx: &Context, pairs: &[Pair], selects: &[Select]) -> Vec<Chip> {
    let chip = |name: &str, text: String| Chip {
        text,
        without: anew(pairs, &[(name, "")]),
    };
    let mut chips: Vec<Chip> = selects
        .iter()
        .filter(|s| !s.value.is_empty())
        .map(|s| {
            let read = s.choices.iter().find(|(value, _)| *value == s.value);
            let read = read.map_or(s.value.as_str(), |(_, text)| text);
            chip(s.name, format!("{}: {read}", s.label))
        })
        .collect();
    let words = get(pairs, "q");
    if !words.trim().is_empty() {
        chips.insert(0, chip("q", format!("“{}”", words.trim())));
    }
    for name in ["from", "to"] {
        let value = get(pairs, name);
        if !value.is_empty() {
            let label = cx.text(&format!("field-{name}"), &[]);
            let (zone, locale) = (&cx.zone, cx.locale);
            let day = zone.day(value).map(|(start, _)| zone.date(locale, start));
            let day = day.as_deref().unwrap_or(value);
            chips.push(chip(name, format!("{label}: {day}")));
        }
    }
    chips
}

//! `/answers`, and what a ticket's composer offers.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, Tx, redirect_done, render, render_with};
use ui::Components;

use crate::answer::{Answer, AnswerInput, BODY, name, save};
use crate::facts::{Facts, Variable};
use crate::template::{check, fill};
use crate::{AnswerId, SHARE, store};

pub const LIST: &str = "/answers";

#[derive(Template)]
#[template(path = "answers.html")]
struct Index {
    p: Page,
    /// Each with its text as an example reads.
    answers: Vec<(Answer, String)>,
}

#[derive(Template)]
#[template(path = "answer.html")]
struct Edit {
    p: Page,
    form: Form,
    /// Whether the reader may change it, or only look at it.
    mine: bool,
    /// What becomes of the text, when it can be filled in.
    example: Option<String>,
}

/// What a text will be, or what is wrong with it: a part of a page.
#[derive(Template)]
#[template(path = "preview.html")]
struct Preview {
    p: Page,
    example: Option<String>,
}

/// What can be put into a reply: a part of a page.
#[derive(Template)]
#[template(path = "picker.html")]
struct Picker {
    p: Page,
    /// A group's locale key with its answers, each with its text for this ticket.
    groups: [(&'static str, Vec<(Answer, String)>); 2],
}

pub async fn index(cx: Context) -> Result<Response> {
    let answers = store::list(cx.db(), cx.actor.id()).await?;
    render(&Index {
        p: Page::new(&cx, "answers"),
        answers: filled(answers, &Facts::example(&cx)),
    })
}

pub async fn new(cx: Context) -> Result<Response> {
    let mut form = Form::default().with("active", "on");
    // Whoever leads writes for the desk, unless they say otherwise.
    if cx.actor.may(&SHARE) {
        form = form.with("shared", "on");
    }
    page(&cx, form, "answer-new", true, Problems::default())
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    let mut tx = cx.begin().await?;
    let result = save(&mut tx, None, input(&form)).await;
    match saved(tx, result).await? {
        Ok(response) => Ok(response),
        Err(problems) => page(&cx, form, "answer-new", true, problems),
    }
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let answer = found(&cx, &id).await?;
    let mine = !answer.is_shared() || cx.actor.may(&SHARE);
    let mut form = Form::default()
        .with("title", answer.title.as_str())
        .with("shortcut", answer.shortcut.clone().unwrap_or_default())
        .with("body", answer.body.as_str());
    for (name, on) in [("shared", answer.is_shared()), ("active", answer.active)] {
        if on {
            form = form.with(name, "on");
        }
    }
    let title = if mine { "answer-edit" } else { "answer-show" };
    page(&cx, form, title, mine, Problems::default())
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let answer = found(&cx, &id).await?;
    let mut tx = cx.begin().await?;
    let result = save(&mut tx, Some(answer.id), input(&form)).await;
    match saved(tx, result).await? {
        Ok(response) => Ok(response),
        Err(problems) => page(&cx, form, "answer-edit", true, problems),
    }
}

/// The example while the text is being written. Nothing is kept.
pub async fn preview(cx: Context, form: Form) -> Result<Response> {
    let mut problems = Problems::default();
    let body = problems.text("body", form.get("body"), 0..=BODY);
    if let Err(fault) = check(&body) {
        name(&mut problems, fault);
    }
    render(&Preview {
        example: example(&cx, &body),
        p: Page::new(&cx, "answer-preview").with(problems),
    })
}

/// The answers that are offered on a ticket, each as it would be sent now.
pub async fn picker(cx: Context, Path(ticket): Path<String>) -> Result<Response> {
    let ticket = tickets::find(cx.db(), cx.scope(), &ticket).await?;
    let facts = Facts::of(&cx, &ticket).await?;
    let answers = store::offered(cx.db(), cx.actor.id()).await?;
    let (shared, own) = filled(answers, &facts)
        .into_iter()
        .partition(|(answer, _)| answer.is_shared());
    render(&Picker {
        p: Page::new(&cx, "answers"),
        groups: [("answers-own", own), ("answers-shared", shared)],
    })
}

impl Index {
    fn may_share(&self) -> bool {
        self.p.may(&SHARE)
    }
}

impl Edit {
    fn variables(&self) -> [Variable; 11] {
        Variable::ALL
    }

    fn may_share(&self) -> bool {
        self.p.may(&SHARE)
    }

    /// How a part is written that is only there when something is known.
    fn condition(&self) -> String {
        format!("{{% if {} %}}…{{% endif %}}", Variable::CompanyName.name())
    }
}

impl Picker {
    fn is_empty(&self) -> bool {
        self.groups.iter().all(|(_, answers)| answers.is_empty())
    }
}

fn page(cx: &Context, form: Form, title: &str, mine: bool, problems: Problems) -> Result<Response> {
    let status = problems.status();
    let edit = Edit {
        p: Page::new(cx, title).with(problems),
        example: example(cx, form.get("body")),
        mine,
        form,
    };
    render_with(status, &edit)
}

/// What a text will be; nothing for one that cannot be filled in.
fn example(cx: &Context, body: &str) -> Option<String> {
    let fits = body.chars().count() <= BODY && check(body).is_ok();
    (fits && !body.trim().is_empty()).then(|| fill(body, &Facts::example(cx)))
}

/// Ends a form: on to the list, or back with what is wrong.
async fn saved(tx: Tx, result: Result<Answer>) -> Result<Result<Response, Problems>> {
    match result {
        Ok(_) => {
            tx.commit().await?;
            Ok(Ok(redirect_done(LIST, "saved")))
        }
        Err(Error::Invalid(problems)) => Ok(Err(problems)),
        Err(error) => Err(error),
    }
}

fn input(form: &Form) -> AnswerInput {
    AnswerInput {
        title: form.get("title").to_owned(),
        shortcut: form.get("shortcut").to_owned(),
        body: form.get("body").to_owned(),
        shared: form.ticked("shared"),
        active: form.ticked("active"),
    }
}

async fn found(cx: &Context, id: &str) -> Result<Answer> {
    let id: AnswerId = id.parse().map_err(|_| Error::NotFound)?;
    let found = store::find(cx.db(), cx.actor.id(), id).await?;
    found.ok_or(Error::NotFound)
}

/// Each answer with its text for the same facts.
fn filled(answers: Vec<Answer>, facts: &Facts) -> Vec<(Answer, String)> {
    let with_text = |answer: Answer| {
        let text = fill(&answer.body, facts);
        (answer, text)
    };
    answers.into_iter().map(with_text).collect()
}

/// The beginning of a text on one line: for templates.
fn beginning(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(30).collect();
    words.join(" ").chars().take(160).collect()
}

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, render, render_with};
use ui::Components;

use super::saved;
use crate::ChannelId;
use crate::channel::{Channel, ChannelInput, save_channel};
use crate::store::channels as store;

pub const LIST: &str = "/admin/channels";

#[derive(Template)]
#[template(path = "channels.html")]
struct Index {
    p: Page,
    channels: Vec<Channel>,
}

#[derive(Template)]
#[template(path = "channel.html")]
struct Edit {
    p: Page,
    form: Form,
}

pub async fn index(cx: Context) -> Result<Response> {
    render(&Index {
        p: Page::new(&cx, "channels"),
        channels: store::list(cx.db()).await?,
    })
}

pub async fn new(cx: Context) -> Result<Response> {
    let form = Form::default().with("active", "on");
    page(&cx, form, "channel-new", Problems::default())
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    let mut tx = cx.begin().await?;
    let result = save_channel(&mut tx, None, input(&form)).await;
    match saved(tx, result, LIST).await? {
        Ok(response) => Ok(response),
        Err(problems) => page(&cx, form, "channel-new", problems),
    }
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let channel = found(&cx, &id).await?;
    let mut form = Form::default().with("name", channel.name);
    if channel.active {
        form = form.with("active", "on");
    }
    page(&cx, form, "channel-edit", Problems::default())
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let channel = found(&cx, &id).await?;
    let mut tx = cx.begin().await?;
    let result = save_channel(&mut tx, Some(channel.id), input(&form)).await;
    match saved(tx, result, LIST).await? {
        Ok(response) => Ok(response),
        Err(problems) => page(&cx, form, "channel-edit", problems),
    }
}

fn page(cx: &Context, form: Form, title: &str, problems: Problems) -> Result<Response> {
    let status = problems.status();
    let p = Page::new(cx, title).with(problems);
    render_with(status, &Edit { p, form })
}

fn input(form: &Form) -> ChannelInput {
    ChannelInput {
        name: form.get("name").to_owned(),
        active: form.ticked("active"),
    }
}

async fn found(cx: &Context, id: &str) -> Result<Channel> {
    let id: ChannelId = id.parse().map_err(|_| Error::NotFound)?;
    store::find(cx.db(), id).await?.ok_or(Error::NotFound)
}

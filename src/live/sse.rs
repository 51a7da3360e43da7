//! `/live`: Server-Sent Events.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use kit::{Context, Query, Result};

use super::HEARTBEAT;
use super::listen::{self, From, Told};

/// How soon a browser comes again after its stream ended, at the earliest.
const RETRY: Duration = Duration::from_secs(2);

/// What changes from now on, or from the event on that a page was made after
/// (`after`, or `Last-Event-ID` when the browser comes again).
pub async fn stream(cx: Context, headers: HeaderMap, Query(from): Query<From>) -> Result<Response> {
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok());
    let after = last.and_then(|id| id.parse().ok()).or(from.after);
    let told = listen::open(&cx, after).await?;
    let first = Message::default().retry(retry(&cx)).comment("here");
    let messages = stream::iter([first]).chain(told.map(|told| message(&told)));
    let mut response = Sse::new(messages.map(Ok::<_, Infallible>))
        .keep_alive(
            KeepAlive::new()
                .interval(HEARTBEAT)
                .event(said("here").comment("still")),
        )
        .into_response();
    let headers = response.headers_mut();
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Not all at once, when many streams end together.
fn retry(cx: &Context) -> Duration {
    let some = cx.request_id.bytes().map(u64::from).sum::<u64>() * 37 % 4_000;
    RETRY + Duration::from_millis(some)
}

fn message(told: &Told) -> Message {
    let message = match told.data() {
        Some(data) => Message::default()
            .event(told.event())
            .data(data.to_string()),
        None => said(told.event()),
    };
    match told.id() {
        Some(id) => message.id(id.to_string()),
        None => message,
    }
}

/// What is told by its name alone: `reset`, or `here`, by which a page knows that its
/// stream still flows. A script does not see comments, nor events without data.
fn said(what: &str) -> Message {
    Message::default().event(what).data("-")
}

//! `/live/ws`: the same over a WebSocket, for networks that cut streams (S3-127).
//! Nothing is taken from the other side but its end.

use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures::StreamExt;
use futures::stream::BoxStream;
use kit::{Context, Error, Query, Result};
use serde_json::{Value, json};
use tokio::time::{Instant, interval_at, timeout};

use super::HEARTBEAT;
use super::listen::{self, From, Told};

/// No page says anything here; a browser's own frames are smaller.
const LARGEST: usize = 1_024;
/// Whoever takes nothing in for so long is gone.
const PATIENCE: Duration = Duration::from_secs(20);

/// What changes from now on, or from the event on that a page was made after. A
/// page of another site is refused by the shield: browsers send a session's cookie
/// along whoever opens a socket.
pub async fn socket(
    cx: Context,
    Query(from): Query<From>,
    upgrade: std::result::Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response> {
    let upgrade = upgrade.map_err(|_| Error::BadRequest("request"))?;
    let told = listen::open(&cx, from.after).await?;
    Ok(upgrade
        .max_message_size(LARGEST)
        .max_frame_size(LARGEST)
        .on_upgrade(|socket| speak(socket, told)))
}

async fn speak(mut socket: WebSocket, mut told: BoxStream<'static, Told>) {
    let mut beat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    loop {
        let frame = tokio::select! {
            told = told.next() => match told {
                Some(told) => frame(&told),
                None => Message::Close(None),
            },
            _ = beat.tick() => text(&json!({ "event": "here" })),
            heard = socket.recv() => match heard {
                Some(Ok(_)) => continue,
                _ => return,
            },
        };
        let is_last = matches!(frame, Message::Close(_));
        let sent = timeout(PATIENCE, socket.send(frame)).await;
        if is_last || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}

fn frame(told: &Told) -> Message {
    let mut frame = json!({ "event": told.event() });
    if let Some(id) = told.id() {
        frame["id"] = id.into();
    }
    if let Some(data) = told.data() {
        frame["data"] = data;
    }
    text(&frame)
}

fn text(value: &Value) -> Message {
    Message::Text(value.to_string().into())
}

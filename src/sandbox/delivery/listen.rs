//! The official CLI's websocket: what `stripe listen` is sent, and forwards. Sandbox only.
//!
//! The server cannot see which events the CLI was told to forward, so it sends all of them, `redacted` included, and
//! the CLI chooses. What the CLI gets is not planned in the store: who does not listen misses it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::Response;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::super::clock::Clock;
use super::super::errors::Failure;
use super::super::events::render;
use super::super::state::Sandbox;
use super::super::store::events::{self, EventRow};
use super::super::store::meta;
use super::super::tokens;
use super::send::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use super::sign;
use crate::clock::Timestamp;

/// The protocol inside the websocket.
pub(super) const PROTOCOL: &str = "stripecli-devproxy-v1";
/// Events that are read at once.
const AT_ONCE: i64 = 100;

/// `GET /_vetty/listen/{id}`: the address that `POST /v1/stripecli/sessions` gives.
pub(in crate::sandbox) async fn listen(
    State(sandbox): State<Arc<Sandbox>>,
    upgrade: WebSocketUpgrade,
) -> Response<Body> {
    let conversation = Conversation::begin(sandbox);
    upgrade.protocols([PROTOCOL]).on_upgrade(|socket| conversation.hold(socket))
}

struct Conversation {
    sandbox: Arc<Sandbox>,
    newest: tokio::sync::watch::Receiver<i64>,
    repeated: tokio::sync::broadcast::Receiver<String>,
    /// The number of the last event that was sent.
    sent: i64,
}

/// The other side is gone.
struct Gone;

impl Conversation {
    /// Begins before the upgrade is answered: what happens after the answer is not missed.
    fn begin(sandbox: Arc<Sandbox>) -> Self {
        let (mut newest, repeated) = (sandbox.courier.newest(), sandbox.courier.repeated());
        let sent = *newest.borrow_and_update();
        Self { sandbox, newest, repeated, sent }
    }

    async fn hold(mut self, mut socket: WebSocket) {
        let closing = self.sandbox.closing.clone();
        loop {
            let told = tokio::select! {
                () = closing.cancelled() => {
                    // Said or not, this is the end.
                    let _ = socket.send(Message::Close(None)).await;
                    return;
                }
                changed = self.newest.changed() => match changed {
                    Ok(()) => self.tell_new(&mut socket).await,
                    Err(_) => return,
                },
                repeated = self.repeated.recv() => match repeated {
                    Ok(event) => self.tell_again(&mut socket, &event).await,
                    Err(RecvError::Lagged(_)) => Ok(()),
                    Err(RecvError::Closed) => return,
                },
                message = socket.recv() => match message {
                    Some(Ok(message)) => hear(&message),
                    Some(Err(_)) | None => return,
                },
            };
            if told.is_err() {
                return;
            }
        }
    }

    async fn tell_new(&mut self, socket: &mut WebSocket) -> Result<(), Gone> {
        loop {
            let found = self.read_new().await.map_err(|failure| report(&failure))?;
            if found.is_empty() {
                return Ok(());
            }
            for event in found {
                self.tell(socket, &event).await?;
                self.sent = event.seq;
            }
        }
    }

    async fn read_new(&self) -> Result<Vec<EventRow>, Failure> {
        events::after(&mut *self.sandbox.store.read().await?, self.sent, AT_ONCE).await
    }

    async fn tell_again(&self, socket: &mut WebSocket, id: &str) -> Result<(), Gone> {
        let found = async { events::get(&mut *self.sandbox.store.read().await?, id, Timestamp::MIN).await };
        match found.await.map_err(|failure| report(&failure))? {
            Some(event) => self.tell(socket, &event).await,
            None => Ok(()),
        }
    }

    async fn tell(&self, socket: &mut WebSocket, event: &EventRow) -> Result<(), Gone> {
        let message = self.message(event).await.map_err(|failure| report(&failure))?;
        socket.send(Message::text(message.to_string())).await.map_err(|_| Gone)
    }

    async fn message(&self, event: &EventRow) -> Result<Value, Failure> {
        let secret = meta::get(&mut *self.sandbox.store.read().await?, meta::WEBHOOK_SECRET).await?;
        let payload = serde_json::to_string_pretty(&render::event(event, self.sandbox.api_version.as_str()))?;
        let signature =
            sign::header(&secret.unwrap_or_default(), Clock::wall_now(), &payload).unwrap_or_default();
        Ok(json!({
            "type": "webhook_event",
            "webhook_conversation_id": tokens::conversation_id("wc_"),
            "webhook_id": tokens::conversation_id("wh_"),
            "event_payload": payload,
            "http_headers": {
                "Accept": ACCEPT,
                "Cache-Control": "no-cache",
                "Content-Type": CONTENT_TYPE,
                "Stripe-Signature": signature,
                "User-Agent": USER_AGENT,
            },
            "endpoint": { "api_version": null },
        }))
    }
}

fn report(failure: &Failure) -> Gone {
    tracing::error!(%failure, "the official CLI cannot be told of an event");
    Gone
}

/// Takes note of what the CLI says: how its own forwarding went.
fn hear(message: &Message) -> Result<(), Gone> {
    let text = match message {
        Message::Text(text) => text.as_str(),
        Message::Close(_) => return Err(Gone),
        Message::Binary(_) | Message::Ping(_) | Message::Pong(_) => return Ok(()),
    };
    if let Ok(said) = serde_json::from_str::<Value>(text)
        && said["type"] == "webhook_response"
    {
        tracing::debug!(status = said["status"].as_i64(), "the official CLI forwarded an event");
    }
    Ok(())
}

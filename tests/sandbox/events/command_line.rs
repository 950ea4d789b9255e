//! The websocket of the official command line tool.

use futures::{SinkExt, StreamExt};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use vetty::sandbox::{Database, Settings};

use super::receiver::verify;
use super::{EVENTS, FOUR_DAYS, kind};
use crate::support::http::Reply;
use crate::support::server::{TestServer, path_of, settings};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens the socket that `session` names, as the tool does.
async fn connect(session: &Value, feature: &str) -> Socket {
    let url = session["websocket_url"].as_str().expect("an address");
    let mut request = format!("{url}?websocket_feature={feature}").into_client_request().expect("a request");
    let protocol = "stripecli-devproxy-v1".parse().expect("a header");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (socket, answer) = tokio_tungstenite::connect_async(request).await.expect("a websocket");
    assert_eq!(answer.headers()["sec-websocket-protocol"], "stripecli-devproxy-v1");
    socket
}

#[tokio::test]
async fn the_official_command_line_is_told_over_its_websocket() {
    let server = TestServer::with(Settings {
        people: 20,
        api_version: "2020-08-27".parse().expect("a version"),
        ..settings(Database::Memory)
    })
    .await;
    let form = "device_name=desk&forward_to_url=http%3A%2F%2F127.0.0.1%3A1&websocket_features[]=webhooks";
    let listening = server.post("/v1/stripecli/sessions", form).await.ok();
    let secret = server.running.webhook_secret();
    assert_eq!(listening["secret"], secret.expose());
    let mut socket = connect(&listening, "webhooks").await;

    let path = server.create_path("type=document").await;
    server.submit(&path, "verified").await.ok();
    server.control("people", "{\"count\":5}").await.ok();
    server.post(&format!("{path}/redact"), "").await.ok();
    server.advance(FOUR_DAYS).await;
    let mut events = Vec::new();
    while events.last().is_none_or(|event: &Value| kind(event) != "redacted") {
        let Some(Ok(Message::Text(text))) = socket.next().await else { panic!("the socket closed") };
        let message: Value = serde_json::from_str(&text).expect("a message");
        assert_eq!(
            (&message["type"], &message["endpoint"]),
            (&json!("webhook_event"), &json!({ "api_version": null }))
        );
        let payload = message["event_payload"].as_str().expect("a payload");
        let signature = message["http_headers"]["Stripe-Signature"].as_str().expect("a signature");
        verify(signature, payload, secret.expose());
        let event: Value = serde_json::from_str(payload).expect("an event");
        assert_eq!(event["api_version"], "2020-08-27", "the account's");
        if path_of(&event["data"]["object"]) == path {
            events.push(event);
        }
        let response = json!({ "type": "webhook_response", "status": 200 }).to_string();
        socket.send(Message::text(response)).await.expect("the socket is open");
    }
    let seen: Vec<&str> = events.iter().map(kind).collect();
    assert_eq!(seen, ["created", "processing", "verified", "redacted"], "and nothing of an invented past");

    let id = events[0]["id"].as_str().expect("an id");
    server.post(&format!("{EVENTS}/{id}/retry"), "for_stripecli=true").await.ok();
    loop {
        let Some(Ok(Message::Text(text))) = socket.next().await else { panic!("the socket closed") };
        if text.contains(id) {
            break;
        }
    }
    server.running.stop().await;
    while let Some(Ok(message)) = socket.next().await {
        assert!(!message.is_text() || !message.to_string().contains(id));
    }
}

#[tokio::test]
async fn the_official_command_line_shows_the_calls_of_the_api() {
    let server = TestServer::open().await;
    let filters = "%7B%22filter_http_method%22%3A%5B%22POST%22%5D%7D";
    let form = format!("device_name=desk&filters={filters}&websocket_features[]=request_logs");
    let tailing = server.post("/v1/stripecli/sessions", &form).await.ok();
    assert_eq!(tailing["websocket_authorized_feature"], "request_logs");
    let mut socket = connect(&tailing, "request_logs").await;
    server.get("/v1/events").await.ok();
    let made = server.post("/v1/identity/verification_sessions", "type=document&metadata[a]=secret").await;
    let wrong = server.post("/v1/identity/verification_sessions", "type=face").await;
    let mut lines = Vec::new();
    for _ in 0..2 {
        let Some(Ok(Message::Text(text))) = socket.next().await else { panic!("the socket closed") };
        assert!(!text.contains("secret"), "no parameters: {text}");
        let message: Value = serde_json::from_str(&text).expect("a message");
        assert_eq!(message["type"], "request_log_event");
        let payload = message["event_payload"].as_str().expect("a payload");
        lines.push(serde_json::from_str::<Value>(payload).expect("a line"));
    }
    let told =
        |line: &Value| (line["request_id"].clone(), line["status"].clone(), line["error"]["param"].clone());
    let id = |reply: &Reply| json!(reply.header("request-id"));
    assert_eq!(told(&lines[0]), (id(&made), json!(200), json!("")));
    assert_eq!(told(&lines[1]), (id(&wrong), json!(400), json!("type")));
    assert_eq!(
        (&lines[1]["url"], &lines[1]["method"]),
        (&json!("/v1/identity/verification_sessions"), &json!("POST"))
    );
    server.running.stop().await;
    while let Some(Ok(message)) = socket.next().await {
        assert!(!message.is_text(), "nothing more is said");
    }
}

#[tokio::test]
async fn what_the_socket_does_not_speak_is_refused() {
    let server = TestServer::open().await;
    let thin = server.post("/v1/stripecli/sessions", "device_name=desk&websocket_features[]=v2_events").await;
    assert_eq!(thin.status, StatusCode::BAD_REQUEST);
    let message = thin.error()["message"].take();
    assert!(
        message.as_str().is_some_and(|it| it.contains("v2_events") && it.contains("--all-snapshot")),
        "{message}"
    );
    let form = "device_name=desk&filters=nonsense&websocket_features[]=request_logs";
    assert_eq!(server.post("/v1/stripecli/sessions", form).await.error()["param"], "filters");
}

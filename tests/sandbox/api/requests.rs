//! What every request goes through: keys, headers, idempotency keys, URLs, bodies.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::CREATE_DOCUMENT;
use crate::support::http::send;
use crate::support::server::{REPORTS, SESSIONS, TestServer, path_of};

#[tokio::test]
async fn keys_are_judged_by_kind_and_form() {
    let server = TestServer::open().await;
    let ask = |authorization: &str| {
        let request = server.ask(Method::GET, SESSIONS).header("authorization", authorization);
        async move {
            let reply = send(request).await;
            (reply.status.as_u16(), reply.json()["error"]["message"].as_str().map(str::to_owned))
        }
    };
    assert_eq!(ask("Bearer sk_test_anything_goes").await, (200, None));
    assert_eq!(ask("bearer rk_test_1234").await, (200, None));
    assert_eq!(ask("Basic c2tfdGVzdF8xMjM0Og==").await, (200, None), "sk_test_1234: as Basic");
    let invalid = |shown: &str| (401, Some(format!("Invalid API Key provided: {shown}")));
    for key in ["sk_test_123", "sk_test_x", "sk_test_...", "rk_test_abcdefgh-1234", "sk_test_mock key"] {
        assert_eq!(ask(&format!("Bearer {key}")).await, (200, None), "{key}");
    }
    for (key, shown) in [("sk_test_", "sk_test_"), ("rk_test_", "rk_test_"), ("hello", "*****")] {
        assert_eq!(ask(&format!("Bearer {key}")).await, invalid(shown));
    }
    assert_eq!(ask("Bearer ek_test_abcdefgh1234").await, invalid("ek_test_********1234"));
    let (status, message) = ask("Bearer sk_live_abcdefgh1234").await;
    assert_eq!(status, 401);
    let message = message.expect("a message");
    assert!(message.starts_with("Invalid API Key provided: sk_live_********1234."), "{message}");
    assert!(message.contains("live key"), "{message}");
    let (status, message) = ask("Bearer pk_test_abcdefgh1234").await;
    assert_eq!(status, 403);
    assert!(
        message.is_some_and(|it| it.starts_with("This API call cannot be made with a publishable API key."))
    );
    let missing = send(server.ask(Method::GET, SESSIONS)).await;
    assert_eq!(missing.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        missing.json(),
        json!({ "error": {
            "message": "You did not provide an API key. You need to provide your API key in the Authorization header, \
                using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See \
                https://stripe.com/docs/api#authentication for details, or we can help at \
                https://support.stripe.com/.",
            "type": "invalid_request_error",
        } })
    );
}

#[tokio::test]
async fn every_reply_has_its_headers() {
    let server = TestServer::open().await;
    let reply = send(
        server
            .form(SESSIONS, CREATE_DOCUMENT)
            .header("idempotency-key", "k1")
            .header("stripe-version", "2026-09-30.endive"),
    )
    .await;
    let request_id = reply.header("request-id").expect("a request id").to_owned();
    assert!(request_id.starts_with("req_"), "{request_id}");
    assert_eq!(reply.header("original-request"), Some(request_id.as_str()));
    assert_eq!(reply.header("idempotency-key"), Some("k1"));
    assert_eq!(reply.header("stripe-version"), Some("2026-09-30.endive"));
    assert_eq!(reply.header("stripe-should-retry"), Some("false"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("idempotent-replayed"), None);
    let refused = server.get("/v1/identity/verification_sessions/vs_x").await;
    assert_eq!(refused.header("stripe-version"), Some("2026-10-28.endive"));
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let log = refused.json()["error"]["request_log_url"].as_str().expect("a log").to_owned();
    let request_id = refused.header("request-id").expect("a request id");
    assert!(log.starts_with(&format!("https://dashboard.stripe.com/test/logs/{request_id}?t=")), "{log}");
    assert_eq!(
        refused.error(),
        json!({
            "code": "resource_missing", "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
            "message": "No such VerificationSession: 'vs_x'", "param": "session", "type": "invalid_request_error",
        })
    );
    let refused = server.get(&format!("{REPORTS}/vr_x")).await;
    assert_eq!(refused.error()["message"], "No such VerificationReport: 'vr_x'");
}

#[tokio::test]
async fn an_idempotency_key_does_it_once() {
    let server = TestServer::open().await;
    let post = |path: &str, body: &str| send(server.form(path, body).header("idempotency-key", "once"));
    let first = post(SESSIONS, "type=document&metadata[a]=1&client_reference_id=u").await;
    let again = post(SESSIONS, "client_reference_id=u&metadata%5Ba%5D=1&type=document").await;
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.header("original-request"), first.header("request-id"));
    assert_ne!(again.header("request-id"), first.header("request-id"));
    assert_eq!(server.running.sessions().await, 1);
    let other = post(SESSIONS, "type=id_number").await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        other.error(),
        json!({
            "message": "Keys for idempotent requests can only be used with the same parameters they were first used \
                with. Try using a key other than 'once' if you meant to execute a different request.",
            "type": "idempotency_error",
        })
    );
    let session = path_of(&first.json());
    assert_eq!(post(&format!("{session}/cancel"), "").await.error()["type"], "idempotency_error");
}

#[tokio::test]
async fn the_same_key_at_the_same_time_is_done_once() {
    let server = TestServer::open().await;
    let posts =
        (0..16).map(|_| send(server.form(SESSIONS, CREATE_DOCUMENT).header("idempotency-key", "race")));
    let replies = futures::future::join_all(posts).await;
    assert_eq!(server.running.sessions().await, 1);
    let first = replies.iter().find(|reply| reply.status == StatusCode::OK);
    for reply in &replies {
        match reply.status {
            StatusCode::OK => assert_eq!(Some(&reply.text), first.map(|it| &it.text)),
            StatusCode::CONFLICT => assert_eq!(reply.error()["code"], "idempotency_key_in_use"),
            other => panic!("{other}: {}", reply.text),
        }
    }
}

#[tokio::test]
async fn keys_remember_refusals_but_not_wrong_parameters() {
    let server = TestServer::open().await;
    let post = |path: String, body: &'static str, key: &'static str| {
        let request = server.form(&path, body).header("idempotency-key", key);
        send(request)
    };
    assert_eq!(post(SESSIONS.into(), "type=face", "k1").await.status, StatusCode::BAD_REQUEST);
    let fixed = post(SESSIONS.into(), CREATE_DOCUMENT, "k1").await;
    assert_eq!((fixed.status, fixed.header("idempotent-replayed")), (StatusCode::OK, None));
    let missing = format!("{SESSIONS}/vs_x/cancel");
    let first = post(missing.clone(), "", "k2").await;
    let again = post(missing, "", "k2").await;
    assert_eq!((first.status, again.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    server.advance(86_401).await;
    let later = post(SESSIONS.into(), "type=id_number", "k1").await;
    assert_eq!(later.ok()["type"], "id_number", "a key is forgotten after a day");
}

#[tokio::test]
async fn unknown_urls_and_bodies_are_refused() {
    let server = TestServer::open().await;
    let cases = [
        (Method::GET, "/v1/x", "GET: /v1/x"),
        (Method::GET, "/", "GET: /"),
        (Method::DELETE, SESSIONS, "DELETE: /v1/identity/verification_sessions"),
        (Method::POST, REPORTS, "POST: /v1/identity/verification_reports"),
        (
            Method::POST,
            "/v1/identity/verification_sessions/vs_1/verify",
            "POST: /v1/identity/verification_sessions/vs_1/verify",
        ),
    ];
    for (method, path, shown) in cases {
        let reply = send(server.ask(method, path).bearer_auth("sk_test_1234")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        let message = format!(
            "Unrecognized request URL ({shown}). Please see https://stripe.com/docs or we can help at \
             https://support.stripe.com/."
        );
        assert_eq!(reply.error(), json!({ "message": message, "type": "invalid_request_error" }));
    }
    let large = "a".repeat(1024 * 1024 + 1);
    assert_eq!(server.post(SESSIONS, &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let json = server.ask(Method::POST, SESSIONS).bearer_auth("sk_test_1234");
    let json = send(json.header("content-type", "application/json").body("{\"type\":\"document\"}")).await;
    assert_eq!(json.status, StatusCode::BAD_REQUEST);
    assert!(
        json.error()["message"].as_str().is_some_and(|it| it.contains("application/x-www-form-urlencoded"))
    );
}

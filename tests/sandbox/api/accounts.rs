//! The account behind the keys, and ephemeral keys.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::CREATE_DOCUMENT;
use crate::support::http::{Reply, send};
use crate::support::server::TestServer;

const KEYS: &str = "/v1/ephemeral_keys";
const VERSION: &str = "2020-08-27";

#[tokio::test]
async fn every_key_is_of_one_account() {
    let server = TestServer::open().await;
    let own = server.get("/v1/account").await.ok();
    assert_eq!((&own["object"], &own["type"]), (&json!("account"), &json!("standard")));
    let nullable = |of: &Value, names: &[&str]| {
        for name in names {
            assert!(of.get(name).is_some(), "{name} of {of}");
        }
    };
    nullable(
        &own,
        &["business_profile", "business_type", "country", "default_currency", "email", "settings"],
    );
    nullable(&own["settings"], &["branding", "card_payments", "dashboard", "payments"]);
    for name in ["charges_enabled", "details_submitted", "payouts_enabled"] {
        assert!(own[name].is_boolean(), "{name}");
    }
    let id = own["id"].as_str().expect("an id");
    assert_eq!(server.get(&format!("/v1/accounts/{id}")).await.ok(), own);
    let other = send(server.ask(Method::GET, "/v1/account").bearer_auth("rk_test_123")).await.ok();
    assert_eq!(other, own);
    let stranger = send(server.ask(Method::GET, "/v1/accounts/acct_x").bearer_auth("sk_test_123")).await;
    assert_eq!(
        (stranger.status, &stranger.error()["code"]),
        (StatusCode::FORBIDDEN, &json!("account_invalid"))
    );
    assert_eq!(
        stranger.error()["message"],
        "The provided key 'sk_test_***' does not have access to account 'acct_x' (or that account does not exist). \
         Application access may have been revoked."
    );
}

async fn ask_for_key(server: &TestServer, body: &str) -> Reply {
    send(server.form(KEYS, body).header("stripe-version", VERSION)).await
}

async fn delete(server: &TestServer, id: &str) -> Reply {
    let request = server.ask(Method::DELETE, &format!("{KEYS}/{id}"));
    send(request.bearer_auth(server.running.secret_key().expose())).await
}

#[tokio::test]
async fn an_ephemeral_key_from_its_creation_to_its_end() {
    let server = TestServer::open().await;
    let session = server.create(CREATE_DOCUMENT).await;
    let body = format!("verification_session={}", session["id"].as_str().expect("an id"));
    let mut key = ask_for_key(&server, &body).await.ok();
    let secret = key.as_object_mut().expect("an object").shift_remove("secret").expect("a secret");
    assert!(secret.as_str().expect("a text").starts_with("ek_test_"), "{secret}");
    let id = key["id"].as_str().expect("an id").to_owned();
    let created = key["created"].as_i64().expect("a time");
    let expected = json!({
        "id": id, "object": "ephemeral_key", "created": created, "expires": created + 3600, "livemode": false,
    });
    assert_eq!(key, expected);
    assert_eq!(delete(&server, &id).await.ok(), expected);
    let gone = delete(&server, &id).await;
    assert_eq!((gone.status, &gone.error()["code"]), (StatusCode::NOT_FOUND, &json!("resource_missing")));

    let key = ask_for_key(&server, &body).await.ok();
    server.advance(3600).await;
    let expired = delete(&server, key["id"].as_str().expect("an id")).await;
    assert_eq!(expired.status, StatusCode::NOT_FOUND, "it lives for an hour");
}

#[tokio::test]
async fn ephemeral_keys_that_are_refused() {
    let server = TestServer::open().await;
    let session = server.create(CREATE_DOCUMENT).await;
    let session = session["id"].as_str().expect("an id");
    let silent = server.post(KEYS, &format!("verification_session={session}")).await;
    assert_eq!(silent.status, StatusCode::BAD_REQUEST);
    let message = silent.error()["message"].as_str().map(str::to_owned);
    assert!(message.as_deref().is_some_and(|it| it.contains("Stripe-Version")), "{message:?}");
    let both = format!("customer=cus_1&verification_session={session}");
    for (body, code, param, message) in [
        (
            "",
            json!("parameter_missing"),
            "verification_session",
            "Missing required param: verification_session.",
        ),
        ("customer=cus_1", json!("resource_missing"), "customer", "No such customer: 'cus_1'"),
        ("issuing_card=ic_1", json!("resource_missing"), "issuing_card", "No such issuing card: 'ic_1'"),
        (
            "verification_session=vs_x",
            json!("resource_missing"),
            "verification_session",
            "No such VerificationSession: 'vs_x'",
        ),
        (
            &both,
            Value::Null,
            "customer",
            "You may only specify one of these parameters: verification_session, customer.",
        ),
    ] {
        let reply = ask_for_key(&server, body).await;
        let error = reply.error();
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(error.get("code").cloned().unwrap_or_default(), code, "{body}");
        assert_eq!((&error["param"], &error["message"]), (&json!(param), &json!(message)), "{body}");
    }
}

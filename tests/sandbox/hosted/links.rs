//! Links, visits, and what they show before and after.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::browser::{Browser, secure};
use super::session;
use crate::support::http::send;
use crate::support::server::{TestServer, path_of};

#[tokio::test]
async fn a_link_works_for_one_submission() {
    let server = TestServer::open().await;
    let created = server.create("type=document").await;
    let mut first = Browser::open(&server, &created).await;
    let mut second = Browser::open(&server, &created).await;
    first.reach_outcome().await;
    second.reach_outcome().await;
    first.send("outcome=document_expired&delay=0").await;
    let late = second.send("outcome=verified&delay=0").await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(second.shows("This link was used"), "{}", second.page);
    assert_eq!(session(&server, &path_of(&created)).await["last_error"]["code"], "document_expired");
    // The browser that submitted still sees how it ended, and sending the same form again changes nothing.
    let start = first.start();
    first.go(&format!("{start}/outcome")).await;
    assert_eq!(first.at, start);
    assert!(first.shows("The document is expired."), "{}", first.page);
    first.send_to("outcome", "outcome=verified&delay=0").await;
    assert_eq!(session(&server, &path_of(&created)).await["status"], "requires_input");
    // The link that the session has now is another one, and it works.
    let again = session(&server, &path_of(&created)).await;
    assert_ne!(again["url"], created["url"]);
    Browser::open(&server, &again).await.reach_outcome().await;
}

#[tokio::test]
async fn links_that_open_nothing_say_why() {
    let server = TestServer::open().await;
    let stranger = |url: &Value| {
        let path = url.as_str().expect("a url").replace(&server.running.api_base(), "");
        let request = server.ask(Method::GET, &path);
        async move {
            let reply = send(request).await;
            secure(&reply);
            reply
        }
    };
    for path in ["/start/test_nobody", "/start/live_x", "/start/x", "/start/test_nobody/document"] {
        let reply = send(server.ask(Method::GET, path)).await;
        secure(&reply);
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert!(reply.text.contains("This link is not known"), "{}", reply.text);
    }
    let waiting = server.create("type=document").await;
    let mut half_done = Browser::open(&server, &waiting).await;
    half_done.reach_outcome().await;
    let canceled = server.create("type=document").await;
    server.post(&format!("{}/cancel", path_of(&canceled)), "").await.ok();
    let redacted = server.create("type=document").await;
    server.post(&format!("{}/redact", path_of(&redacted)), "").await.ok();
    let verified = server.create("type=document").await;
    server.submit(&path_of(&verified), "verified").await.ok();
    let failed = server.create("type=document").await;
    server.submit(&path_of(&failed), "document_expired").await.ok();
    for (session, status, words) in [
        (&canceled, StatusCode::GONE, "This check was canceled"),
        (&redacted, StatusCode::GONE, "The data of this check are erased"),
        (&verified, StatusCode::OK, "This check is done"),
        (&failed, StatusCode::GONE, "This link was used"),
    ] {
        let reply = stranger(&session["url"]).await;
        assert_eq!(reply.status, status, "{words}");
        assert!(reply.text.contains(words), "{words}: {}", reply.text);
        assert!(!reply.text.contains("<form"), "nothing to send: {}", reply.text);
    }
    server.advance(48 * 3600 - 60).await;
    assert_eq!(stranger(&waiting["url"]).await.status, StatusCode::OK, "it lives for 48 hours");
    server.advance(60).await;
    let expired = stranger(&waiting["url"]).await;
    assert_eq!(expired.status, StatusCode::GONE);
    assert!(expired.text.contains("This link has expired"), "{}", expired.text);
    let late = half_done.send("outcome=verified&delay=0").await;
    assert_eq!(late.status, StatusCode::GONE, "not even for who has begun");
    let again = session(&server, &path_of(&waiting)).await;
    assert_eq!((&again["status"], &again["last_error"]), (&json!("requires_input"), &Value::Null));
    Browser::open(&server, &again).await;
}

#[tokio::test]
async fn progress_survives_reloading_going_back_and_a_new_window() {
    let server = TestServer::open().await;
    let created = server.create("type=document").await;
    let mut browser = Browser::open(&server, &created).await;
    let start = browser.start();
    browser.go(&format!("{start}/outcome")).await;
    assert_eq!(browser.at, start, "no step is skipped");
    browser.send("answer=accept").await;
    browser.send("document=driving_license").await;
    browser.go(&start).await;
    assert!(browser.shows("Go on") && !browser.shows("Agree and continue"), "{}", browser.page);
    browser.go(&format!("{start}/document")).await;
    assert!(browser.shows("value=\"driving_license\" required checked"), "{}", browser.page);
    browser.go(&format!("{start}/outcome")).await;
    assert_eq!(browser.step(), "front", "to the first step that is not done");
    browser.go(&format!("{start}/nonsense")).await;
    assert_eq!(browser.step(), "front");
    browser.reach_outcome().await;
    // An update in between asks for more.
    server.post(&path_of(&created), "options[document][require_matching_selfie]=true").await.ok();
    browser.send("outcome=verified&delay=0").await;
    assert_eq!(browser.step(), "selfie");
}

#[tokio::test]
async fn processing_is_shown_until_it_ends() {
    let server = TestServer::open().await;
    let created = server.create("type=document&return_url=https://example.com/").await;
    let mut browser = Browser::open(&server, &created).await;
    browser.reach_outcome().await;
    let wrong = browser.send("outcome=verified&delay=7").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.send("outcome=verified&delay=600").await;
    assert!(browser.shows("being checked") && browser.shows("role=\"status\""), "{}", browser.page);
    assert!(browser.shows("Return to example.com"));
    assert_eq!(session(&server, &path_of(&created)).await["status"], "processing");
    let start = browser.start();
    assert_eq!(browser.go(&format!("{start}/status")).await.json(), json!({ "status": "processing" }));
    server.advance(600).await;
    assert_eq!(browser.go(&format!("{start}/status")).await.json(), json!({ "status": "verified" }));
    browser.go(&start).await;
    assert!(browser.shows("Your identity is verified"), "{}", browser.page);
    server.post(&format!("{}/redact", path_of(&created)), "").await.ok();
    assert_eq!(browser.go(&start).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn declining_and_leaving_are_said_and_can_be_taken_back() {
    let server = TestServer::open().await;
    let created = server.create("type=document").await;
    let mut browser = Browser::open(&server, &created).await;
    browser.send("answer=decline").await;
    assert!(browser.shows("The person declined to be verified."), "{}", browser.page);
    let declined = session(&server, &path_of(&created)).await;
    assert_eq!(declined["last_error"]["code"], "consent_declined");
    assert_eq!(declined["last_verification_report"], Value::Null);
    browser.send_to("retry", "").await;
    browser.send("answer=accept").await;
    let leave = format!("{}/leave", browser.start());
    assert!(browser.shows(&leave), "{}", browser.page);
    browser.go(&leave).await;
    assert_eq!(
        session(&server, &path_of(&created)).await["last_error"]["code"],
        "consent_declined",
        "only asked"
    );
    browser.send_to("leave", "").await;
    let left = session(&server, &path_of(&created)).await;
    assert_eq!(
        (&left["status"], &left["last_error"]["code"]),
        (&json!("requires_input"), &json!("abandoned"))
    );
    assert!(browser.shows("<code>abandoned</code>"), "{}", browser.page);
    // Retrying uses the link that the session has got meanwhile.
    browser.send_to("retry", "").await;
    assert_eq!(
        format!("{}{}", server.running.api_base(), browser.start()),
        left["url"].as_str().expect("a url")
    );
    // A retry of a session that takes nothing any more leads back to what is.
    browser.reach_outcome().await;
    browser.send("outcome=abandoned&delay=0").await;
    server.post(&format!("{}/cancel", path_of(&created)), "").await.ok();
    assert_eq!(browser.send_to("retry", "").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn style_script_and_icon_are_served() {
    let server = TestServer::open().await;
    for (name, kind) in [
        ("page.css", "text/css; charset=utf-8"),
        ("page.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ] {
        let reply = send(server.ask(Method::GET, &format!("/start/assets/{name}"))).await;
        assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, Some(kind)));
        secure(&reply);
        for elsewhere in ["http:", "https:", "url("] {
            let own = reply.text.replace("http://www.w3.org/2000/svg", "");
            assert!(!own.contains(elsewhere), "{name} loads nothing from elsewhere");
        }
    }
    assert_eq!(send(server.ask(Method::GET, "/start/assets/base.html")).await.status, StatusCode::NOT_FOUND);
}

//! What is sent, and what must never get through.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::browser::Browser;
use super::{PNG, session};
use crate::support::http::send;
use crate::support::server::{TestServer, path_of};

#[tokio::test]
async fn uploads_are_judged_by_their_content_and_size() {
    let server = TestServer::open().await;
    let created = server.create("type=document").await;
    let mut browser = Browser::open(&server, &created).await;
    browser.send("answer=accept").await;
    browser.send("document=id_card").await;
    let front = browser.at.clone();
    for (file, words) in [
        (b"".as_slice(), "Choose a picture first"),
        (b"<svg onload=alert(1)>", "no JPEG, PNG or WebP"),
        (b"GIF89a.........", "no JPEG, PNG or WebP"),
    ] {
        let refused = browser.upload(file).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(browser.shows(words), "{words}: {}", browser.page);
    }
    let mut huge = PNG.to_vec();
    huge.resize(10 * 1024 * 1024 + 1, 0);
    let refused = browser.upload(&huge).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.shows("larger than 10 MB"), "{}", browser.page);
    huge.pop();
    browser.upload(&huge).await;
    assert_eq!(browser.step(), "back");
    browser.go(&front).await;
    assert!(browser.shows("Your picture is in place (10 MB)."), "{}", browser.page);
    browser.upload(PNG).await;
    assert_eq!(browser.step(), "back", "a picture may be replaced");

    let path = browser.at.clone();
    let long = browser.form(&path, format!("csrf={}&use={}", browser.csrf(), "x".repeat(20_000)));
    assert_eq!(browser.follow(&path, long).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let broken = browser
        .ask(Method::POST, &path)
        .header("content-type", "multipart/form-data; boundary=cut")
        .body("no part at all");
    assert_eq!(browser.follow(&path, broken).await.status, StatusCode::BAD_REQUEST);
    browser.go(&path).await;
    assert_eq!(browser.step(), "back", "nothing was done");
}

#[tokio::test]
async fn forms_from_elsewhere_do_nothing() {
    let server = TestServer::open().await;
    let created = server.create("type=document").await;
    let mut browser = Browser::open(&server, &created).await;
    let (consent, token) = (format!("{}/consent", browser.start()), browser.csrf());
    let own_cookies = browser.cookies.clone();
    let body = format!("csrf={token}&answer=decline");

    for without in ["answer=decline", "csrf=&answer=decline", "csrf=wrong&answer=decline"] {
        let request = browser.form(&consent, without.to_owned());
        assert_eq!(browser.follow(&consent, request).await.status, StatusCode::FORBIDDEN, "{without}");
    }
    for (header, value) in
        [("origin", "http://127.0.0.1:1"), ("origin", "null"), ("sec-fetch-site", "same-site")]
    {
        let reply = send(browser.form(&consent, body.clone()).header(header, value)).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{header}: {value}");
    }
    browser.cookies.clear();
    let request = browser.form(&consent, body.clone());
    assert_eq!(browser.follow(&consent, request).await.status, StatusCode::FORBIDDEN, "no cookie");
    let other = Browser::open(&server, &created).await;
    browser.cookies = other.cookies;
    let request = browser.form(&consent, body.clone());
    assert_eq!(
        browser.follow(&consent, request).await.status,
        StatusCode::FORBIDDEN,
        "another visit's cookie"
    );
    assert_eq!(session(&server, &path_of(&created)).await["last_error"], Value::Null);

    browser.cookies = own_cookies;
    let own_origin = server.running.api_base();
    let request =
        browser.form(&consent, body).header("origin", own_origin).header("sec-fetch-site", "same-origin");
    browser.follow(&consent, request).await;
    assert_eq!(session(&server, &path_of(&created)).await["last_error"]["code"], "consent_declined");
}

#[tokio::test]
async fn whatever_the_integrator_wrote_is_only_text() {
    let server = TestServer::open().await;
    let hostile = "%22%27%3E%3Cscript%3Ealert(1)%3C/script%3E%E2%80%AE";
    for (return_url, leads) in [
        ("javascript://x/%250aalert(1)", false),
        ("https://example.com/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", true),
    ] {
        let created = server
            .create(&format!(
                "type=document&client_reference_id={hostile}&metadata[{hostile}]={hostile}&return_url={return_url}"
            ))
            .await;
        let mut browser = Browser::open(&server, &created).await;
        assert!(browser.shows("&#60;script&#62;alert(1)"), "{}", browser.page);
        browser.reach_outcome().await;
        browser.send("outcome=document_expired&delay=0").await;
        let page = &browser.page;
        assert!(!page.contains("<script>") && !page.contains("alert(1)</script>"), "{page}");
        assert!(!page.contains('\u{202e}'), "direction marks are made visible");
        assert!(!page.contains("=\"javascript:"), "{page}");
        assert_eq!(browser.shows("Return to example.com"), leads);
        assert_eq!(browser.shows("which this page does not open"), !leads);
    }
}

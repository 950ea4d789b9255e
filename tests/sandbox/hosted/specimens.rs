//! The specimens that the page shows, and what is submitted with them.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::browser::Browser;
use super::{EVERYTHING, session};
use crate::support::server::{TestServer, path_of};

/// The picture on the page that the browser is at.
async fn picture(browser: &Browser) -> Vec<u8> {
    let (_, rest) = browser.page.split_once("src=\"/start/test_").expect("a picture");
    let source = format!("/start/test_{}", rest.split('"').next().expect("an address"));
    let reply = browser.ask(Method::GET, &source).send().await.expect("an answer");
    assert_eq!(reply.status(), StatusCode::OK, "{source}");
    assert_eq!(reply.headers()["content-type"], "image/png");
    assert_eq!(reply.headers()["cache-control"], "no-store");
    reply.bytes().await.expect("a picture").to_vec()
}

async fn contents(server: &TestServer, file: &Value) -> Vec<u8> {
    let path = format!("/v1/files/{}/contents", file.as_str().expect("an id"));
    let key = server.running.restricted_key();
    let reply = server.ask(Method::GET, &path).bearer_auth(key.expose()).send().await.expect("an answer");
    assert_eq!(reply.status(), StatusCode::OK, "{path}");
    reply.bytes().await.expect("a picture").to_vec()
}

/// Goes through every step with a document of this kind, and returns the pictures that were shown.
async fn shown(browser: &mut Browser, document: &str) -> Vec<Vec<u8>> {
    let mut pictures = Vec::new();
    while browser.step() != "outcome" {
        let fields = match browser.step() {
            "" => "answer=accept".to_owned(),
            "document" => format!("document={document}"),
            "front" | "back" | "selfie" => {
                pictures.push(picture(browser).await);
                "use=specimen".to_owned()
            }
            _ => "use=specimen".to_owned(),
        };
        browser.send(&fields).await;
    }
    pictures
}

#[tokio::test]
async fn the_page_shows_the_pictures_that_the_report_will_have() {
    let server = TestServer::open().await;
    for (document, delay) in [("driving_license", 0), ("passport", 3), ("id_card", 0)] {
        let created = server.create(EVERYTHING).await;
        let mut browser = Browser::open(&server, &created).await;
        let first = shown(&mut browser, document).await;
        browser.send("outcome=selfie_unverified_other&delay=0").await;
        browser.send_to("retry", "").await;
        let again = shown(&mut browser, document).await;
        assert!(first == again, "another try shows the same person and document");
        browser.send(&format!("outcome=verified&delay={delay}")).await;
        server.advance(delay).await;
        let path = format!("{}?expand[]=last_verification_report", path_of(&created));
        let report = session(&server, &path).await["last_verification_report"].take();
        assert_eq!(report["document"]["type"], document, "what was chosen is what was handed in");
        let mut files = report["document"]["files"].as_array().expect("files").clone();
        files.push(report["selfie"]["selfie"].clone());
        assert_eq!(files.len(), again.len(), "{document}");
        for (file, seen) in files.iter().zip(&again) {
            assert!(contents(&server, file).await == *seen, "{document} {file}");
        }
    }
}

#[tokio::test]
async fn pictures_are_shown_to_the_visit_that_has_come_to_them() {
    let server = TestServer::open().await;
    let created = server.create(EVERYTHING).await;
    let mut browser = Browser::open(&server, &created).await;
    let start = browser.start();
    let status = async |browser: &Browser, name: &str| {
        browser.ask(Method::GET, &format!("{start}/{name}")).send().await.expect("an answer").status()
    };
    assert_eq!(status(&browser, "front.png").await, StatusCode::NOT_FOUND, "nothing is chosen yet");
    browser.send("answer=accept").await;
    browser.send("document=passport").await;
    assert_eq!(status(&browser, "front.png").await, StatusCode::OK);
    for name in ["back.png", "selfie.png", "consent.png", "nothing.png", ".png"] {
        assert_eq!(status(&browser, name).await, StatusCode::NOT_FOUND, "{name}");
    }
    let stranger = Browser::open(&server, &created).await;
    assert_eq!(status(&stranger, "front.png").await, StatusCode::NOT_FOUND, "a visit of its own");
    server.post(&format!("{}/redact", path_of(&created)), "").await.ok();
    assert_eq!(status(&browser, "front.png").await, StatusCode::NOT_FOUND, "erased");
}

//! The way through: every step and every ending.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::browser::Browser;
use super::{EVERYTHING, PNG, session};
use crate::support::server::{REPORTS, TestServer, path_of};

#[tokio::test]
async fn every_step_leads_to_a_verified_session() {
    let server = TestServer::open().await;
    let created = server.create(EVERYTHING).await;
    let mut browser = Browser::open(&server, &created).await;
    assert!(browser.shows("Pictures of an identity document") && browser.shows("Your ID number"));
    let mut steps = Vec::new();
    for fields in [
        "answer=accept",
        "document=driving_license",
        "use=specimen",
        "use=specimen",
        "use=specimen",
        "use=typed&kind=sg_nric&number=s1234567d",
    ] {
        browser.send(fields).await;
        steps.push(browser.step().to_owned());
    }
    assert_eq!(steps, ["document", "front", "back", "selfie", "id-number", "outcome"]);
    assert!(browser.shows("Step 7 of 7"), "{}", browser.page);
    browser.send("outcome=verified&delay=0").await;
    assert!(browser.shows("Your identity is verified"), "{}", browser.page);
    assert!(browser.shows("href=\"https://example.com/done?a=1&#38;b=2\""), "{}", browser.page);
    let verified = session(&server, &path_of(&created)).await;
    assert_eq!((&verified["status"], &verified["url"]), (&json!("verified"), &Value::Null));
    let report = verified["last_verification_report"].as_str().expect("a report");
    let report = server.get(&format!("{REPORTS}/{report}")).await.ok();
    for check in ["document", "selfie", "id_number"] {
        assert_eq!(report[check]["status"], "verified", "{check}");
    }
    assert!(!server.get(&path_of(&created)).await.text.contains("1234567"), "what was typed is not kept");
}

#[tokio::test]
async fn every_refusal_that_is_offered_ends_with_its_code_and_can_be_tried_again() {
    let server = TestServer::open().await;
    let created = server.create(EVERYTHING).await;
    let mut browser = Browser::open(&server, &created).await;
    browser.reach_outcome().await;
    let offered: Vec<String> = browser
        .page
        .split("name=\"outcome\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().expect("a value").to_owned())
        .filter(|value| value != "verified")
        .collect();
    assert_eq!(offered.len(), 15, "{offered:?}");
    assert!(!offered.iter().any(|code| code.starts_with("email") || code.starts_with("phone")));
    for code in offered {
        browser.reach_outcome().await;
        browser.send(&format!("outcome={code}&delay=0")).await;
        assert!(browser.shows(&format!("<code>{code}</code>")), "{code}: {}", browser.page);
        let failed = session(&server, &path_of(&created)).await;
        assert_eq!(
            (&failed["status"], &failed["last_error"]["code"]),
            (&json!("requires_input"), &json!(code))
        );
        let used = browser.start();
        browser.send_to("retry", "").await;
        assert_ne!(browser.start(), used, "another link");
        assert!(browser.shows("Agree and continue"), "{}", browser.page);
    }
}

#[tokio::test]
async fn steps_follow_the_options() {
    let server = TestServer::open().await;
    let live = server
        .create("type=document&options[document][require_live_capture]=true&options[document][allowed_types][0]=passport")
        .await;
    let mut browser = Browser::open(&server, &live).await;
    browser.send("answer=accept").await;
    assert!(browser.shows("value=\"passport\" required checked") && !browser.shows("value=\"id_card\""));
    let refused = browser.send("document=id_card").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.send("document=passport").await;
    assert!(!browser.shows("type=\"file\""), "{}", browser.page);
    assert_eq!(browser.upload(PNG).await.status, StatusCode::UNPROCESSABLE_ENTITY, "no way around it");
    browser.at = browser.start() + "/front";
    browser.send("use=specimen").await;
    assert_eq!(browser.step(), "outcome", "a passport has one side");

    let number = server.create("type=id_number").await;
    let mut browser = Browser::open(&server, &number).await;
    browser.send("answer=accept").await;
    assert_eq!(browser.step(), "id-number");
    for wrong in
        ["kind=us_ssn&number=12345", "kind=br_cpf&number=1", "kind=sg_nric&number=S12345678", "number=1234"]
    {
        let refused = browser.send(&format!("use=typed&{wrong}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(browser.shows("role=\"alert\"") && browser.shows("aria-invalid=\"true\""));
    }
    browser.send("use=typed&kind=br_cpf&number=111.444.777-35").await;
    assert_eq!(browser.step(), "outcome");
    assert!(!browser.shows("id_number_insufficient_document_data") && !browser.shows("document_expired"));
    assert_eq!(
        browser.send("outcome=document_expired&delay=0").await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "not offered, not taken"
    );
}

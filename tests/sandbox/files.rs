//! Files, links to them, and who may see what is on them, over HTTP as any client would ask.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use crate::support::http::{Reply, send};
use crate::support::server::{REPORTS, SESSIONS, TestServer, ids};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const FILES: &str = "/v1/files";
const LINKS: &str = "/v1/file_links";
const SELFIE: &str = "type=document&options[document][require_matching_selfie]=true";
const IDENTITY: &str = "identity_document_downloadable";

/// A submitted session: its path and its newest report, as a restricted key sees it.
async fn submitted(server: &TestServer, body: &str, outcome: &str) -> (String, Value) {
    let path = server.create_path(body).await;
    server.submit(&path, outcome).await.ok();
    let seen = server.get_restricted(&format!("{path}?expand[]=last_verification_report")).await;
    let report = seen.ok()["last_verification_report"].take();
    (path, report)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The ids of front and selfie.
fn pictures(report: &Value) -> (String, String) {
    (text(&report["document"]["files"][0]), text(&report["selfie"]["selfie"]))
}

/// A GET with any key.
async fn get_as(server: &TestServer, key: &str, path: &str) -> Reply {
    send(server.ask(Method::GET, path).bearer_auth(key)).await
}

/// The bytes behind a path or a whole address, and their kind.
async fn bytes(server: &TestServer, key: Option<&str>, path: &str) -> (StatusCode, String, Vec<u8>) {
    let path = path.strip_prefix(&server.running.api_base()).unwrap_or(path);
    let request = server.ask(Method::GET, path);
    let request = if let Some(key) = key { request.bearer_auth(key) } else { request };
    let response = request.send().await.unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    (response.status(), kind, response.bytes().await.unwrap().to_vec())
}

/// A link made with a restricted key, ending so many seconds from now.
async fn link(server: &TestServer, file: &str, seconds: i64) -> Reply {
    let now = server.advance(0).await["clock"].as_i64().unwrap();
    let form =
        server.ask(Method::POST, LINKS).bearer_auth(server.running.restricted_key().expose().to_owned());
    let body = format!("file={file}&expires_at={}", now + seconds);
    send(form.header("content-type", "application/x-www-form-urlencoded").body(body)).await
}

#[tokio::test]
async fn a_submission_leaves_files_and_their_objects_have_the_api_shape() {
    let server = TestServer::open().await;
    let (_, report) = submitted(&server, SELFIE, "verified").await;
    let (front, selfie) = pictures(&report);
    assert_eq!(report["selfie"]["document"], json!(front));
    let mut file = server.get(&format!("{FILES}/{front}")).await.ok();
    assert_eq!(file["created"].take(), report["created"]);
    assert!(file["size"].take().as_u64().unwrap() > 0);
    assert_eq!(
        file,
        json!({
            "id": front,
            "object": "file",
            "created": null,
            "expires_at": null,
            "filename": "front.png",
            "links": { "object": "list", "data": [], "has_more": false, "url": format!("{LINKS}?file={front}") },
            "purpose": IDENTITY,
            "size": null,
            "title": null,
            "type": "png",
            "url": format!("{}{FILES}/{front}/contents", server.running.api_base()),
        })
    );
    assert_eq!(server.get(&format!("{FILES}/{selfie}")).await.ok()["purpose"], "selfie");
    let unknown = server.get(&format!("{FILES}/file_none")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.error()["code"], "resource_missing");
    assert_eq!(unknown.error()["message"], "No such file upload: 'file_none'");
}

#[tokio::test]
async fn files_are_listed_newest_first_by_purpose_and_time() {
    let server = TestServer::open().await;
    let mut all = Vec::new();
    for _ in 0..3 {
        let (_, report) = submitted(&server, SELFIE, "verified").await;
        all.extend(report["document"]["files"].as_array().unwrap().iter().map(text));
        all.push(text(&report["selfie"]["selfie"]));
        server.advance(10).await;
    }
    all.reverse();
    assert_eq!(server.ids(&format!("{FILES}?limit=100")).await, all);
    let selfies = server.ids(&format!("{FILES}?purpose=selfie")).await;
    assert_eq!(selfies.len(), 3);
    assert_eq!(server.ids(&format!("{FILES}?purpose={IDENTITY}")).await.len(), all.len() - 3);
    let mut paged = Vec::new();
    let mut page = server.get(&format!("{FILES}?limit=2")).await.ok();
    loop {
        paged.extend(ids(&page));
        if page["has_more"] == false {
            break;
        }
        page = server.get(&format!("{FILES}?limit=2&starting_after={}", paged.last().unwrap())).await.ok();
    }
    assert_eq!(paged, all);
    let before = server.ids(&format!("{FILES}?limit=2&ending_before={}", all[3])).await;
    assert_eq!(before, all[1..3]);
    let newest = server.get(&format!("{FILES}/{}", all[0])).await.ok()["created"].as_i64().unwrap();
    assert!(server.ids(&format!("{FILES}?created[gt]={newest}")).await.is_empty());
    for (query, param) in [("purpose=nonsense", "purpose"), ("starting_after=file_none", "starting_after")] {
        let refused = server.get(&format!("{FILES}?{query}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.error()["param"], param);
    }
}

#[tokio::test]
async fn contents_are_pictures_of_the_size_that_was_told_for_restricted_keys_only() {
    let server = TestServer::open().await;
    let (_, report) = submitted(&server, SELFIE, "verified").await;
    let (front, selfie) = pictures(&report);
    let restricted = server.running.restricted_key();
    for id in [&front, &selfie] {
        let file = server.get(&format!("{FILES}/{id}")).await.ok();
        let address = text(&file["url"]);
        let (status, kind, picture) = bytes(&server, Some(restricted.expose()), &address).await;
        assert_eq!((status, kind.as_str()), (StatusCode::OK, "image/png"));
        assert_eq!(u64::try_from(picture.len()).unwrap(), file["size"].as_u64().unwrap());
        assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n") && contains(&picture, b"SPECIMEN"));
        let again = bytes(&server, Some(restricted.expose()), &address).await.2;
        assert!(again == picture, "the same picture every time");
        let refused = server.get(&format!("{FILES}/{id}/contents")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let message = text(&refused.error()["message"]);
        assert!(message.starts_with("To access sensitive verification results, "), "{message}");
        assert!(refused.header("request-id").is_some());
        assert_eq!(bytes(&server, None, &address).await.0, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        bytes(&server, Some(restricted.expose()), "/v1/files/file_no/contents").await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn links_to_pictures_end_within_thirty_seconds_and_need_no_key() {
    let server = TestServer::open().await;
    let (_, report) = submitted(&server, SELFIE, "verified").await;
    let (front, _) = pictures(&report);
    let made = link(&server, &front, 20).await.ok();
    assert_eq!(made["object"], "file_link");
    assert_eq!(
        (&made["expired"], &made["file"], &made["livemode"]),
        (&json!(false), &json!(front), &json!(false))
    );
    assert_eq!(made["metadata"], json!({}));
    let address = text(&made["url"]);
    let (status, kind, picture) = bytes(&server, None, &address).await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "image/png"));
    let direct =
        bytes(&server, Some(server.running.restricted_key().expose()), &format!("{FILES}/{front}/contents"))
            .await;
    assert!(direct.2 == picture);

    // On the sandbox clock.
    server.advance(21).await;
    assert_eq!(bytes(&server, None, &address).await.0, StatusCode::NOT_FOUND);
    let path = format!("{LINKS}/{}", text(&made["id"]));
    let expired = server.get_restricted(&path).await.ok();
    assert_eq!((&expired["expired"], &expired["url"]), (&json!(true), &Value::Null));

    for seconds in [31, 3600] {
        let refused = link(&server, &front, seconds).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.error()["param"], "expires_at");
        assert!(text(&refused.error()["message"]).contains("within 30 seconds"));
    }
    assert_eq!(link(&server, &front, 0).await.status, StatusCode::BAD_REQUEST);
    let endless =
        server.ask(Method::POST, LINKS).bearer_auth(server.running.restricted_key().expose().to_owned());
    let endless =
        endless.header("content-type", "application/x-www-form-urlencoded").body(format!("file={front}"));
    assert_eq!(send(endless).await.error()["param"], "expires_at");
    let nothing = link(&server, "file_none", 10).await;
    assert_eq!((nothing.status, &nothing.error()["param"]), (StatusCode::BAD_REQUEST, &json!("file")));
    // A full key would read through the link what it may not read itself.
    let full = server.post(LINKS, &format!("file={front}&expires_at=1")).await;
    assert_eq!(full.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn links_are_retrieved_listed_updated_and_expanded() {
    let server = TestServer::open().await;
    let (_, report) = submitted(&server, SELFIE, "verified").await;
    let (front, selfie) = pictures(&report);
    let first = text(&link(&server, &front, 5).await.ok()["id"]);
    server.advance(10).await;
    let second = text(&link(&server, &front, 30).await.ok()["id"]);
    let third = text(&link(&server, &selfie, 30).await.ok()["id"]);
    assert_eq!(server.ids(LINKS).await, [third.as_str(), &second, &first]);
    assert_eq!(server.ids(&format!("{LINKS}?file={front}")).await, [second.as_str(), &first]);
    assert_eq!(server.ids(&format!("{LINKS}?expired=true")).await, [first.as_str()]);
    assert_eq!(server.ids(&format!("{LINKS}?expired=false&limit=1")).await, [third.as_str()]);
    assert_eq!(server.ids(&format!("{LINKS}?starting_after={third}")).await, [second.as_str(), &first]);
    let file = server.get(&format!("{FILES}/{front}")).await.ok();
    assert_eq!(ids(&file["links"]), [second.as_str(), &first]);
    // A full key does not learn addresses that would open pictures for it.
    assert_eq!(server.get(&format!("{LINKS}/{second}")).await.ok()["url"], Value::Null);
    let expanded = server.get_restricted(&format!("{LINKS}/{second}?expand[]=file")).await.ok();
    assert_eq!((&expanded["file"]["object"], &expanded["file"]["id"]), (&json!("file"), &json!(front)));
    assert!(expanded["url"].is_string());
    let listed = server.get_restricted(&format!("{LINKS}?expand[]=data.file")).await.ok();
    assert_eq!(listed["data"][0]["file"]["purpose"], "selfie");

    let update = |body: &'static str| {
        let request = server.ask(Method::POST, &format!("{LINKS}/{second}"));
        let request = request.bearer_auth(server.running.restricted_key().expose().to_owned());
        send(request.header("content-type", "application/x-www-form-urlencoded").body(body))
    };
    assert_eq!(update("metadata[case]=7").await.ok()["metadata"], json!({ "case": "7" }));
    assert_eq!(update("expires_at=").await.error()["param"], "expires_at");
    assert_eq!(update("expires_at=soon").await.error()["message"], "Invalid integer: soon");
    let ended = update("expires_at=now").await.ok();
    assert_eq!((&ended["expired"], &ended["metadata"]), (&json!(true), &json!({ "case": "7" })));
    assert_eq!(update("colour=red").await.error()["code"], "parameter_unknown");
    assert_eq!(server.get(&format!("{LINKS}/link_none")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_mismatch_shows_another_face_and_nothing_else_does() {
    let server = TestServer::open().await;
    let key = server.running.restricted_key();
    let path = server.create_path(SELFIE).await;
    let mut seen = Vec::new();
    for outcome in ["selfie_unverified_other", "selfie_face_mismatch", "verified"] {
        server.submit(&path, outcome).await.ok();
        let session = server.get_restricted(&format!("{path}?expand[]=last_verification_report")).await.ok();
        let (_, selfie) = pictures(&session["last_verification_report"]);
        seen.push(bytes(&server, Some(key.expose()), &format!("{FILES}/{selfie}/contents")).await.2);
    }
    assert!(seen[0] == seen[2] && seen[0] != seen[1]);
}

#[tokio::test]
async fn sensitive_data_are_read_for_forty_eight_hours_and_longer_with_an_ip_restriction() {
    let server = TestServer::open().await;
    let (path, report) = submitted(&server, SELFIE, "verified").await;
    let (front, _) = pictures(&report);
    let paths = [
        format!("{path}?expand[]=verified_outputs.dob"),
        format!("{path}?expand[]=last_verification_report.document.expiration_date"),
        format!("{SESSIONS}?expand[]=data.last_verification_report.document.number"),
        format!("{REPORTS}/{}?expand[]=document.number", text(&report["id"])),
        format!("{REPORTS}?expand[]=data.document.dob"),
    ];
    server.advance(48 * 3600 - 60).await;
    for path in &paths {
        server.get_restricted(path).await.ok();
    }
    server.advance(120).await;
    for path in &paths {
        let late = server.get_restricted(path).await;
        assert_eq!(late.status, StatusCode::FORBIDDEN, "{path}");
        let message = text(&late.error()["message"]);
        assert!(message.contains("'rak_identity_all_sensitive_results_read'"), "{message}");
        assert!(message.contains("'rk_test_"), "{message}");
        let ip_restricted = server.running.ip_restricted_key();
        get_as(&server, ip_restricted.expose(), path).await.ok();
        get_as(&server, "rk_test_IPRestricted_of_my_own", path).await.ok();
        // Only a restricted key can be one of those.
        assert_eq!(get_as(&server, "sk_test_IPRestricted_1", path).await.status, StatusCode::FORBIDDEN);
    }
    // The same holds for what is on the pictures; objects and other fields stay readable.
    let contents = format!("{FILES}/{front}/contents");
    assert_eq!(server.get_restricted(&contents).await.status, StatusCode::FORBIDDEN);
    assert_eq!(link(&server, &front, 10).await.status, StatusCode::FORBIDDEN);
    let key = server.running.ip_restricted_key();
    assert_eq!(bytes(&server, Some(key.expose()), &contents).await.0, StatusCode::OK);
    server.get_restricted(&format!("{FILES}/{front}")).await.ok();
    server.get_restricted(&format!("{path}?expand[]=verified_outputs")).await.ok();

    // A refused POST changes nothing.
    let body = "metadata[a]=b&expand[]=verified_outputs.dob";
    let form =
        server.ask(Method::POST, &path).bearer_auth(server.running.restricted_key().expose().to_owned());
    let form = form.header("content-type", "application/x-www-form-urlencoded").body(body);
    assert_eq!(send(form).await.status, StatusCode::FORBIDDEN);
    assert_eq!(server.get(&path).await.ok()["metadata"], json!({}));
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

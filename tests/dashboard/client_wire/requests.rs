//! What is sent, how often, and when.

use std::collections::BTreeMap;
use std::time::Duration;

use vetty::client::{ClientSettings, Error, RateLimits};
use vetty::clock::Timestamp;
use vetty::identity::params::{
    Change, CreateSession, Created, DocumentOptionsParams, ListReports, ListSessions, MetadataChange, Paging,
    ProvidedDetailsParams, UpdateSession,
};
use vetty::identity::{DocumentType, ReportId, SessionId, Status, VerificationType};
use vetty::privacy::{Email, Pii};

use super::server::{KEY, Play, Server};
use super::{EMPTY, REPORT, SESSION, key, refusal, vs};

#[tokio::test]
async fn every_request_carries_the_same_headers() {
    let server = Server::start([Play::ok(SESSION), Play::ok(SESSION)]).await;
    let client = server.client();
    client.cancel_session(&vs(), &key()).await.expect("canceled");
    client.retrieve_session(&vs(), &[]).await.expect("retrieved");
    let [post, get] = &server.seen()[..] else { panic!("two requests") };
    for seen in [post, get] {
        assert_eq!(seen.header("authorization"), Some(&*format!("Bearer {KEY}")));
        assert_eq!(seen.header("stripe-version"), Some("2026-10-28.endive"));
        assert_eq!(seen.header("user-agent"), Some(concat!("vetty/", env!("CARGO_PKG_VERSION"))));
        assert_eq!(seen.header("accept"), Some("application/json"));
        assert_eq!(seen.header("accept-encoding"), Some("gzip"));
        assert_eq!(seen.header("host"), Some(&*server.host()));
    }
    assert_eq!(post.header("idempotency-key"), Some("k-1"));
    assert_eq!(post.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(post.header("content-length"), Some("0"));
    assert_eq!(get.header("idempotency-key"), None);
    assert_eq!(get.header("content-type"), None);
    assert_eq!(client.requests_sent(), 2);
}

#[tokio::test]
async fn changes_are_forms() {
    let server = Server::start((0..4).map(|_| Play::ok(SESSION))).await;
    let client = server.client();
    let create = CreateSession {
        kind: Some(VerificationType::Document),
        document: DocumentOptionsParams {
            allowed_types: Some(vec![DocumentType::Passport]),
            require_matching_selfie: Some(true),
            ..DocumentOptionsParams::default()
        },
        provided_details: ProvidedDetailsParams {
            email: Some(Change::Set(Pii::new(Email::new("jenny+1@example.com")))),
            phone: None,
        },
        metadata: BTreeMap::from([("user id".into(), "Zoë & co".into())]),
        return_url: Some("https://example.com/done?a=1".into()),
        expand: vec!["verified_outputs".into()],
        ..CreateSession::default()
    };
    let update = UpdateSession {
        document: Some(Change::Remove),
        metadata: MetadataChange::Keys(BTreeMap::from([("old".into(), Change::Remove)])),
        ..UpdateSession::default()
    };
    let created = client.create_session(&create, &key()).await.expect("created");
    client.update_session(&vs(), &update, &key()).await.expect("updated");
    client.cancel_session(&vs(), &key()).await.expect("canceled");
    client.redact_session(&vs(), &key()).await.expect("redacted");
    assert_eq!((created.value.id, created.attempts, created.replayed), (vs(), 1, false));
    assert_eq!(created.request_id.as_deref(), Some("req_ok"));
    assert!(created.value.client_secret.is_some(), "only lists drop secrets");

    let sent: Vec<(String, String)> = server.seen().into_iter().map(|seen| (seen.line, seen.body)).collect();
    let expected = [
        (
            "POST /v1/identity/verification_sessions HTTP/1.1",
            "type=document&options[document][allowed_types][0]=passport\
             &options[document][require_matching_selfie]=true\
             &provided_details[email]=jenny%2B1%40example.com&metadata[user%20id]=Zo%C3%AB%20%26%20co\
             &return_url=https%3A%2F%2Fexample.com%2Fdone%3Fa%3D1&expand[0]=verified_outputs",
        ),
        ("POST /v1/identity/verification_sessions/vs_1 HTTP/1.1", "options[document]=&metadata[old]="),
        ("POST /v1/identity/verification_sessions/vs_1/cancel HTTP/1.1", ""),
        ("POST /v1/identity/verification_sessions/vs_1/redact HTTP/1.1", ""),
    ];
    assert_eq!(sent, expected.map(|(line, body)| (line.to_owned(), body.to_owned())));
}

#[tokio::test]
async fn reads_are_queries() {
    let server = Server::start([Play::ok(SESSION), Play::ok(EMPTY), Play::ok(REPORT), Play::ok(EMPTY)]).await;
    let client = server.client();
    let sessions = ListSessions {
        status: Some(Status::RequiresInput),
        client_reference_id: Some("a&b".into()),
        created: Created { gte: Some(Timestamp::from_secs(5)), ..Created::default() },
        paging: Paging { limit: Some(100), starting_after: Some(vs()), ending_before: None },
        ..ListSessions::default()
    };
    let reports = ListReports {
        verification_session: Some(vs()),
        kind: Some(VerificationType::IdNumber),
        expand: vec!["data.document.dob".into()],
        ..ListReports::default()
    };
    client.retrieve_session(&vs(), &["verified_outputs", "last_verification_report"]).await.expect("one");
    client.list_sessions(&sessions).await.expect("a page");
    client.retrieve_report(&ReportId::new("vr_1"), &["document.dob"]).await.expect("one");
    client.list_reports(&reports).await.expect("a page");
    let lines: Vec<String> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(
        lines,
        [
            "GET /v1/identity/verification_sessions/vs_1?expand[0]=verified_outputs\
             &expand[1]=last_verification_report HTTP/1.1",
            "GET /v1/identity/verification_sessions?client_reference_id=a%26b&created[gte]=5\
             &status=requires_input&limit=100&starting_after=vs_1 HTTP/1.1",
            "GET /v1/identity/verification_reports/vr_1?expand[0]=document.dob HTTP/1.1",
            "GET /v1/identity/verification_reports?type=id_number&verification_session=vs_1\
             &expand[0]=data.document.dob HTTP/1.1",
        ]
    );
}

#[tokio::test]
async fn an_id_cannot_leave_its_place_in_the_path() {
    let server = Server::start([Play::ok(SESSION)]).await;
    let client = server.client();
    client.cancel_session(&SessionId::new("../x?y#z%2f"), &key()).await.expect("canceled");
    assert_eq!(
        server.seen()[0].line,
        "POST /v1/identity/verification_sessions/..%2Fx%3Fy%23z%252f/cancel HTTP/1.1"
    );
    for id in ["", ".", ".."] {
        let error = client.redact_session(&SessionId::new(id), &key()).await.expect_err("no object");
        assert!(matches!(error, Error::InvalidId { .. }));
        let error = client.retrieve_report(&ReportId::new(id), &[]).await.expect_err("no object");
        assert!(matches!(error, Error::InvalidId { .. }));
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn passing_failures_are_repeated_under_the_same_key() {
    let server = Server::start([
        Play::Bytes(Vec::new()),
        Play::json(
            "429 Too Many Requests",
            "",
            &refusal("invalid_request_error", Some("rate_limit"), "Slow."),
        ),
        Play::json(
            "409 Conflict",
            "",
            &refusal("idempotency_error", Some("idempotency_key_in_use"), "Busy."),
        ),
        Play::reply("503 Service Unavailable", "", "text/html", b"<html>"),
        Play::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\":".to_vec()),
        Play::json("200 OK", "Request-Id: req_2\r\nIdempotent-Replayed: true\r\n", SESSION),
    ])
    .await;
    let client = server.client_with(ClientSettings { tries: 6, ..server.settings() });
    let reply = client.redact_session(&vs(), &key()).await.expect("redacted in the end");
    assert_eq!((reply.attempts, reply.replayed), (6, true));
    assert_eq!(reply.request_id.as_deref(), Some("req_2"));
    let seen = server.seen();
    assert_eq!(seen.len(), 6);
    assert!(seen.iter().all(|seen| seen.header("idempotency-key") == Some("k-1")));
    let ceilings = [500, 1000, 2000, 4000, 8000].map(Duration::from_millis);
    assert_eq!(server.slept().len(), ceilings.len());
    assert!(server.slept().iter().zip(ceilings).all(|(slept, ceiling)| *slept <= ceiling));
    assert_eq!(client.requests_sent(), 6);
}

#[tokio::test]
async fn tries_are_bounded_and_the_service_may_forbid_or_demand_them() {
    let failing = |advice| Play::json("500 Oops", advice, &refusal("api_error", None, "Oops."));
    let server = Server::start((0..9).map(|_| failing(""))).await;
    let error = server.client().cancel_session(&vs(), &key()).await.expect_err("failed");
    assert_eq!((server.seen().len(), error.is_retryable()), (3, true));

    let server = Server::start((0..9).map(|_| failing("Stripe-Should-Retry: false\r\n"))).await;
    let error = server.client().cancel_session(&vs(), &key()).await.expect_err("failed");
    assert_eq!((server.seen().len(), error.is_retryable()), (1, false));

    let again = refusal("invalid_request_error", None, "Again.");
    let server = Server::start([
        Play::json("400 Bad Request", "Stripe-Should-Retry: true\r\n", &again),
        Play::ok(SESSION),
    ])
    .await;
    let reply = server.client().cancel_session(&vs(), &key()).await.expect("canceled");
    assert_eq!(reply.attempts, 2);
}

#[tokio::test]
async fn set_limits_hold_on_this_machine_too() {
    let script = || (0..3).map(|_| Play::ok(SESSION));
    let server = Server::start(script()).await;
    let limits = RateLimits { per_endpoint: 1, per_account: 100 };
    let limited = server.client_with(ClientSettings { rate_limits: Some(limits), ..server.settings() });
    for _ in 0..3 {
        limited.retrieve_session(&vs(), &[]).await.expect("retrieved");
    }
    assert_eq!(server.slept().len(), 2);

    let server = Server::start(script()).await;
    let free = server.client();
    for _ in 0..3 {
        free.retrieve_session(&vs(), &[]).await.expect("retrieved");
    }
    assert!(server.slept().is_empty());
}

//! The account that the screens show, and an audit of the desk.

use super::*;

/// Connected to nothing yet.
pub(super) fn unconnected(size: Size) -> Stage {
    Stage::empty(size, NOW)
}

/// Connected to the sandbox, with nothing read yet.
pub(super) fn connected(size: Size) -> Stage {
    unconnected(size).connect(false)
}

/// With the sessions and reports of the fixed account.
pub(super) fn filled(size: Size) -> Stage {
    fill(connected(size), false)
}

pub(super) fn fill(stage: Stage, has_more: bool) -> Stage {
    stage.answer_lists(sessions(), reports(), has_more)
}

fn named(first: &str, last: &str, country: &str, status: &str) -> Value {
    json!({ "status": status, "type": "passport", "first_name": first, "last_name": last, "issuing_country": country })
}

fn sessions() -> Vec<Session> {
    let selfie = json!({ "document": { "require_matching_selfie": true } });
    let failed = |code: &str| json!({ "code": code, "reason": "…" });
    vec![
        session("vs_1NuN4zLkdIwHu7ixa0", NOW - 40, json!({ "status": "processing", "options": selfie })),
        session(
            "vs_1NuN4zLkdIwHu7ixa1",
            NOW - 120,
            json!({ "status": "verified", "client_reference_id": "user_8123", "last_verification_report": "vr_1", "options": selfie }),
        ),
        session(
            "vs_1NuN4zLkdIwHu7ixa2",
            NOW - 840,
            json!({ "client_reference_id": "user_8122", "last_error": failed("selfie_face_mismatch"), "last_verification_report": "vr_2", "options": selfie }),
        ),
        session("vs_1NuN4zLkdIwHu7ixa3", NOW - 1860, json!({ "client_reference_id": "user_8121" })),
        session(
            "vs_1NuN4zLkdIwHu7ixa4",
            NOW - 3600,
            json!({ "type": "id_number", "last_error": failed("abandoned"), "client_reference_id": "a-very-long-reference-of-the-integrator" }),
        ),
        session(
            "vs_1NuN4zLkdIwHu7ixa5",
            NOW - 9 * 3600,
            json!({ "status": "verified", "type": "verification_flow", "last_verification_report": "vr_5", "client_reference_id": "客户_77" }),
        ),
        session("vs_1NuN4zLkdIwHu7ixa6", NOW - 86_400, json!({ "status": "canceled" })),
        session(
            "vs_1NuN4zLkdIwHu7ixa7",
            NOW - 12 * 86_400,
            json!({ "status": "verified", "redaction": { "status": "processing" }, "last_verification_report": "vr_7" }),
        ),
        session(
            "vs_1NuN4zLkdIwHu7ixa8",
            NOW - 400 * 86_400,
            json!({ "status": "verified", "last_verification_report": "vr_8" }),
        ),
    ]
}

fn reports() -> Vec<Report> {
    let id = |tail: &str| format!("vs_1NuN4zLkdIwHu7ix{tail}");
    vec![
        report(
            "vr_1",
            &id("a1"),
            NOW - 90,
            json!({ "client_reference_id": "user_8123", "document": named("Jenny", "Rosen", "US", "verified"), "selfie": { "status": "verified" } }),
        ),
        report(
            "vr_2",
            &id("a2"),
            NOW - 800,
            json!({ "client_reference_id": "user_8122", "document": named("Anna", "Däubler", "DE", "verified"),
                "selfie": { "status": "unverified", "error": { "code": "selfie_face_mismatch", "reason": "…" } } }),
        ),
        report(
            "vr_5",
            &id("a5"),
            NOW - 9 * 3600,
            json!({ "type": "verification_flow", "client_reference_id": "客户_77", "document": named("王", "小明", "CN", "verified"),
                "email": { "status": "verified" }, "phone": { "status": "verified" } }),
        ),
        report(
            "vr_7",
            &id("a7"),
            NOW - 12 * 86_400,
            json!({ "document": named("[redacted]", "[redacted]", "FR", "verified") }),
        ),
        report(
            "vr_8",
            &id("a8"),
            NOW - 400 * 86_400,
            json!({ "document": named("محمد", "العلي", "EG", "verified") }),
        ),
    ]
}

pub(super) fn unreachable() -> Problem {
    let text = "127.0.0.1:12120 did not answer listing sessions: connection refused";
    Problem::new(ProblemKind::Unreachable, text)
        .with_hint("Start the sandbox, or check the address.")
        .with_trouble(Some(Trouble::Unreachable))
}

/// A cancel, a reveal and an export, written by the real audit; with `edit`, a line was changed afterwards.
pub(super) fn audit_log(edit: bool) -> AuditLog {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.jsonl");
    let audit = Journal::open(&path).expect("an audit");
    let bare = Entry {
        at: at(NOW).wall,
        operator: "ann".into(),
        profile: "desk".into(),
        mode: Mode::Test,
        via: "key:c".into(),
        action: "cancel".into(),
        object: Some("vs_1NuN4zLkdIwHu7ixleE6HvkI".into()),
        params: Vec::new(),
        reason: Some(Reason::new("duplicate")),
        job: None,
        request_id: None,
        idempotency_key: Some("key-1".into()),
        result: Outcome::Asked,
        error_code: None,
    };
    let done = Entry { result: Outcome::Done, request_id: Some("req_1".into()), ..bare.clone() };
    let quiet = Entry { reason: None, idempotency_key: None, result: Outcome::Done, ..bare.clone() };
    let reveal = Entry {
        action: "reveal".into(),
        via: "key:V".into(),
        params: vec!["document.number".into(), "vr_1MwBlH2eZvKYlo2C91hOpFMf".into()],
        mode: Mode::Live,
        ..quiet.clone()
    };
    let export = Entry {
        action: "export".into(),
        via: "key:E".into(),
        object: None,
        params: vec!["sessions".into(), "format:csv".into(), "count:12".into(), "masked".into()],
        ..quiet
    };
    for entry in [&bare, &done, &reveal, &export] {
        audit.record(entry).expect("a line");
    }
    if edit {
        let text = std::fs::read_to_string(&path).expect("the audit");
        std::fs::write(&path, text.replacen("key:V", "key:v", 1)).expect("an edit");
    }
    let mut lines = Journal::read(&path).expect("the audit").lines;
    lines.reverse();
    let verdict = Journal::verify(&path, None).expect("a verdict");
    AuditLog { lines, verdict, path: "/state/audit.jsonl".into() }
}

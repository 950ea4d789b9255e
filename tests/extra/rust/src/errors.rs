//! Every class of error, what a bad line does, and idempotency keys.

use serde_json::json;
use stripe::{IdempotencyKey, RequestStrategy, StripeError, StripeRequest as _};
use stripe_core::event::RetrieveEvent;
use stripe_core::file::RetrieveFile;
use stripe_misc::identity_verification_report::RetrieveIdentityVerificationReport;
use stripe_misc::identity_verification_session::{
    CancelIdentityVerificationSession, CreateIdentityVerificationSession,
    CreateIdentityVerificationSessionType as Type, ListIdentityVerificationSession,
    RedactIdentityVerificationSession, RetrieveIdentityVerificationSession,
    UpdateIdentityVerificationSession,
};
use stripe_misc::webhook_endpoint::RetrieveWebhookEndpoint;

use crate::{Sandbox, client};

const INVALID: &str = "invalid_request_error";

/// What the API refuses.
pub async fn refusals(sandbox: &mut Sandbox) {
    let (secret, tally) = (&sandbox.secret, &mut sandbox.tally);
    let missing = Some("resource_missing");
    let unknown = RetrieveIdentityVerificationSession::new("vs_no").send(secret).await;
    tally.refused("no session", unknown, 404, INVALID, missing, Some("session"));
    let unknown = RetrieveIdentityVerificationReport::new("vr_no").send(secret).await;
    tally.refused("no report", unknown, 404, INVALID, missing, Some("report"));
    let unknown = RetrieveEvent::new("evt_no").send(secret).await;
    tally.refused("no event", unknown, 404, INVALID, missing, Some("id"));
    let unknown = RetrieveFile::new("file_no").send(secret).await;
    tally.refused("no file", unknown, 404, INVALID, missing, Some("id"));
    let unknown = RetrieveWebhookEndpoint::new("we_no").send(secret).await;
    tally.refused("no hook", unknown, 404, INVALID, missing, Some("webhook_endpoint"));
    let nothing = CreateIdentityVerificationSession::new().send(secret).await;
    tally.refused("no type", nothing, 400, INVALID, Some("parameter_missing"), Some("type"));
    let flow = CreateIdentityVerificationSession::new().verification_flow("vf_no").send(secret).await;
    tally.refused("no flow", flow, 400, INVALID, missing, Some("verification_flow"));
    let many = ListIdentityVerificationSession::new().limit(101).send(secret).await;
    tally.refused("too many", many, 400, INVALID, Some("parameter_invalid_integer"), Some("limit"));
    let both = ListIdentityVerificationSession::new()
        .starting_after("vs_a")
        .ending_before("vs_b")
        .send(secret)
        .await;
    tally.refused("both cursors", both, 400, INVALID, None, None);
    let deep = ListIdentityVerificationSession::new().expand(["data.a.b.c.d".to_owned()]).send(secret).await;
    tally.refused("too deep", deep, 400, INVALID, Some("property_expansion_max_depth"), None);
    let publishable = Some("secret_key_required");
    for (key, status, code) in
        [("sk_test_", 401, None), ("sk_live_1234567890", 401, None), ("pk_test_1234567890", 403, publishable)]
    {
        let client = client(&sandbox.api_base, key);
        let refused = ListIdentityVerificationSession::new().send(&client).await;
        sandbox.tally.refused(key, refused, status, INVALID, code, None);
    }
    illegal(sandbox).await;
}

/// What the status of a session forbids.
async fn illegal(sandbox: &mut Sandbox) {
    let Some(session) = sandbox.create("rust illegal").await else { return };
    sandbox.submit(&session, "verified", 600);
    let cancel = CancelIdentityVerificationSession::new(session.id.clone());
    let refused = cancel.send(&sandbox.secret).await;
    sandbox.tally.refused("cancel while processing", refused, 400, INVALID, None, None);
    let refused = RedactIdentityVerificationSession::new(session.id.clone()).send(&sandbox.secret).await;
    sandbox.tally.refused("redact while processing", refused, 400, INVALID, None, None);
    sandbox.control("clock/advance", &json!({ "seconds": 600 }));
    let refused = cancel.send(&sandbox.secret).await;
    sandbox.tally.refused("cancel when verified", refused, 400, INVALID, None, None);
    let refused =
        UpdateIdentityVerificationSession::new(session.id).metadata([("k".repeat(41), "1".to_owned())]);
    let refused = refused.send(&sandbox.secret).await;
    sandbox.tally.refused("a long key", refused, 400, INVALID, None, Some("metadata"));
}

/// What the sandbox can do wrong on purpose, as the SDK sees it.
pub async fn faults(sandbox: &mut Sandbox) {
    let list = ListIdentityVerificationSession::new().limit(1);
    for code in ["rate_limit", "lock_timeout"] {
        sandbox.control("faults", &json!({ "kind": code, "count": 1 }));
        let limited = list.send(&sandbox.secret).await;
        sandbox.tally.refused(code, limited, 429, INVALID, Some(code), None);
    }
    sandbox.control("faults", &json!({ "kind": "server_error", "count": 1 }));
    let broken = list.send(&sandbox.secret).await;
    sandbox.tally.refused("server error", broken, 500, "api_error", None, None);
    sandbox.control("faults", &json!({ "kind": "garble", "count": 1 }));
    let garbled = list.send(&sandbox.secret).await;
    sandbox.tally.check("garbled", matches!(garbled, Err(StripeError::JSONDeserialize(_))), &garbled);
    for kind in ["reset", "truncate"] {
        sandbox.control("faults", &json!({ "kind": kind, "count": 1 }));
        let lost = list.send(&sandbox.secret).await;
        sandbox.tally.check(kind, matches!(lost, Err(StripeError::ClientError(_))), &lost);
    }
}

/// The same request with the same key is done once, whatever happens on the way.
pub async fn idempotency(sandbox: &mut Sandbox) {
    let key = IdempotencyKey::new("rust-once").expect("a short key");
    let once = || RequestStrategy::Idempotent(key.clone());
    let create =
        CreateIdentityVerificationSession::new().type_(Type::Document).client_reference_id("rust once");
    let mut made = Vec::new();
    for _ in 0..2 {
        let answer = create.customize().request_strategy(once()).send(&sandbox.secret).await;
        made.extend(sandbox.tally.answer("once", answer).map(|it| it.id));
    }
    sandbox.tally.check("done once", made.len() == 2 && made[0] == made[1], &made);
    let other = CreateIdentityVerificationSession::new().type_(Type::IdNumber);
    let other = other.customize().request_strategy(once()).send(&sandbox.secret).await;
    sandbox.tally.refused("other parameters", other, 400, "idempotency_error", None, None);
    sandbox.control("faults", &json!({ "kind": "server_error", "count": 1 }));
    sandbox.control("faults", &json!({ "kind": "reset", "count": 1 }));
    let patient =
        CreateIdentityVerificationSession::new().type_(Type::Document).client_reference_id("rust retried");
    let patient = patient.customize().request_strategy(RequestStrategy::Retry(4)).send(&sandbox.secret).await;
    let made = sandbox.tally.answer("retried", patient).map(|it| it.id);
    let found = ListIdentityVerificationSession::new()
        .client_reference_id("rust retried")
        .send(&sandbox.secret)
        .await;
    let found = sandbox
        .tally
        .answer("what it made", found)
        .map(|page| page.data.into_iter().map(|it| it.id).collect());
    sandbox.tally.equal("one session", found, made.map(|made| vec![made]));
}

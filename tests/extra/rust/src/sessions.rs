//! Sessions and reports: every operation, every ending, sensitive data, paging.

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use stripe_misc::identity_verification_report::{
    ListIdentityVerificationReport, ListIdentityVerificationReportType, RetrieveIdentityVerificationReport,
};
use stripe_misc::identity_verification_session::{
    CancelIdentityVerificationSession, CreateIdentityVerificationSession,
    CreateIdentityVerificationSessionOptions, CreateIdentityVerificationSessionOptionsDocument,
    CreateIdentityVerificationSessionOptionsDocumentAllowedTypes,
    CreateIdentityVerificationSessionRelatedPerson, CreateIdentityVerificationSessionType,
    ListIdentityVerificationSession, ProvidedDetailsParam, RedactIdentityVerificationSession,
    RetrieveIdentityVerificationSession, UpdateIdentityVerificationSession,
    UpdateIdentityVerificationSessionType,
};
use stripe_misc::{
    IdentityVerificationReport, IdentityVerificationSession, IdentityVerificationSessionStatus as Status,
};
use stripe_types::{RangeBoundsTs, RangeQueryTs};

use crate::Sandbox;

/// Every `last_error.code` that the API knows.
const CODES: [&str; 19] = [
    "abandoned",
    "consent_declined",
    "country_not_supported",
    "device_not_supported",
    "document_expired",
    "document_type_not_supported",
    "document_unverified_other",
    "email_unverified_other",
    "email_verification_declined",
    "id_number_insufficient_document_data",
    "id_number_mismatch",
    "id_number_unverified_other",
    "phone_unverified_other",
    "phone_verification_declined",
    "selfie_document_missing_photo",
    "selfie_face_mismatch",
    "selfie_manipulated",
    "selfie_unverified_other",
    "under_supported_age",
];
const OUTPUTS: [&str; 5] = ["dob", "id_number", "sex", "unparsed_sex", "unparsed_place_of_birth"];
const DETAILS: [&str; 8] = [
    "document.dob",
    "document.number",
    "document.expiration_date",
    "document.sex",
    "document.unparsed_sex",
    "document.unparsed_place_of_birth",
    "id_number.dob",
    "id_number.id_number",
];

fn paths(parent: &str, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("{parent}.{name}")).collect()
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn map(pairs: &[(&str, &str)]) -> HashMap<String, String> {
    pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// A document check with everything that can be asked for.
fn everything() -> CreateIdentityVerificationSession {
    let document = CreateIdentityVerificationSessionOptionsDocument {
        allowed_types: Some(vec![
            CreateIdentityVerificationSessionOptionsDocumentAllowedTypes::Passport,
            CreateIdentityVerificationSessionOptionsDocumentAllowedTypes::IdCard,
        ]),
        require_id_number: Some(true),
        require_live_capture: Some(false),
        require_matching_selfie: Some(true),
    };
    CreateIdentityVerificationSession::new()
        .type_(CreateIdentityVerificationSessionType::Document)
        .options(CreateIdentityVerificationSessionOptions { document: Some(document) })
        .client_reference_id("rust user/ä")
        .metadata(map(&[("a b", "u 1&é"), ("c", "2")]))
        .provided_details(ProvidedDetailsParam {
            email: Some("jenny+test@example.com".to_owned()),
            phone: Some("+15550100".to_owned()),
        })
        .related_customer("cus_1")
        .related_customer_account("acct_1")
        .related_person(CreateIdentityVerificationSessionRelatedPerson::new("acct_1", "person_1"))
        .return_url("https://example.com/done?a=b&c=d")
        .expand(texts(&["provided_details", "verified_outputs", "last_verification_report"]))
}

async fn retrieve(
    sandbox: &mut Sandbox,
    session: &IdentityVerificationSession,
) -> Option<IdentityVerificationSession> {
    let expand = texts(&["last_verification_report", "provided_details", "verified_outputs"]);
    let found = RetrieveIdentityVerificationSession::new(session.id.clone())
        .expand(expand)
        .send(&sandbox.secret)
        .await;
    sandbox.tally.answer("retrieve", found)
}

fn report(session: &IdentityVerificationSession) -> Option<&IdentityVerificationReport> {
    session.last_verification_report.as_ref()?.as_object()
}

/// Create, retrieve, update, cancel, redact.
pub async fn operations(sandbox: &mut Sandbox) {
    let made = everything().send(&sandbox.secret).await;
    let Some(session) = sandbox.tally.answer("create", made) else { return };
    let tally = &mut sandbox.tally;
    tally.equal("metadata", &session.metadata, &map(&[("a b", "u 1&é"), ("c", "2")]));
    tally.equal("reference", session.client_reference_id.as_deref(), Some("rust user/ä"));
    let details = session.provided_details.as_ref();
    tally.equal("e-mail", details.and_then(|it| it.email.as_deref()), Some("jenny+test@example.com"));
    let document = session.options.as_ref().and_then(|it| it.document.as_ref());
    tally.equal("options", document.and_then(|it| it.require_id_number), Some(true));
    tally.equal("person", session.related_person.as_ref().map(|it| it.person.as_str()), Some("person_1"));
    tally.check("url", session.url.is_some() && session.client_secret.is_some(), &session);
    let changed = UpdateIdentityVerificationSession::new(session.id.clone())
        .type_(UpdateIdentityVerificationSessionType::IdNumber)
        .metadata(map(&[("c", ""), ("d", "4")]))
        .send(&sandbox.secret)
        .await;
    if let Some(changed) = sandbox.tally.answer("update", changed) {
        sandbox.tally.equal("type", changed.type_.as_str(), "id_number");
        sandbox.tally.equal("merged", changed.metadata, map(&[("a b", "u 1&é"), ("d", "4")]));
    }
    // These two say nothing: no body, and no length of it.
    let canceled = CancelIdentityVerificationSession::new(session.id.clone()).send(&sandbox.secret).await;
    if let Some(canceled) = sandbox.tally.answer("cancel", canceled) {
        sandbox.tally.equal("canceled", (canceled.status, canceled.url), (Status::Canceled, None));
    }
    let redacted = RedactIdentityVerificationSession::new(session.id).send(&sandbox.secret).await;
    if let Some(redacted) = sandbox.tally.answer("redact", redacted) {
        let status = redacted.redaction.as_ref().map(|it| it.status.as_str());
        sandbox.tally.equal("redacting", (status, redacted.metadata.len()), (Some("processing"), 0));
    }
}

/// Every way a submission can end, a flow, and a redaction that is through.
pub async fn endings(sandbox: &mut Sandbox) {
    for code in CODES {
        let Some(session) = sandbox.create("rust endings").await else { continue };
        sandbox.submit(&session, code, 0);
        let Some(failed) = retrieve(sandbox, &session).await else { continue };
        sandbox.tally.equal(code, failed.status, Status::RequiresInput);
        let found = failed.last_error.and_then(|it| it.code);
        sandbox.tally.equal(code, found.as_ref().map(|it| it.as_str()), Some(code));
    }
    let made = CreateIdentityVerificationSession::new()
        .verification_flow("vf_1VettyEmailPhone")
        .send(&sandbox.secret)
        .await;
    let Some(flow) = sandbox.tally.answer("a flow", made) else { return };
    sandbox.submit(&flow, "verified", 60);
    let waiting = retrieve(sandbox, &flow).await.map(|it| it.status);
    sandbox.tally.equal("processing", waiting, Some(Status::Processing));
    sandbox.control("clock/advance", &serde_json::json!({ "seconds": 60 }));
    let Some(done) = retrieve(sandbox, &flow).await else { return };
    let checked =
        report(&done).map(|it| (it.type_.as_str().to_owned(), it.email.is_some(), it.phone.is_some()));
    sandbox.tally.equal("its report", checked, Some(("verification_flow".to_owned(), true, true)));
    let redacted = RedactIdentityVerificationSession::new(flow.id.clone()).send(&sandbox.secret).await;
    sandbox.tally.answer("redact", redacted);
    sandbox.control("clock/advance", &serde_json::json!({ "seconds": 4 * 86400 }));
    let gone = retrieve(sandbox, &flow).await;
    let email = gone.as_ref().and_then(|it| it.verified_outputs.as_ref()?.email.as_deref());
    sandbox.tally.equal("placeholders", email, Some("[redacted]"));
}

/// What only a restricted key reads, and that session and report say the same.
pub async fn sensitive_data(sandbox: &mut Sandbox) {
    let made = everything().send(&sandbox.secret).await;
    let Some(session) = sandbox.tally.answer("create", made) else { return };
    sandbox.submit(&session, "verified", 0);
    let mut expand = paths("verified_outputs", &OUTPUTS);
    expand.extend(paths("last_verification_report", &DETAILS));
    let request = RetrieveIdentityVerificationSession::new(session.id).expand(expand);
    let Some(full) = sandbox.tally.answer("sensitive data", request.send(&sandbox.restricted).await) else {
        return;
    };
    let outputs = full.verified_outputs.as_ref();
    let tally = &mut sandbox.tally;
    let born = |day: i64, month: i64, year: i64| (day, month, year);
    let told = outputs.and_then(|it| it.dob.as_ref()).and_then(|it| Some(born(it.day?, it.month?, it.year?)));
    let document = report(&full).and_then(|it| it.document.as_ref());
    let read =
        document.and_then(|it| it.dob.as_ref()).and_then(|it| Some(born(it.day?, it.month?, it.year?)));
    tally.check("a birth date", told.is_some(), outputs);
    tally.equal("the same birth date", told, read);
    tally.check("a document number", document.is_some_and(|it| it.number.is_some()), document);
    let number = report(&full).and_then(|it| it.id_number.as_ref()?.id_number.clone());
    tally.equal("the same ID number", outputs.and_then(|it| it.id_number.clone()), number);
    let refused = request.send(&sandbox.secret).await;
    sandbox.tally.refused("a secret key", refused, 403, "invalid_request_error", None, None);
    let Some(id) = report(&full).map(|it| it.id.clone()) else { return };
    let alone =
        RetrieveIdentityVerificationReport::new(id).expand(texts(&DETAILS)).send(&sandbox.restricted).await;
    let Some(alone) = sandbox.tally.answer("a report", alone) else { return };
    sandbox.tally.equal(
        "the same report",
        Some(format!("{alone:?}")),
        report(&full).map(|it| format!("{it:?}")),
    );
}

/// Lists: pages down, filters, and every object that the sandbox has.
pub async fn paging(sandbox: &mut Sandbox) {
    let mut made = Vec::new();
    for _ in 0..7 {
        made.extend(sandbox.create("rust paging").await.map(|session| session.id));
    }
    made.reverse();
    let list = ListIdentityVerificationSession::new().client_reference_id("rust paging");
    let pages = list.clone().limit(2).paginate().stream(&sandbox.secret).try_collect::<Vec<_>>().await;
    let found: Vec<_> = sandbox.tally.answer("pages", pages).unwrap_or_default();
    sandbox.tally.equal("down", found.iter().map(|it| it.id.clone()).collect::<Vec<_>>(), made.clone());
    let since = found.last().map(|oldest| oldest.created);
    let bounds = RangeQueryTs::Bounds(RangeBoundsTs { gte: since, ..RangeBoundsTs::default() });
    let within = list.clone().created(bounds).status(Status::RequiresInput).send(&sandbox.secret).await;
    let within = sandbox.tally.answer("filters", within).map(|page| page.data.len());
    sandbox.tally.equal("within", within, Some(7));
    let up = list.ending_before(made[6].as_str()).limit(2).send(&sandbox.secret).await;
    let up =
        sandbox.tally.answer("up", up).map(|page| page.data.into_iter().map(|it| it.id).collect::<Vec<_>>());
    sandbox.tally.equal("nearest", up.as_deref(), Some(&made[4..6]));
    let all = ListIdentityVerificationSession::new()
        .limit(100)
        .expand(texts(&["data.last_verification_report", "data.verified_outputs", "data.provided_details"]))
        .paginate();
    let all = all.stream(&sandbox.secret).try_collect::<Vec<_>>().await;
    let all = sandbox.tally.answer("every session", all).map_or(0, |all| all.len());
    sandbox.tally.check("many of them", all > 150, all);
    for kind in [ListIdentityVerificationReportType::Document, ListIdentityVerificationReportType::IdNumber] {
        let reports = ListIdentityVerificationReport::new().type_(kind).limit(100).paginate();
        let reports = reports.stream(&sandbox.secret).try_collect::<Vec<_>>().await;
        let count = sandbox.tally.answer("every report", reports).map_or(0, |reports| reports.len());
        sandbox.tally.check("many reports", count > 2, count);
    }
}

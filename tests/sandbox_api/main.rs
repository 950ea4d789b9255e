//! The sandbox over real HTTP: parameters, errors, headers, lists and keys, in the API's literal words.

#![cfg(feature = "sandbox")]

mod sandbox_http;

use reqwest::{Method, StatusCode};
use sandbox_http::{Desk, REPORTS, SESSIONS, ids, path_of, send, settings};
use serde_json::{Value, json};
use vetty::sandbox::{Database, Settings, StartError, start};

const CREATE_DOCUMENT: &str = "type=document";

#[tokio::test]
async fn a_new_session_has_exactly_the_documented_fields() {
    let desk = Desk::open().await;
    let mut session = desk.create(CREATE_DOCUMENT).await;
    let id = session["id"].take();
    let id = id.as_str().expect("an id");
    assert!(id.starts_with("vs_") && id.len() == 27, "{id}");
    let secret = session["client_secret"].take();
    let token = secret.as_str().and_then(|it| it.strip_prefix(&format!("{id}_secret_test_")));
    let token = token.expect("a secret that begins with the id");
    let url = session["url"].take();
    assert_eq!(url, json!(format!("{}/start/test_{token}", desk.running.api_base())));
    let now = desk.control("clock/advance", "{\"seconds\":0}").await.ok()["clock"].as_i64().expect("a time");
    let created = session["created"].take().as_i64().expect("a time");
    assert!((now - 60..=now).contains(&created));
    assert_eq!(
        session,
        json!({
            "id": null, "object": "identity.verification_session", "client_reference_id": null,
            "client_secret": null, "created": null, "last_error": null, "last_verification_report": null,
            "livemode": false, "metadata": {}, "options": {}, "redaction": null, "related_customer": null,
            "related_customer_account": null, "status": "requires_input", "type": "document", "url": null,
        })
    );
}

#[tokio::test]
async fn every_parameter_of_create_is_kept() {
    let desk = Desk::open().await;
    let body = "type=id_number&options%5Bdocument%5D%5Ballowed_types%5D%5B0%5D=passport\
        &options[document][allowed_types][1]=id_card&options[document][require_matching_selfie]=true\
        &options[document][require_id_number]=false&provided_details[email]=jenny%2Btest@example.com\
        &client_reference_id=user%201&metadata[a+b]=u 1%26%C3%A9&metadata[empty]=&related_customer=cus_1\
        &related_customer_account=acct_2&related_person[account]=acct_1&related_person[person]=person_1\
        &return_url=https%3A%2F%2Fexample.com%2Fdone&expand[]=provided_details&expand[]=verified_outputs";
    let session = desk.create(body).await;
    let field = |name: &str| session[name].clone();
    assert_eq!(field("type"), "id_number");
    assert_eq!(
        field("options"),
        json!({ "document": {
            "allowed_types": ["passport", "id_card"], "require_id_number": false, "require_matching_selfie": true,
        } })
    );
    assert_eq!(
        field("provided_details"),
        json!({ "email": "jenny+test@example.com" }),
        "no key for what is absent"
    );
    assert_eq!(field("client_reference_id"), "user 1");
    assert_eq!(field("metadata"), json!({ "a b": "u 1&é" }));
    assert_eq!(field("related_customer"), "cus_1");
    assert_eq!(field("related_customer_account"), "acct_2");
    assert_eq!(field("related_person"), json!({ "account": "acct_1", "person": "person_1" }));
    assert_eq!(session.get("verified_outputs"), Some(&Value::Null));
    assert_eq!(session.get("return_url"), None);
}

#[tokio::test]
async fn a_flow_brings_its_options() {
    let desk = Desk::open().await;
    let flow = desk.create("verification_flow=vf_1VettyEmailPhone").await;
    assert_eq!(
        (&flow["type"], &flow["verification_flow"]),
        (&json!("verification_flow"), &json!("vf_1VettyEmailPhone"))
    );
    assert_eq!(
        flow["options"],
        json!({
            "document": { "require_live_capture": true, "require_matching_selfie": true },
            "email": { "require_verification": true }, "matching": { "dob": "similar", "name": "similar" },
            "phone": { "require_verification": true },
        })
    );
    let both = desk
        .create("type=document&verification_flow=vf_1VettyEmail&options[document][allowed_types][]=passport")
        .await;
    assert_eq!(both["type"], "verification_flow");
    assert_eq!(
        both["options"],
        json!({ "document": { "allowed_types": ["passport"] }, "email": { "require_verification": true } })
    );
    desk.submit(&path_of(&flow), "phone_verification_declined").await.ok();
    let report = desk.get(&format!("{}?expand[]=last_verification_report", path_of(&flow))).await.ok();
    let report = &report["last_verification_report"];
    assert_eq!(
        (&report["type"], &report["email"]["status"]),
        (&json!("verification_flow"), &json!("verified"))
    );
    assert_eq!(report["phone"]["error"]["code"], "phone_verification_declined");
    assert_eq!(
        report["options"],
        json!({ "document": { "require_live_capture": true, "require_matching_selfie": true } }),
        "reports have no field for the other options"
    );
    let unknown = desk.post(SESSIONS, "verification_flow=vf_nowhere").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        unknown.error(),
        json!({
            "code": "resource_missing", "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
            "message": "No such VerificationFlow: 'vf_nowhere'", "param": "verification_flow",
            "type": "invalid_request_error",
        })
    );
}

#[tokio::test]
async fn update_changes_what_is_named_and_empty_unsets() {
    let desk = Desk::open().await;
    let path = desk
        .create_path(
            "type=document&metadata[a]=1&metadata[b]=2&options[document][require_live_capture]=true\
             &provided_details[email]=a@example.com&provided_details[phone]=%2B15550100",
        )
        .await;
    let update = |body: &'static str| {
        let (desk, path) = (&desk, &path);
        async move { desk.post(path, &format!("{body}&expand[0]=provided_details")).await.ok() }
    };
    let session = update("metadata[a]=&metadata[c]=3&type=id_number").await;
    assert_eq!(session["metadata"], json!({ "b": "2", "c": "3" }));
    assert_eq!(session["type"], "id_number");
    assert_eq!(session["options"], json!({ "document": { "require_live_capture": true } }));
    let session = update("options[document][allowed_types][]=passport&provided_details[email]=").await;
    assert_eq!(
        session["options"],
        json!({ "document": { "allowed_types": ["passport"], "require_live_capture": true } })
    );
    assert_eq!(session["provided_details"], json!({ "phone": "+15550100" }));
    let session = update("options[document]=&metadata=&provided_details[phone]=").await;
    assert_eq!(session["options"], json!({}));
    assert_eq!(session["metadata"], json!({}));
    assert_eq!(session["provided_details"], Value::Null);
    let stored = desk.get(&path).await.ok();
    assert_eq!((&stored["type"], &stored["metadata"]), (&json!("id_number"), &json!({})));
}

/// A body for create, and the `code`, `param` and `message` that refuse it.
type Case = (&'static str, Option<&'static str>, Option<&'static str>, &'static str);

const REFUSED: &[Case] = &[
    ("", Some("parameter_missing"), Some("type"), "Missing required param: type."),
    ("type=document&x=1", Some("parameter_unknown"), Some("x"), "Received unknown parameter: x"),
    (
        "type=document&options[document][b]=1",
        Some("parameter_unknown"),
        Some("options[document][b]"),
        "Received unknown parameter: options[document][b]",
    ),
    ("type=document&x=1&y[z]=2", Some("parameter_unknown"), Some("x"), "Received unknown parameters: x, y"),
    ("type=face", None, Some("type"), "Invalid type: must be one of document or id_number"),
    (
        "type=document&options[document][allowed_types][0]=visa",
        None,
        Some("options[document][allowed_types][0]"),
        "Invalid allowed_types: must be one of driving_license, id_card, or passport",
    ),
    (
        "type=document&options[document][allowed_types][1]=passport",
        None,
        Some("options[document][allowed_types]"),
        "Invalid array",
    ),
    ("type=document&expand=verified_outputs", None, Some("expand"), "Invalid array"),
    (
        "type=document&options[document][require_id_number]=yes",
        None,
        Some("options[document][require_id_number]"),
        "Invalid boolean: yes",
    ),
    ("type=document&options[document]=yes", None, Some("options[document]"), "Invalid object"),
    ("type[a]=document", None, Some("type"), "Invalid string"),
    (
        "type=",
        Some("parameter_invalid_empty"),
        Some("type"),
        "You passed an empty string for 'type'. We assume empty values are an attempt to unset a parameter; \
             however 'type' cannot be unset. You should remove 'type' from your request or supply a non-empty value.",
    ),
    (
        "type=document&related_person[account]=acct_1",
        Some("parameter_missing"),
        Some("related_person[person]"),
        "Missing required param: related_person[person].",
    ),
    ("type=document&return_url=nowhere", Some("url_invalid"), Some("return_url"), "Not a valid URL"),
    (
        "type=document&provided_details[email]=jenny",
        Some("email_invalid"),
        Some("provided_details[email]"),
        "Invalid email address: jenny",
    ),
];

#[tokio::test]
async fn wrong_parameters_are_refused_in_the_apis_words() {
    let desk = Desk::open().await;
    let session = desk.create_path(CREATE_DOCUMENT).await;
    let reply = desk.post(&session, "client_reference_id=x").await;
    assert_eq!(reply.error()["message"], "Received unknown parameter: client_reference_id");
    let doc = |code: &str| format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-"));
    let long = "k".repeat(41);
    for (body, code, param, message) in REFUSED {
        let reply = desk.post(SESSIONS, body).await;
        let mut expected = json!({});
        if let Some(code) = code {
            expected["code"] = json!(code);
            expected["doc_url"] = json!(doc(code));
        }
        expected["message"] = json!(message);
        if let Some(param) = param {
            expected["param"] = json!(param);
        }
        expected["type"] = json!("invalid_request_error");
        assert_eq!((reply.status, reply.error()), (StatusCode::BAD_REQUEST, expected), "{body}");
    }
    let message = |reply: sandbox_http::Reply| reply.error()["message"].as_str().map(str::to_owned);
    assert_eq!(
        message(desk.post(SESSIONS, &format!("type=document&metadata[{long}]=1")).await),
        Some(format!(
            "Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid \
             key: {long}"
        ))
    );
    let value = "v".repeat(501);
    assert_eq!(
        message(desk.post(SESSIONS, &format!("type=document&metadata[k]={value}")).await),
        Some(format!(
            "Metadata values can have up to 500 characters, but you passed in a value that is 501 characters. \
             Invalid value: {value}"
        ))
    );
    let many: Vec<String> = (0..51).map(|n| format!("metadata[k{n}]=1")).collect();
    assert_eq!(
        desk.post(SESSIONS, &format!("type=document&{}", many.join("&"))).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(desk.running.sessions().await, 1, "a refused request creates nothing");
}

#[tokio::test]
async fn lists_refuse_wrong_limits_and_cursors() {
    let desk = Desk::open().await;
    let cases = [
        (
            "limit=101",
            Some("parameter_invalid_integer"),
            Some("limit"),
            "This value must be less than or equal to 100 (it currently is '101').",
        ),
        (
            "limit=0",
            Some("parameter_invalid_integer"),
            Some("limit"),
            "This value must be greater than or equal to 1 (it currently is '0').",
        ),
        ("limit=abc", Some("parameter_invalid_integer"), Some("limit"), "Invalid integer: abc"),
        ("created[gte]=x", Some("parameter_invalid_integer"), Some("created[gte]"), "Invalid integer: x"),
        (
            "created[at]=1",
            Some("parameter_unknown"),
            Some("created[at]"),
            "Received unknown parameter: created[at]",
        ),
        (
            "starting_after=vs_1&ending_before=vs_2",
            None,
            None,
            "Received both starting_after and ending_before parameters. Please pass in only one.",
        ),
        (
            "starting_after=vs_x",
            Some("resource_missing"),
            Some("starting_after"),
            "No such VerificationSession: 'vs_x'",
        ),
        (
            "ending_before=vs_x",
            Some("resource_missing"),
            Some("ending_before"),
            "No such VerificationSession: 'vs_x'",
        ),
        (
            "status=done",
            None,
            Some("status"),
            "Invalid status: must be one of canceled, processing, requires_input, or verified",
        ),
        ("type=document", Some("parameter_unknown"), Some("type"), "Received unknown parameter: type"),
    ];
    for (query, code, param, message) in cases {
        let reply = desk.get(&format!("{SESSIONS}?{query}")).await;
        let error = reply.error();
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(error["message"], message, "{query}");
        assert_eq!(error.get("code").and_then(Value::as_str), code, "{query}");
        assert_eq!(error.get("param").and_then(Value::as_str), param, "{query}");
    }
    let reply = desk.get(&format!("{REPORTS}?starting_after=vr_x")).await;
    assert_eq!(reply.error()["message"], "No such VerificationReport: 'vr_x'");
}

#[tokio::test]
async fn lists_page_newest_first_in_both_directions() {
    let desk = Desk::open().await;
    let mut newest_first = Vec::new();
    for _ in 0..5 {
        newest_first.insert(0, desk.create(CREATE_DOCUMENT).await["id"].as_str().expect("an id").to_owned());
    }
    let page = desk.get(&format!("{SESSIONS}?limit=2")).await.ok();
    assert_eq!(
        (&page["object"], &page["url"], &page["has_more"]),
        (&json!("list"), &json!(SESSIONS), &json!(true))
    );
    assert_eq!(ids(&page), newest_first[..2]);
    let page = desk.get(&format!("{SESSIONS}?limit=2&starting_after={}", newest_first[1])).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (newest_first[2..4].to_vec(), &json!(true)));
    let page = desk.get(&format!("{SESSIONS}?limit=2&starting_after={}", newest_first[3])).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (newest_first[4..].to_vec(), &json!(false)));
    let page = desk.get(&format!("{SESSIONS}?limit=2&ending_before={}", newest_first[4])).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (newest_first[2..4].to_vec(), &json!(true)));
    let page = desk.get(&format!("{SESSIONS}?limit=2&ending_before={}", newest_first[2])).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (newest_first[..2].to_vec(), &json!(false)));
    for _ in 0..6 {
        desk.create(CREATE_DOCUMENT).await;
    }
    let page = desk.get(SESSIONS).await.ok();
    assert_eq!((ids(&page).len(), &page["has_more"]), (10, &json!(true)), "ten when no limit is given");
}

#[tokio::test]
async fn lists_filter() {
    let desk = Desk::open().await;
    let old = desk.create("type=document&client_reference_id=u1&related_customer=cus_1").await;
    desk.advance(1000).await;
    let new = desk.create("type=document&client_reference_id=u2&related_customer_account=acct_2").await;
    let gone = path_of(&desk.create("type=document").await);
    desk.post(&format!("{gone}/cancel"), "").await.ok();
    let done = desk.create_path("type=document").await;
    desk.submit(&done, "verified").await.ok();
    let (old_id, new_id) = (old["id"].as_str().expect("an id"), new["id"].as_str().expect("an id"));
    let (old_at, new_at) =
        (old["created"].as_i64().expect("a time"), new["created"].as_i64().expect("a time"));
    let gone_id = gone.rsplit('/').next().expect("an id");
    let cases = [
        ("client_reference_id=u1".to_owned(), vec![old_id]),
        ("client_reference_id=nobody".to_owned(), vec![]),
        ("related_customer=cus_1".to_owned(), vec![old_id]),
        ("related_customer_account=acct_2".to_owned(), vec![new_id]),
        ("status=canceled".to_owned(), vec![gone_id]),
        ("status=verified".to_owned(), vec![done.rsplit('/').next().expect("an id")]),
        ("status=requires_input".to_owned(), vec![new_id, old_id]),
        (format!("status=requires_input&client_reference_id=u2&created[gt]={old_at}"), vec![new_id]),
        (format!("created={old_at}"), vec![old_id]),
        (format!("created%5Blt%5D={new_at}"), vec![old_id]),
        (format!("created[lte]={old_at}"), vec![old_id]),
        (format!("created[gte]={new_at}&status=requires_input"), vec![new_id]),
        (format!("created[gt]={old_at}&created[lt]={new_at}"), vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(desk.ids(&format!("{SESSIONS}?{query}")).await, expected, "{query}");
    }
}

#[tokio::test]
async fn expansions_are_judged_before_anything_is_done() {
    let desk = Desk::open().await;
    let id = desk.create_path(CREATE_DOCUMENT).await;
    let cases = [
        (format!("{id}?expand[]=status"), "This property cannot be expanded (status)."),
        (format!("{id}?expand[]=nope"), "This property cannot be expanded because it doesn't exist: nope."),
        (
            format!("{id}?expand[]=verified_outputs.shoe_size"),
            "This property cannot be expanded because it doesn't exist: verified_outputs.shoe_size.",
        ),
        (
            format!("{id}?expand[]=verified_outputs.first_name"),
            "This property cannot be expanded (verified_outputs.first_name).",
        ),
        (
            format!("{id}?expand[]=a.b.c.d.e"),
            "You cannot expand more than 4 levels of a property. Property: a.b.c.d.e",
        ),
        (
            format!("{SESSIONS}?expand[]=verified_outputs"),
            "This property cannot be expanded (verified_outputs). You may want to try expanding \
             'data.verified_outputs' instead.",
        ),
        (format!("{SESSIONS}?expand[]=data"), "This property cannot be expanded (data)."),
        (
            format!("{REPORTS}?expand[]=data.verification_session"),
            "This property cannot be expanded (data.verification_session).",
        ),
    ];
    for (path, message) in cases {
        let reply = desk.get(&path).await;
        assert_eq!(
            (reply.status, &reply.error()["message"]),
            (StatusCode::BAD_REQUEST, &json!(message)),
            "{path}"
        );
    }
    let deep = desk.get(&format!("{id}?expand[]=a.b.c.d.e")).await;
    assert_eq!(deep.error()["code"], "property_expansion_max_depth");
    // Paths that lead to nothing are no error.
    let session = desk
        .get(&format!("{id}?expand%5B0%5D=last_verification_report.document&expand%5B1%5D=provided_details"))
        .await;
    assert_eq!(session.status, StatusCode::BAD_REQUEST, "a document check is no expandable property");
    let session =
        desk.get(&format!("{id}?expand[0]=last_verification_report&expand[1]=provided_details")).await.ok();
    assert_eq!(session["last_verification_report"], Value::Null);
    assert_eq!(session.get("provided_details"), Some(&Value::Null));
}

#[tokio::test]
async fn sensitive_paths_want_a_restricted_key() {
    let desk = Desk::open().await;
    let id = desk.create_path(CREATE_DOCUMENT).await;
    for path in [
        "verified_outputs.dob",
        "verified_outputs.id_number",
        "verified_outputs.sex",
        "last_verification_report.document.number",
        "last_verification_report.document.expiration_date",
        "last_verification_report.id_number.id_number",
    ] {
        let refused = desk.get(&format!("{id}?expand[]={path}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        let error = refused.error();
        let message = error["message"].as_str().expect("a message");
        let key = desk.running.secret_key();
        let last = &key.expose()[key.expose().len() - 4..];
        assert_eq!(
            message,
            format!(
                "The provided key 'sk_test_{}{last}' does not have the required permissions for this endpoint on \
                 account 'acct_1VettySandboxTest'. Having the 'rak_identity_recent_sensitive_results_read' \
                 permission would allow this request to continue.",
                "*".repeat(28)
            )
        );
        assert_eq!(error.get("code"), None);
        assert_eq!(
            desk.get_restricted(&format!("{id}?expand[]={path}")).await.status,
            StatusCode::OK,
            "{path}"
        );
        let listed = format!("{SESSIONS}?expand[]=data.{path}");
        assert_eq!(desk.get(&listed).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(desk.get_restricted(&listed).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn keys_are_judged_by_kind_and_form() {
    let desk = Desk::open().await;
    let ask = |authorization: &str| {
        let request = desk.ask(Method::GET, SESSIONS).header("authorization", authorization);
        async move {
            let reply = send(request).await;
            (reply.status.as_u16(), reply.json()["error"]["message"].as_str().map(str::to_owned))
        }
    };
    assert_eq!(ask("Bearer sk_test_anything_goes").await, (200, None));
    assert_eq!(ask("bearer rk_test_1234").await, (200, None));
    assert_eq!(ask("Basic c2tfdGVzdF8xMjM0Og==").await, (200, None), "sk_test_1234: as Basic");
    let invalid = |shown: &str| (401, Some(format!("Invalid API Key provided: {shown}")));
    assert_eq!(ask("Bearer sk_test_abc").await, invalid("sk_test_***"));
    assert_eq!(ask("Bearer sk_test_abcdefgh-1234").await, invalid("sk_test_*********1234"));
    assert_eq!(ask("Bearer hello").await, invalid("*****"));
    let (status, message) = ask("Bearer sk_live_abcdefgh1234").await;
    assert_eq!(status, 401);
    let message = message.expect("a message");
    assert!(message.contains("live key") && message.contains("sk_live_********1234"), "{message}");
    let (status, message) = ask("Bearer pk_test_abcdefgh1234").await;
    assert_eq!(status, 403);
    assert!(
        message.is_some_and(|it| it.starts_with("This API call cannot be made with a publishable API key."))
    );
    let missing = send(desk.ask(Method::GET, SESSIONS)).await;
    assert_eq!(missing.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        missing.json(),
        json!({ "error": {
            "message": "You did not provide an API key. You need to provide your API key in the Authorization header, \
                using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See \
                https://stripe.com/docs/api#authentication for details, or we can help at \
                https://support.stripe.com/.",
            "type": "invalid_request_error",
        } })
    );
}

#[tokio::test]
async fn every_reply_has_its_headers() {
    let desk = Desk::open().await;
    let reply = send(
        desk.form(SESSIONS, CREATE_DOCUMENT)
            .header("idempotency-key", "k1")
            .header("stripe-version", "2026-09-30.endive"),
    )
    .await;
    let request_id = reply.header("request-id").expect("a request id").to_owned();
    assert!(request_id.starts_with("req_"), "{request_id}");
    assert_eq!(reply.header("original-request"), Some(request_id.as_str()));
    assert_eq!(reply.header("idempotency-key"), Some("k1"));
    assert_eq!(reply.header("stripe-version"), Some("2026-09-30.endive"));
    assert_eq!(reply.header("stripe-should-retry"), Some("false"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("idempotent-replayed"), None);
    let refused = desk.get("/v1/identity/verification_sessions/vs_x").await;
    assert_eq!(refused.header("stripe-version"), Some("2026-10-28.endive"));
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let log = refused.json()["error"]["request_log_url"].as_str().expect("a log").to_owned();
    let request_id = refused.header("request-id").expect("a request id");
    assert!(log.starts_with(&format!("https://dashboard.stripe.com/test/logs/{request_id}?t=")), "{log}");
    assert_eq!(
        refused.error(),
        json!({
            "code": "resource_missing", "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
            "message": "No such VerificationSession: 'vs_x'", "param": "session", "type": "invalid_request_error",
        })
    );
    let refused = desk.get(&format!("{REPORTS}/vr_x")).await;
    assert_eq!(refused.error()["message"], "No such VerificationReport: 'vr_x'");
}

#[tokio::test]
async fn an_idempotency_key_does_it_once() {
    let desk = Desk::open().await;
    let post = |path: &str, body: &str| send(desk.form(path, body).header("idempotency-key", "once"));
    let first = post(SESSIONS, "type=document&metadata[a]=1&client_reference_id=u").await;
    let again = post(SESSIONS, "client_reference_id=u&metadata%5Ba%5D=1&type=document").await;
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.header("original-request"), first.header("request-id"));
    assert_ne!(again.header("request-id"), first.header("request-id"));
    assert_eq!(desk.running.sessions().await, 1);
    let other = post(SESSIONS, "type=id_number").await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        other.error(),
        json!({
            "message": "Keys for idempotent requests can only be used with the same parameters they were first used \
                with. Try using a key other than 'once' if you meant to execute a different request.",
            "type": "idempotency_error",
        })
    );
    let session = path_of(&first.json());
    assert_eq!(post(&format!("{session}/cancel"), "").await.error()["type"], "idempotency_error");
}

#[tokio::test]
async fn the_same_key_at_the_same_time_is_done_once() {
    let desk = Desk::open().await;
    let posts = (0..16).map(|_| send(desk.form(SESSIONS, CREATE_DOCUMENT).header("idempotency-key", "race")));
    let replies = futures::future::join_all(posts).await;
    assert_eq!(desk.running.sessions().await, 1);
    let first = replies.iter().find(|reply| reply.status == StatusCode::OK);
    for reply in &replies {
        match reply.status {
            StatusCode::OK => assert_eq!(Some(&reply.text), first.map(|it| &it.text)),
            StatusCode::CONFLICT => assert_eq!(reply.error()["code"], "idempotency_key_in_use"),
            other => panic!("{other}: {}", reply.text),
        }
    }
}

#[tokio::test]
async fn keys_remember_refusals_but_not_wrong_parameters() {
    let desk = Desk::open().await;
    let post = |path: String, body: &'static str, key: &'static str| {
        let request = desk.form(&path, body).header("idempotency-key", key);
        send(request)
    };
    assert_eq!(post(SESSIONS.into(), "type=face", "k1").await.status, StatusCode::BAD_REQUEST);
    let fixed = post(SESSIONS.into(), CREATE_DOCUMENT, "k1").await;
    assert_eq!((fixed.status, fixed.header("idempotent-replayed")), (StatusCode::OK, None));
    let missing = format!("{SESSIONS}/vs_x/cancel");
    let first = post(missing.clone(), "", "k2").await;
    let again = post(missing, "", "k2").await;
    assert_eq!((first.status, again.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    desk.advance(86_401).await;
    let later = post(SESSIONS.into(), "type=id_number", "k1").await;
    assert_eq!(later.ok()["type"], "id_number", "a key is forgotten after a day");
}

#[tokio::test]
async fn unknown_urls_and_bodies_are_refused() {
    let desk = Desk::open().await;
    let cases = [
        (Method::GET, "/v1/x", "GET: /v1/x"),
        (Method::GET, "/", "GET: /"),
        (Method::DELETE, SESSIONS, "DELETE: /v1/identity/verification_sessions"),
        (Method::POST, REPORTS, "POST: /v1/identity/verification_reports"),
        (
            Method::POST,
            "/v1/identity/verification_sessions/vs_1/verify",
            "POST: /v1/identity/verification_sessions/vs_1/verify",
        ),
    ];
    for (method, path, shown) in cases {
        let reply = send(desk.ask(method, path).bearer_auth("sk_test_1234")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        let message = format!(
            "Unrecognized request URL ({shown}). Please see https://stripe.com/docs or we can help at \
             https://support.stripe.com/."
        );
        assert_eq!(reply.error(), json!({ "message": message, "type": "invalid_request_error" }));
    }
    let large = "a".repeat(1024 * 1024 + 1);
    assert_eq!(desk.post(SESSIONS, &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let json = desk.ask(Method::POST, SESSIONS).bearer_auth("sk_test_1234");
    let json = send(json.header("content-type", "application/json").body("{\"type\":\"document\"}")).await;
    assert_eq!(json.status, StatusCode::BAD_REQUEST);
    assert!(
        json.error()["message"].as_str().is_some_and(|it| it.contains("application/x-www-form-urlencoded"))
    );
}

#[tokio::test]
async fn only_this_machine_is_answered() {
    let desk = Desk::open().await;
    let get = |name: &'static str, value: &'static str| {
        send(desk.ask(Method::GET, "/_vetty/health").header(name, value))
    };
    assert_eq!(get("host", "evil.example:12120").await.status, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(get("host", "localhost:12120").await.status, StatusCode::OK);
    assert_eq!(get("origin", "https://evil.example").await.status, StatusCode::FORBIDDEN);
    assert_eq!(get("origin", "null").await.status, StatusCode::FORBIDDEN);
    let neighbour = get("origin", "http://127.0.0.1:3000").await;
    assert_eq!(neighbour.status, StatusCode::OK);
    let asks_first = |origin: &'static str| {
        let ask = desk.ask(Method::OPTIONS, SESSIONS).header("origin", origin);
        send(ask.header("access-control-request-method", "POST"))
    };
    let (stranger, local) =
        (asks_first("https://evil.example").await, asks_first("http://127.0.0.1:3000").await);
    assert_eq!((stranger.status, local.status), (StatusCode::FORBIDDEN, StatusCode::NOT_FOUND));
    for reply in [neighbour, stranger, local] {
        let lets_read = |name: &reqwest::header::HeaderName| name.as_str().starts_with("access-control-");
        assert!(!reply.headers.keys().any(lets_read), "no page may read what another server says");
    }
    let refused = start(Settings { listen: ([0, 0, 0, 0], 0).into(), ..settings(Database::Memory) }).await;
    assert!(matches!(refused, Err(StartError::NotLoopback(_))));
    let refused = start(Settings { listen: desk.running.address(), ..settings(Database::Memory) }).await;
    assert!(matches!(refused, Err(StartError::PortInUse(_))));
}

#[tokio::test]
async fn one_database_file_is_for_one_sandbox() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = || settings(Database::Sqlite(folder.path().join("sandbox.db")));
    let desk = Desk::with(file()).await;
    let session = desk.create_path(CREATE_DOCUMENT).await;
    let refused = start(file()).await.expect_err("the file is in use").to_string();
    assert!(refused.contains("sandbox.db is in use by another sandbox"), "{refused}");
    assert_eq!(desk.get(&session).await.status, StatusCode::OK, "the first one is not disturbed");
    desk.running.stop().await;
    let desk = Desk::with(file()).await;
    assert_eq!(desk.get(&session).await.ok()["status"], "requires_input");
}

#[tokio::test]
async fn the_ready_line_is_all_a_script_needs() {
    let desk = Desk::open().await;
    let line: Value = serde_json::from_str(&desk.running.ready_line()).expect("JSON");
    assert_eq!(
        line.as_object().map(|it| it.keys().map(String::as_str).collect::<Vec<_>>()),
        Some(vec!["ready", "api_base", "secret_key", "restricted_key", "webhook_secret", "sessions"])
    );
    assert!(line["webhook_secret"].as_str().is_some_and(|it| it.starts_with("whsec_")));
    assert_eq!((&line["ready"], &line["sessions"]), (&json!(true), &json!(0)));
    let key = line["secret_key"].as_str().expect("a key");
    assert_eq!(send(desk.ask(Method::GET, SESSIONS).bearer_auth(key)).await.status, StatusCode::OK);
    assert!(!format!("{:?}", desk.running).contains(key));
}

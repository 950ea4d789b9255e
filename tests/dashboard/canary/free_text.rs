//! Personal values in metadata, in the reference and in the return URL: nowhere to be found unless a reveal was asked for.

use std::collections::BTreeMap;

use vetty::client::IdempotencyKey;
use vetty::identity::VerificationType;
use vetty::identity::params::CreateSession;

use super::screens::{Canaries, walk};
use crate::support::app::TestApp;
use crate::support::server::TestServer;

const REFERENCE: &str = "canary.4b1c@example.com";

/// Keys and values of the metadata, and what of each nobody may see.
const PAIRS: &[(&str, &str, &str)] = &[
    ("email", "canary.77d0@example.com", "77d0"),
    ("first", "Canaryann", "Canaryann"),
    ("lastName", "Canaryrosen", "Canaryrosen"),
    ("phone", "4155550177", "5550177"),
    ("note", "ask canary.91e2@example.com or +1 415 555 0199 first", "91e2"),
    ("shipped", "1987-06-05", "1987"),
    ("canary.key@example.org", "1", "canary.key"),
    ("profile", "{\"name\": {\"first\": \"Canaryjson\"}}", "Canaryjson"),
];

const RETURN_URL: &str = "https://shop.example/back?order=42&name=Canaryurl";

/// Keys that lead to every place where a session is told of, and what to wait for there.
const TOUR: &[(&str, &str)] = &[
    ("Enter", "METADATA"),
    ("G", "METADATA"),
    ("Esc X", "Redact"),
    ("Esc e", "Update session"),
    ("Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab", "Update session"),
    ("Esc c", "Cancel the session"),
    ("Esc Y", "session as JSON"),
    ("Esc 4", "the chain holds"),
    ("1", "STATUS"),
];

#[tokio::test]
async fn what_integrators_wrote_about_a_person_is_masked_too() {
    let server = TestServer::open().await;
    let below = server.client();
    let params = CreateSession {
        kind: Some(VerificationType::Document),
        client_reference_id: Some(REFERENCE.into()),
        metadata: PAIRS
            .iter()
            .map(|(key, value, _)| ((*key).into(), (*value).into()))
            .collect::<BTreeMap<_, _>>(),
        return_url: Some(RETURN_URL.into()),
        ..CreateSession::default()
    };
    below.create_session(&params, &IdempotencyKey::fresh()).await.expect("a session");
    let hidden = PAIRS.iter().map(|(_, _, hidden)| (*hidden).to_owned());
    let canaries = Canaries(hidden.chain(["4b1c".into(), "Canaryurl".into(), "0199".into()]).collect());

    let exports = tempfile::tempdir().expect("a folder");
    let mut app = TestApp::open_exporting(&server, exports.path());
    app.wait_for("c•••@e•••").await;
    // A search finds what it hides, and shows no more of it.
    app.press("/").type_text("canary.4").press("Enter");
    app.wait_for("c•••@e•••").await;
    walk(&mut app, TOUR).await;
    canaries.assert_none_anywhere(&app, exports.path());

    // Asked for, it is there; on disk it is not, even then.
    app.press("Enter v");
    app.wait_for(REFERENCE).await;
    app.press("Esc");
    app.wait_gone(REFERENCE).await;
    canaries.assert_none_below(app.state());
    app.press("q");
    app.ended().await;
}

//! The real binary in a pseudo-terminal, with unique personal values behind it: no byte that it writes has them until
//! somebody asks, and no file has them even then.

#![cfg(all(unix, feature = "sandbox"))]

mod support;

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use support::screen::Screen;
use support::vetty;
use vetty::client::{Client, ClientSettings, IdempotencyKey};
use vetty::config::ApiBase;
use vetty::identity::VerificationType;
use vetty::identity::params::{Change, CreateSession, ProvidedDetailsParams};
use vetty::privacy::{Email, Phone, Pii};
use vetty::sandbox::{self, Database, Running, Scenario, Settings, Webhooks};

const CANARIES: [&str; 3] = ["canary.51c0de@example.com", "canary.51c0de", "14155550186"];

/// A sandbox with one verified person whose contacts are the canaries.
async fn sandbox_with_canaries() -> Running {
    let settings = Settings {
        listen: std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
        database: Database::Memory,
        people: 0,
        seed: 7,
        scenario: Scenario::default(),
        redaction_seconds: Settings::REDACTION_SECONDS,
        webhooks: Webhooks::default(),
    };
    let running = sandbox::start(settings).await.expect("a sandbox");
    let base = ApiBase::parse(&running.api_base(), "a test").expect("an address");
    let below = Client::new(base, running.restricted_key(), ClientSettings::default()).expect("a client");
    let params = CreateSession {
        kind: Some(VerificationType::Document),
        provided_details: ProvidedDetailsParams {
            email: Some(Change::Set(Pii::new(Email::new(CANARIES[0])))),
            phone: Some(Change::Set(Pii::new(Phone::new("+14155550186")))),
        },
        ..CreateSession::default()
    };
    let id = below.create_session(&params, &IdempotencyKey::fresh()).await.expect("a session").value.id;
    below.submit_session(&id, "verified", 0).await.expect("a submission");
    running
}

fn assert_none_in(bytes: &[u8], place: &str) {
    for canary in CANARIES {
        let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{canary} is in {place}");
    }
}

fn assert_none_below(folder: &Path) {
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            assert_none_below(&path);
        } else {
            assert_none_in(&fs::read(&path).expect("the file"), &path.display().to_string());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_byte_has_personal_values_until_a_reveal_is_asked_for() {
    let running = sandbox_with_canaries().await;
    let base = running.api_base();
    let watch = move || {
        let screen = Screen::start(&vetty().args(["--api-base", base.as_str()]));
        screen.wait_for("✓ Verified 1").press("Enter").wait_for("c•••@e•••");
        screen.press("Y").wait_for("session as JSON").press("Down Down Down Down Enter");
        screen.wait_for("Copied the session as JSON");
        screen.press("e").wait_for("Update session").press("Esc").wait_gone("Update session");
        screen.press("V").wait_for("Show one field").press("Esc").wait_gone("Show one field");
        screen
            .press("E")
            .wait_for("1 session in view")
            .press("Ctrl-s")
            .wait_for("Exported 1 session, masked");
        screen.press("4").wait_for("the chain holds").press("3").wait_for("since the start");
        screen.press("1").wait_for("STATUS");
        assert_none_in(&screen.raw_output(), "what was written to the terminal");
        assert_none_in(screen.title().as_bytes(), "the title");
        let copied = screen.clipboard().expect("a text on the clipboard");
        let copied = STANDARD.decode(copied).expect("base64");
        assert!(copied.starts_with(b"{") && copied.windows(3).any(|part| part == b"vs_"), "the session");
        assert_none_in(&copied, "the clipboard");
        assert_none_below(screen.home());

        screen.press("Enter").wait_for("c•••@e•••").press("v").wait_for(CANARIES[0]);
        screen.press("q");
        assert_eq!(screen.exit_status().exit_code(), 0);
        assert_none_below(screen.home());
    };
    tokio::task::spawn_blocking(watch).await.expect("no panic");
}

//! The real binary in a pseudo-terminal, with unique personal values behind it: no byte that it writes has them until
//! somebody asks, and no file has them even then.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::verified;
use crate::support::files_below;
use crate::support::screen::Screen;
use crate::support::server::TestServer;
use crate::support::vetty;

const CANARIES: [&str; 3] = ["canary.51c0de@example.com", "canary.51c0de", "14155550186"];

/// A sandbox with one verified person whose contacts are the canaries.
async fn sandbox_with_canaries() -> TestServer {
    let server = TestServer::open().await;
    verified(&server.client(), CANARIES[0], "+14155550186").await;
    server
}

fn assert_none_in(bytes: &[u8], place: &str) {
    for canary in CANARIES {
        let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{canary} is in {place}");
    }
}

fn assert_none_below(folder: &Path) {
    for path in files_below(folder) {
        assert_none_in(&fs::read(&path).expect("the file"), &path.display().to_string());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_byte_has_personal_values_until_a_reveal_is_asked_for() {
    let server = sandbox_with_canaries().await;
    let base = server.running.api_base();
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

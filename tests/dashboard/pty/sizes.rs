//! A terminal may report any size.

use super::{open, open_with, wait_for};
use crate::support::screen::Screen;
use crate::support::vetty;

/// Columns and rows as they are reported, and whether a page fits.
const SIZES: [((u16, u16), bool); 6] = [
    ((65535, 65535), true),
    ((65535, 50), true),
    ((120, 65535), true),
    ((0, 0), true),
    ((1, 1), false),
    ((65535, 1), false),
];

/// How many KiB of memory it may ever have had. Two pictures of the largest screen take about 40 MB.
const MOST_MEMORY: u64 = 200 * 1024;

#[track_caller]
fn assert_modest(screen: &Screen) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", screen.pid())).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    // Only Linux tells.
    let Some(peak) = peak.and_then(|peak| peak.trim().strip_suffix(" kB")) else { return };
    let peak: u64 = peak.trim().parse().expect("a figure");
    assert!(peak < MOST_MEMORY, "{peak} KiB");
}

#[test]
fn an_absurd_size_at_the_start_is_bounded() {
    for ((cols, rows), fits) in SIZES {
        let options = vetty().size(cols, rows);
        let screen = if fits { open_with("", options).0 } else { Screen::start(&options) };
        // The end of a frame.
        screen.wait_for_output(b"\x1b[?2026l");
        assert_modest(&screen);
        screen.press("q");
        assert_eq!(screen.exit_status().exit_code(), 0, "{cols}×{rows}");
    }
}

#[test]
fn an_absurd_size_later_is_bounded() {
    let (screen, _settings) = open();
    for ((cols, rows), _) in SIZES {
        let before = screen.raw_output().len();
        screen.resize(cols, rows);
        wait_for("another frame", || screen.raw_output().len() > before);
        screen.resize(30, 8).wait_for("This is 30 × 8.");
        screen.resize(120, 40).wait_for("All 400 ");
    }
    assert_modest(&screen);
    screen.press("q");
    assert_eq!(screen.exit_status().exit_code(), 0);
}

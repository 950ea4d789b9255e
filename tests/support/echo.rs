//! What a server must not bring back, and the ways in which it may write it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The key that requests are made with.
pub(crate) const KEY: &str = "rk_test_abcdefghijkl";

/// What was told of a person.
pub(crate) const EMAIL: &str = "jenny.canary@example.com";
pub(crate) const PHONE: &str = "+14155550186";
pub(crate) const NAME: &str = "Rosencrantz";

/// What must not come back, in any case and grouping.
const NEEDLES: [&str; 6] = [KEY, EMAIL, "jenny.canary", "4155550186", "415 555 0186", NAME];

pub(crate) type Wrap = fn(&str) -> String;

/// As a server may write what it repeats.
pub(crate) const WRAPS: [Wrap; 7] = [
    str::to_owned,
    str::to_uppercase,
    percent,
    |text| percent(text).to_lowercase(),
    |text| text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat(),
    |text| text.chars().map(|c| format!("&#{};", u32::from(c))).collect::<Vec<_>>().concat(),
    |text| STANDARD.encode(text),
];

/// Every byte but letters and digits as `%40`.
pub(crate) fn percent(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Every wrapping of everything that must not come back.
fn forbidden() -> impl Iterator<Item = String> {
    NEEDLES.iter().flat_map(|needle| WRAPS.iter().map(|wrap| wrap(needle).to_lowercase()))
}

/// No wrapping of any of it stands in `text`.
#[track_caller]
pub(crate) fn assert_silent(text: &str, place: &str) {
    let folded = text.to_lowercase();
    for needle in forbidden() {
        assert!(!folded.contains(&needle), "{needle} is in {place}:\n{text}");
    }
}

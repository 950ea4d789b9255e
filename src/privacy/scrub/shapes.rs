//! What is secret wherever it stands: API keys, signing secrets, client secrets, hosted links, bearer tokens.

use std::ops::Range;

/// How secrets begin that can be told by it. Permissions (`rak_`) and publishable keys are none.
const PREFIXES: &[&str] = &[
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "sk_org_live_",
    "sk_org_test_",
    "ek_live_",
    "ek_test_",
    "whsec_",
];

/// The fewest letters and digits behind a prefix. The API shows keys as `sk_test_****1234`, which is none.
const SHORTEST_KEY: usize = 8;

/// Where the single-use part of a hosted link begins.
const HOSTED: &str = "verify.stripe.com/start/";
const START: &str = "/start/";
const STARTS: &[&str] = &["/start/test_", "/start/live_"];

const CLIENT_SECRET: &str = "_secret_";

const SCHEMES: &[&str] = &["bearer ", "basic "];

/// The shortest token behind a scheme; shorter ones are words.
const SHORTEST_TOKEN: usize = 16;

/// Where in a folded text something secret stands.
pub(super) fn find(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let wanted = may_hold_folded(folded).then_some(folded);
    wanted
        .into_iter()
        .flat_map(|text| keys(text).chain(client_secrets(text)).chain(links(text)).chain(tokens(text)))
}

/// Whether looking closer is worth it.
pub(super) fn may_hold(text: &str) -> bool {
    may_hold_folded(&text.to_ascii_lowercase())
}

fn may_hold_folded(folded: &str) -> bool {
    ["_live_", "_test_", "whsec_", CLIENT_SECRET, START]
        .iter()
        .chain(SCHEMES)
        .any(|part| folded.contains(part))
}

fn keys(text: &str) -> impl Iterator<Item = Range<usize>> {
    PREFIXES.iter().flat_map(move |prefix| {
        text.match_indices(prefix).filter_map(move |(at, _)| {
            let behind = &text[at + prefix.len()..];
            let telling = behind.len() - behind.trim_start_matches(is_alphanumeric).len();
            // Beside something masked nobody can tell where a word begins.
            let begins = !text[..at].ends_with(|c| is_alphanumeric(c) || c == '•');
            (begins && telling >= SHORTEST_KEY).then(|| at..at + prefix.len() + run(behind, is_of_key))
        })
    })
}

/// `vs_1NuN_secret_…`, of which the id stays. Without any digit it is the name of something.
fn client_secrets(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices(CLIENT_SECRET).filter_map(|(at, _)| {
        let head = text[..at].len() - text[..at].trim_end_matches(is_of_key).len();
        let from = at + CLIENT_SECRET.len();
        let tail = run(&text[from..], is_of_key);
        let whole = &text[at - head..from + tail];
        let is_one = head > 0 && tail >= 4 && whole.contains(|c: char| c.is_ascii_digit());
        is_one.then(|| from..from + tail)
    })
}

fn links(text: &str) -> impl Iterator<Item = Range<usize>> {
    let hosted = text.match_indices(HOSTED).map(|(at, _)| at + HOSTED.len());
    let local = STARTS.iter().flat_map(|start| text.match_indices(start).map(|(at, _)| at + START.len()));
    hosted.chain(local).filter_map(|from| {
        let token = run(&text[from..], |c| is_of_key(c) || "-.~%=".contains(c));
        (token >= 4).then(|| from..from + token)
    })
}

fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    SCHEMES.iter().flat_map(move |scheme| {
        text.match_indices(scheme).filter_map(move |(at, _)| {
            let from = at + scheme.len();
            let token = run(&text[from..], |c| is_of_key(c) || "-.~/=".contains(c));
            (token >= SHORTEST_TOKEN).then(|| from..from + token)
        })
    })
}

/// How many bytes at the beginning belong.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

const fn is_alphanumeric(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

const fn is_of_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

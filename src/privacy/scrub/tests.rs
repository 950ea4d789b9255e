//! Values in every wrapping, and text that has none of them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::cut::{TEXT_BYTES, TEXT_COLUMNS};
use super::*;
use crate::text::width;

const KEY: &str = "rk_test_51AbCdEfGhIjKl";
const EMAIL: &str = "Jenny.Rosén@example.com";

fn knows(values: &[&str]) -> Scrubber {
    values.iter().fold(Scrubber::default(), |scrubber, value| scrubber.with_personal(value))
}

fn usual() -> Scrubber {
    knows(&[EMAIL, "+14155550186", "1 Main St., Springfield"]).with_secret(&Secret::new(KEY.into()))
}

/// Every byte but letters and digits as `%40`.
fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn json_escapes(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat()
}

fn html_escapes(text: &str) -> String {
    text.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect::<Vec<_>>().concat()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

type Wrap = fn(&str) -> String;

/// Other letters: nothing that is packed survives them.
const CASES: [Wrap; 3] = [str::to_uppercase, str::to_lowercase, |text| percent(text).to_lowercase()];
const ESCAPES: [Wrap; 5] =
    [str::to_owned, percent, |text| percent(text).replace("%20", "+"), json_escapes, html_escapes];
const PACKINGS: [Wrap; 3] = [|text| STANDARD.encode(text), |text| URL_SAFE_NO_PAD.encode(text), hex];

/// `text` in each wrapping by itself, and in one inside of another.
fn wrapped(text: &str) -> Vec<String> {
    let capitals: Wrap = |text| STANDARD_NO_PAD.encode(text.to_uppercase());
    let inner = [&CASES[..], &ESCAPES, &PACKINGS, &[capitals]].concat();
    let outer = [&ESCAPES[..], &PACKINGS].concat();
    let mut all: Vec<String> =
        outer.iter().flat_map(|outer| inner.iter().map(|inner| outer(&inner(text)))).collect();
    all.extend(CASES.iter().flat_map(|case| ESCAPES[..3].iter().map(|escape| case(&escape(text)))));
    all
}

#[test]
fn a_value_is_found_in_every_wrapping() {
    let scrubber = usual();
    for value in [KEY, EMAIL, "+14155550186", "1 Main St., Springfield"] {
        for wrapped in wrapped(value) {
            let said = format!("It is about '{wrapped}', they say.");
            let told = scrubber.text(&said);
            let rest = told.strip_prefix("It is about '").and_then(|rest| rest.strip_suffix("', they say."));
            // The plus before a number may stay, which tells nothing.
            let plus = if value.starts_with('+') { 6 * "\\u002b".len() } else { 0 };
            let kept = rest.and_then(|rest| rest.strip_suffix(DOTS)).map(str::len);
            assert!(kept.is_some_and(|kept| kept <= plus), "{said}\n{told}");
        }
    }
}

#[test]
fn a_value_inside_of_something_packed_is_found_wherever_it_begins() {
    let scrubber = usual();
    for head in ["", "x", "xy", "xyz"] {
        for value in [KEY, EMAIL] {
            let inner = format!("{head}{{\"who\":\"{value}\"}}");
            for packed in [STANDARD.encode(&inner), URL_SAFE_NO_PAD.encode(&inner), hex(&inner)] {
                for said in
                    [format!("token {packed} is bad"), format!("GET /v1/{packed}?x=1"), format!("k={packed}")]
                {
                    let told = scrubber.text(&said);
                    assert!(
                        told.contains(DOTS) && !told.contains(&packed[2..packed.len() - 4]),
                        "{said}: {told}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_number_is_found_however_it_is_grouped() {
    let scrubber = usual();
    for number in [
        "+14155550186",
        "14155550186",
        "+1 415 555 0186",
        "+1 (415) 555-0186",
        "(415) 555-0186",
        "415.555.0186",
        "%2B1%20415%20555%200186",
        "4155550186",
    ] {
        let told = scrubber.text(&format!("The number {number} is not one."));
        assert!(!told.contains("0186") && !told.contains("415"), "{told}");
        assert!(told.starts_with("The number ") && told.ends_with(" is not one."), "{told}");
    }
    assert_eq!(&*knows(&["1990-03-02"]).text("born 1990/03/02 or 19900302"), "born •••• or ••••");
}

#[test]
fn parts_that_tell_as_much_are_found() {
    let scrubber = knows(&["jenny.rosen@example.com", "Ana Maria de Souza"]);
    assert_eq!(&*scrubber.text("no user jenny.rosen at example.com"), "no user •••• at example.com");
    assert_eq!(&*scrubber.text("Souza, Ana Maria"), "••••, •••• ••••");
    let url = knows(&["https://shop.example/back?who=jenny%40example.com&x=1"]);
    assert_eq!(
        &*url.text("bad address jenny@example.com in https://shop.example"),
        "bad address •••• in https://shop.example"
    );
    assert_eq!(&*url.text("bad url https://shop.example/back?who=jenny%40example.com&x=1"), "bad url ••••");
    assert_eq!(&*url.text("bad url https://shop.example/back?who=jenny@example.com&x=1"), "bad url ••••");
}

#[test]
fn what_is_secret_by_its_shape_is_found_by_whoever_knows_nothing() {
    let cases = [
        ("Key sk_live_51AbCdEfGh was revoked", "Key •••• was revoked"),
        ("Key SK_TEST_51ABCDEFGH.", "Key ••••."),
        ("rk_test_51AbCdEfGh,whsec_abcdef0123", "••••,••••"),
        ("ek_live_YWNjdF8xabc", "••••"),
        ("vs_1NuN4zLk_secret_test_YWNjdF8x is used up", "vs_1NuN4zLk_secret_•••• is used up"),
        (
            "see https://verify.stripe.com/start/live_YWNjdF8x#top",
            "see https://verify.stripe.com/start/••••#top",
        ),
        ("see http://127.0.0.1:12120/start/test_YWNjdF8x", "see http://127.0.0.1:12120/start/••••"),
        ("http:%2F%2Fh%2Fstart%2Ftest_YWNjdF8x", "http:%2F%2Fh%2Fstart%2F••••"),
        ("Authorization: Bearer abcdefghijklmnop0123", "Authorization: Bearer ••••"),
        ("sk%5Ftest%5F51AbCdEfGh", "••••"),
    ];
    for (said, told) in cases {
        assert_eq!(&*Scrubber::default().text(said), told);
        let packed = STANDARD.encode(said);
        assert_eq!(&*Scrubber::default().text(&packed), DOTS, "{said}");
    }
    assert_eq!(hide_secrets("é: sk_live_51AbCdEfGh"), "é: ••••");
    assert_eq!(hide_secrets("duplicate of vs_1NuN"), "duplicate of vs_1NuN");
}

/// What the API and this sandbox say, and what stands around it.
const INNOCENT: &[&str] = &[
    "No such VerificationSession: 'vs_1NuN4zLkdIwHu7ixleE6HvkI'",
    "You cannot cancel this VerificationSession because it has a status of 'verified'.",
    "The provided key 'rk_test_***ijkl' does not have the required permissions for this endpoint on account 'acct_1'. \
     Having the 'rak_identity_product_write' permission would allow this request to continue.",
    "Invalid API Key provided: sk_test_****1234",
    "Received unknown parameter: options[document][require_live]. Did you mean require_live_capture?",
    "Missing required param: client_secret_key; see https://stripe.com/docs/api#errors",
    "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key \
     other than '3f0c8a52-2f6e-4f6b-9d35-0c1f9a3b7e11' if you meant to execute a different request.",
    "Request rate limit exceeded: 25 of 25 in 2026-11-27T10:31:07Z; a bearer token is needed (100% sure) & more \\ less",
    "Überprüfung fehlgeschlagen: 王小明 محمد",
];

#[test]
fn innocent_text_stays() {
    // Values that people do send, and that sentences are made of.
    let dull = knows(&[
        "a",
        "I",
        "true",
        "session",
        "1",
        "25",
        "verified",
        "document",
        "key",
        "",
        " ",
        "-",
        "••••",
        "test",
    ]);
    for said in INNOCENT {
        assert_eq!(&*Scrubber::default().text(said), *said);
        assert_eq!(&*usual().text(said), *said);
        let told = dull.text(said);
        assert_eq!(told.replace(DOTS, "verified"), *said, "only what is quoted");
    }
}

#[test]
fn a_dull_value_is_masked_where_it_is_quoted() {
    let scrubber = knows(&["session", "a", "Li", "7"]);
    assert_eq!(&*scrubber.text("A session is no 'session'."), "A session is no '••••'.");
    assert_eq!(&*scrubber.text("kind=session&b=a, 7 > \"7\""), "kind=••••&b=••••, 7 > \"••••\"");
    assert_eq!(&*scrubber.text("Hello li, limit of Lithuania"), "Hello ••••, limit of Lithuania");
}

#[test]
fn what_the_api_quotes_of_a_bad_value_is_not_repeated() {
    assert_eq!(&*Scrubber::default().text("Invalid value: Ann, 1 Main St."), "Invalid value: ••••");
}

#[test]
fn a_long_text_is_cut_and_says_so() {
    let said = "The document is bad. ".repeat(500_000);
    let told = Scrubber::default().text(&said);
    assert!(told.ends_with("… cut, 10,500,000 bytes in all"), "{told}");
    assert!(told.starts_with("The document is bad. The") && width(&told) <= TEXT_COLUMNS);
    // No column is taken by these, and still they are not kept.
    let told = Scrubber::default().text(&"e\u{301}\u{302}\u{303}".repeat(400));
    assert!(told.len() <= TEXT_BYTES && told.ends_with("2,800 bytes in all"), "{told}");
    let short = "e".repeat(TEXT_COLUMNS);
    assert_eq!(&*Scrubber::default().text(&short), short);
}

#[test]
fn a_reason_of_an_object_is_brief() {
    assert_eq!(&*brief("The document is expired."), "The document is expired.");
    assert_eq!(
        &*brief("see https://verify.stripe.com/start/test_YWNj"),
        "see https://verify.stripe.com/start/••••"
    );
    let told = brief(&"no ".repeat(1_000_000));
    assert!(told.ends_with("… cut, 3,000,000 bytes in all") && width(&told) <= TEXT_COLUMNS, "{told}");
}

#[test]
fn no_half_of_a_value_is_left_at_a_cut() {
    let scrubber = usual();
    for wrapped in [KEY.to_owned(), percent(EMAIL), STANDARD.encode(EMAIL), json_escapes(EMAIL)] {
        for distance in (0..wrapped.len() + 2).step_by(3) {
            for cut in [TEXT_COLUMNS, WINDOW - SLACK, WINDOW] {
                let said = format!("{} {wrapped} {}", "x ".repeat((cut - distance) / 2), "y ".repeat(WINDOW));
                let told = scrubber.text(&said);
                assert!(
                    told.trim_start_matches("x ").trim_start_matches(DOTS).starts_with(['…', ' ', 'y', 'x']),
                    "{told}"
                );
            }
        }
    }
    // What is masked takes less room than what it hides.
    let said = format!("{KEY} ").repeat(2_000);
    let told = scrubber.text(&said);
    assert!(!told.contains("rk_") && told.contains("bytes in all"), "{told}");
}

#[test]
fn what_is_wrapped_over_and_over_is_hidden_whole() {
    let mut wrapped = EMAIL.to_owned();
    for layers in 1..12 {
        wrapped = percent(&wrapped);
        let told = usual().text(&format!("about {wrapped}"));
        assert!(told.ends_with(DOTS) && told.len() < 24, "{layers} layers: {told}");
    }
}

#[test]
fn a_word_has_room_for_a_code_only() {
    let scrubber = usual();
    let word = |raw: &str| scrubber.word(raw).map(|word| word.to_string());
    assert_eq!(word("resource_missing").as_deref(), Some("resource_missing"));
    assert_eq!(word(" req_QY7bUCr3 ").as_deref(), Some("req_QY7bUCr3"));
    assert_eq!(word("options[document][allowed_types]").as_deref(), Some("options[document][allowed_types]"));
    assert_eq!(word("a b\u{1b}[2J<é>").as_deref(), Some("a_b_[2J___"));
    assert_eq!(word(&format!("req_{KEY}")).as_deref(), Some("req_••••"));
    assert_eq!(word("req_jenny.ros%C3%A9n%40example.com").as_deref(), Some("req_••••"));
    assert_eq!(word("  "), None);
    assert_eq!(word(&"r".repeat(10_000_000)).map(|word| width(&word)), Some(WORD_COLUMNS));
}

#[test]
fn a_link_is_plain_or_dropped() {
    let scrubber = usual();
    let link = |raw: &str| scrubber.link(raw).map(|link| link.to_string());
    let docs = "https://stripe.com/docs/error-codes/resource-missing";
    assert_eq!(link(docs).as_deref(), Some(docs));
    for bad in ["http://stripe.com", "javascript:alert(1)", "https://x/ y", "https://x/\u{202e}", ""] {
        assert_eq!(link(bad), None, "{bad}");
    }
    assert_eq!(link(&format!("https://x/?k={KEY}")), None);
    assert_eq!(link(&format!("https://x/{}", "y".repeat(LINK_BYTES))), None);
}

#[test]
fn a_body_loses_the_key_and_nothing_else() {
    let scrubber = usual();
    let body = format!(r#"{{"a":"{KEY}","b":"x{KEY}","c":"{EMAIL} r rk rk_test"}}"#);
    let kept = scrubber.body(body.as_bytes()).into_owned();
    assert_eq!(String::from_utf8(kept), Ok(body.replace(KEY, DOTS)));
    assert!(matches!(scrubber.body(b"rk_test_51"), Cow::Borrowed(b"rk_test_51")));
}

#[test]
fn debug_tells_nothing() {
    assert!(!format!("{:?}", usual()).contains("enny"));
}

/// One character in one of the escapes that are mixed at will.
fn escaped(c: char, kind: u8) -> String {
    match kind {
        0 => percent_encoding::utf8_percent_encode(&c.to_string(), percent_encoding::NON_ALPHANUMERIC)
            .to_string(),
        1 => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat(),
        2 => c.to_string().bytes().map(|byte| format!("%25{byte:02x}")).collect::<Vec<_>>().concat(),
        3 => json_escapes(&c.to_string()),
        4 => format!("&#{};", u32::from(c)),
        5 => c.to_uppercase().collect(),
        6 => format!("\\\\u{{{:x}}}", u32::from(c)),
        7 if c == ' ' => "+".to_owned(),
        _ => c.to_string(),
    }
}

proptest! {
    #[test]
    fn escapes_may_be_mixed(
        value in "[a-zA-Zäéł王0-9]{3,12}[@. _-][a-zA-Z0-9]{3,12}",
        kinds in prop::collection::vec(0u8..10, 32),
    ) {
        let mixed: String = value.chars().zip(&kinds).map(|(c, kind)| escaped(c, *kind)).collect();
        let told = knows(&[&value]).text(&format!("They say <{mixed}> here."));
        prop_assert_eq!(&*told, "They say <••••> here.", "{}", mixed);
    }

    #[test]
    fn a_key_is_hidden_between_any_two_texts(
        tail in "[a-zA-Z0-9]{10,40}",
        before in "\\PC{0,40}",
        after in "\\PC{0,40}",
        wrapping in 0usize..6,
    ) {
        let key = format!("sk_live_{tail}");
        let wraps: [Wrap; 6] =
            [str::to_owned, percent, json_escapes, html_escapes, |text| STANDARD.encode(text), hex];
        // Digits right beside the packed ones would be other digits.
        let said = format!("{before} {} {after}", wraps[wrapping](&key));
        let scrubber = Scrubber::default().with_secret(&Secret::new(key.clone()));
        let told = scrubber.text(&said);
        prop_assert!(told.contains(DOTS), "{}", told);
        let shown = wraps[wrapping](&key);
        prop_assert!(!told.contains(&*shown) && !told.to_lowercase().contains(&key.to_lowercase()), "{}", told);
    }

    #[test]
    fn scrubbing_twice_changes_nothing(said in "(\\PC|jenny|Rosen|@example.com|%40|rk_test_51AbCdEfGhIjKl|_secret_1a2b){0,60}") {
        let scrubber = usual().and(&knows(&["jenny", "li", "Rosen Rosen"]));
        let once = scrubber.text(&said);
        prop_assert_eq!(&*scrubber.text(&once), &*once);
        if let Some(word) = scrubber.word(&said) {
            prop_assert_eq!(scrubber.word(&word), Some(word));
        }
    }

    #[test]
    fn nothing_is_longer_than_it_may_be(said in "(\\PC|%25|\\\\u00|&#x|=|[A-Za-z0-9+/]){0,300}") {
        let told = usual().text(&said);
        prop_assert!(told.len() <= TEXT_BYTES && width(&told) <= TEXT_COLUMNS);
        let told = usual().text(&said.repeat(4));
        prop_assert!(told.len() <= TEXT_BYTES && width(&told) <= TEXT_COLUMNS);
    }
}

//! Whatever comes, and in whatever pieces: exactly the keys typed, and nothing that is none.

use proptest::prelude::*;

use super::*;
use crate::terminal::input::decode;

/// What a terminal may send late: none of it means anything here.
const REPLIES: [&[u8]; 22] = [
    b"\x1bP>|XTerm(366)\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1bP1$r0m\x07",
    "\x1b_Gi=1;ENOENT: q X y 1 ✜\x1b\\".as_bytes(),
    b"\x1b_Gi=31;OK\x07",
    b"\x1b^qX\r\ty\x1b\\",
    b"\x1bXq\x07X\x03\r\x1b\\",
    b"\x1b]4;1;rgb:cdcd/0000/0000\x07",
    b"\x1b]52;c;cVh5\x1b\\",
    "\x1b]l q — Xy\x1b\\".as_bytes(),
    b"\x90>|q\x1b\\",
    b"\x1b[?1;2$y",
    b"\x1b[>41;366;0c",
    b"\x1b[=1;2c",
    b"\x1b[24;80R",
    b"\x1b[1;1R",
    b"\x1b[0n",
    b"\x1b[?1u",
    b"\x1b[?2;0;800;600S",
    b"\x1b[8;24;80t",
    b"\x1b[4;600;800t",
    b"\x1b[3;1x",
];

const KEYS: [(&[u8], &str); 14] = [
    (b"q", "q"),
    (b"X", "X"),
    ("о".as_bytes(), "о"),
    (b"\r", "Enter"),
    (b"\x1b[A", "Up"),
    (b"\x1bOB", "Down"),
    (b"\x1b[5~", "PageUp"),
    (b"\x1b[[A", "F(1)"),
    (b"\x1b[15;5~", "ctrl F(5)"),
    (b"\x1b[Z", "BackTab"),
    (b"\x1bq", "alt q"),
    (b"\x1b[113;5u", "ctrl q"),
    (b"\x1b[27;5;113~", "ctrl q"),
    (b"\x01", "ctrl a"),
];

fn named(frame: Frame) -> Option<String> {
    use crossterm::event::{Event, KeyCode, KeyModifiers};
    let Event::Key(key) = decode::event(frame)? else { return None };
    let code = match key.code {
        KeyCode::Char(c) => c.to_string(),
        code => format!("{code:?}"),
    };
    let of = |modifier, name| if key.modifiers.contains(modifier) { name } else { "" };
    Some(format!("{}{}{code}", of(KeyModifiers::CONTROL, "ctrl "), of(KeyModifiers::ALT, "alt ")))
}

fn keys(bytes: &[u8]) -> (Vec<String>, Frames) {
    let (mut frames, mut found) = (Frames::default(), Vec::new());
    let now = Instant::now();
    for byte in bytes {
        frames.push(*byte, now, &mut found);
    }
    (found.into_iter().filter_map(named).collect(), frames)
}

#[test]
fn every_reply_is_swallowed_and_the_key_behind_it_is_not() {
    for reply in REPLIES {
        let bytes = [b"a", reply, b"z"].concat();
        assert_eq!(keys(&bytes).0, ["a", "z"], "{:?}", String::from_utf8_lossy(reply));
    }
}

#[test]
fn every_key_is_itself() {
    for (bytes, name) in KEYS {
        assert_eq!(keys(bytes).0, [name], "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn an_escape_alone_is_the_key() {
    let (mut frames, mut found, now) = (Frames::default(), Vec::new(), Instant::now());
    frames.push(ESCAPE, now, &mut found);
    assert_eq!((found.as_slice(), frames.patience(now)), (&[][..], Some(ESC)));
    frames.give_up(&mut found);
    assert_eq!((found.as_slice(), frames.patience(now)), (&[Frame::Esc][..], None));
}

#[test]
fn a_string_without_an_end_does_not_eat_keys_for_ever() {
    for begins in [&b"\x1bP>|"[..], b"\x1b]11;", b"\x1b_", b"\x1b^", b"\x1bX", b"\x1b[", b"\x1bO", b"\xe2"] {
        let (_, mut frames) = keys(begins);
        assert_eq!(frames.patience(Instant::now()), Some(STRING));
        let mut found = Vec::new();
        frames.give_up(&mut found);
        frames.push(b'q', Instant::now(), &mut found);
        assert_eq!(found, [Frame::Char { c: 'q', alt: false }], "{begins:?}");
    }
}

#[test]
fn who_types_on_into_a_string_without_an_end_is_heard_at_the_next_pause() {
    let (_, frames) = keys(b"\x1bP>|");
    assert_eq!(frames.patience(Instant::now() + OVERDUE * 2), Some(ESC));
    let (_, frames) = keys(&[b"\x1bP", vec![b'x'; LONG + 1].as_slice()].concat());
    assert_eq!(frames.patience(Instant::now()), Some(ESC));
    assert!(frames.bytes.is_empty());
    assert_eq!(keys(b"\x1bP>|\x03q").0, ["ctrl c", "q"]);
    assert_eq!(keys(b"\x1bP>|\x1b[Aq").0, ["Up", "q"]);
}

#[test]
fn what_is_pasted_is_never_a_key() {
    let (mut frames, mut found, now) = (Frames::default(), Vec::new(), Instant::now());
    for byte in b"\x1b[200~q\x1bP X\x1b[A\r\x1b[201~z" {
        frames.push(*byte, now, &mut found);
    }
    assert_eq!(found, [Frame::Paste(b"q\x1bP X\x1b[A\r".to_vec()), Frame::Char { c: 'z', alt: false }]);
    let (typed, frames) = keys(b"\x1b[200~qqq");
    assert_eq!((typed.len(), frames.patience(now + OVERDUE * 9)), (0, None));
    assert_eq!(keys(b"\x1b[200~qqq\x03q").0, ["ctrl c", "q"]);
    let long = [b"\x1b[200~", vec![b'x'; KEPT_OF_PASTE + 99].as_slice(), END_OF_PASTE, b"z"].concat();
    assert_eq!(keys(&long).0, ["z"]);
}

proptest! {
    /// Keys among replies: the keys, in their order.
    #[test]
    fn keys_among_replies_are_the_keys(parts in prop::collection::vec((any::<bool>(), 0_usize..22), 0..40)) {
        let (mut bytes, mut typed) = (Vec::new(), Vec::new());
        for (is_key, at) in parts {
            if is_key {
                let (key, name) = KEYS[at % KEYS.len()];
                bytes.extend(key);
                typed.push(name.to_owned());
            } else {
                bytes.extend(REPLIES[at]);
            }
        }
        prop_assert_eq!(keys(&bytes).0, typed);
    }

    /// Whatever comes: nothing panics, memory is bounded, and after a pause a key is a key.
    #[test]
    fn a_key_after_a_pause_is_a_key(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let (_, mut frames) = keys(&bytes);
        prop_assume!(frames.patience(Instant::now()).is_some() || frames.state == State::Ground);
        let mut found = Vec::new();
        frames.give_up(&mut found);
        found.clear();
        frames.push(b'q', Instant::now(), &mut found);
        prop_assert_eq!(found, [Frame::Char { c: 'q', alt: false }]);
    }
}

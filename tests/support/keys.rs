//! Keys by name, as the bytes that a terminal sends for them.

/// The bytes of one key: a character (`x`), a name (`Enter`, `PgDn`), or one of them with `Ctrl-` or `Alt-`.
///
/// # Panics
/// When there is no such key.
pub(crate) fn bytes(key: &str) -> Vec<u8> {
    if let Some(rest) = key.strip_prefix("Alt-") {
        return [vec![0x1b], bytes(rest)].concat();
    }
    if let Some(rest) = key.strip_prefix("Ctrl-") {
        return vec![control(rest)];
    }
    if key.chars().count() == 1 {
        return key.as_bytes().to_vec();
    }
    named(key).unwrap_or_else(|| panic!("there is no key called {key}")).as_bytes().to_vec()
}

fn control(key: &str) -> u8 {
    match key.as_bytes() {
        [byte @ (b'a'..=b'z' | b'A'..=b'Z')] => byte & 0x1f,
        b"Space" => 0,
        _ => panic!("there is no key called Ctrl-{key}"),
    }
}

fn named(key: &str) -> Option<&'static str> {
    Some(match key {
        "Enter" => "\r",
        "Esc" => "\x1b",
        "Tab" => "\t",
        "BackTab" => "\x1b[Z",
        "Space" => " ",
        "Backspace" => "\x7f",
        "Up" => "\x1b[A",
        "Down" => "\x1b[B",
        "Right" => "\x1b[C",
        "Left" => "\x1b[D",
        "Home" => "\x1b[H",
        "End" => "\x1b[F",
        "Insert" => "\x1b[2~",
        "Delete" => "\x1b[3~",
        "PgUp" => "\x1b[5~",
        "PgDn" => "\x1b[6~",
        "F1" => "\x1bOP",
        "F2" => "\x1bOQ",
        "F3" => "\x1bOR",
        "F4" => "\x1bOS",
        "F5" => "\x1b[15~",
        "FocusIn" => "\x1b[I",
        "FocusOut" => "\x1b[O",
        _ => return None,
    })
}

//! A key press as the program knows it: what the settings file writes and what the footer shows.

use std::fmt;
use std::str::FromStr;

/// The key itself. Letters keep their case: `d` and `D` are different keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A character.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator.
    Tab,
    /// Shift and tabulator.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, 1 to 12.
    F(u8),
}

/// A key with its modifiers. Shift is part of the character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The key itself.
    pub code: Code,
    /// Control held.
    pub ctrl: bool,
    /// Alt held.
    pub alt: bool,
}

/// Names as the settings file writes them, and as the screen shows them.
const NAMES: &[(Code, &str, &str)] = &[
    (Code::Enter, "enter", "↵"),
    (Code::Esc, "esc", "Esc"),
    (Code::Tab, "tab", "Tab"),
    (Code::BackTab, "shift-tab", "⇧Tab"),
    (Code::Backspace, "backspace", "Bksp"),
    (Code::Delete, "delete", "Del"),
    (Code::Up, "up", "↑"),
    (Code::Down, "down", "↓"),
    (Code::Left, "left", "←"),
    (Code::Right, "right", "→"),
    (Code::Home, "home", "Home"),
    (Code::End, "end", "End"),
    (Code::PageUp, "pgup", "PgUp"),
    (Code::PageDown, "pgdn", "PgDn"),
    (Code::Char(' '), "space", "Space"),
];

impl Key {
    /// A key without modifiers.
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// A character without modifiers.
    #[must_use]
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// A character with control held.
    #[must_use]
    pub const fn ctrl(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: true, alt: false }
    }

    /// The character that this key types into a text field, if it types one.
    #[must_use]
    pub const fn typed(&self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// How the screen shows the key: `↵`, `^C`, `X`.
    #[must_use]
    pub fn label(&self) -> String {
        let base = match self.code {
            Code::F(number) => format!("F{number}"),
            code => match NAMES.iter().find(|(named, _, _)| *named == code) {
                Some((_, _, label)) => (*label).to_owned(),
                None => self.typed_text(),
            },
        };
        match (self.ctrl, self.alt) {
            (true, _) => format!("^{}", base.to_uppercase()),
            (false, true) => format!("M-{base}"),
            (false, false) => base,
        }
    }

    fn typed_text(self) -> String {
        match self.code {
            Code::Char(c) => c.to_string(),
            _ => String::new(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        match self.code {
            Code::F(number) => write!(f, "f{number}"),
            code => match NAMES.iter().find(|(named, _, _)| *named == code) {
                Some((_, name, _)) => f.write_str(name),
                None => f.write_str(&self.typed_text()),
            },
        }
    }
}

/// Why a text names no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No key has this name.
    #[error(
        "there is no key \"{0}\"; write one character, or one of enter, esc, tab, space, pgup, f1, ctrl-x, alt-x"
    )]
    Unknown(String),
    /// Terminals send this chord as another key.
    #[error("terminals cannot tell \"{0}\" from another key (ctrl-i is tab, ctrl-m is enter, ctrl-[ is esc)")]
    Ambiguous(String),
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let unknown = || KeyError::Unknown(text.to_owned());
        let mut rest = text;
        let (mut ctrl, mut alt) = (false, false);
        loop {
            // "-" itself is a key, so a prefix needs something behind it.
            if let Some(tail) = rest.strip_prefix("ctrl-").filter(|tail| !tail.is_empty()) {
                (ctrl, rest) = (true, tail);
            } else if let Some(tail) = rest.strip_prefix("alt-").filter(|tail| !tail.is_empty()) {
                (alt, rest) = (true, tail);
            } else {
                break;
            }
        }
        let named = NAMES.iter().find(|(_, name, _)| *name == rest).map(|(code, _, _)| *code);
        let mut chars = rest.chars();
        let code = match (named, chars.next(), chars.next()) {
            (Some(code), _, _) => code,
            (None, Some(c), None) => Code::Char(c),
            (None, Some('f'), Some(_)) => match rest[1..].parse() {
                Ok(number @ 1..=12) => Code::F(number),
                _ => return Err(unknown()),
            },
            _ => return Err(unknown()),
        };
        if ctrl && matches!(code, Code::Char('i' | 'm' | '[' | 'I' | 'M')) {
            return Err(KeyError::Ambiguous(text.to_owned()));
        }
        Ok(Self { code, ctrl, alt })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for text in
            ["j", "X", "?", "space", "enter", "shift-tab", "pgdn", "f5", "ctrl-c", "alt-x", "-", "ctrl--"]
        {
            assert_eq!(text.parse::<Key>().map(|key| key.to_string()), Ok(text.to_owned()));
        }
        assert_ne!("d".parse::<Key>(), "D".parse::<Key>());
    }

    #[test]
    fn what_is_no_key_says_so() {
        assert!(matches!("hyper-x".parse::<Key>(), Err(KeyError::Unknown(_))));
        assert!(matches!("f13".parse::<Key>(), Err(KeyError::Unknown(_))));
        assert!(matches!("ctrl-i".parse::<Key>(), Err(KeyError::Ambiguous(_))));
        assert!(matches!("".parse::<Key>(), Err(KeyError::Unknown(_))));
    }

    #[test]
    fn labels_are_short() {
        assert_eq!(Key::ctrl('c').label(), "^C");
        assert_eq!(Key::plain(Code::Enter).label(), "↵");
        assert_eq!(Key::char('X').label(), "X");
    }
}

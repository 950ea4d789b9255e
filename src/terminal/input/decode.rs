//! What a frame means: a key, the mouse, the focus, a paste. Replies that nobody asked for, or that come
//! too late to matter, mean nothing.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use super::frames::Frame;

/// What `frame` means here, if anything.
pub(super) fn event(frame: Frame) -> Option<Event> {
    match frame {
        Frame::Esc => Some(pressed(KeyCode::Esc, KeyModifiers::NONE)),
        Frame::Char { c, alt } => character(c, if alt { KeyModifiers::ALT } else { KeyModifiers::NONE }),
        Frame::Ss3(letter) => cursor_key(letter).map(|code| pressed(code, KeyModifiers::NONE)),
        Frame::Csi(bytes) => csi(&bytes),
        Frame::Paste(bytes) => Some(Event::Paste(String::from_utf8_lossy(&bytes).into_owned())),
    }
}

fn pressed(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

fn character(c: char, modifiers: KeyModifiers) -> Option<Event> {
    let control = |letter: u8| (KeyCode::Char(char::from(letter)), modifiers | KeyModifiers::CONTROL);
    let (code, modifiers) = match c {
        '\r' => (KeyCode::Enter, modifiers),
        '\t' => (KeyCode::Tab, modifiers),
        '\x7f' => (KeyCode::Backspace, modifiers),
        '\0' => control(b' '),
        '\x01'..='\x1a' => control(c as u8 - 1 + b'a'),
        '\x1c'..='\x1f' => control(c as u8 - 0x1c + b'4'),
        c if c.is_control() => return None,
        c => (KeyCode::Char(c), modifiers),
    };
    Some(pressed(code, modifiers))
}

fn cursor_key(letter: u8) -> Option<KeyCode> {
    Some(match letter {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        // The keypad, where it sends its own codes.
        b'M' => KeyCode::Enter,
        b'P'..=b'S' => KeyCode::F(letter - b'P' + 1),
        _ => return None,
    })
}

fn csi(bytes: &[u8]) -> Option<Event> {
    let (end, rest) = bytes.split_last()?;
    if rest == b"[" && (b'A'..=b'E').contains(end) {
        return Some(pressed(KeyCode::F(end - b'A' + 1), KeyModifiers::NONE));
    }
    if let [b'M', what, x, y] = bytes {
        return mouse(what.checked_sub(32)?, x.checked_sub(32)?.into(), y.checked_sub(32)?.into(), false);
    }
    // What is left is numbers, and perhaps a mark before them.
    let text = std::str::from_utf8(rest).ok()?;
    match (text.chars().next(), end) {
        (Some('<'), b'M' | b'm') => {
            let numbers: Vec<u16> = text[1..].split(';').map_while(|text| text.parse().ok()).collect();
            let [what, x, y] = numbers[..] else { return None };
            mouse(u8::try_from(what).ok()?, x, y, *end == b'm')
        }
        (None | Some('0'..='9' | ';'), _) => key(&Numbers::of(text), *end),
        _ => None,
    }
}

/// `1;5:3`: numbers, and the first two parts of the second one, which tell modifiers and what the key does.
struct Numbers {
    all: Vec<Option<u32>>,
    modifiers: KeyModifiers,
    kind: KeyEventKind,
}

impl Numbers {
    fn of(text: &str) -> Self {
        let part = |text: &str, at: usize| text.split(':').nth(at).and_then(|part| part.parse().ok());
        let mut texts = text.split(';');
        let second = texts.clone().nth(1).unwrap_or_default();
        let kind = match part(second, 1) {
            Some(2) => KeyEventKind::Repeat,
            Some(3) => KeyEventKind::Release,
            _ => KeyEventKind::Press,
        };
        Self {
            modifiers: modifiers(part(second, 0)),
            kind,
            all: texts.by_ref().map(|text| part(text, 0)).collect(),
        }
    }

    fn at(&self, at: usize) -> Option<u32> {
        self.all.get(at).copied().flatten()
    }
}

fn modifiers(said: Option<u32>) -> KeyModifiers {
    let mask = said.unwrap_or(1).saturating_sub(1);
    let of = |bit: u32, modifier| if mask & bit == 0 { KeyModifiers::NONE } else { modifier };
    of(1, KeyModifiers::SHIFT) | of(2, KeyModifiers::ALT) | of(4, KeyModifiers::CONTROL)
}

fn key(numbers: &Numbers, end: u8) -> Option<Event> {
    let mut modifiers = numbers.modifiers;
    let code = match end {
        b'I' if numbers.all == [None] => return Some(Event::FocusGained),
        b'O' if numbers.all == [None] => return Some(Event::FocusLost),
        b'Z' => KeyCode::BackTab,
        b'~' if numbers.at(0) == Some(27) => {
            return coded(numbers.at(2)?, modifiers, numbers.kind);
        }
        b'~' => numbered(numbers.at(0)?)?,
        b'u' => return coded(numbers.at(0)?, modifiers, numbers.kind),
        // F3 with a modifier is not told from a report of the cursor, and nobody binds it.
        b'R' | b'M' => return None,
        _ if numbers.at(0).unwrap_or(1) == 1 && numbers.all.len() <= 2 => cursor_key(end)?,
        _ => return None,
    };
    if code == KeyCode::BackTab {
        modifiers |= KeyModifiers::SHIFT;
    }
    Some(Event::Key(KeyEvent::new_with_kind(code, modifiers, numbers.kind)))
}

fn numbered(number: u32) -> Option<KeyCode> {
    let number = u8::try_from(number).ok()?;
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23..=24 => KeyCode::F(number - 12),
        _ => return None,
    })
}

/// A key by its code, as terminals tell it that tell every key apart.
fn coded(code: u32, modifiers: KeyModifiers, kind: KeyEventKind) -> Option<Event> {
    let code = match code {
        27 => KeyCode::Esc,
        13 | 57414 => KeyCode::Enter,
        9 if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        9 => KeyCode::Tab,
        127 => KeyCode::Backspace,
        57344..=63743 => return None,
        code => {
            let c = char::from_u32(code).filter(|c| !c.is_control())?;
            let shift = modifiers.contains(KeyModifiers::SHIFT) && c.is_ascii_lowercase();
            KeyCode::Char(if shift { c.to_ascii_uppercase() } else { c })
        }
    };
    Some(Event::Key(KeyEvent::new_with_kind(code, modifiers, kind)))
}

/// Presses and the wheel. Whatever else a mouse does means nothing here.
fn mouse(what: u8, x: u16, y: u16, released: bool) -> Option<Event> {
    let kind = match what & 0b1110_0011 {
        0 if released => MouseEventKind::Up(MouseButton::Left),
        0 => MouseEventKind::Down(MouseButton::Left),
        64 => MouseEventKind::ScrollUp,
        65 => MouseEventKind::ScrollDown,
        _ => return None,
    };
    let (column, row) = (x.checked_sub(1)?, y.checked_sub(1)?);
    Some(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }))
}

//! Cuts the bytes of a terminal into frames: a character, a key's sequence, a reply, a paste. Nothing that a terminal
//! answers, however late and in however many pieces, is ever a key.
//!
//! Rules where the bytes alone do not tell:
//!
//! - An `Esc` that nothing follows within [`ESC`] is the key.
//! - A control string (OSC, DCS, APC, PM, SOS) is swallowed up to its end: ST, or BEL but for SOS, in which BEL may
//!   stand. CAN and SUB abort it, and an escape sequence that begins in it breaks it off.
//! - One that never ends is given up after [`STRING`] without another byte. From [`OVERDUE`] after its beginning, or
//!   [`LONG`] bytes, any pause ends it, so that somebody who types on is heard. Ctrl-C, which no control string may
//!   hold, ends it at once, and is a key.
//! - A sequence that never ends is given up after [`STRING`] too.
//! - A paste lasts until the terminal says that it ends, or until Ctrl-C, whatever the time: what is pasted is never read
//!   as keys.
//! - So Alt with one of `[ ] O P X ^ _ \` is no key: the terminal sends for it what begins or ends all this.

use std::time::{Duration, Instant};

/// How long an escape character waits for what follows it.
pub(super) const ESC: Duration = Duration::from_millis(50);

/// How long a sequence, a string or a character waits for its next byte.
pub(super) const STRING: Duration = Duration::from_millis(500);

/// How long after its beginning a control string should have ended.
pub(super) const OVERDUE: Duration = Duration::from_secs(2);

/// How many bytes a control string should not have.
const LONG: usize = 1 << 16;

/// How many bytes of a sequence are kept: more than any has that means something here.
const KEPT: usize = 256;

/// How many bytes of a paste are kept: more than any field takes.
const KEPT_OF_PASTE: usize = 1 << 20;

const END_OF_PASTE: &[u8] = b"\x1b[201~";
const BEL: u8 = 0x07;
const CAN: u8 = 0x18;
const SUB: u8 = 0x1a;
const ESCAPE: u8 = 0x1b;
const CTRL_C: u8 = 0x03;

/// One whole thing that a terminal sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A character, control characters among them, and whether an escape character stood before it.
    Char { c: char, alt: bool },
    /// The escape character alone.
    Esc,
    /// What stands behind `ESC O`.
    Ss3(u8),
    /// What stands behind `ESC [`, the final byte at the end.
    Csi(Vec<u8>),
    /// What was pasted.
    Paste(Vec<u8>),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// In the middle of a character of this many bytes.
    Utf8(usize),
    Esc,
    Ss3,
    Csi,
    /// Behind `CSI [`, as the console of Linux sends for F1 to F5.
    CsiOfLinux,
    /// In the three bytes behind `CSI M`: a mouse of old.
    CsiOfMouse,
    String(Kind),
    /// Behind an escape character in a string.
    StringEsc(Kind),
    Paste,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sos,
    /// OSC, DCS, APC, PM.
    Other,
}

/// What has come of a frame that has not ended yet.
#[derive(Debug, Default)]
pub(super) struct Frames {
    state: State,
    alt: bool,
    bytes: Vec<u8>,
    /// How many bytes have come, kept or not.
    count: usize,
    began: Option<Instant>,
}

impl Frames {
    /// Takes the next byte.
    pub(super) fn push(&mut self, byte: u8, now: Instant, found: &mut Vec<Frame>) {
        match self.state {
            State::Ground => self.begin(byte, false, now, found),
            State::Utf8(length) => self.in_character(byte, length, now, found),
            State::Esc => self.behind_esc(byte, now, found),
            State::Ss3 => match byte {
                b' '..=b'~' => self.end(found, |_| Frame::Ss3(byte)),
                _ => self.begin(byte, false, now, found),
            },
            State::Csi => self.in_csi(byte, now, found),
            State::CsiOfLinux | State::CsiOfMouse => {
                self.keep(byte, KEPT);
                if self.state == State::CsiOfLinux || self.count == 4 {
                    self.end(found, Frame::Csi);
                }
            }
            State::String(kind) => self.in_string(byte, kind, now, found),
            State::StringEsc(_) if byte == b'\\' => self.enter(State::Ground, now),
            State::StringEsc(_) => {
                self.enter(State::Esc, now);
                self.push(byte, now, found);
            }
            State::Paste => self.in_paste(byte, now, found),
        }
    }

    /// How long the next byte is waited for, before [`Self::give_up`]. `None` while it may come at any time.
    pub(super) fn patience(&self, now: Instant) -> Option<Duration> {
        let overdue = || self.began.is_some_and(|began| now.saturating_duration_since(began) > OVERDUE);
        match self.state {
            State::Ground | State::Paste => None,
            State::Esc => Some(ESC),
            State::String(_) | State::StringEsc(_) if self.count > LONG || overdue() => Some(ESC),
            _ => Some(STRING),
        }
    }

    /// Nothing more has come: an escape character was the key, and anything else is dropped.
    pub(super) fn give_up(&mut self, found: &mut Vec<Frame>) {
        if self.state == State::Esc {
            found.push(Frame::Esc);
        }
        *self = Self::default();
    }

    fn enter(&mut self, state: State, now: Instant) {
        self.state = state;
        self.bytes.clear();
        self.count = 0;
        self.began = Some(now);
    }

    fn keep(&mut self, byte: u8, most: usize) {
        self.count += 1;
        if self.bytes.len() < most {
            self.bytes.push(byte);
        }
    }

    fn end(&mut self, found: &mut Vec<Frame>, frame: impl FnOnce(Vec<u8>) -> Frame) {
        found.push(frame(std::mem::take(&mut self.bytes)));
        *self = Self::default();
    }

    fn begin(&mut self, byte: u8, alt: bool, now: Instant, found: &mut Vec<Frame>) {
        let length = match byte {
            ESCAPE => return self.enter(State::Esc, now),
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            0x80.. => return self.begin_eight_bit(byte, now),
            _ => {
                self.enter(State::Ground, now);
                return found.push(Frame::Char { c: char::from(byte), alt });
            }
        };
        self.enter(State::Utf8(length), now);
        self.alt = alt;
        self.keep(byte, length);
    }

    /// What some terminals send as one byte, where UTF-8 has none.
    fn begin_eight_bit(&mut self, byte: u8, now: Instant) {
        self.enter(
            match byte {
                0x90 | 0x9d..=0x9f => State::String(Kind::Other),
                0x98 => State::String(Kind::Sos),
                0x9b => State::Csi,
                0x8f => State::Ss3,
                _ => State::Ground,
            },
            now,
        );
    }

    fn in_character(&mut self, byte: u8, length: usize, now: Instant, found: &mut Vec<Frame>) {
        if byte & 0xc0 != 0x80 {
            return self.begin(byte, false, now, found);
        }
        self.keep(byte, length);
        if self.count == length {
            let c = std::str::from_utf8(&self.bytes).ok().and_then(|text| text.chars().next());
            found.extend(c.map(|c| Frame::Char { c, alt: self.alt }));
            self.enter(State::Ground, now);
        }
    }

    fn behind_esc(&mut self, byte: u8, now: Instant, found: &mut Vec<Frame>) {
        match byte {
            b'[' => self.enter(State::Csi, now),
            b'O' => self.enter(State::Ss3, now),
            b'X' => self.enter(State::String(Kind::Sos), now),
            b'P' | b']' | b'^' | b'_' => self.enter(State::String(Kind::Other), now),
            // The end of a string that was given up.
            b'\\' => self.enter(State::Ground, now),
            ESCAPE => {
                found.push(Frame::Esc);
                self.enter(State::Esc, now);
            }
            _ => self.begin(byte, true, now, found),
        }
    }

    fn in_csi(&mut self, byte: u8, now: Instant, found: &mut Vec<Frame>) {
        match byte {
            b'[' if self.count == 0 => {
                self.keep(byte, KEPT);
                self.state = State::CsiOfLinux;
            }
            b'M' if self.count == 0 => {
                self.keep(byte, KEPT);
                self.state = State::CsiOfMouse;
            }
            b'~' if self.bytes == b"200" => self.enter(State::Paste, now),
            b' '..=b'?' => self.keep(byte, KEPT),
            // One too long to be kept whole means nothing here.
            b'@'..=b'~' if self.count >= KEPT => self.enter(State::Ground, now),
            b'@'..=b'~' => {
                self.keep(byte, KEPT);
                self.end(found, Frame::Csi);
            }
            CAN | SUB => self.enter(State::Ground, now),
            _ => self.begin(byte, false, now, found),
        }
    }

    fn in_string(&mut self, byte: u8, kind: Kind, now: Instant, found: &mut Vec<Frame>) {
        match byte {
            ESCAPE => self.state = State::StringEsc(kind),
            BEL if kind != Kind::Sos => self.enter(State::Ground, now),
            CAN | SUB => self.enter(State::Ground, now),
            CTRL_C if kind != Kind::Sos => self.begin(byte, false, now, found),
            _ => self.count += 1,
        }
    }

    fn in_paste(&mut self, byte: u8, now: Instant, found: &mut Vec<Frame>) {
        if byte == CTRL_C {
            return self.begin(byte, false, now, found);
        }
        // The tail is kept even of one that is too long, for the end to be found.
        if self.bytes.len() >= KEPT_OF_PASTE + END_OF_PASTE.len() {
            self.bytes.remove(KEPT_OF_PASTE);
        }
        self.keep(byte, usize::MAX);
        if self.bytes.ends_with(END_OF_PASTE) {
            self.bytes.truncate(self.bytes.len() - END_OF_PASTE.len());
            self.end(found, Frame::Paste);
        }
    }
}

#[cfg(test)]
#[path = "frames_tests.rs"]
mod tests;

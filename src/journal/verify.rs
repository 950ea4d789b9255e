//! Checks a chain, line by line and against its head.

use std::fmt;

use super::entry::Line;
use super::hash::Hash;
use super::head::{Found, Head};

/// What checking a chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How many lines there are, cut ones included.
    pub lines: u64,
    /// How many files the chain goes over.
    pub files: u64,
    /// The last line. Note its hash elsewhere to find out later that the chain still holds it.
    pub last: Head,
    /// The places in the file, from 1, of lines that were cut by a crash and chained over. They are harmless.
    pub torn: Vec<u64>,
    /// What is wrong, in the order of the file.
    pub breaks: Vec<Break>,
}

impl Verdict {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.breaks.is_empty()
    }
}

/// Something that is wrong with a chain. Numbers are those that the lines carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// Lines are gone from the beginning or the middle.
    Missing {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// Lines are gone from the end.
    Cut {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// This line does not chain on to the one before: one of the two was changed.
    Changed {
        /// The later line.
        line: u64,
    },
    /// The last line is not the one that the head names: it was changed.
    LastChanged {
        /// The line.
        line: u64,
    },
    /// A line stands where another belongs.
    Moved {
        /// The number that belongs there.
        place: u64,
        /// The number it carries.
        line: u64,
    },
    /// The head was missing when this line was written, so that nobody knows whether lines before it are gone.
    Anew {
        /// The line.
        line: u64,
    },
    /// There is no head, so that a cut end cannot be seen.
    NoHead,
    /// The head cannot be read, so that a cut end cannot be seen.
    UnreadableHead,
    /// The line that was noted elsewhere is not there.
    NotThere {
        /// Its hash.
        hash: Hash,
    },
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Missing { from, to } => write!(f, "{} missing", lines(from, to)),
            Self::Cut { from, to } => write!(f, "the end was cut off: {} missing", lines(from, to)),
            Self::Changed { line: 1 } => f.write_str("line 1 was changed after it was written"),
            Self::Changed { line } => {
                write!(f, "line {} or line {line} was changed after it was written", line - 1)
            }
            Self::LastChanged { line } => write!(f, "line {line} was changed after it was written"),
            Self::Moved { place, line } => write!(f, "line {line} stands where line {place} belongs"),
            Self::Anew { line } => write!(
                f,
                "the chain begins anew at line {line}, because its head was missing: whether lines before it are \
                 gone cannot be told"
            ),
            Self::NoHead => {
                f.write_str("the head file is missing: whether the end was cut off cannot be told")
            }
            Self::UnreadableHead => {
                f.write_str("the head file cannot be read: whether the end was cut off cannot be told")
            }
            Self::NotThere { hash } => write!(f, "the line with the hash {hash} is not there"),
        }
    }
}

fn lines(from: u64, to: u64) -> String {
    if from == to { format!("line {from} is") } else { format!("lines {from} to {to} are") }
}

/// A check on its way through the file.
pub(super) struct Check {
    head: Found,
    /// A hash that was noted elsewhere and not met yet.
    expect: Option<Hash>,
    is_head_met: bool,
    files: u64,
    places: u64,
    last: Head,
    /// Cut lines that no later line has chained on to yet.
    open: Vec<u64>,
    torn: Vec<u64>,
    breaks: Vec<Break>,
}

impl Check {
    pub(super) fn new(head: Found, expect: Option<Hash>) -> Self {
        Self {
            head,
            expect,
            is_head_met: head == Found::Head(Head::START),
            files: 0,
            places: 0,
            last: Head::START,
            open: Vec::new(),
            torn: Vec::new(),
            breaks: Vec::new(),
        }
    }

    /// Begins the next file.
    pub(super) const fn file(&mut self) {
        self.files += 1;
    }

    /// Takes the next line, without its line feed.
    pub(super) fn line(&mut self, bytes: &[u8], ended: bool) {
        self.places += 1;
        let place = self.last.seq + 1;
        let hash = Hash::of(bytes);
        let read = serde_json::from_slice::<Line>(bytes).ok().filter(|_| ended);
        let Some(line) = read else {
            self.open.push(self.places);
            self.last = Head { seq: place, hash };
            return;
        };
        let follows = line.prev == self.last.hash;
        let begins_anew = line.prev == Hash::ZERO && place > 1;
        let found = match line.seq {
            seq if seq == place && follows => None,
            seq if seq == place && begins_anew => Some(Break::Anew { line: seq }),
            seq if seq == place => Some(Break::Changed { line: seq }),
            seq if seq > place && !follows => Some(Break::Missing { from: place, to: seq - 1 }),
            seq => Some(Break::Moved { place, line: seq }),
        };
        if follows {
            self.torn.append(&mut self.open);
        }
        self.open.clear();
        self.breaks.extend(found);
        self.last = Head { seq: line.seq, hash };
        self.is_head_met |= self.head == Found::Head(self.last);
        self.expect = self.expect.filter(|expected| *expected != hash);
    }

    /// Says what was found, once every line was taken.
    pub(super) fn end(mut self) -> Verdict {
        let last = self.last;
        match self.head {
            Found::Head(_) if self.is_head_met => {}
            Found::Head(head) if head.seq > last.seq => {
                self.breaks.push(Break::Cut { from: last.seq + 1, to: head.seq });
            }
            Found::Head(head) => {
                self.breaks.push(Break::LastChanged { line: head.seq });
                self.open.clear();
            }
            Found::Garbage => self.breaks.push(Break::UnreadableHead),
            Found::Nothing if self.places == 0 => {}
            Found::Nothing => self.breaks.push(Break::NoHead),
        }
        // Nothing was written after them that could say otherwise.
        self.torn.append(&mut self.open);
        self.breaks.extend(self.expect.map(|hash| Break::NotThere { hash }));
        Verdict { lines: self.places, files: self.files, last, torn: self.torn, breaks: self.breaks }
    }
}

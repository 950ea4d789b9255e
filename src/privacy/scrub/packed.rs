//! What may stand in base64 and in hexadecimal digits.
//!
//! Nobody says where such a text begins: the `/` before it may be part of a path. So every run of digits is read from
//! each place that makes a difference, and most of what comes out is nonsense that nothing is found in.

use std::ops::Range;

use super::view::View;

/// The shortest run that is read: three bytes in base64, four in hexadecimal digits.
const SHORTEST: [(Packing, usize, usize); 2] = [(Packing::Base64, 4, 4), (Packing::Hex, 8, 2)];

#[derive(Clone, Copy)]
enum Packing {
    Base64,
    Hex,
}

/// All runs of one kind, read from one place each.
pub(super) struct Unpacked {
    text: String,
    /// Where in `text` each run stands, and where in the source.
    runs: Vec<(Range<usize>, Range<usize>)>,
}

impl Unpacked {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The runs that `found` comes from, in the source: each of them whole.
    pub(super) fn sources(&self, found: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let touched = self.runs.iter().filter(move |(at, _)| at.start < found.end && found.start < at.end);
        touched.map(|(_, source)| source.clone())
    }
}

/// What the runs of `view` hold, once for each kind of digits and each place to begin at.
pub(super) fn unpack(view: &View) -> Vec<Unpacked> {
    let mut all = Vec::new();
    for (packing, shortest, starts) in SHORTEST {
        let runs = runs(view, packing, shortest);
        if runs.is_empty() {
            continue;
        }
        for start in 0..starts {
            let mut unpacked = Unpacked { text: String::new(), runs: Vec::new() };
            for (digits, source) in &runs {
                let bytes = packing.bytes(digits.get(start..).unwrap_or_default());
                let from = unpacked.text.len();
                unpacked.text.push_str(&String::from_utf8_lossy(&bytes));
                unpacked.runs.push((from..unpacked.text.len(), source.clone()));
                // Nothing reaches over the end of a run.
                unpacked.text.push(char::REPLACEMENT_CHARACTER);
            }
            all.push(unpacked);
        }
    }
    all
}

/// Runs of digits, by their values, and where they stand in the source. Long ones may be broken into lines.
fn runs(view: &View, packing: Packing, shortest: usize) -> Vec<(Vec<u8>, Range<usize>)> {
    let mut runs = Vec::new();
    let mut digits: Vec<u8> = Vec::new();
    let mut source = 0..0;
    for cell in &view.cells {
        if let Some(digit) = packing.digit(cell.c) {
            if digits.is_empty() {
                source.start = cell.start;
            }
            source.end = cell.end;
            digits.push(digit);
        } else if cell.c == '=' && matches!(packing, Packing::Base64) {
            // What fills up the end belongs to the run, and ends it.
            take(&mut runs, &mut digits, &source, shortest);
            if let Some((_, source)) = runs.last_mut().filter(|(_, source)| source.end == cell.start) {
                source.end = cell.end;
            }
        } else if !matches!(cell.c, '\r' | '\n') {
            take(&mut runs, &mut digits, &source, shortest);
        }
    }
    take(&mut runs, &mut digits, &source, shortest);
    runs
}

fn take(
    runs: &mut Vec<(Vec<u8>, Range<usize>)>,
    digits: &mut Vec<u8>,
    source: &Range<usize>,
    shortest: usize,
) {
    let run = std::mem::take(digits);
    if run.len() >= shortest {
        runs.push((run, source.clone()));
    }
}

impl Packing {
    /// The value of a digit, in either alphabet of base64.
    fn digit(self, c: char) -> Option<u8> {
        let byte = u8::try_from(c).ok()?;
        match (self, byte) {
            (Self::Base64, b'A'..=b'Z') => Some(byte - b'A'),
            (Self::Base64, b'a'..=b'z') => Some(byte - b'a' + 26),
            (Self::Base64, b'0'..=b'9') => Some(byte - b'0' + 52),
            (Self::Base64, b'+' | b'-') => Some(62),
            (Self::Base64, b'/' | b'_') => Some(63),
            (Self::Base64, _) => None,
            (Self::Hex, _) => c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()),
        }
    }

    const fn bits(self) -> u32 {
        match self {
            Self::Base64 => 6,
            Self::Hex => 4,
        }
    }

    /// The bytes that the digits stand for. Bits that make no whole byte are dropped.
    fn bytes(self, digits: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(digits.len());
        let (mut held, mut bits) = (0u32, 0);
        for digit in digits {
            held = held << self.bits() | u32::from(*digit);
            bits += self.bits();
            if bits >= 8 {
                bits -= 8;
                bytes.extend(u8::try_from(held >> bits & 0xff));
                held &= (1 << bits) - 1;
            }
        }
        bytes
    }
}

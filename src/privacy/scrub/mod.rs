//! What an API says about a request may hold what the request carried: its key, or what it told of a person. Whoever
//! shows, logs or writes down such text takes it as [`Scrubbed`], which a [`Scrubber`] alone makes.
//!
//! A value is found in whatever form it comes back: in another case, percent-encoded, escaped for JSON or HTML, in
//! base64 or hexadecimal digits, and in several of these at once. For that the text is not searched itself, but
//! *views* of it, each with one layer of escapes taken off (`decode`, `packed`); a view knows for each of its
//! characters where it stands in the text, and what is found there is masked here. Shapes that are secret wherever
//! they stand (`shapes`) are looked for in the same views.
//!
//! Nothing of this depends on how long the text is: it is cut first, and more of it is looked at than shown, so that
//! no half of a value is left at the cut.

mod cut;
mod decode;
mod needle;
mod packed;
mod shapes;
mod view;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, Range};

use self::cut::{Window, bounded, shortened};
use self::needle::Needle;
use self::view::View;
use super::{DOTS, Secret};
use crate::text::Clean;

/// The most that is kept of a code, a type, a parameter's name or an id.
const WORD_COLUMNS: usize = 128;

/// The most that is kept of a link, in bytes.
const LINK_BYTES: usize = 300;

/// How much of a sentence is looked at, in bytes, and how much of that is not shown where it was cut.
const WINDOW: usize = 16 * 1024;
const SLACK: usize = 8 * 1024;

/// The same of a word.
const WORD_WINDOW: usize = 2 * 1024;
const WORD_SLACK: usize = 1024;

/// How many layers of escapes are taken off. What is wrapped more often is hidden whole.
const MOST_LAYERS: usize = 6;

/// How often base64 and hexadecimal digits are unpacked inside of each other.
const MOST_PACKINGS: usize = 2;

/// The words after which the API repeats what was sent.
const QUOTES_THE_VALUE: &str = "Invalid value: ";

/// Text from outside that holds no key, nothing personal of the request that led to it, and no more than can be
/// read. Only a [`Scrubber`] makes it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Scrubbed(Clean);

impl Scrubbed {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Deref for Scrubbed {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Scrubbed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Scrubbed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
impl From<&str> for Scrubbed {
    fn from(raw: &str) -> Self {
        Scrubber::default().text(raw)
    }
}

/// Knows what a request carried, and takes it out of what is said about the request.
///
/// One that knows nothing still finds what is secret by its shape.
#[derive(Clone, Default)]
pub struct Scrubber {
    needles: Vec<Needle>,
    secrets: Vec<Secret>,
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scrubber of {} values", self.needles.len())
    }
}

impl Scrubber {
    /// The same, which knows a key too.
    #[must_use]
    pub fn with_secret(mut self, secret: &Secret) -> Self {
        self.needles.extend(Needle::secret(secret.expose()));
        self.secrets.push(secret.clone());
        self
    }

    /// The same, which knows something personal too: the whole of it, and the parts that tell as much.
    ///
    /// A value that is made of words that the API itself uses is masked only where it is quoted, and a very short one
    /// only where it stands as a word.
    #[must_use]
    pub fn with_personal(mut self, value: &str) -> Self {
        self.needles.extend(needle::personal(value));
        self
    }

    /// The same, which knows what `other` knows too.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.needles.extend(other.needles.iter().cloned());
        both.secrets.extend(other.secrets.iter().cloned());
        both
    }

    /// A sentence: at most 500 columns and 2,000 bytes of it, and how long it was where that is not all.
    #[must_use]
    pub fn text(&self, raw: &str) -> Scrubbed {
        let window = Window::of(raw, WINDOW, SLACK);
        let mut masked = self.mask(&window);
        let quotes = masked.find(QUOTES_THE_VALUE);
        if let Some(at) = quotes {
            masked.truncate(at + QUOTES_THE_VALUE.len());
            masked.push_str(DOTS);
        }
        let clean = Clean::from(masked);
        let is_whole = !window.is_cut() || quotes.is_some();
        Scrubbed(bounded(clean, raw.len(), is_whole))
    }

    /// A code, a type, a parameter's name or an id: letters and digits of ASCII and `-_.:[]`, everything else as `_`, in
    /// at most 128 columns. None where nothing is said.
    #[must_use]
    pub fn word(&self, raw: &str) -> Option<Scrubbed> {
        let masked = self.mask(&Window::of(raw.trim(), WORD_WINDOW, WORD_SLACK));
        let belongs = |c: char| c.is_ascii_alphanumeric() || "-_.:[]•…".contains(c);
        let word: String = masked.chars().map(|c| if belongs(c) { c } else { '_' }).collect();
        // What was replaced may have parted what it makes whole now.
        let word = self.mask(&Window::of(&word, WORD_WINDOW, WORD_SLACK));
        (!word.is_empty()).then(|| Scrubbed(shortened(&word, WORD_COLUMNS)))
    }

    /// A link of the documentation. None where it is anything but a plain, short one, or holds what is to be hidden.
    #[must_use]
    pub fn link(&self, raw: &str) -> Option<Scrubbed> {
        let belongs = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#=&%+,".contains(c);
        let is_plain = raw.len() <= LINK_BYTES && raw.starts_with("https://") && raw.chars().all(belongs);
        (is_plain && self.finds(raw, MOST_PACKINGS).is_empty()).then(|| Scrubbed(Clean::new(raw)))
    }

    /// `body` without the key, which no answer has any reason to hold. For the bytes of objects, whose personal values
    /// have types of their own.
    #[must_use]
    pub fn body<'a>(&self, body: &'a [u8]) -> Cow<'a, [u8]> {
        let mut out = Cow::Borrowed(body);
        for secret in &self.secrets {
            if let Cow::Owned(replaced) = without(&out, secret.expose().as_bytes()) {
                out = Cow::Owned(replaced);
            }
        }
        out
    }

    /// The shown part of the window, masked.
    fn mask(&self, window: &Window<'_>) -> String {
        let found = self.finds(window.seen, MOST_PACKINGS);
        masked(window.seen, window.shown, found)
    }

    /// Where in `text` something stands that is to be hidden, in no order.
    fn finds(&self, text: &str, packings: usize) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut view = View::of(text);
        for layer in 0.. {
            let folded = view.fold();
            let hits = self.needles.iter().flat_map(|needle| needle.find(&folded));
            found.extend(hits.chain(shapes::find(folded.text())).map(|at| view.source(&folded, at)));
            if packings > 0 {
                for packed in packed::unpack(&view) {
                    let inside = self.finds(packed.text(), packings - 1);
                    found.extend(inside.into_iter().flat_map(|at| packed.sources(at)));
                }
            }
            match decode::one_layer(&view) {
                None => break,
                Some(_) if layer == MOST_LAYERS => {
                    found.push(0..text.len());
                    break;
                }
                Some(next) => view = next,
            }
        }
        found
    }
}

/// `text` with whatever looks like a key, a client secret or a hosted link masked, as long as it stands there plainly.
/// For words that people typed, which are short and in no wrapping.
#[must_use]
pub fn hide_secrets(text: &str) -> Cow<'_, str> {
    if !shapes::may_hold(text) {
        return Cow::Borrowed(text);
    }
    let found = plain_secrets(text);
    if found.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(masked(text, text.len(), found)) }
}

fn plain_secrets(text: &str) -> Vec<Range<usize>> {
    let view = View::of(text);
    let folded = view.fold();
    shapes::find(folded.text()).map(|at| view.source(&folded, at)).collect()
}

/// A sentence of an object, which nothing that was sent can be echoed in: no longer than one of an error, and without
/// what [`hide_secrets`] hides.
#[must_use]
pub fn brief(raw: &str) -> Clean {
    let window = Window::of(raw, WINDOW, SLACK);
    let found = if shapes::may_hold(window.seen) { plain_secrets(window.seen) } else { Vec::new() };
    let masked = masked(window.seen, window.shown, found);
    bounded(Clean::from(masked), raw.len(), !window.is_cut())
}

/// The first `shown` bytes of `text` with dots for each of the ranges, and one row of dots for those that touch.
fn masked(text: &str, shown: usize, mut found: Vec<Range<usize>>) -> String {
    found.sort_by_key(|at| (at.start, at.end));
    let mut out = String::with_capacity(shown);
    let mut done = 0;
    let mut touches = false;
    for at in found.into_iter().filter(|at| at.start < shown) {
        if at.end <= done {
            continue;
        }
        if at.start > done || !touches {
            out.push_str(&text[done..at.start.max(done)]);
            out.push_str(DOTS);
        }
        touches = true;
        done = at.end;
    }
    out.push_str(text.get(done..shown).unwrap_or_default());
    out
}

/// `body` with dots for every `part`.
fn without<'a>(body: &'a [u8], part: &[u8]) -> Cow<'a, [u8]> {
    let Some(&first) = part.first() else { return Cow::Borrowed(body) };
    let mut out = Vec::new();
    let (mut done, mut at) = (0, 0);
    while let Some(next) = body[at..].iter().position(|byte| *byte == first) {
        at += next;
        if body[at..].starts_with(part) {
            out.extend_from_slice(&body[done..at]);
            out.extend_from_slice(DOTS.as_bytes());
            at += part.len();
            done = at;
        } else {
            at += 1;
        }
    }
    if done == 0 {
        return Cow::Borrowed(body);
    }
    out.extend_from_slice(&body[done..]);
    Cow::Owned(out)
}

//! A text as a row of characters that know where they come from.

use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use crate::text;

/// One character of a view, and where it stands in the text, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) c: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The text, or what it says under a layer of escapes.
#[derive(Debug)]
pub(super) struct View {
    pub(super) cells: Vec<Cell>,
}

impl View {
    /// The text as it stands.
    pub(super) fn of(text: &str) -> Self {
        let cells = text.char_indices().map(|(start, c)| Cell { c, start, end: start + c.len_utf8() });
        Self { cells: cells.collect() }
    }

    /// The view for comparing.
    pub(super) fn fold(&self) -> Folded {
        let mut folded = Folded { text: String::with_capacity(self.cells.len()), cells: Vec::new() };
        folded.cells.reserve(self.cells.len());
        for (index, cell) in self.cells.iter().enumerate() {
            fold_into(cell.c, &mut folded.text);
            folded.cells.resize(folded.text.len(), index);
        }
        folded
    }

    /// Where in the text that stands which has been found at `at` in the folded view. `at` is not empty.
    pub(super) fn source(&self, folded: &Folded, at: Range<usize>) -> Range<usize> {
        let (first, last) = (folded.cells[at.start], folded.cells[at.end - 1]);
        self.cells[first].start..self.cells[last].end
    }
}

/// A view in which case, accents, widths, the kind and number of blanks, and what cannot be seen make no difference.
#[derive(Debug)]
pub(super) struct Folded {
    text: String,
    /// For each byte the cell that it comes from.
    cells: Vec<usize>,
}

impl Folded {
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// `text` for comparing, without blanks around it.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| fold_into(c, &mut out));
    out.trim().to_owned()
}

/// In a form a plus is a blank, and where one stands for itself it may be left out.
fn fold_into(c: char, out: &mut String) {
    if c.is_whitespace() || c == '+' {
        if !out.ends_with(' ') {
            out.push(' ');
        }
    } else if c.is_ascii() {
        if !c.is_ascii_control() {
            out.push(c.to_ascii_lowercase());
        }
    } else if !text::is_marked(c) {
        decompose_compatible(c, |part| match part {
            part if is_combining_mark(part) => {}
            'ß' | 'ẞ' => out.push_str("ss"),
            'ı' => out.push('i'),
            part if part.is_whitespace() => out.push(' '),
            part => out.extend(part.to_lowercase().filter(|c| !is_combining_mark(*c))),
        });
    }
}

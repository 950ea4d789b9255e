//! A sheet of lines under each other: headings, labelled values and wrapped texts, all cut to one width.
//!
//! For `ui` only. Details and dialogs write their text on a sheet; nothing on it is ever wider than the sheet.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{truncate, width, wrap};
use crate::ui::Look;

/// Where values begin, in columns from the left.
pub(in crate::ui) const LABELS: usize = 13;

/// Lines of one width.
pub(in crate::ui) struct Sheet {
    pub(in crate::ui) look: Look,
    width: usize,
    lines: Vec<Line<'static>>,
}

impl Sheet {
    /// An empty sheet of `width` columns.
    pub(in crate::ui) fn new(look: &Look, width: usize) -> Self {
        Self { look: *look, width: width.max(1), lines: Vec::new() }
    }

    /// Columns of the sheet.
    pub(in crate::ui) const fn width(&self) -> usize {
        self.width
    }

    /// Lines so far.
    pub(in crate::ui) const fn len(&self) -> usize {
        self.lines.len()
    }

    /// What was written.
    pub(in crate::ui) fn into_lines(self) -> Vec<Line<'static>> {
        self.lines
    }

    /// An empty line, but never two and never the first.
    pub(in crate::ui) fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// A title of a section with a note at its right end.
    pub(in crate::ui) fn heading(&mut self, title: &'static str, note: &[(String, Style)]) {
        self.gap();
        let note: Vec<Span<'static>> =
            note.iter().map(|(text, style)| Span::styled(text.clone(), *style)).collect();
        self.ends(vec![Span::styled(title, self.look.heading)], note);
    }

    /// One line of spans that are known to fit.
    pub(in crate::ui) fn spans(&mut self, spans: Vec<Span<'static>>) {
        self.lines.push(Line::from(spans));
    }

    /// Two texts at both ends of a line; under each other where they do not fit.
    pub(in crate::ui) fn ends(&mut self, left: Vec<Span<'static>>, right: Vec<Span<'static>>) {
        let (left_columns, right_columns) = (taken(&left), taken(&right));
        if right.is_empty() {
            return self.spans(left);
        }
        if left_columns + 1 + right_columns > self.width {
            self.spans(left);
            return self.spans(right);
        }
        let mut spans = left;
        spans.push(Span::raw(" ".repeat(self.width - left_columns - right_columns)));
        spans.extend(right);
        self.spans(spans);
    }

    /// A wrapped text.
    pub(in crate::ui) fn text(&mut self, text: &str, style: Style) {
        self.hang(Vec::new(), 0, text, style);
    }

    /// A text without blanks, broken by columns alone, so that its lines can be joined again.
    pub(in crate::ui) fn unbroken(&mut self, text: &str, style: Style) {
        let mut line = String::new();
        let mut used = 0;
        for grapheme in text.graphemes(true) {
            let wide = width(grapheme);
            if used + wide > self.width && used > 0 {
                self.spans(vec![Span::styled(std::mem::take(&mut line), style)]);
                used = 0;
            }
            line.push_str(grapheme);
            used += wide;
        }
        self.spans(vec![Span::styled(line, style)]);
    }

    /// A wrapped text that begins at `column`.
    pub(in crate::ui) fn indented(&mut self, column: usize, text: &str, style: Style) {
        self.hang(Vec::new(), column, text, style);
    }

    /// A label and its value; long values go on below themselves.
    pub(in crate::ui) fn row(&mut self, label: &str, value: &str, style: Style) {
        self.row_at(LABELS, label, value, style);
    }

    /// The same with values that begin at `column`.
    pub(in crate::ui) fn row_at(&mut self, column: usize, label: &str, value: &str, style: Style) {
        let label = truncate(label, self.width).into_owned();
        self.hang(vec![Span::styled(label, self.look.dim)], column, value, style);
    }

    /// `first`, and a text wrapped to the right of `column`: under `first` where that is too wide to stand beside.
    pub(in crate::ui) fn hang(&mut self, first: Vec<Span<'static>>, column: usize, text: &str, style: Style) {
        let column = column.min(self.width / 2);
        let first_columns = taken(&first);
        let beside = first_columns == 0 || first_columns < column;
        let indent = if beside { column } else { 2.min(self.width / 2) };
        let mut spans = first;
        if beside {
            spans.push(Span::raw(" ".repeat(indent - first_columns)));
        } else {
            self.spans(std::mem::take(&mut spans));
            spans = vec![Span::raw(" ".repeat(indent))];
        }
        for part in wrap(text, self.width - indent) {
            let mut line = std::mem::replace(&mut spans, vec![Span::raw(" ".repeat(indent))]);
            line.push(Span::styled(part, style));
            self.spans(line);
        }
    }
}

/// How many columns `spans` take.
pub(in crate::ui) fn taken(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| width(&span.content)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::stage::look;

    fn texts(sheet: Sheet) -> Vec<String> {
        sheet.into_lines().iter().map(|line| line.to_string().trim_end().to_owned()).collect()
    }

    fn sheet(width: usize) -> Sheet {
        Sheet::new(&look(), width)
    }

    #[test]
    fn values_hang_below_themselves_and_long_labels_stand_above() {
        let mut sheet = sheet(20);
        sheet.row_at(8, "issued", "2020 or so it seems", Style::new());
        sheet.row_at(8, "a_long_key", "value", Style::new());
        assert_eq!(texts(sheet), ["issued  2020 or so", "        it seems", "a_long_key", "  value"]);
    }

    #[test]
    fn what_is_unbroken_breaks_by_columns_alone() {
        let mut sheet = sheet(10);
        sheet.unbroken("https://a.example/x-y z王小?q=1", Style::new());
        assert_eq!(texts(sheet), ["https://a.", "example/x-", "y z王小?q=", "1"]);
    }

    #[test]
    fn gaps_never_double_and_ends_never_meet() {
        let mut sheet = sheet(12);
        sheet.gap();
        sheet.heading("PERSON", &[("v".into(), Style::new())]);
        sheet.gap();
        sheet.gap();
        sheet.ends(vec![Span::raw("0123456")], vec![Span::raw("abcdef")]);
        assert_eq!(texts(sheet), ["PERSON     v", "", "0123456", "abcdef"]);
    }
}

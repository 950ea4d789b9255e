//! A screen as SVG: a window with a title bar, and every cell in its place.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::glyphs::{self, Cell};
use crate::palette::{Rgb, Theme};

/// A cell in units of the picture: as wide as the first of the fonts at this size.
const CELL: (f32, f32) = (9.0, 20.0);
const FONT_SIZE: f32 = 15.0;
/// From the top of a cell to the line that letters stand on.
const BASELINE: f32 = 15.0;
const MARGIN: f32 = 14.0;
const TITLE_BAR: f32 = 36.0;
const FONTS: &str =
    "JetBrains Mono, DejaVu Sans Mono, WenQuanYi Micro Hei Mono, Noto Sans Arabic, Noto Sans Hebrew";

/// Draws `screen` in a window called `title`.
pub(crate) fn draw(screen: &vt100::Screen, title: &str, theme: Theme) -> String {
    let (rows, cols) = screen.size();
    let background = commonest_background(screen, theme);
    let width = f32::from(cols.get()) * CELL.0 + 2.0 * MARGIN;
    let height = f32::from(rows.get()) * CELL.1 + TITLE_BAR + MARGIN;
    let mut canvas = Canvas { theme, background, fills: String::new(), text: String::new() };
    for row in 0..rows.get() {
        canvas.row(screen, row);
    }
    if !screen.hide_cursor() {
        canvas.cursor(screen);
    }
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="{FONTS}" font-size="{FONT_SIZE}" text-rendering="geometricPrecision">{}{}{}</svg>"#,
        window(width, height, title, background),
        canvas.fills,
        canvas.text,
    )
}

fn window(width: f32, height: f32, title: &str, background: Rgb) -> String {
    let (edge, ink) = if background.is_light() {
        (background.towards(Rgb(0, 0, 0), 18), background.towards(Rgb(0, 0, 0), 55))
    } else {
        (background.towards(Rgb(255, 255, 255), 14), background.towards(Rgb(255, 255, 255), 50))
    };
    let mut out = format!(
        r#"<rect x="0.5" y="0.5" width="{}" height="{}" rx="10" fill="{}" stroke="{}"/>"#,
        width - 1.0,
        height - 1.0,
        background.css(),
        edge.css(),
    );
    for (x, colour) in [(20, "#ec6a5e"), (40, "#f4bf4f"), (60, "#61c554")] {
        let _ = write!(out, r#"<circle cx="{x}" cy="18" r="6" fill="{colour}"/>"#);
    }
    let _ = write!(
        out,
        r#"<text x="{}" y="23" fill="{}" font-size="13" text-anchor="middle">{}</text>"#,
        width / 2.0,
        ink.css(),
        escape(title),
    );
    out
}

/// The background that most cells have: the window's own, whether the terminal or the program chose it.
fn commonest_background(screen: &vt100::Screen, theme: Theme) -> Rgb {
    let (rows, cols) = screen.size();
    let mut counts: HashMap<Rgb, usize> = HashMap::new();
    for (row, col) in (0..rows.get()).flat_map(|row| (0..cols.get()).map(move |col| (row, col))) {
        if let Some(cell) = screen.cell(row, col).filter(|cell| !cell.inverse()) {
            *counts.entry(theme.colour(cell.bgcolor(), theme.background())).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map_or(theme.background(), |(background, _)| background)
}

struct Canvas {
    theme: Theme,
    background: Rgb,
    /// Backgrounds, under everything.
    fills: String,
    text: String,
}

impl Canvas {
    fn row(&mut self, screen: &vt100::Screen, row: u16) {
        let (_, cols) = screen.size();
        let mut col = 0;
        while col < cols.get() {
            let Some(cell) = screen.cell(row, col) else { break };
            let (ink, fill) = self.colours(cell);
            // Letters that join, and go the other way, are drawn together.
            let run = right_to_left_run(screen, row, col, cols.get());
            if run > 0 {
                let text: String = (col..col + run)
                    .filter_map(|col| screen.cell(row, col))
                    .map(vt100::Cell::contents)
                    .collect();
                self.fill(row, col, run, fill);
                self.joined(row, col, run, &text, ink);
                col += run;
                continue;
            }
            let span = if cell.is_wide() { 2 } else { 1 };
            self.fill(row, col, span, fill);
            self.glyph(row, col, span, cell, ink);
            col += span;
        }
    }

    /// What a cell is drawn in, and on.
    fn colours(&self, cell: &vt100::Cell) -> (Rgb, Rgb) {
        let theme = self.theme;
        let mut ink = theme.colour(cell.fgcolor(), theme.foreground());
        let mut fill = theme.colour(cell.bgcolor(), theme.background());
        if cell.inverse() {
            std::mem::swap(&mut ink, &mut fill);
        }
        if cell.dim() {
            ink = ink.towards(fill, 40);
        }
        (ink, fill)
    }

    fn fill(&mut self, row: u16, col: u16, span: u16, colour: Rgb) {
        if colour == self.background {
            return;
        }
        let (x, y) = corner(row, col);
        let _ = write!(
            self.fills,
            r#"<rect x="{x}" y="{y}" width="{}" height="{}" fill="{}" shape-rendering="crispEdges"/>"#,
            f32::from(span) * CELL.0,
            CELL.1,
            colour.css(),
        );
    }

    fn glyph(&mut self, row: u16, col: u16, span: u16, cell: &vt100::Cell, ink: Rgb) {
        let (x, y) = corner(row, col);
        let width = f32::from(span) * CELL.0;
        let colour = ink.css();
        if cell.underline() {
            let _ = write!(
                self.text,
                r#"<rect x="{x}" y="{}" width="{width}" height="1" fill="{colour}" shape-rendering="crispEdges"/>"#,
                y + BASELINE + 2.0,
            );
        }
        let text = cell.contents();
        let Some(first) = text.chars().next().filter(|char| !char.is_whitespace()) else { return };
        let place = Cell { x, y, width, height: CELL.1, colour: &colour };
        if let Some(shape) = glyphs::shape(first, place) {
            self.text += &shape;
            return;
        }
        let _ = write!(
            self.text,
            r#"<text x="{}" y="{}" fill="{colour}" text-anchor="middle"{}{}>{}</text>"#,
            x + width / 2.0,
            y + BASELINE,
            if cell.bold() { r#" font-weight="bold""# } else { "" },
            if cell.italic() { r#" font-style="italic""# } else { "" },
            escape(text),
        );
    }

    fn joined(&mut self, row: u16, col: u16, span: u16, text: &str, ink: Rgb) {
        let (x, y) = corner(row, col);
        let _ = write!(
            self.text,
            r#"<text x="{x}" y="{}" fill="{}" textLength="{}" lengthAdjust="spacingAndGlyphs">{}</text>"#,
            y + BASELINE,
            ink.css(),
            f32::from(span) * CELL.0,
            escape(text),
        );
    }

    fn cursor(&mut self, screen: &vt100::Screen) {
        let (row, col) = screen.cursor_position();
        let (x, y) = corner(row, col);
        let _ = write!(
            self.text,
            r#"<rect x="{x}" y="{y}" width="1.5" height="{}" fill="{}"/>"#,
            CELL.1,
            self.theme.foreground().css(),
        );
    }
}

fn corner(row: u16, col: u16) -> (f32, f32) {
    (MARGIN + f32::from(col) * CELL.0, TITLE_BAR + f32::from(row) * CELL.1)
}

/// How many cells from `col` on are one run of Arabic or Hebrew in one colour, with single spaces inside.
fn right_to_left_run(screen: &vt100::Screen, row: u16, col: u16, cols: u16) -> u16 {
    let is_letter = |col: u16| {
        let char = screen.cell(row, col).and_then(|cell| cell.contents().chars().next());
        char.is_some_and(
            |char| matches!(char, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'),
        )
    };
    let colour = screen.cell(row, col).map(vt100::Cell::fgcolor);
    let mut end = col;
    for at in col..cols {
        let same = screen.cell(row, at).map(vt100::Cell::fgcolor) == colour;
        if is_letter(at) && same {
            end = at + 1;
        } else if at > end || end == col {
            break;
        }
    }
    end - col
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

//! Characters that are drawn as shapes: boxes, blocks and braille, so that they join without seams.

use std::fmt::Write as _;

/// Where a cell is, in units of the picture, and what colour its character has.
#[derive(Clone, Copy)]
pub(crate) struct Cell<'a> {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) colour: &'a str,
}

/// Half the strokes of light and heavy lines. Whole pixels at scale 2.
const STROKES: [f32; 3] = [0.0, 0.5, 1.5];

/// Box characters as their arms: up, right, down, left; 0 for none, 1 for light, 2 for heavy.
const BOXES: &[(char, [usize; 4])] = &[
    ('─', [0, 1, 0, 1]),
    ('━', [0, 2, 0, 2]),
    ('│', [1, 0, 1, 0]),
    ('┃', [2, 0, 2, 0]),
    ('┌', [0, 1, 1, 0]),
    ('┐', [0, 0, 1, 1]),
    ('└', [1, 1, 0, 0]),
    ('┘', [1, 0, 0, 1]),
    ('├', [1, 1, 1, 0]),
    ('┤', [1, 0, 1, 1]),
    ('┬', [0, 1, 1, 1]),
    ('┴', [1, 1, 0, 1]),
    ('┼', [1, 1, 1, 1]),
    ('┏', [0, 2, 2, 0]),
    ('┓', [0, 0, 2, 2]),
    ('┗', [2, 2, 0, 0]),
    ('┛', [2, 0, 0, 2]),
    ('┣', [2, 2, 2, 0]),
    ('┫', [2, 0, 2, 2]),
    ('┳', [0, 2, 2, 2]),
    ('┻', [2, 2, 0, 2]),
    ('╋', [2, 2, 2, 2]),
    ('╴', [0, 0, 0, 1]),
    ('╵', [1, 0, 0, 0]),
    ('╶', [0, 1, 0, 0]),
    ('╷', [0, 0, 1, 0]),
    ('╸', [0, 0, 0, 2]),
    ('╹', [2, 0, 0, 0]),
    ('╺', [0, 2, 0, 0]),
    ('╻', [0, 0, 2, 0]),
    ('╼', [0, 2, 0, 1]),
    ('╾', [0, 1, 0, 2]),
];

/// Blocks made of quarters: upper left, upper right, lower left, lower right.
const QUARTERS: &[(char, [bool; 4])] = &[
    ('▖', [false, false, true, false]),
    ('▗', [false, false, false, true]),
    ('▘', [true, false, false, false]),
    ('▙', [true, false, true, true]),
    ('▚', [true, false, false, true]),
    ('▛', [true, true, true, false]),
    ('▜', [true, true, false, true]),
    ('▝', [false, true, false, false]),
    ('▞', [false, true, true, false]),
    ('▟', [false, true, true, true]),
];

/// The shape of `char` as SVG, if it has one.
pub(crate) fn shape(char: char, cell: Cell<'_>) -> Option<String> {
    if let Some((_, arms)) = BOXES.iter().find(|(known, _)| *known == char) {
        return Some(lines(cell, *arms));
    }
    if let Some((_, quarters)) = QUARTERS.iter().find(|(known, _)| *known == char) {
        let corners = [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)];
        let filled = corners.into_iter().zip(quarters).filter(|(_, filled)| **filled);
        return Some(filled.map(|((x, y), _)| part(cell, (x, y), (x + 0.5, y + 0.5), 1.0)).collect());
    }
    block(char, cell).or_else(|| round(char, cell)).or_else(|| braille(char, cell))
}

fn lines(cell: Cell<'_>, [up, right, down, left]: [usize; 4]) -> String {
    let (mid_x, mid_y) = (cell.x + cell.width / 2.0, cell.y + cell.height / 2.0);
    // Each arm reaches over the middle by half of what it meets there.
    let across = STROKES[up.max(down)];
    let along = STROKES[left.max(right)];
    let mut out = String::new();
    for (arm, end) in [(left, cell.x), (right, cell.x + cell.width)] {
        let (from, to) = if end < mid_x { (end, mid_x + across) } else { (mid_x - across, end) };
        out += &filled(cell, (from, mid_y - STROKES[arm]), (to, mid_y + STROKES[arm]));
    }
    for (arm, end) in [(up, cell.y), (down, cell.y + cell.height)] {
        let (from, to) = if end < mid_y { (end, mid_y + along) } else { (mid_y - along, end) };
        out += &filled(cell, (mid_x - STROKES[arm], from), (mid_x + STROKES[arm], to));
    }
    out
}

fn block(char: char, cell: Cell<'_>) -> Option<String> {
    let eighths = |from: char| f32::from(u8::try_from(u32::from(char) - u32::from(from)).unwrap_or(0)) / 8.0;
    Some(match char {
        '▀' => part(cell, (0.0, 0.0), (1.0, 0.5), 1.0),
        '▁'..='█' => part(cell, (0.0, 1.0 - eighths('▀')), (1.0, 1.0), 1.0),
        '▉'..='▏' => part(cell, (0.0, 0.0), (1.0 - eighths('█'), 1.0), 1.0),
        '▐' => part(cell, (0.5, 0.0), (1.0, 1.0), 1.0),
        '░' => part(cell, (0.0, 0.0), (1.0, 1.0), 0.25),
        '▒' => part(cell, (0.0, 0.0), (1.0, 1.0), 0.5),
        '▓' => part(cell, (0.0, 0.0), (1.0, 1.0), 0.75),
        '▔' => part(cell, (0.0, 0.0), (1.0, 0.125), 1.0),
        '▕' => part(cell, (0.875, 0.0), (1.0, 1.0), 1.0),
        _ => return None,
    })
}

fn round(char: char, cell: Cell<'_>) -> Option<String> {
    let (left, right) = (cell.x, cell.x + cell.width);
    let (top, bottom) = (cell.y, cell.y + cell.height);
    let (to_y, to_x) = match char {
        '╭' => (bottom, right),
        '╮' => (bottom, left),
        '╯' => (top, left),
        '╰' => (top, right),
        _ => return None,
    };
    let (mid_x, mid_y) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
    let radius = cell.width / 2.0;
    let turn_y = if to_y > mid_y { mid_y + radius } else { mid_y - radius };
    Some(format!(
        r#"<path d="M{mid_x} {to_y}V{turn_y}Q{mid_x} {mid_y} {to_x} {mid_y}" fill="none" stroke="{}" stroke-width="{}"/>"#,
        cell.colour,
        2.0 * STROKES[1],
    ))
}

fn braille(char: char, cell: Cell<'_>) -> Option<String> {
    let dots = u32::from(char).checked_sub(0x2800).filter(|dots| *dots < 0x100)?;
    // The order of the bits: three down the left, three down the right, then the bottom row.
    let places = [(0_u8, 0_u8), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];
    let mut out = String::new();
    for (bit, (col, row)) in places.into_iter().enumerate() {
        if dots & (1 << bit) != 0 {
            let x = cell.x + cell.width * (0.25 + 0.5 * f32::from(col));
            let y = cell.y + cell.height * (0.125 + 0.25 * f32::from(row));
            let _ = write!(out, r#"<circle cx="{x}" cy="{y}" r="1.5" fill="{}"/>"#, cell.colour);
        }
    }
    Some(out)
}

/// A part of the cell between two corners, as shares of its width and height.
fn part(cell: Cell<'_>, (left, top): (f32, f32), (right, bottom): (f32, f32), opacity: f32) -> String {
    format!(
        r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{}" fill-opacity="{opacity}" shape-rendering="crispEdges"/>"#,
        cell.x + left * cell.width,
        cell.y + top * cell.height,
        (right - left) * cell.width,
        (bottom - top) * cell.height,
        cell.colour,
    )
}

fn filled(cell: Cell<'_>, (left, top): (f32, f32), (right, bottom): (f32, f32)) -> String {
    if left >= right || top >= bottom {
        return String::new();
    }
    format!(
        r#"<rect x="{left}" y="{top}" width="{}" height="{}" fill="{}" shape-rendering="crispEdges"/>"#,
        right - left,
        bottom - top,
        cell.colour,
    )
}

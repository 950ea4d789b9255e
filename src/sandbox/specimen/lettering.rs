//! Text as outlines: picks a font for each script, shapes, and puts right-to-left text in order. Specimens only.

use std::sync::LazyLock;

use harfrust::{Direction, ShapeOptions, Shaper, ShaperData, UnicodeBuffer};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use tiny_skia::{Path, PathBuilder};
use unicode_bidi::{BidiInfo, Level};

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Bold.ttf");
const ARABIC: &[u8] = include_bytes!("../../../assets/fonts/NotoSansArabic-Regular.ttf");
const DEVANAGARI: &[u8] = include_bytes!("../../../assets/fonts/NotoSansDevanagari-Regular.ttf");
const CJK: &[u8] = include_bytes!("../../../assets/fonts/NotoSansCJK-Regular.otf");

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// For what is printed on a document: every script.
    Regular,
    /// For the specimen's own words: ASCII only; other letters fall back to regular ones.
    Bold,
}

struct Font {
    tables: FontRef<'static>,
    shaping: ShaperData,
    units_per_em: f32,
}

/// The bold font first, then the regular ones in the order they are tried. A font that cannot be read is left out;
/// the test below rules that out.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    [BOLD, REGULAR, ARABIC, DEVANAGARI, CJK]
        .into_iter()
        .filter_map(|bytes| {
            let font = FontRef::new(bytes).ok()?;
            let units = font.metrics(Size::unscaled(), LocationRef::default()).units_per_em;
            Some(Font { shaping: ShaperData::new(&font), units_per_em: f32::from(units), tables: font })
        })
        .collect()
});

/// The place in [`FONTS`] of the font that has `c`.
fn font_for(c: char, weight: Weight) -> Option<usize> {
    let first = usize::from(weight != Weight::Bold);
    let has = |font: &Font| font.tables.charmap().map(c).is_some_and(|glyph| glyph != GlyphId::NOTDEF);
    FONTS.iter().enumerate().skip(first).find(|(_, font)| has(font)).map(|(at, _)| at)
}

/// Whether every letter of `text` can be drawn.
pub(super) fn covers(text: &str) -> bool {
    text.chars().all(|c| font_for(c, Weight::Regular).is_some())
}

/// One line of text, ready to be filled.
pub(super) struct Line {
    /// Outlines with the beginning of the baseline at 0, 0; `None` for blanks.
    pub(super) path: Option<Path>,
    /// How far the line reaches, in pixels.
    pub(super) width: f32,
}

/// Sets `text` in letters of `size` pixels. Letters that no font has are left out.
pub(super) fn line(text: &str, size: f32, weight: Weight) -> Line {
    let mut pen = Pen { path: PathBuilder::new(), x: 0.0, y: 0.0, scale: 1.0 };
    let mut at = 0.0;
    for (run, level) in visual_runs(text) {
        let mut pieces = by_font(run, weight);
        if level.is_rtl() {
            pieces.reverse();
        }
        for (font, piece) in pieces {
            if let Some(font) = FONTS.get(font) {
                at = set(&mut pen, font, piece, level, size, at);
            }
        }
    }
    Line { path: pen.path.finish(), width: at }
}

/// `text` in the order in which it is seen, from left to right.
fn visual_runs(text: &str) -> Vec<(&str, Level)> {
    let bidi = BidiInfo::new(text, None);
    let mut runs = Vec::new();
    for paragraph in &bidi.paragraphs {
        let (levels, order) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for run in order {
            let level = levels.get(run.start).copied().unwrap_or_else(Level::ltr);
            runs.push((text.get(run).unwrap_or_default(), level));
        }
    }
    runs
}

/// `text` in pieces that one font has. Blanks and marks stay with the letter before them where its font has them.
fn by_font(text: &str, weight: Weight) -> Vec<(usize, &str)> {
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    for (at, c) in text.char_indices() {
        let same = pieces.last().map(|(font, _)| *font).filter(|font| {
            let glyph = FONTS.get(*font).and_then(|font| font.tables.charmap().map(c));
            !c.is_ascii_digit() && glyph.is_some_and(|glyph| glyph != GlyphId::NOTDEF)
        });
        if same.is_some() {
            continue;
        }
        if let Some(font) = font_for(c, weight)
            && pieces.last().is_none_or(|(last, _)| *last != font)
        {
            pieces.push((font, at));
        }
    }
    let ends = pieces.iter().skip(1).map(|(_, at)| *at).chain([text.len()]).collect::<Vec<_>>();
    pieces.iter().zip(ends).filter_map(|((font, at), end)| Some((*font, text.get(*at..end)?))).collect()
}

/// Shapes one piece and draws it from `at` on. Returns where it ends.
fn set(pen: &mut Pen, font: &Font, text: &str, level: Level, size: f32, mut at: f32) -> f32 {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.set_direction(if level.is_rtl() { Direction::RightToLeft } else { Direction::LeftToRight });
    buffer.guess_segment_properties();
    let shaper: Shaper<'_> = font.shaping.shaper(&font.tables).build();
    let glyphs = shaper.shape(buffer, ShapeOptions::new());
    let scale = size / font.units_per_em;
    let outlines = font.tables.outline_glyphs();
    for (info, position) in glyphs.glyph_infos().iter().zip(glyphs.glyph_positions()) {
        pen.x = pixels(position.x_offset, scale) + at;
        pen.y = -pixels(position.y_offset, scale);
        pen.scale = scale;
        // A letter that no font has would be an empty box: better nothing.
        if info.glyph_id != 0
            && let Some(outline) = outlines.get(GlyphId::new(info.glyph_id))
        {
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            if outline.draw(settings, pen).is_err() {
                tracing::debug!("a glyph of a bundled font has no outline");
            }
        }
        at += pixels(position.x_advance, scale);
    }
    at
}

#[expect(clippy::cast_precision_loss, reason = "positions in a font are far below 2^24")]
fn pixels(units: i32, scale: f32) -> f32 {
    units as f32 * scale
}

/// Takes outlines in font units, upwards, and draws them in pixels, downwards.
struct Pen {
    path: PathBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (x.mul_add(self.scale, self.x), (-y).mul_add(self.scale, self.y))
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let ((cx, cy), (x, y)) = (self.at(cx, cy), self.at(x, y));
        self.path.quad_to(cx, cy, x, y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let ((ax, ay), (bx, by), (x, y)) = (self.at(ax, ay), self.at(bx, by), self.at(x, y));
        self.path.cubic_to(ax, ay, bx, by, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_font_can_be_read() {
        assert_eq!(FONTS.len(), 5);
    }

    #[test]
    fn every_script_that_people_are_spelled_in_can_be_drawn() {
        for text in [
            "Zoë Łęcka",
            "Ελένη",
            "Їванна",
            "Nguyễn",
            "Ọlámidé",
            "عبد العزيز",
            "मीनाक्षी",
            "梓涵",
            "小鳥遊さくら",
            "빛나라",
        ] {
            assert!(covers(text), "{text}");
            let set = line(text, 20.0, Weight::Regular);
            assert!(set.path.is_some() && set.width > 20.0, "{text}: {}", set.width);
        }
        assert!(!covers("ꦱꦸꦏ"));
    }

    #[test]
    fn right_to_left_text_keeps_its_numbers_and_its_order() {
        let seen: Vec<&str> = visual_runs("شارع 12 ب").iter().map(|(run, _)| run.trim()).collect();
        // The end of the sentence is on the left, and the digits of its number are in their own order.
        assert_eq!(seen, ["ب", "12", "شارع"]);
        assert_eq!(visual_runs("Lantern Row 12").len(), 1);
    }

    #[test]
    fn letters_are_joined_where_the_script_wants_it() {
        // A joined letter is another glyph, of another width, than the letter alone.
        let together = line("محمد", 20.0, Weight::Regular).width;
        let alone: f32 = "محمد".chars().map(|c| line(&c.to_string(), 20.0, Weight::Regular).width).sum();
        assert!((together - alone).abs() > 1.0, "{together} {alone}");
    }
}

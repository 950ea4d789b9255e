//! The sheet that specimens are drawn on: a few shapes, text, and PNG. Specimens only.

use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LinearGradient, Paint, Path, PathBuilder, Pixmap, PixmapPaint,
    Point, Rect, Shader, SpreadMode, Stroke, Transform,
};

use super::lettering::{self, Line, Weight};

/// Red, green, blue.
pub(super) type Rgb = (u8, u8, u8);

/// A picture under way.
pub(super) struct Canvas {
    pixels: Pixmap,
    /// Applied to everything that is drawn.
    turn: Transform,
}

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
pub(in crate::sandbox) enum DrawError {
    /// The sheet has no area.
    #[error("the picture has no area")]
    NoArea,
    /// The encoder refused.
    #[error("the picture cannot be encoded: {0}")]
    Encode(#[from] png::EncodingError),
}

fn color((red, green, blue): Rgb, alpha: u8) -> Color {
    Color::from_rgba8(red, green, blue, alpha)
}

fn solid(rgb: Rgb, alpha: u8) -> Paint<'static> {
    Paint { shader: Shader::SolidColor(color(rgb, alpha)), ..Paint::default() }
}

impl Canvas {
    /// A white sheet of so many pixels.
    pub(super) fn new(width: u32, height: u32) -> Result<Self, DrawError> {
        let mut pixels = Pixmap::new(width, height).ok_or(DrawError::NoArea)?;
        pixels.fill(Color::WHITE);
        Ok(Self { pixels, turn: Transform::identity() })
    }

    /// Draws `inside` with its 0, 0 at `x`, `y`, so many times larger, turned by `degrees`.
    pub(super) fn moved(
        &mut self,
        (x, y): (f32, f32),
        scale: f32,
        degrees: f32,
        inside: impl FnOnce(&mut Self),
    ) {
        let before = self.turn;
        self.turn =
            before.pre_translate(x, y).pre_scale(scale, scale).pre_concat(Transform::from_rotate(degrees));
        inside(self);
        self.turn = before;
    }

    /// Fills `path`.
    pub(super) fn fill(&mut self, path: &Path, rgb: Rgb, alpha: u8) {
        self.pixels.fill_path(path, &solid(rgb, alpha), FillRule::Winding, self.turn, None);
    }

    /// Fills `path` from one color at the top to another at the bottom of `from_y..to_y`.
    pub(super) fn shade(&mut self, path: &Path, (from, to): (Rgb, Rgb), (from_y, to_y): (f32, f32)) {
        let stops = vec![GradientStop::new(0.0, color(from, 255)), GradientStop::new(1.0, color(to, 255))];
        let (start, end) = (Point::from_xy(0.0, from_y), Point::from_xy(0.0, to_y));
        let shader = LinearGradient::new(start, end, stops, SpreadMode::Pad, Transform::identity());
        let paint = shader.map_or_else(|| solid(from, 255), |shader| Paint { shader, ..Paint::default() });
        self.pixels.fill_path(path, &paint, FillRule::Winding, self.turn, None);
    }

    /// Draws along `path` with a pen of `width` pixels.
    pub(super) fn stroke(&mut self, path: &Path, width: f32, rgb: Rgb, alpha: u8) {
        let stroke = Stroke { width, line_cap: LineCap::Round, ..Stroke::default() };
        self.pixels.stroke_path(path, &solid(rgb, alpha), &stroke, self.turn, None);
    }

    /// Fills a rectangle.
    pub(super) fn block(&mut self, (x, y, width, height): (f32, f32, f32, f32), rgb: Rgb, alpha: u8) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            self.pixels.fill_rect(rect, &solid(rgb, alpha), self.turn, None);
        }
    }

    /// Writes `text` on the baseline `y` from `x` on. Returns how far it reaches.
    pub(super) fn text(
        &mut self,
        (x, y): (f32, f32),
        text: &str,
        size: f32,
        weight: Weight,
        rgb: Rgb,
    ) -> f32 {
        let Line { path, width } = lettering::line(text, size, weight);
        self.letters((x, y), path, rgb, 255);
        width
    }

    /// Writes `text` no wider than `room`: in smaller letters when it would be.
    pub(super) fn fitted(&mut self, at: (f32, f32), text: &str, size: f32, room: f32, rgb: Rgb) {
        let width = lettering::line(text, size, Weight::Regular).width;
        let size = if width > room { size * room / width } else { size };
        self.text(at, text, size, Weight::Regular, rgb);
    }

    /// Writes `text` in bold letters around `x`.
    pub(super) fn centered(&mut self, at: (f32, f32), text: &str, size: f32, rgb: Rgb, alpha: u8) {
        self.around(at, text, (size, Weight::Bold), rgb, alpha);
    }

    /// Writes `text` around `x`.
    pub(super) fn around(
        &mut self,
        (x, y): (f32, f32),
        text: &str,
        (size, weight): (f32, Weight),
        rgb: Rgb,
        alpha: u8,
    ) {
        let Line { path, width } = lettering::line(text, size, weight);
        self.letters((x - width / 2.0, y), path, rgb, alpha);
    }

    fn letters(&mut self, (x, y): (f32, f32), path: Option<Path>, rgb: Rgb, alpha: u8) {
        let Some(path) = path else { return };
        let turn = self.turn.pre_translate(x, y);
        self.pixels.fill_path(&path, &solid(rgb, alpha), FillRule::Winding, turn, None);
    }

    /// Lays `sheet` on this one with its corner at `x`, `y`, turned by `degrees`.
    pub(super) fn lay(&mut self, sheet: &Self, (x, y): (f32, f32), degrees: f32) {
        let paint = PixmapPaint { quality: tiny_skia::FilterQuality::Bilinear, ..PixmapPaint::default() };
        let turn = self.turn.pre_translate(x, y).pre_concat(Transform::from_rotate(degrees));
        self.pixels.draw_pixmap(0, 0, sheet.pixels.as_ref(), &paint, turn, None);
    }

    /// Blurs a rectangle of the sheet, as a camera does that could not focus.
    pub(super) fn blur(&mut self, (x, y, width, height): (u32, u32, u32, u32), radius: u32) {
        let (sheet_width, sheet_height) = (self.pixels.width(), self.pixels.height());
        let (right, bottom) = ((x + width).min(sheet_width), (y + height).min(sheet_height));
        let stride = sheet_width as usize;
        let pixels = self.pixels.pixels_mut();
        // Along the rows, then along the columns.
        for row in y..bottom {
            let places: Vec<usize> =
                (x..right).map(|column| row as usize * stride + column as usize).collect();
            blur_along(pixels, &places, radius as usize);
        }
        for column in x..right {
            let places: Vec<usize> = (y..bottom).map(|row| row as usize * stride + column as usize).collect();
            blur_along(pixels, &places, radius as usize);
        }
    }

    /// The picture as PNG, with `comment` inside for whoever reads it as text.
    ///
    /// The pixels are stored as they are, so that the size follows from width and height alone and can be told
    /// without drawing anything.
    pub(super) fn png(&self, comment: &str) -> Result<Vec<u8>, DrawError> {
        let (width, height) = (self.pixels.width(), self.pixels.height());
        // The sheet is opaque: premultiplied colors are the colors.
        let mut data = Vec::with_capacity(self.pixels.data().len() / 4 * 3);
        for pixel in self.pixels.data().chunks_exact(4) {
            data.extend_from_slice(&pixel[..3]);
        }
        let mut out = Vec::with_capacity(data.len() + 4096);
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::NoCompression);
        encoder.set_filter(png::Filter::NoFilter);
        encoder.add_text_chunk("Comment".to_owned(), comment.to_owned())?;
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&data)?;
        writer.finish()?;
        Ok(out)
    }
}

/// Replaces each pixel by the mean of its neighbors.
fn blur_along(pixels: &mut [tiny_skia::PremultipliedColorU8], places: &[usize], radius: usize) {
    let before: Vec<[u32; 3]> = places
        .iter()
        .map(|place| {
            let pixel = pixels[*place];
            [u32::from(pixel.red()), u32::from(pixel.green()), u32::from(pixel.blue())]
        })
        .collect();
    // A sum that moves along: what comes near is added, what is left behind is taken away.
    let mut sum = [0_u32; 3];
    let mut count = 0;
    let add =
        |sum: &mut [u32; 3], pixel: &[u32; 3]| sum.iter_mut().zip(pixel).for_each(|(sum, it)| *sum += it);
    for pixel in before.iter().take(radius) {
        add(&mut sum, pixel);
        count += 1;
    }
    for (at, place) in places.iter().enumerate() {
        if let Some(pixel) = before.get(at + radius) {
            add(&mut sum, pixel);
            count += 1;
        }
        if let Some(pixel) = at.checked_sub(radius + 1).and_then(|at| before.get(at)) {
            sum.iter_mut().zip(pixel).for_each(|(sum, it)| *sum -= it);
            count -= 1;
        }
        let [red, green, blue] = sum.map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
        if let Some(pixel) = tiny_skia::PremultipliedColorU8::from_rgba(red, green, blue, 255) {
            pixels[*place] = pixel;
        }
    }
}

/// A rectangle with round corners.
pub(super) fn rounded((x, y, width, height): (f32, f32, f32, f32), radius: f32) -> Option<Path> {
    // The share of the radius at which a cubic curve is closest to a quarter of a circle.
    let k = radius * 0.447_715;
    let (right, bottom) = (x + width, y + height);
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.cubic_to(right - k, y, right, y + k, right, y + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - k, right - k, bottom, right - radius, bottom);
    path.line_to(x + radius, bottom);
    path.cubic_to(x + k, bottom, x, bottom - k, x, bottom - radius);
    path.line_to(x, y + radius);
    path.cubic_to(x, y + k, x + k, y, x + radius, y);
    path.close();
    path.finish()
}

/// An ellipse around a point.
pub(super) fn oval((x, y): (f32, f32), (across, up): (f32, f32)) -> Option<Path> {
    Rect::from_xywh(x - across, y - up, across * 2.0, up * 2.0).and_then(PathBuilder::from_oval)
}

/// A path from a list of cubic curves, each of two handles and an end.
pub(super) fn curves(start: (f32, f32), curves: &[[(f32, f32); 3]], close: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(start.0, start.1);
    for [a, b, end] in curves {
        path.cubic_to(a.0, a.1, b.0, b.1, end.0, end.1);
    }
    if close {
        path.close();
    }
    path.finish()
}

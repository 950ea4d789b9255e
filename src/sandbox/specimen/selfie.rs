//! The picture that somebody takes of themselves. Specimens only.

use super::Picture;
use super::canvas::{Canvas, DrawError, Rgb, curves, oval, rounded};
use super::face::Face;

const RED: Rgb = (176, 32, 40);

/// The face before a wall; `manipulated` shows that it was put there from another picture.
pub(super) fn draw(face: &Face, manipulated: bool) -> Result<Canvas, DrawError> {
    let (width, height) = Picture::Selfie.pixels();
    let mut canvas = Canvas::new(width, height)?;
    canvas.block((0.0, 0.0, 720.0, 960.0), (208, 214, 211), 255);
    room(&mut canvas);
    canvas.moved((360.0, 450.0), 172.0, -2.0, |canvas| {
        if manipulated {
            // Cut out somewhere else: an edge, and light from another room.
            canvas.block((-1.32, -1.5, 2.64, 2.95), (250, 238, 200), 150);
            if let Some(edge) = rounded((-1.32, -1.5, 2.64, 2.95), 0.02) {
                canvas.stroke(&edge, 0.012, (255, 255, 255), 255);
            }
        }
        face.draw(canvas, 0.8);
    });
    canvas
        .moved((360.0, 560.0), 1.0, -28.0, |canvas| canvas.centered((0.0, 40.0), "SPECIMEN", 150.0, RED, 46));
    canvas.block((0.0, 892.0, 720.0, 68.0), (255, 255, 255), 214);
    canvas.centered((360.0, 936.0), "SPECIMEN  ·  drawn face of somebody who does not exist", 23.0, RED, 255);
    Ok(canvas)
}

/// A window and a plant, out of focus.
fn room(canvas: &mut Canvas) {
    canvas.block((470.0, 60.0, 210.0, 300.0), (238, 243, 245), 255);
    canvas.block((572.0, 60.0, 6.0, 300.0), (206, 212, 212), 255);
    canvas.block((470.0, 206.0, 210.0, 6.0), (206, 212, 212), 255);
    for (x, y, lean) in [(70.0, 560.0, -60.0), (95.0, 520.0, 10.0), (120.0, 570.0, 64.0)] {
        let leaf = curves(
            (95.0, 760.0),
            &[
                [(x - 40.0, 680.0), (x + lean - 40.0, y + 60.0), (x + lean, y)],
                [(x + lean + 40.0, y + 60.0), (x + 40.0, 680.0), (95.0, 760.0)],
            ],
            true,
        );
        if let Some(leaf) = leaf {
            canvas.fill(&leaf, (128, 154, 132), 255);
        }
    }
    if let Some(pot) = rounded((50.0, 750.0, 92.0, 120.0), 14.0) {
        canvas.fill(&pot, (186, 140, 114), 255);
    }
    if let Some(earth) = oval((96.0, 754.0), (44.0, 9.0)) {
        canvas.fill(&earth, (120, 92, 78), 255);
    }
    // Only where there is something: window, and plant.
    canvas.blur((446, 36, 258, 348), 10);
    canvas.blur((0, 470, 210, 420), 10);
}

//! A drawn face: the same for the same chance, on a document and in a selfie. Specimens only.
//!
//! Drawn plainly, so that nobody takes it for a photograph of somebody.

use super::canvas::{Canvas, Rgb, curves, oval, rounded};
use crate::identity::Sex;
use crate::sandbox::people::dice::Dice;

const SKIN: [Rgb; 6] =
    [(246, 214, 189), (232, 190, 160), (214, 164, 128), (182, 128, 92), (141, 92, 62), (104, 66, 46)];
const HAIR: [Rgb; 6] =
    [(38, 30, 28), (66, 44, 32), (104, 68, 40), (150, 104, 56), (188, 148, 92), (120, 44, 26)];
const GRAY: Rgb = (168, 166, 164);
const CLOTHES: [Rgb; 6] =
    [(52, 76, 110), (110, 58, 66), (58, 92, 78), (88, 82, 108), (70, 72, 78), (150, 112, 60)];

/// How somebody looks.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sandbox) struct Face {
    skin: Rgb,
    hair: Rgb,
    clothes: Rgb,
    /// Half the width of the face, where half its height is 1.
    broad: f32,
    /// How far the eyes stand apart.
    eyes: f32,
    brows: f32,
    nose: f32,
    mouth: f32,
    long_hair: bool,
    parting: Parting,
    beard: bool,
    glasses: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parting {
    Left,
    Right,
    Middle,
    Bald,
}

impl Face {
    /// A face by chance. `age` in years, when it is known.
    pub(in crate::sandbox) fn invent(dice: &mut Dice, sex: &Sex, age: Option<i16>) -> Self {
        let mut between = |least: f32, most: f32| {
            let share = u16::try_from(dice.below(1000)).unwrap_or(0);
            (most - least).mul_add(f32::from(share) / 1000.0, least)
        };
        let (broad, eyes, brows) = (between(0.70, 0.84), between(0.30, 0.39), between(-0.03, 0.05));
        let (nose, mouth) = (between(0.09, 0.17), between(0.20, 0.34));
        let tone = dice.index(SKIN.len());
        // Light hair goes with light skin.
        let hairs = &HAIR[..if tone < 2 { HAIR.len() } else { 3 }];
        let young_hair = dice.pick(hairs).copied().unwrap_or_default();
        let clothes = dice.pick(&CLOTHES).copied().unwrap_or_default();
        let gray = dice.chance(match age.unwrap_or(40) {
            ..45 => 0,
            45..60 => 40,
            _ => 90,
        });
        let woman = match sex {
            Sex::Female => true,
            Sex::Male => false,
            _ => dice.chance(50),
        };
        let long_hair = dice.chance(if woman { 80 } else { 8 });
        let parting = match dice.below(10) {
            0..4 => Parting::Left,
            4..7 => Parting::Right,
            7..9 => Parting::Middle,
            _ if woman => Parting::Middle,
            _ => Parting::Bald,
        };
        Self {
            skin: SKIN[tone],
            hair: if gray { GRAY } else { young_hair },
            clothes,
            broad,
            eyes,
            brows,
            nose,
            mouth,
            long_hair,
            parting,
            beard: dice.chance(if woman { 0 } else { 35 }),
            glasses: dice.chance(22),
        }
    }

    /// Draws head and shoulders around 0, 0, which lies between the eyes; the face is 2 high.
    /// `smile` from 0 to 1.
    pub(super) fn draw(&self, canvas: &mut Canvas, smile: f32) {
        if self.long_hair && self.parting != Parting::Bald {
            self.long(canvas);
        }
        self.shoulders(canvas);
        self.head(canvas);
        self.features(canvas, smile);
        self.fringe(canvas);
        if self.glasses {
            self.spectacles(canvas);
        }
    }

    fn long(&self, canvas: &mut Canvas) {
        let w = self.broad;
        let back = curves(
            (-w * 1.18, 1.35),
            &[
                [(-w * 1.5, 0.3), (-w * 1.5, -1.25), (0.0, -1.28)],
                [(w * 1.5, -1.25), (w * 1.5, 0.3), (w * 1.18, 1.35)],
                [(w * 0.6, 1.55), (-w * 0.6, 1.55), (-w * 1.18, 1.35)],
            ],
            true,
        );
        fill(canvas, back.as_ref(), darker(self.hair, 0.82));
    }

    fn shoulders(&self, canvas: &mut Canvas) {
        let neck = rounded((-0.34, 0.55, 0.68, 1.15), 0.2);
        fill(canvas, neck.as_ref(), darker(self.skin, 0.88));
        let body = curves(
            (-1.75, 3.2),
            &[
                [(-1.75, 1.75), (-1.3, 1.5), (-0.42, 1.32)],
                [(-0.2, 1.72), (0.2, 1.72), (0.42, 1.32)],
                [(1.3, 1.5), (1.75, 1.75), (1.75, 3.2)],
            ],
            true,
        );
        fill(canvas, body.as_ref(), self.clothes);
        let collar = curves((-0.4, 1.36), &[[(-0.2, 1.72), (0.2, 1.72), (0.4, 1.36)]], false);
        stroke(canvas, collar.as_ref(), 0.05, darker(self.clothes, 0.75));
    }

    fn head(&self, canvas: &mut Canvas) {
        let w = self.broad;
        for side in [-1.0, 1.0] {
            fill(canvas, oval((side * w * 1.0, 0.1), (0.12, 0.2)).as_ref(), darker(self.skin, 0.92));
        }
        let head = curves(
            (0.0, -1.05),
            &[
                [(w * 0.85, -1.05), (w * 1.06, -0.55), (w, 0.05)],
                [(w * 0.95, 0.65), (w * 0.5, 1.05), (0.0, 1.07)],
                [(-w * 0.5, 1.05), (-w * 0.95, 0.65), (-w, 0.05)],
                [(-w * 1.06, -0.55), (-w * 0.85, -1.05), (0.0, -1.05)],
            ],
            true,
        );
        fill(canvas, head.as_ref(), self.skin);
        if self.beard {
            let beard = curves(
                (-w * 0.985, 0.2),
                &[
                    [(-w * 0.95, 0.72), (-w * 0.5, 1.12), (0.0, 1.13)],
                    [(w * 0.5, 1.12), (w * 0.95, 0.72), (w * 0.985, 0.2)],
                    [(w * 0.84, 0.62), (w * 0.5, 0.5), (0.0, 0.53)],
                    [(-w * 0.5, 0.5), (-w * 0.84, 0.62), (-w * 0.985, 0.2)],
                ],
                true,
            );
            fill(canvas, beard.as_ref(), self.hair);
        }
    }

    fn features(&self, canvas: &mut Canvas, smile: f32) {
        for side in [-1.0_f32, 1.0] {
            let x = side * self.eyes;
            fill(canvas, oval((x, 0.0), (0.135, 0.075)).as_ref(), (250, 249, 246));
            fill(canvas, oval((x, 0.0), (0.068, 0.07)).as_ref(), (58, 44, 36));
            fill(canvas, oval((x + 0.022, -0.024), (0.018, 0.018)).as_ref(), (255, 255, 255));
            let lid = curves(
                (x - 0.15, 0.01),
                &[[(x - 0.07, -0.105), (x + 0.07, -0.105), (x + 0.15, 0.01)]],
                false,
            );
            stroke(canvas, lid.as_ref(), 0.028, darker(self.skin, 0.45));
            let y = -0.2 - self.brows;
            let brow = curves(
                (x - 0.18, y + 0.03),
                &[[(x - 0.06, y - 0.06), (x + 0.06, y - 0.06), (x + 0.18, y + 0.03)]],
                false,
            );
            stroke(canvas, brow.as_ref(), 0.05, darker(self.hair, 0.85));
        }
        let n = self.nose;
        let nose = curves(
            (0.02, 0.05),
            &[
                [(0.02, 0.2), (n + 0.02, 0.32), (n, 0.38)],
                [(n * 0.6, 0.44), (-n * 0.4, 0.43), (-n * 0.7, 0.39)],
            ],
            false,
        );
        stroke(canvas, nose.as_ref(), 0.035, darker(self.skin, 0.72));
        let (m, lift) = (self.mouth, 0.09 * smile);
        let mouth = curves(
            (-m, 0.66 - lift),
            &[
                [(-m * 0.5, 0.63), (m * 0.5, 0.63), (m, 0.66 - lift)],
                [(m * 0.5, 0.74 + lift), (-m * 0.5, 0.74 + lift), (-m, 0.66 - lift)],
            ],
            true,
        );
        fill(
            canvas,
            mouth.as_ref(),
            if self.beard { (176, 96, 88) } else { mixed(self.skin, (170, 60, 64), 0.55) },
        );
    }

    fn fringe(&self, canvas: &mut Canvas) {
        let w = self.broad;
        // Where the hair parts, from left to right.
        let part = match self.parting {
            Parting::Left => -0.45,
            Parting::Right => 0.45,
            Parting::Middle => 0.0,
            Parting::Bald => return,
        };
        let side = if self.long_hair { 0.35 } else { -0.12 };
        let hair = curves(
            (-w * 1.06, side),
            &[
                [(-w * 1.3, -1.0), (-w * 0.7, -1.36), (0.0, -1.34)],
                [(w * 0.7, -1.36), (w * 1.3, -1.0), (w * 1.06, side)],
                [(w * 1.0, -0.35), (w * 0.7, -0.62), (w * part, -0.78)],
                [(-w * 0.7, -0.62), (-w * 1.0, -0.35), (-w * 1.06, side)],
            ],
            true,
        );
        fill(canvas, hair.as_ref(), self.hair);
        let line = curves(
            (w * part, -0.78),
            &[[(w * part, -0.95), (w * part * 0.8, -1.15), (w * part * 0.6, -1.3)]],
            false,
        );
        stroke(canvas, line.as_ref(), 0.02, darker(self.hair, 0.7));
    }

    fn spectacles(&self, canvas: &mut Canvas) {
        let frame = (46, 44, 48);
        for side in [-1.0_f32, 1.0] {
            let x = side * self.eyes;
            stroke(canvas, rounded((x - 0.24, -0.14, 0.48, 0.34), 0.14).as_ref(), 0.035, frame);
            let arm = curves(
                (x + side * 0.24, -0.02),
                &[[(x + side * 0.3, -0.04), (x + side * 0.36, -0.04), (side * self.broad, -0.02)]],
                false,
            );
            stroke(canvas, arm.as_ref(), 0.035, frame);
        }
        let inner = self.eyes - 0.24;
        let bridge =
            curves((-inner, 0.0), &[[(-inner * 0.5, -0.06), (inner * 0.5, -0.06), (inner, 0.0)]], false);
        stroke(canvas, bridge.as_ref(), 0.035, frame);
    }
}

fn fill(canvas: &mut Canvas, path: Option<&tiny_skia::Path>, rgb: Rgb) {
    if let Some(path) = path {
        canvas.fill(path, rgb, 255);
    }
}

fn stroke(canvas: &mut Canvas, path: Option<&tiny_skia::Path>, width: f32, rgb: Rgb) {
    if let Some(path) = path {
        canvas.stroke(path, width, rgb, 255);
    }
}

/// `rgb` with so much of its light left.
pub(super) fn darker(rgb: Rgb, left: f32) -> Rgb {
    mixed((0, 0, 0), rgb, left)
}

/// From one color to another; `share` from 0 to 1.
pub(super) fn mixed(from: Rgb, to: Rgb, share: f32) -> Rgb {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two colors")]
    let channel = |from: u8, to: u8| (f32::from(to) - f32::from(from)).mul_add(share, f32::from(from)) as u8;
    (channel(from.0, to.0), channel(from.1, to.1), channel(from.2, to.2))
}

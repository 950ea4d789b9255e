//! Front and back of a document, as they lie on a table. Specimens only.

use super::canvas::{Canvas, DrawError, Rgb, curves, rounded};
use super::face::{Face, darker, mixed};
use super::lettering::{Weight, covers};
use super::mrz::Zone;
use super::words::{self, Day};
use super::{Paper, Picture};
use crate::identity::{DocumentType, Sex};

const RED: Rgb = (176, 32, 40);
const INK: Rgb = (28, 30, 36);
const LABEL: Rgb = (92, 98, 110);
/// The size of the card on its own sheet.
const CARD: (f32, f32) = (960.0, 606.0);
/// The parts that were out of focus when they could not be read: number and dates, place of birth.
const UNREADABLE: [(u32, u32, u32, u32); 2] = [(372, 376, 430, 134), (802, 312, 200, 60)];

/// The colors of a card.
struct Tint {
    paper: Rgb,
    band: Rgb,
}

/// Every country has a tint of its own.
fn tint(country: &str) -> Tint {
    const BANDS: [Rgb; 7] = [
        (38, 70, 112),
        (104, 44, 58),
        (36, 88, 76),
        (88, 66, 116),
        (122, 78, 34),
        (44, 84, 96),
        (70, 76, 88),
    ];
    let at: usize = country.bytes().map(usize::from).sum();
    let band = BANDS[at % BANDS.len()];
    Tint { paper: mixed((255, 255, 255), band, 0.10), band }
}

/// The front, or the page of a passport.
pub(super) fn front(paper: &Paper, face: &Face) -> Result<Canvas, DrawError> {
    let mut table = on_table(-0.8, |card| draw_front(card, paper, face))?;
    if !paper.legible {
        for part in UNREADABLE {
            table.blur(part, 9);
        }
    }
    Ok(table)
}

/// The back: the address, and lines for machines or the classes of vehicles.
pub(super) fn back(paper: &Paper) -> Result<Canvas, DrawError> {
    on_table(0.9, |card| draw_back(card, paper))
}

fn draw_front(card: &mut Canvas, paper: &Paper, face: &Face) {
    let tint = tint(&paper.country);
    ground(card, &tint);
    header(card, paper, &tint);
    photograph(card, paper, face, &tint);
    fields(card, paper);
    if paper.kind == Some(DocumentType::Passport) && paper.legible {
        let lines = zone(paper).passport();
        card.block((0.0, 508.0, CARD.0, 66.0), (255, 255, 255), 190);
        machine_lines(card, &lines, (34.0, 535.0), 20.3, 23.0);
    }
    mark(card);
}

fn draw_back(card: &mut Canvas, paper: &Paper) {
    let tint = tint(&paper.country);
    ground(card, &tint);
    card.block((0.0, 46.0, CARD.0, 64.0), darker(tint.band, 0.55), 255);
    let mut y = 168.0;
    if !paper.address.is_empty() {
        label(card, (48.0, y), "Address");
        for line in &paper.address {
            y += 36.0;
            value(card, (48.0, y), line, 27.0, 560.0);
        }
    }
    card.text((640.0, 168.0), words::country(&paper.country), 22.0, Weight::Bold, tint.band);
    card.text((640.0, 198.0), words::kind(paper.kind.as_ref()), 18.0, Weight::Bold, LABEL);
    if !paper.number.is_empty() {
        label(card, (640.0, 238.0), "Number");
        value(card, (640.0, 270.0), &paper.number, 24.0, 280.0);
    }
    match paper.kind {
        Some(DocumentType::DrivingLicense) => classes(card, paper, &tint),
        Some(DocumentType::IdCard) if paper.legible => {
            let lines = zone(paper).card();
            card.block((0.0, 420.0, CARD.0, 140.0), (255, 255, 255), 190);
            machine_lines(card, &lines, (48.0, 458.0), 28.8, 34.0);
        }
        _ => {}
    }
    mark(card);
}

/// Tinted paper with fine waves, so that it looks like a document and like none there is.
fn ground(card: &mut Canvas, tint: &Tint) {
    let Some(shape) = rounded((0.0, 0.0, CARD.0, CARD.1), 30.0) else { return };
    card.shade(&shape, (mixed((255, 255, 255), tint.band, 0.04), tint.paper), (0.0, CARD.1));
    for step in 0..15_u8 {
        let y = 96.0 + f32::from(step) * 34.0;
        let swing = 26.0 + f32::from(step % 4) * 14.0;
        let wave = curves(
            (18.0, y),
            &[
                [(250.0, y - swing), (350.0, y + swing), (480.0, y)],
                [(610.0, y - swing), (720.0, y + swing), (942.0, y - 6.0)],
            ],
            false,
        );
        if let Some(wave) = wave {
            card.stroke(&wave, 1.1, tint.band, 38);
        }
    }
}

fn header(card: &mut Canvas, paper: &Paper, tint: &Tint) {
    if let Some(band) = rounded((0.0, 0.0, CARD.0, 84.0), 30.0) {
        card.fill(&band, tint.band, 255);
    }
    card.block((0.0, 42.0, CARD.0, 42.0), tint.band, 255);
    card.text(
        (40.0, 56.0),
        &words::country(&paper.country).to_uppercase(),
        31.0,
        Weight::Bold,
        (255, 255, 255),
    );
    let kind = words::kind(paper.kind.as_ref());
    let width = super::lettering::line(kind, 24.0, Weight::Bold).width;
    card.text(
        (CARD.0 - 40.0 - width, 54.0),
        kind,
        24.0,
        Weight::Bold,
        mixed(tint.band, (255, 255, 255), 0.82),
    );
}

fn photograph(card: &mut Canvas, paper: &Paper, face: &Face, tint: &Tint) {
    let frame = (40.0, 112.0, 248.0, 318.0);
    let Some(shape) = rounded(frame, 8.0) else { return };
    card.fill(&shape, (226, 230, 234), 255);
    if paper.photo {
        // On a sheet of its own, which cuts the shoulders off at the frame.
        if let Ok(mut photo) = Canvas::new(248, 318) {
            photo.block((0.0, 0.0, 248.0, 318.0), (226, 230, 234), 255);
            photo.moved((124.0, 140.0), 70.0, 0.0, |canvas| face.draw(canvas, 0.1));
            card.lay(&photo, (frame.0, frame.1), 0.0);
        }
    } else {
        card.centered((164.0, 280.0), "NO PHOTOGRAPH", 22.0, LABEL, 255);
    }
    card.stroke(&shape, 2.0, tint.band, 255);
}

/// A field's name, what it says, its place, and how much room it has.
type Field = (&'static str, String, (f32, f32), f32);

fn fields(card: &mut Canvas, paper: &Paper) {
    let printed = |day: Option<Day>| day.map(Day::printed).unwrap_or_default();
    let (left, middle, right) = (322.0, 544.0, 752.0);
    let mut all: Vec<Field> = vec![
        ("Surname", paper.last_name.clone(), (left, 126.0), 600.0),
        ("Given names", paper.first_name.clone(), (left, 196.0), 600.0),
        ("Date of birth", printed(paper.born), (left, 266.0), 210.0),
        ("Sex", paper.printed_sex.clone(), (middle, 266.0), 190.0),
        ("Place of birth", paper.place_of_birth.clone(), (right, 266.0), 180.0),
        ("Document number", paper.number.clone(), (left, 336.0), 410.0),
        ("Country", words::country_in_three(&paper.country).to_owned(), (right, 336.0), 180.0),
        ("Date of issue", printed(paper.issued), (left, 406.0), 210.0),
        ("Date of expiry", printed(paper.expires), (middle, 406.0), 210.0),
    ];
    if paper.kind == Some(DocumentType::Passport) {
        // A passport has no back that could carry it.
        all.push(("Address", paper.address.join(", "), (40.0, 456.0), 880.0));
    }
    for (name, text, (x, y), room) in all {
        if text.is_empty() && (paper.legible || matches!(name, "Surname" | "Given names" | "Address")) {
            continue;
        }
        label(card, (x, y), name);
        if text.is_empty() {
            // Something stands there, but the camera did not get it.
            card.block((x, y + 12.0, room * 0.7, 20.0), LABEL, 170);
        } else {
            value(card, (x, y + 34.0), &text, 29.0, room);
        }
    }
}

fn label(card: &mut Canvas, at: (f32, f32), text: &str) {
    card.text(at, text, 16.0, Weight::Regular, LABEL);
}

/// Prints `text`; in Latin letters, saying so, when no bundled font has its script.
fn value(card: &mut Canvas, (x, y): (f32, f32), text: &str, size: f32, room: f32) {
    if covers(text) {
        card.fitted((x, y), text, size, room, INK);
        return;
    }
    let latin = words::latin(text);
    let text = if latin.is_empty() {
        "[no letters for this script]".to_owned()
    } else {
        format!("{latin} [in Latin letters]")
    };
    card.fitted((x, y), &text, size, room, INK);
}

fn zone(paper: &Paper) -> Zone<'_> {
    let sex = match paper.sex {
        Some(Sex::Female) => 'F',
        Some(Sex::Male) => 'M',
        _ => '<',
    };
    Zone {
        country: &paper.country,
        last_name: &paper.last_name,
        first_name: &paper.first_name,
        number: &paper.number,
        born: paper.born,
        expires: paper.expires,
        sex,
    }
}

/// Every letter in a cell of its own, as reading machines want it.
fn machine_lines(card: &mut Canvas, lines: &[String], (x, y): (f32, f32), cell: f32, size: f32) {
    let mut baseline = y;
    for line in lines {
        let mut middle = x + cell / 2.0;
        for c in line.chars() {
            card.around((middle, baseline), c.encode_utf8(&mut [0; 4]), (size, Weight::Regular), INK, 255);
            middle += cell;
        }
        baseline += size * 1.28;
    }
}

/// The classes of vehicles, with the dates of the licence.
fn classes(card: &mut Canvas, paper: &Paper, tint: &Tint) {
    let printed = |day: Option<Day>| day.map(Day::printed).unwrap_or_default();
    let (issued, expires) = (printed(paper.issued), printed(paper.expires));
    for (row, class) in ["AM", "B", "BE"].into_iter().enumerate() {
        let y = 396.0 + [0.0, 46.0, 92.0][row];
        card.block((48.0, y - 30.0, 864.0, 2.0), tint.band, 110);
        card.text((60.0, y), class, 24.0, Weight::Bold, tint.band);
        if class == "B" {
            card.text((240.0, y), &issued, 24.0, Weight::Regular, INK);
            card.text((520.0, y), &expires, 24.0, Weight::Regular, INK);
        }
    }
    card.block((48.0, 504.0, 864.0, 2.0), tint.band, 110);
}

/// What keeps anybody from taking it for real.
fn mark(card: &mut Canvas) {
    card.moved((500.0, 350.0), 1.0, -22.0, |card| card.centered((0.0, 50.0), "SPECIMEN", 172.0, RED, 44));
    card.centered(
        (CARD.0 / 2.0, 594.0),
        "SPECIMEN  ·  of somebody who does not exist  ·  not a document",
        17.0,
        RED,
        255,
    );
}

/// Draws the card on a table, a little askew.
fn on_table(degrees: f32, card: impl FnOnce(&mut Canvas)) -> Result<Canvas, DrawError> {
    let (width, height) = Picture::Front.pixels();
    let mut table = Canvas::new(width, height)?;
    table.block((0.0, 0.0, 1080.0, 720.0), (62, 67, 75), 255);
    let drop = if degrees < 0.0 { 7.0 } else { -5.0 };
    table.moved((60.0, 57.0 + drop), 1.0, degrees, |table| {
        // The shadow: a few wide strokes are as soft as a blur.
        if let Some(edge) = rounded((0.0, 5.0, CARD.0, CARD.1), 30.0) {
            for (width, alpha) in [(36.0, 14), (24.0, 22), (12.0, 34)] {
                table.stroke(&edge, width, (0, 0, 0), alpha);
            }
        }
        card(table);
    });
    Ok(table)
}

//! Pictures of documents and faces, drawn from what a report says. For `files` and the hosted page.
//!
//! Every picture says SPECIMEN. What is printed on a document is what the report extracted from it, and the same
//! report always gives the same picture, byte for byte. Nothing is stored.

mod canvas;
mod document;
mod face;
mod lettering;
mod mrz;
mod selfie;
#[cfg(test)]
mod tests;
mod words;

use serde_json::Value;

pub(super) use canvas::DrawError;
use face::Face;
use words::Day;

use super::people::Person;
use super::record::ReportRecord;
use crate::identity::{DocumentType, Sex};

/// Which picture of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    /// The document's front, or the page of a passport.
    Front,
    /// The document's back.
    Back,
    /// The person's face.
    Selfie,
}

/// Inside every picture, for whoever reads the file as text.
const COMMENT: &str =
    "SPECIMEN. Drawn for somebody who does not exist. This is no document and no photograph.";

impl Picture {
    /// The name that it is stored under.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Back => "back",
            Self::Selfie => "selfie",
        }
    }

    /// The picture called `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Front, Self::Back, Self::Selfie].into_iter().find(|picture| picture.name() == name)
    }

    /// The API's word for what it is for.
    pub(super) const fn purpose(self) -> &'static str {
        match self {
            Self::Front | Self::Back => "identity_document_downloadable",
            Self::Selfie => "selfie",
        }
    }

    /// Width and height in pixels.
    pub(super) const fn pixels(self) -> (u32, u32) {
        match self {
            Self::Front | Self::Back => (1080, 720),
            Self::Selfie => (720, 960),
        }
    }

    /// The size of the file in bytes, known without drawing it: the pixels are stored as they are.
    pub(super) fn size(self) -> u64 {
        let (width, height) = self.pixels();
        // One byte before each row names its filter.
        let data = u64::from(height) * (u64::from(width) * 3 + 1);
        // Signature, header, comment, and the end; chunks have 12 bytes around them.
        let comment = u64::try_from("Comment".len() + 1 + COMMENT.len()).unwrap_or(0);
        let framing = 8 + (12 + 13) + (12 + comment) + 12;
        // zlib's header and checksum, and five bytes before each stored block.
        let stored = data + 6 + 5 * data.div_ceil(65_535);
        framing + stored + 12
    }
}

/// What a document says: all of it from the report.
struct Paper {
    kind: Option<DocumentType>,
    first_name: String,
    last_name: String,
    sex: Option<Sex>,
    printed_sex: String,
    place_of_birth: String,
    born: Option<Day>,
    issued: Option<Day>,
    expires: Option<Day>,
    number: String,
    address: Vec<String>,
    country: String,
    /// Whether the photograph is there.
    photo: bool,
    /// Whether number and dates could be read.
    legible: bool,
}

impl Paper {
    fn read(report: &ReportRecord) -> Self {
        let document = report.checks.get("document").unwrap_or(&Value::Null);
        let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        let error = report.checks.get("selfie").and_then(|check| check["error"]["code"].as_str());
        let address = &document["address"];
        let part = |name: &str| address[name].as_str().unwrap_or_default();
        let town = [part("postal_code"), part("city"), part("state")].map(str::trim);
        let town: Vec<&str> = town.into_iter().filter(|part| !part.is_empty()).collect();
        let lines = [part("line1").to_owned(), part("line2").to_owned(), town.join(" ")];
        Self {
            kind: document["type"].as_str().and_then(DocumentType::known),
            first_name: text("first_name"),
            last_name: text("last_name"),
            sex: document["sex"].as_str().map(Sex::from),
            printed_sex: text("unparsed_sex"),
            place_of_birth: text("unparsed_place_of_birth"),
            born: Day::read(&document["dob"]),
            issued: Day::read(&document["issued_date"]),
            expires: Day::read(&document["expiration_date"]),
            number: text("number"),
            address: lines.into_iter().filter(|line| !line.is_empty()).collect(),
            country: text("issuing_country"),
            photo: error != Some("selfie_document_missing_photo"),
            legible: !document["number"].is_null(),
        }
    }

    /// The age in the year `year`.
    fn age(&self, year: u64) -> Option<i16> {
        i16::try_from(year.checked_sub(self.born?.year)?).ok()
    }
}

/// Draws `picture` of the submission that `report` is about. `seed` is what the sandbox invents people from.
pub(super) fn draw(report: &ReportRecord, picture: Picture, seed: u64) -> Result<Vec<u8>, DrawError> {
    let paper = Paper::read(report);
    let face = |whose: &str| {
        let person = Person::invent(seed, &report.session);
        let age = paper.issued.and_then(|issued| paper.age(issued.year));
        Face::invent(&mut person.dice(whose), paper.sex.as_ref().unwrap_or(&person.sex), age)
    };
    let own = "face";
    let drawn = match picture {
        Picture::Front => document::front(&paper, &face(own))?,
        Picture::Back => document::back(&paper)?,
        Picture::Selfie => {
            let error = report.checks.get("selfie").and_then(|check| check["error"]["code"].as_str());
            let whose = if error == Some("selfie_face_mismatch") { "somebody else's face" } else { own };
            selfie::draw(&face(whose), error == Some("selfie_manipulated"))?
        }
    };
    drawn.png(COMMENT)
}

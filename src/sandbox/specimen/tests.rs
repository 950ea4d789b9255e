//! Pictures of many people: sizes, sameness, time.

use super::{Picture, draw};
use crate::clock::Timestamp;
use crate::identity::{ErrorCode, VerificationType};
use crate::sandbox::attempt::{self, Verdict};
use crate::sandbox::people::{Histories, Person};
use crate::sandbox::record::ReportRecord;

const SEED: u64 = 7;

fn reports(count: usize) -> Vec<ReportRecord> {
    Histories::new(SEED, count, Timestamp::from_secs(1_790_000_000))
        .filter(|history| {
            history.session.redaction.is_none() && history.session.kind == VerificationType::Document
        })
        .flat_map(|history| history.reports)
        .collect()
}

/// A report of a document and a selfie with this end.
fn report(verdict: &Verdict) -> ReportRecord {
    let mut session =
        Histories::new(SEED, 1, Timestamp::from_secs(1_790_000_000)).next().expect("a session").session;
    session.kind = VerificationType::Document;
    session.options = serde_json::json!({ "document": { "require_matching_selfie": true } });
    let person = Person::invent(SEED, &session.id);
    let attempt = attempt::run(
        &session,
        &person,
        verdict,
        None,
        "vr_1Test".to_owned(),
        Timestamp::from_secs(1_790_000_000),
    );
    attempt.report.expect("a report")
}

fn selfie(code: ErrorCode) -> Vec<u8> {
    draw(&report(&Verdict::Failed(code)), Picture::Selfie, SEED).expect("a picture")
}

#[test]
fn sizes_are_known_before_drawing_and_pictures_are_the_same_every_time() {
    for report in reports(12) {
        for picture in [Picture::Front, Picture::Back, Picture::Selfie] {
            let drawn = draw(&report, picture, SEED).expect("a picture");
            assert_eq!(u64::try_from(drawn.len()), Ok(picture.size()), "{picture:?}");
            let decoder = png::Decoder::new(std::io::Cursor::new(&drawn));
            let reader = decoder.read_info().expect("a PNG");
            assert_eq!((reader.info().width, reader.info().height), picture.pixels());
            assert!(drawn == draw(&report, picture, SEED).expect("a picture"), "{picture:?}");
        }
    }
}

#[test]
fn only_a_mismatch_shows_somebody_else() {
    let passed = report(&Verdict::Verified);
    let own = draw(&passed, Picture::Selfie, SEED).expect("a picture");
    assert!(selfie(ErrorCode::SelfieUnverifiedOther) == own);
    assert!(selfie(ErrorCode::SelfieFaceMismatch) != own);
    assert!(selfie(ErrorCode::SelfieManipulated) != own);
    let without = report(&Verdict::Failed(ErrorCode::SelfieDocumentMissingPhoto));
    let fronts = [&passed, &without].map(|report| draw(report, Picture::Front, SEED).expect("a picture"));
    assert!(fronts[0] != fronts[1]);
}

/// Writes pictures to the folder in `SPECIMENS`, to be looked at: `cargo test specimens_to_look_at -- --ignored`.
#[test]
#[ignore = "writes files for people to look at"]
fn specimens_to_look_at() {
    let folder = std::path::PathBuf::from(std::env::var_os("SPECIMENS").expect("SPECIMENS names a folder"));
    for (at, report) in reports(90).iter().enumerate() {
        for picture in [Picture::Front, Picture::Back, Picture::Selfie] {
            let start = std::time::Instant::now();
            let drawn = draw(report, picture, SEED).expect("a picture");
            let took = start.elapsed();
            let document = report.checks.get("document");
            let country = document.and_then(|it| it["issuing_country"].as_str()).unwrap_or("none");
            let name = format!("{at:02}-{country}-{picture:?}-{}ms.png", took.as_millis());
            std::fs::write(folder.join(name), drawn).expect("a written file");
        }
    }
}

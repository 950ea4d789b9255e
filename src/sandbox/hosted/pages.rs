//! Draws the pages: fills the templates of `assets/hosted/`, which escape everything that is put into them.

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};

use super::frame::Frame;
use super::outcomes::{self, DELAYS, Group, USUAL_DELAY};
use super::progress::{Progress, Step, accepted_documents, wants_live_capture};
use super::reply;
use super::return_link::ReturnLink;
use super::steps::address;
use super::take::{CODE, Wrong};
use super::uploads::Sent;
use super::visit::Opened;
use super::words::{self, Notice};
use crate::identity::{CheckKind, DocumentType, IdNumberType};
use crate::sandbox::attempt::wanted_checks;
use crate::sandbox::people::Person;
use crate::sandbox::record::{ErrorRecord, SessionRecord};
use crate::sandbox::specimen::Picture;
use crate::text;

#[derive(Template)]
#[template(path = "consent.html", config = "assets/hosted/askama.toml")]
struct ConsentPage {
    frame: Frame,
    asks: Vec<&'static str>,
    next: Option<String>,
}

struct Kind {
    value: &'static str,
    title: &'static str,
    sides: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "document.html", config = "assets/hosted/askama.toml")]
struct DocumentPage {
    frame: Frame,
    kinds: Vec<Kind>,
}

/// A picture of the sandbox's own.
struct Specimen {
    source: String,
    words: &'static str,
    /// In pixels.
    size: (u32, u32),
}

#[derive(Template)]
#[template(path = "picture.html", config = "assets/hosted/askama.toml")]
struct PicturePage {
    frame: Frame,
    path: &'static str,
    words: &'static str,
    /// The specimen, and what it shows.
    specimen: Specimen,
    taken: Option<String>,
    next: String,
    live: bool,
}

#[derive(Template)]
#[template(path = "id-number.html", config = "assets/hosted/askama.toml")]
struct IdNumberPage {
    frame: Frame,
    with_document: bool,
    done: bool,
    next: String,
    kinds: Vec<Kind>,
}

#[derive(Template)]
#[template(path = "code.html", config = "assets/hosted/askama.toml")]
struct CodePage {
    frame: Frame,
    path: &'static str,
    address: String,
    code: &'static str,
    done: bool,
    next: String,
}

#[derive(Template)]
#[template(path = "outcome.html", config = "assets/hosted/askama.toml")]
struct OutcomePage {
    frame: Frame,
    groups: Vec<Group>,
    delays: &'static [(i64, &'static str)],
    usual: i64,
}

#[derive(Template)]
#[template(path = "leave.html", config = "assets/hosted/askama.toml")]
struct LeavePage {
    frame: Frame,
    next: String,
}

#[derive(Template)]
#[template(path = "processing.html", config = "assets/hosted/askama.toml")]
struct ProcessingPage {
    frame: Frame,
    return_link: Option<ReturnLink>,
}

struct Failed {
    code: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "result.html", config = "assets/hosted/askama.toml")]
struct ResultPage {
    frame: Frame,
    failed: Option<Failed>,
    return_link: Option<ReturnLink>,
}

#[derive(Template)]
#[template(path = "notice.html", config = "assets/hosted/askama.toml")]
struct NoticePage {
    frame: Frame,
    tone: &'static str,
    words: &'static str,
    again: Option<String>,
    return_link: Option<ReturnLink>,
}

/// What is shown again of a form that was not taken.
pub(super) struct Again {
    problem: String,
    kind: Option<IdNumberType>,
}

impl Again {
    /// Keeps what was wrong with `sent`, and the choice that goes with it.
    pub(super) fn new(wrong: Wrong, sent: &Sent) -> Self {
        Self { problem: wrong.to_string(), kind: IdNumberType::known(sent.field("kind")) }
    }
}

/// The page of a step, or the same page `again`.
pub(super) fn step(
    opened: &Opened,
    step: Step,
    progress: &Progress,
    seed: u64,
    again: Option<Again>,
) -> Response<Body> {
    let status = if again.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let record = &opened.row.record;
    let (problem, kind) = again.map_or((None, None), |again| (Some(again.problem), again.kind));
    let frame = Frame::step(opened, step, progress, problem);
    let next = address(&opened.base(), progress.next(record));
    match step {
        Step::Consent => {
            let asks = progress.steps(record).into_iter().filter_map(words::ask).collect();
            let next = progress.consented.then_some(next);
            reply::page(status, &ConsentPage { frame, asks, next })
        }
        Step::Document => reply::page(status, &DocumentPage { frame, kinds: documents(record, progress) }),
        Step::Front | Step::Back | Step::Selfie => {
            reply::page(status, &picture(frame, step, progress, record, next))
        }
        Step::IdNumber => reply::page(status, &id_number(frame, progress, record, seed, next, kind)),
        Step::Email | Step::Phone => reply::page(status, &code(frame, step, progress, record, seed, next)),
        Step::Outcome => {
            let groups = outcomes::groups(record);
            reply::page(status, &OutcomePage { frame, groups, delays: &DELAYS, usual: USUAL_DELAY })
        }
    }
}

fn documents(record: &SessionRecord, progress: &Progress) -> Vec<Kind> {
    let accepted = accepted_documents(record);
    let chosen = progress.document(record);
    let known = DocumentType::KNOWN.iter().filter(|kind| accepted.contains(kind));
    let mut kinds: Vec<Kind> = known
        .map(|kind| {
            let (title, sides) = words::document(kind);
            // What is the only choice is chosen.
            let chosen = chosen.as_ref() == Some(kind) || accepted.len() == 1;
            Kind { value: kind.as_str(), title, sides, chosen }
        })
        .collect();
    kinds.sort_by_key(|kind| accepted.iter().position(|it| it.as_str() == kind.value));
    kinds
}

fn picture(
    frame: Frame,
    step: Step,
    progress: &Progress,
    record: &SessionRecord,
    next: String,
) -> PicturePage {
    let document = progress.document(record);
    let specimen = Specimen {
        // A browser that keeps the picture of one document does not show it for another.
        source: format!(
            "{}/{}.png?of={}",
            frame.base,
            step.path(),
            document.as_ref().map_or("face", DocumentType::as_str)
        ),
        words: words::specimen(step, document.as_ref()),
        size: if step == Step::Selfie { Picture::Selfie } else { Picture::Front }.pixels(),
    };
    PicturePage {
        frame,
        path: step.path(),
        words: words::picture(step),
        specimen,
        taken: progress.capture(step).map(words::taken),
        next,
        live: wants_live_capture(record),
    }
}

fn id_number(
    frame: Frame,
    progress: &Progress,
    record: &SessionRecord,
    seed: u64,
    next: String,
    picked: Option<IdNumberType>,
) -> IdNumberPage {
    let picked = picked.unwrap_or_else(|| Person::invent(seed, &record.id).number_for_check().kind);
    let kind = |kind: &'static IdNumberType| Kind {
        value: kind.as_str(),
        title: words::id_number(kind),
        sides: "",
        chosen: *kind == picked,
    };
    IdNumberPage {
        frame,
        with_document: wanted_checks(record).contains(&CheckKind::Document),
        done: progress.id_number,
        next,
        kinds: IdNumberType::KNOWN.iter().map(kind).collect(),
    }
}

fn code(
    frame: Frame,
    step: Step,
    progress: &Progress,
    record: &SessionRecord,
    seed: u64,
    next: String,
) -> CodePage {
    let person = Person::invent(seed, &record.id);
    let (given, own, done) = match step {
        Step::Email => (&record.provided_details["email"], person.email, progress.email),
        _ => (&record.provided_details["phone"], person.phone, progress.phone),
    };
    let address = words::masked(&text::clean(given.as_str().unwrap_or(&own)));
    CodePage { frame, path: step.path(), address, code: CODE, done, next }
}

/// Asks whether to leave.
pub(super) fn leave(opened: &Opened, progress: &Progress) -> Response<Body> {
    let next = address(&opened.base(), progress.next(&opened.row.record));
    let frame = Frame::plain("Leave without finishing?", Some(opened));
    reply::page(StatusCode::OK, &LeavePage { frame, next })
}

/// Waits for the end of the checks.
pub(super) fn processing(opened: &Opened) -> Response<Body> {
    let frame = Frame::plain("Your documents are being checked", Some(opened));
    reply::page(StatusCode::OK, &ProcessingPage { frame, return_link: return_link(opened, false) })
}

/// Every check has passed.
pub(super) fn verified(opened: &Opened) -> Response<Body> {
    let frame = Frame::plain("Your identity is verified", Some(opened));
    reply::page(StatusCode::OK, &ResultPage { frame, failed: None, return_link: return_link(opened, true) })
}

/// It did not end well; it may be tried again.
pub(super) fn failed(opened: &Opened, error: &ErrorRecord) -> Response<Body> {
    let title =
        if error.code.check().is_some() { "You could not be verified" } else { "Nothing was submitted" };
    let failed = Failed { code: error.code.as_str().to_owned(), reason: error.reason.clone() };
    let frame = Frame::plain(title, Some(opened));
    let return_link = return_link(opened, false);
    reply::page(StatusCode::OK, &ResultPage { frame, failed: Some(failed), return_link })
}

/// A page that says one thing.
pub(super) fn notice(notice: Notice, opened: Option<&Opened>) -> Response<Body> {
    let said = notice.said();
    // A form that went wrong can be sent again from its page; a link that opens nothing has none.
    let again = match notice {
        Notice::Unknown | Notice::Closed(_) => None,
        Notice::NotGenuine | Notice::TooLarge | Notice::Malformed => opened.map(Opened::base),
    };
    let return_link = opened.filter(|_| again.is_none()).and_then(|opened| return_link(opened, true));
    let page = NoticePage {
        frame: Frame::plain(said.title, opened),
        tone: said.tone,
        words: said.words,
        again,
        return_link,
    };
    reply::page(StatusCode::from_u16(said.status).unwrap_or_default(), &page)
}

fn return_link(opened: &Opened, main: bool) -> Option<ReturnLink> {
    opened.row.record.return_url.as_deref().map(|url| ReturnLink::new(url, main))
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use serde_json::json;

    use super::*;
    use crate::clock::Timestamp;
    use crate::identity::VerificationType;
    use crate::sandbox::hosted::progress::tests::session;
    use crate::sandbox::store::sessions::SessionRow;

    #[tokio::test]
    async fn codes_go_to_the_given_address_and_only_its_owner_knows_it() {
        let mut record =
            session(VerificationType::VerificationFlow, json!({ "email": { "require_verification": true } }));
        record.provided_details = json!({ "email": "jenny@example.com", "phone": null });
        record.verification_flow = Some("vf_<b>".to_owned());
        let row = SessionRow { record, link: None };
        let opened = Opened { token: "link".to_owned(), made: Timestamp::from_secs(0), row, visit: None };
        let drawn = step(
            &opened,
            Step::Email,
            &Progress::default(),
            1,
            Some(Again { problem: "It is <i>wrong</i>.".to_owned(), kind: None }),
        );
        assert_eq!(drawn.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = to_bytes(drawn.into_body(), usize::MAX).await.expect("a body");
        let page = String::from_utf8(page.to_vec()).expect("text");
        assert!(page.contains("j•••@example.com") && !page.contains("jenny"), "{page}");
        assert!(page.contains(CODE) && page.contains("one-time-code"));
        assert!(!page.contains("<b>") && !page.contains("<i>"), "{page}");
        assert!(page.contains("Step 5 of 6"), "{page}");
    }
}

//! The specimens that the page shows: pictures of the invented person and their document, drawn as the files of the
//! submission will be.

use axum::body::Body;
use axum::http::{HeaderMap, Response};

use super::progress::Step;
use super::visit::{Opened, Standing};
use super::{csrf, reply};
use crate::sandbox::attempt::{self, Verdict};
use crate::sandbox::errors::Failure;
use crate::sandbox::files;
use crate::sandbox::people::Person;
use crate::sandbox::specimen::Picture;
use crate::sandbox::state::Sandbox;

/// `GET /start/{token}/{step}.png`: for the browser whose visit has come to this step.
pub(super) async fn picture(
    sandbox: &Sandbox,
    name: &str,
    step: &str,
    headers: &HeaderMap,
) -> Result<Response<Body>, Failure> {
    sandbox.settle().await?;
    let opened = Opened::find(&mut *sandbox.store.read().await?, name, csrf::visit_id(headers)).await?;
    let now = sandbox.clock.now();
    let opened = opened.filter(|it| it.standing(now) == Standing::Open && !it.submitted());
    let step = Step::of_path(step).and_then(|step| Some((step, shown(step)?)));
    let (Some(opened), Some((step, picture))) = (opened, step) else { return Ok(reply::no_such_file()) };
    let record = &opened.row.record;
    let visit = opened.visit.as_ref().filter(|visit| visit.progress.may_take(step, record));
    let Some(visit) = visit else { return Ok(reply::no_such_file()) };
    let kind = visit.progress.document(record);
    let person = Person::invent(sandbox.seed, &record.id);
    let attempt = attempt::run(record, &person, &Verdict::Verified, kind.as_ref(), String::new(), now);
    Ok(match attempt.report {
        Some(report) => reply::picture(files::drawn(report, picture, sandbox.seed).await?),
        None => reply::no_such_file(),
    })
}

const fn shown(step: Step) -> Option<Picture> {
    match step {
        Step::Front => Some(Picture::Front),
        Step::Back => Some(Picture::Back),
        Step::Selfie => Some(Picture::Selfie),
        _ => None,
    }
}

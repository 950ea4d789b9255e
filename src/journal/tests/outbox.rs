//! The outbox across programs and crashes. Dropping an outbox is what the end of a program does to its locks.

use std::collections::BTreeMap;
use std::fs;

use super::super::{
    Item, Job, JobAct, JobId, JournalError, LeftOver, Mode, Outbox, Place, Reason, Single, Step,
};
use super::Folder;
use crate::identity::lifecycle::State;
use crate::identity::{RedactionStatus, SessionId, Status};

fn place() -> Place {
    Place { profile: "default".into(), host: "api.example.com".into(), mode: Mode::Test }
}

fn session(n: usize) -> SessionId {
    SessionId::new(&format!("vs_{n}"))
}

fn job(n: u64, act: JobAct, sessions: usize) -> Job {
    let item = |n: usize| Item {
        session: session(n),
        state: Some(State { status: Status::Verified, redaction: Some(RedactionStatus::Validated) }),
        key: format!("key-{n}").as_str().into(),
        step: Step::Held,
        asked: None,
    };
    Job {
        id: JobId::new(0xc0_ffee, n),
        created: "2026-03-01T12:00:00Z".parse().expect("a time"),
        operator: "ann".into(),
        place: place(),
        via: "key:X".into(),
        act,
        reason: Some(Reason::new("fraud")),
        items: (1..=sessions).map(item).collect(),
    }
}

fn metadata() -> JobAct {
    JobAct::Metadata(BTreeMap::from([("note".into(), Some("späť\n".into())), ("old".into(), None)]))
}

fn open(folder: &Folder) -> Outbox {
    Outbox::open(&folder.path().join("outbox")).expect("an outbox")
}

fn left_over(outbox: &Outbox) -> LeftOver {
    outbox.left_over(&place()).expect("a look")
}

fn done() -> Step {
    Step::Done { request_id: Some("req_1".into()) }
}

#[test]
fn what_is_not_finished_is_left_over_as_it_was() {
    let folder = Folder::new();
    let (first, second) = (job(1, JobAct::Redact, 3), job(2, metadata(), 1));
    let outbox = open(&folder);
    outbox.put(&second).expect("a job");
    outbox.put(&first).expect("a job");
    outbox.mark(&first.id, &session(1), Step::Asked).expect("a mark");
    outbox.mark(&first.id, &session(1), done()).expect("a mark");
    outbox.mark(&first.id, &session(2), Step::Asked).expect("a mark");
    let held = outbox.job(&first.id).expect("the job");
    assert_eq!(held.items[1].step, Step::Asked);
    drop(outbox);

    let outbox = open(&folder);
    let left = left_over(&outbox);
    assert_eq!(left, LeftOver { jobs: vec![held, second.clone()], ..LeftOver::default() });
    let steps: Vec<&Step> = left.jobs[0].items.iter().map(|item| &item.step).collect();
    assert_eq!(steps, [&done(), &Step::Asked, &Step::Held]);
    assert_eq!(left_over(&outbox), LeftOver::default(), "this program works on them now");

    outbox.mark(&first.id, &session(2), Step::Refused { code: "resource_missing".into() }).expect("a mark");
    outbox.mark(&first.id, &session(3), Step::Dropped).expect("a mark");
    outbox.finish(&second.id).expect("an end");
    drop(outbox);
    let outbox = open(&folder);
    assert_eq!(left_over(&outbox), LeftOver::default(), "nothing is left to do");
    assert_eq!(outbox.count().expect("a count"), 0, "what has no open item is gone from the disk");
}

#[test]
fn a_job_that_another_program_works_on_is_not_left_over() {
    let folder = Folder::new();
    let (one, two) = (open(&folder), open(&folder));
    one.put(&job(1, JobAct::Cancel, 1)).expect("a job");
    assert_eq!(left_over(&two), LeftOver::default());
    assert!(matches!(two.put(&job(1, JobAct::Cancel, 1)), Err(JournalError::JobExists)));
    assert!(matches!(two.mark(&JobId::new(0xc0_ffee, 1), &session(1), done()), Err(JournalError::NoSuchJob)));
    drop(one);
    assert_eq!(left_over(&two).jobs.len(), 1);
}

#[test]
fn only_what_belongs_here_is_taken_over() {
    let folder = Folder::new();
    let places = [
        Place { profile: "other".into(), ..place() },
        Place { host: "127.0.0.1:12120".into(), ..place() },
        Place { mode: Mode::Live, ..place() },
    ];
    let outbox = open(&folder);
    for (n, place) in (1..).zip(places) {
        outbox.put(&Job { place, ..job(n, JobAct::Cancel, 1) }).expect("a job");
    }
    drop(outbox);
    let (one, two) = (open(&folder), open(&folder));
    assert_eq!(left_over(&one), LeftOver::default());
    assert_eq!(one.count().expect("a count"), 3);
    let live = Place { mode: Mode::Live, ..place() };
    assert_eq!(two.left_over(&live).expect("a look").jobs.len(), 1, "nobody else holds it");
}

#[test]
fn a_cut_line_says_nothing_and_spoils_nothing() {
    let folder = Folder::new();
    let job = job(1, JobAct::Redact, 2);
    let outbox = open(&folder);
    outbox.put(&job).expect("a job");
    outbox.mark(&job.id, &session(1), Step::Asked).expect("a mark");
    drop(outbox);
    let path = folder.path().join("outbox").join(format!("{}.jsonl", job.id));
    let mut bytes = fs::read(&path).expect("bytes");
    bytes.extend(b"{\"session\":\"vs_1\",\"step\":\"do");
    fs::write(&path, bytes).expect("a cut line");

    let outbox = open(&folder);
    assert_eq!(left_over(&outbox).jobs[0].items[0].step, Step::Asked);
    outbox.mark(&job.id, &session(1), done()).expect("a mark");
    drop(outbox);
    assert_eq!(left_over(&open(&folder)).jobs[0].items[0].step, done());
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_kept() {
    let folder = Folder::new();
    let outbox = open(&folder);
    let path = folder.path().join("outbox/0000000000c0ffee-1.jsonl");
    fs::write(&path, "{\"kind\":\"job\"").expect("a file");
    let unreadable = left_over(&outbox).unreadable;
    assert_eq!(unreadable.len(), 1);
    assert_eq!(
        (unreadable[0].name.as_str(), unreadable[0].reason.as_str()),
        ("0000000000c0ffee-1.jsonl", "what it holds is no job")
    );
    assert!(path.exists());
}

#[test]
fn what_was_being_made_when_the_machine_stopped_is_no_job() {
    let folder = Folder::new();
    let outbox = open(&folder);
    fs::write(folder.path().join("outbox/0000000000c0ffee-1.new"), "{\"kind\":").expect("a file");
    assert_eq!(left_over(&outbox), LeftOver::default());
    outbox.put(&job(1, JobAct::Cancel, 1)).expect("its name is free");
    drop(outbox);
    assert_eq!(left_over(&open(&folder)).jobs.len(), 1);
}

#[test]
fn asking_again_goes_on_with_what_is_in_doubt() {
    let folder = Folder::new();
    let outbox = open(&folder);
    for (n, act) in (1..).zip([JobAct::Cancel, JobAct::Redact]) {
        let job = job(n, act, 1);
        outbox.put(&job).expect("a job");
        outbox.mark(&job.id, &session(1), Step::Asked).expect("a mark");
    }
    outbox.put(&job(3, JobAct::Cancel, 2)).expect("a job of several, all held");
    let several = job(4, JobAct::Redact, 3);
    outbox.put(&several).expect("a job of several");
    outbox.mark(&several.id, &session(3), Step::Failed).expect("a mark");
    drop(outbox);

    let outbox = open(&folder);
    let in_doubt = |act: &JobAct, all: &[usize]| -> Vec<JobId> {
        let sessions: Vec<_> = all.iter().map(|n| session(*n)).collect();
        let found = outbox.in_doubt(&place(), act, &sessions).expect("a look");
        found.into_iter().map(|job| job.id).collect()
    };
    assert_eq!(in_doubt(&JobAct::Redact, &[2]), []);
    assert_eq!(in_doubt(&JobAct::Redact, &[1, 2, 3]), [JobId::new(0xc0_ffee, 2), several.id.clone()]);
    assert_eq!(in_doubt(&JobAct::Redact, &[1, 3]), [], "they are being worked on");
    assert_eq!(left_over(&outbox).jobs.len(), 2, "the others were left alone");
    outbox.release(&several.id).expect("it is let go");
    assert_eq!(left_over(&outbox).jobs.len(), 1, "and found again");
}

#[test]
fn a_single_change_is_told_and_not_kept_in_full() {
    let folder = Folder::new();
    let single = Single {
        id: JobId::fresh(),
        created: "2026-03-01T12:00:00Z".parse().expect("a time"),
        again: None,
        operator: "ann".into(),
        place: place(),
        via: "key:n".into(),
        action: "create".into(),
        object: None,
        params: vec!["type:document".into()],
        key: "k1".into(),
    };
    let outbox = open(&folder);
    outbox.put_single(&single).expect("a change");
    drop(outbox);
    let outbox = open(&folder);
    assert_eq!(left_over(&outbox).singles, std::slice::from_ref(&single));

    let again = "2026-03-01T15:00:00Z".parse().expect("a time");
    outbox.mark_again(&single.id, again).expect("a line");
    drop(outbox);
    let outbox = open(&folder);
    let found = left_over(&outbox).singles.remove(0);
    assert_eq!((found.last(), found.created), (again, single.created), "when it last went out is kept");
    outbox.finish(&single.id).expect("an end");
    assert_eq!(outbox.count().expect("a count"), 0);
}

#[test]
fn a_job_of_an_earlier_version_is_left_over_as_it_was() {
    let old = concat!(
        r#"{"kind":"job","id":"0000000000c0ffee-1","created":"2026-03-01T12:00:00.123456789Z","operator":"ann","#,
        r#""profile":"default","host":"api.example.com","mode":"test","via":"key:X","act":"redact","#,
        r#""reason":{"code":"fraud"},"items":[{"session":"vs_1","state":{"status":"verified","redaction":null},"#,
        r#""key":"key-1","step":{"step":"held"}}]}"#
    );
    let folder = Folder::new();
    drop(open(&folder));
    let file = folder.path().join("outbox").join("0000000000c0ffee-1.jsonl");
    fs::write(&file, format!("{old}\n")).expect("a job");
    let left = left_over(&open(&folder));
    assert_eq!(left.jobs[0].created.to_string(), "2026-03-01T12:00:00.123456789Z");
    fs::remove_file(&file).expect("gone");
    open(&folder).put(&left.jobs[0]).expect("a job");
    assert_eq!(
        fs::read_to_string(&file).expect("a job"),
        format!("{old}\n"),
        "it is written again as it was"
    );
}

//! The program that is killed: it does what its environment orders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use vetty::client::{Client, ClientSettings, IdempotencyKey};
use vetty::config::ApiBase;
use vetty::identity::SessionId;
use vetty::journal::{
    AUDIT, Entry, Item, Job, JobAct, JobId, Journal, JournalError, Mode, OUTBOX, Outbox, Outcome, Step, Word,
};
use vetty::privacy::Secret;
use vetty::worker::{Change, ChangeError, Changer, Intent, Recorder, Unwritten};

/// How many lines [`Role::Append`] appends.
pub(crate) const LINES: usize = 40;

/// What the program does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Puts a job for all sessions into the outbox, and works on it.
    Job,
    /// Changes each session without a job, as the command line does.
    Direct,
    /// Settles what earlier runs left behind.
    Recover,
    /// Appends lines to the audit, and asks nobody.
    Append,
    /// Tries a direct change with no room on the disk.
    NoRoom,
    /// Makes a direct change with room for one line of the audit.
    LittleRoom,
}

/// What is done to the sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Cancel,
    Redact,
    Metadata,
}

impl Act {
    fn of_job(self) -> JobAct {
        match self {
            Self::Cancel => JobAct::Cancel,
            Self::Redact => JobAct::Redact,
            Self::Metadata => JobAct::Metadata(BTreeMap::from([("queue".into(), Some("done".into()))])),
        }
    }
}

/// What the program is told.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) role: Role,
    pub(crate) act: Act,
    pub(crate) state: PathBuf,
    pub(crate) base: String,
    pub(crate) key: String,
    pub(crate) sessions: Vec<String>,
}

const ROLES: [Role; 6] =
    [Role::Job, Role::Direct, Role::Recover, Role::Append, Role::NoRoom, Role::LittleRoom];
const ACTS: [Act; 3] = [Act::Cancel, Act::Redact, Act::Metadata];

impl Order {
    /// An order to ask nobody.
    pub(crate) fn nowhere() -> Self {
        Self {
            role: Role::Append,
            act: Act::Cancel,
            state: PathBuf::new(),
            base: String::new(),
            key: String::new(),
            sessions: Vec::new(),
        }
    }

    pub(crate) fn pass_to(&self, command: &mut Command) {
        command
            .env("ORDER_ROLE", format!("{:?}", self.role))
            .env("ORDER_ACT", format!("{:?}", self.act))
            .env("ORDER_STATE", &self.state)
            .env("ORDER_BASE", &self.base)
            .env("ORDER_KEY", &self.key)
            .env("ORDER_SESSIONS", self.sessions.join(","));
    }

    /// The order of this process, if it was started with one.
    fn received() -> Option<Self> {
        let get = |name: &str| std::env::var(name).ok();
        let role = get("ORDER_ROLE")?;
        let act = get("ORDER_ACT")?;
        Some(Self {
            role: ROLES.into_iter().find(|known| format!("{known:?}") == role)?,
            act: ACTS.into_iter().find(|known| format!("{known:?}") == act)?,
            state: get("ORDER_STATE")?.into(),
            base: get("ORDER_BASE")?,
            key: get("ORDER_KEY")?,
            sessions: get("ORDER_SESSIONS")?.split(',').map(str::to_owned).collect(),
        })
    }

    fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.sessions.iter().map(|id| SessionId::new(id))
    }
}

#[test]
#[ignore = "the program that the other tests start and kill"]
fn main() {
    let Some(order) = Order::received() else { return };
    if order.role == Role::Append {
        append(&order.state);
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let changer = changer(&order);
        match order.role {
            Role::Job => job(&order, &changer).await,
            Role::Direct => direct(&order, &changer).await,
            Role::Recover => recover(&changer).await,
            Role::NoRoom => no_room(&order, &changer).await,
            Role::LittleRoom => little_room(&order, &changer).await,
            Role::Append => {}
        }
    });
}

fn changer(order: &Order) -> Changer {
    let base = ApiBase::parse(&order.base, "a test").expect("an address");
    let client = Client::new(base, Secret::new(order.key.clone()), ClientSettings::default());
    let journal = Journal::open(&order.state.join(AUDIT));
    let recorder = Recorder::new(journal, "tester", "test", Mode::Test);
    let outbox = Outbox::open(&order.state.join(OUTBOX));
    Changer::new(client.expect("a client"), recorder, outbox, "sandbox")
}

async fn job(order: &Order, changer: &Changer) {
    let item = |session| Item {
        session,
        state: None,
        key: Word::new(IdempotencyKey::fresh().as_str()),
        step: Step::Held,
        asked: None,
    };
    let job = Job {
        id: JobId::fresh(),
        created: "2026-03-01T12:00:00Z".parse().expect("a time"),
        operator: "tester".into(),
        place: changer.place().clone(),
        via: "key:X".into(),
        act: order.act.of_job(),
        reason: None,
        items: order.sessions().map(item).collect(),
    };
    changer.outbox().expect("an outbox").put(&job).expect("a job");
    finish(changer, &job).await;
}

async fn direct(order: &Order, changer: &Changer) {
    for session in order.sessions() {
        let change = Change::of(&order.act.of_job(), &session);
        changer.make(&Intent::via("cli:test"), change).await.expect("a change");
    }
}

async fn recover(changer: &Changer) {
    let left = changer.outbox().expect("an outbox").left_over(changer.place()).expect("a look");
    assert_eq!((left.singles.len(), left.unreadable.len()), (0, 0));
    for job in left.jobs {
        finish(changer, &job).await;
    }
}

/// Does what is left to do of a job.
async fn finish(changer: &Changer, job: &Job) {
    for item in &job.items {
        if item.step.is_open() {
            changer.make_item(job, item, None).await.expect("a change");
        }
    }
    assert!(changer.outbox().expect("an outbox").close(&job.id).expect("an end"), "nothing is open");
}

/// Lets files grow to `bytes` and no further, as on a full disk. A write beyond is an error, not a signal.
fn allow(bytes: u64) {
    let flag = std::sync::Arc::default();
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, flag).expect("a handler");
    let limit = Rlimit { current: Some(bytes), ..getrlimit(Resource::Fsize) };
    setrlimit(Resource::Fsize, limit).expect("a limit");
}

fn size_of_audit(order: &Order) -> u64 {
    std::fs::metadata(order.state.join(AUDIT)).expect("an audit").len()
}

async fn no_room(order: &Order, changer: &Changer) {
    allow(size_of_audit(order) + 20);
    let change = Change::of(&order.act.of_job(), &order.sessions().next().expect("a session"));
    let error = changer.make(&Intent::via("cli:test"), change).await.expect_err("no room");
    assert!(matches!(error, ChangeError::NotWritten { source: JournalError::Write(_), .. }), "{error:?}");
    assert_eq!(changer.client().requests_sent(), 0);
}

async fn little_room(order: &Order, changer: &Changer) {
    let before = size_of_audit(order);
    let line = before / LINES as u64;
    allow(before + line + line / 2);
    let change = Change::of(&order.act.of_job(), &order.sessions().next().expect("a session"));
    let made = changer.make(&Intent::via("cli:test"), change).await.expect("a change");
    let Some(Unwritten::Outcome(why)) = made.unwritten else { panic!("no room for its end") };
    assert!(matches!(why, JournalError::Write(_)), "{why:?}");
}

fn append(state: &Path) {
    let journal = Journal::open(&state.join(AUDIT)).expect("an audit");
    let operator = if std::env::var_os(vetty::journal::crash::VARIABLE).is_some() { "killed" } else { "ann" };
    let entry = Entry {
        at: "2026-03-01T12:00:00Z".parse().expect("a time"),
        operator: operator.into(),
        profile: "test".into(),
        mode: Mode::Test,
        via: "key:c".into(),
        action: "cancel".into(),
        object: Some("vs_1NuN4zLkdIwHu7ixleE6HvkI".into()),
        params: Vec::new(),
        reason: None,
        job: Some(JobId::fresh().word().clone()),
        request_id: None,
        idempotency_key: Some(Word::new(IdempotencyKey::fresh().as_str())),
        result: Outcome::Asked,
        error_code: None,
    };
    for _ in 0..LINES {
        journal.record(&entry).expect("a line");
    }
}

//! Random sequences of operations by two clients, against the sandbox over HTTP and against a plain model: the same
//! results after every step, and pages that neither skip nor repeat while others write.

mod promises;

use crate::support::http::{Reply, send};
use crate::support::server::{REPORTS, SESSIONS, TestServer, ids, path_of};
use futures::future::join_all;
use promises::{Change, Ending, Model, PROCESSING, REDACTION, Session};
use proptest::prelude::*;
use proptest::sample::Index;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const STATUSES: [&str; 4] = ["requires_input", "processing", "verified", "canceled"];

/// What one client does.
#[derive(Clone, Debug)]
enum Step {
    Create {
        reference: Option<u8>,
        id_number: bool,
    },
    /// So many at the same time, by both clients.
    CreateAtOnce(usize),
    Retrieve(Index),
    Update(Index, Change),
    Cancel(Index),
    Redact(Index),
    Submit(Index, Ending, bool),
    Advance(i64),
    List {
        status: Option<usize>,
        reference: Option<u8>,
        limit: usize,
    },
    /// Begins to read page after page, from the newest down or from the oldest up.
    Walk {
        upwards: bool,
    },
    /// Reads the next page of that.
    Next {
        limit: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<(bool, Step)>> {
    let which = || any::<Index>();
    let change = prop_oneof![
        3 => (0..3u8, 0..9u8).prop_map(|(key, value)| Change::Set(key, value)),
        1 => (0..3u8).prop_map(Change::Unset),
        1 => Just(Change::Clear),
        1 => any::<bool>().prop_map(Change::Kind),
    ];
    let ending = prop_oneof![Just(Ending::Verified), Just(Ending::Expired), Just(Ending::Declined)];
    let reference = || proptest::option::of(0..2u8);
    let step = prop_oneof![
        6 => (reference(), any::<bool>())
            .prop_map(|(reference, id_number)| Step::Create { reference, id_number }),
        1 => (2..5usize).prop_map(Step::CreateAtOnce),
        2 => which().prop_map(Step::Retrieve),
        3 => (which(), change).prop_map(|(which, change)| Step::Update(which, change)),
        2 => which().prop_map(Step::Cancel),
        2 => which().prop_map(Step::Redact),
        5 => (which(), ending, any::<bool>()).prop_map(|(which, ending, delayed)| Step::Submit(which, ending, delayed)),
        3 => prop_oneof![3 => Just(PROCESSING / 2), 2 => Just(PROCESSING), 1 => Just(REDACTION)]
            .prop_map(Step::Advance),
        3 => (proptest::option::of(0..4usize), reference(), 1..4usize)
            .prop_map(|(status, reference, limit)| Step::List { status, reference, limit }),
        2 => any::<bool>().prop_map(|upwards| Step::Walk { upwards }),
        8 => (1..4usize).prop_map(|limit| Step::Next { limit }),
    ];
    prop::collection::vec((any::<bool>(), step), 1..60)
}

/// A client that reads page after page.
#[derive(Debug, Default)]
struct Walk {
    upwards: bool,
    /// What it had to find at its start.
    promised: Vec<String>,
    found: Vec<String>,
    over: bool,
}

/// The sandbox, the model, and how far both clients have read.
struct Run {
    server: TestServer,
    model: Model,
    walks: [Option<Walk>; 2],
}

impl Run {
    async fn get(&self, restricted: bool, path: &str) -> Reply {
        if restricted { self.server.get_restricted(path).await } else { self.server.get(path).await }
    }

    async fn post(&self, restricted: bool, path: &str, body: &str) -> Reply {
        let key =
            if restricted { self.server.running.restricted_key() } else { self.server.running.secret_key() };
        let request = self.server.ask(Method::POST, path).bearer_auth(key.expose());
        send(request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned())).await
    }

    async fn step(&mut self, client: bool, step: &Step) {
        match step {
            Step::Create { reference, id_number } => self.create(client, *reference, *id_number).await,
            Step::CreateAtOnce(count) => self.create_at_once(*count).await,
            Step::Advance(seconds) => {
                self.server.advance(*seconds).await;
                self.model.advance(*seconds);
            }
            Step::List { status, reference, limit } => {
                let status = status.map(|at| STATUSES[at]);
                let keep = |it: &Session| {
                    status.is_none_or(|status| it.status == status)
                        && reference.is_none_or(|reference| it.reference == Some(reference))
                };
                let mut query = format!("{SESSIONS}?limit={limit}");
                query += &status.map(|it| format!("&status={it}")).unwrap_or_default();
                query += &reference.map(|it| format!("&client_reference_id=user_{it}")).unwrap_or_default();
                let list = self.get(client, &query).await.ok();
                let wanted = self.model.page(keep, None, *limit);
                assert_eq!((ids(&list), list["has_more"] == true), wanted, "{query}");
            }
            Step::Walk { upwards } => self.begin_walk(client, *upwards),
            Step::Next { limit } => self.next_page(client, *limit).await,
            Step::Retrieve(which) => self.act(client, *which, Act::Retrieve).await,
            Step::Update(which, change) => self.act(client, *which, Act::Update(change)).await,
            Step::Cancel(which) => self.act(client, *which, Act::Cancel).await,
            Step::Redact(which) => self.act(client, *which, Act::Redact).await,
            Step::Submit(which, ending, delayed) => {
                self.act(client, *which, Act::Submit(*ending, *delayed)).await;
            }
        }
    }

    async fn create(&mut self, client: bool, reference: Option<u8>, id_number: bool) {
        let kind = if id_number { "id_number" } else { "document" };
        let reference_id = reference.map(|it| format!("&client_reference_id=user_{it}")).unwrap_or_default();
        let created = self.post(client, SESSIONS, &format!("type={kind}{reference_id}")).await.ok();
        let session = Session::new(created["id"].as_str().expect("an id"), reference, id_number);
        compare(&session, &created);
        self.model.sessions.push(session);
    }

    /// In whatever order they come: the list says which, and has every one of them once.
    async fn create_at_once(&mut self, count: usize) {
        let posts = (0..count).map(|at| self.post(at % 2 == 0, SESSIONS, "type=document"));
        let replies = join_all(posts).await;
        let made = replies.iter().map(|reply| reply.ok()["id"].as_str().expect("an id").to_owned());
        let mut made: Vec<String> = made.collect();
        let newest = self.server.ids(&format!("{SESSIONS}?limit={count}")).await;
        self.model.sessions.extend(newest.iter().rev().map(|id| Session::new(id, None, false)));
        let mut listed = newest;
        listed.sort_unstable();
        made.sort_unstable();
        assert_eq!(listed, made);
    }

    /// Does something with one session, here and there.
    async fn act(&mut self, client: bool, which: Index, act: Act<'_>) {
        if self.model.sessions.is_empty() {
            return;
        }
        let at = which.index(self.model.sessions.len());
        let path = format!("{SESSIONS}/{}", self.model.sessions[at].id);
        let reply = match &act {
            Act::Retrieve => self.get(client, &path).await,
            Act::Update(change) => self.post(client, &path, &form(change)).await,
            Act::Cancel => self.post(client, &format!("{path}/cancel"), "").await,
            Act::Redact => self.post(client, &format!("{path}/redact"), "").await,
            Act::Submit(ending, delayed) => {
                let control = path.replace(SESSIONS, "verification_sessions") + "/submit";
                let delay = if *delayed { PROCESSING } else { 0 };
                let body = json!({ "outcome": ending.name(), "delay_seconds": delay });
                self.server.control(&control, &body.to_string()).await
            }
        };
        let now = self.model.now;
        let session = &mut self.model.sessions[at];
        let allowed = match &act {
            Act::Retrieve => true,
            Act::Update(change) => session.update(change),
            Act::Cancel => session.cancel(),
            Act::Redact => session.redact(now),
            Act::Submit(ending, delayed) => session.submit(*ending, *delayed, now),
        };
        if allowed {
            let shown = reply.ok();
            compare(session, &shown);
            // A submission has used the link up; whoever asks for the session gets another one.
            let linked = session.open() && !matches!(act, Act::Submit(..));
            assert_eq!(shown["url"].is_string(), linked, "{act:?}: {shown}");
            assert_eq!(shown["client_secret"].is_string(), linked, "{act:?}: {shown}");
        } else {
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{act:?} of {session:?}: {}", reply.text);
            assert_eq!(reply.error()["type"], "invalid_request_error");
        }
    }

    fn begin_walk(&mut self, client: bool, upwards: bool) {
        let Some(oldest) = self.model.sessions.first().map(|it| it.id.clone()) else { return };
        let promised = self.model.sessions.iter().map(|it| it.id.clone()).collect();
        // A walk up needs somewhere to stand; that one counts as found.
        let found = if upwards { vec![oldest] } else { Vec::new() };
        self.walks[usize::from(client)] = Some(Walk { upwards, promised, found, over: false });
    }

    async fn next_page(&mut self, client: bool, limit: usize) {
        let Some(mut walk) = self.walks[usize::from(client)].take().filter(|walk| !walk.over) else { return };
        let parameter = if walk.upwards { "ending_before" } else { "starting_after" };
        let cursor = walk.found.last().cloned();
        let from = cursor.as_ref().map(|id| format!("&{parameter}={id}")).unwrap_or_default();
        let list = self.get(client, &format!("{SESSIONS}?limit={limit}{from}")).await.ok();
        let at = cursor.as_deref().map(|id| (id, walk.upwards));
        let page = ids(&list);
        assert_eq!((page.clone(), list["has_more"] == true), self.model.page(|_| true, at, limit));
        let nearest_first = if walk.upwards { page.into_iter().rev().collect() } else { page };
        walk.found.extend(nearest_first);
        if list["has_more"] == false {
            walk.over = true;
            walk.check();
        }
        self.walks[usize::from(client)] = Some(walk);
    }

    /// In the end every session and its reports are as the model says.
    async fn finish(&self) {
        let (every, _) = self.model.page(|_| true, None, usize::MAX);
        let mut found = Vec::new();
        loop {
            let from = found.last().map(|id| format!("&starting_after={id}")).unwrap_or_default();
            let list = self.server.get(&format!("{SESSIONS}?limit=100{from}")).await.ok();
            found.extend(ids(&list));
            if list["has_more"] == false {
                break;
            }
        }
        assert_eq!(found, every);
        for session in &self.model.sessions {
            let shown = self.server.get(&format!("{SESSIONS}/{}", session.id)).await.ok();
            compare(session, &shown);
            let reports =
                self.server.ids(&format!("{REPORTS}?limit=100&verification_session={}", session.id)).await;
            assert_eq!(reports.len(), session.reports, "{session:?}");
            assert_eq!(shown["last_verification_report"], json!(reports.first()), "{session:?}");
        }
    }
}

impl Walk {
    /// Nothing twice, nothing left out.
    fn check(&self) {
        let mut once = self.found.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), self.found.len(), "something was read twice");
        assert!(self.promised.iter().all(|id| self.found.contains(id)), "something was left out");
    }
}

#[derive(Debug)]
enum Act<'a> {
    Retrieve,
    Update(&'a Change),
    Cancel,
    Redact,
    Submit(Ending, bool),
}

fn form(change: &Change) -> String {
    match change {
        Change::Set(key, value) => format!("metadata[k{key}]={value}"),
        Change::Unset(key) => format!("metadata[k{key}]="),
        Change::Clear => "metadata=".to_owned(),
        Change::Kind(true) => "type=id_number".to_owned(),
        Change::Kind(false) => "type=document".to_owned(),
    }
}

/// The session as the API shows it is the one of the model.
fn compare(session: &Session, shown: &Value) {
    let metadata = session.metadata.iter();
    let metadata: serde_json::Map<String, Value> =
        metadata.map(|(key, value)| (format!("k{key}"), json!(value.to_string()))).collect();
    let of = |object: &Value, field: &str| object.get(field).cloned().unwrap_or_default();
    assert_eq!(
        json!({
            "path": path_of(shown), "status": shown["status"], "type": shown["type"],
            "reference": shown["client_reference_id"], "error": of(&shown["last_error"], "code"),
            "redaction": of(&shown["redaction"], "status"), "metadata": shown["metadata"],
            "reported": shown["last_verification_report"].is_string(),
        }),
        json!({
            "path": format!("{SESSIONS}/{}", session.id), "status": session.status,
            "type": if session.id_number { "id_number" } else { "document" },
            "reference": session.reference.map(|it| format!("user_{it}")), "error": session.error,
            "redaction": session.redaction, "metadata": metadata, "reported": session.reports > 0,
        }),
        "{shown}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_sandbox_does_what_the_model_does(steps in steps()) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let server = TestServer::open().await;
            let mut run = Run { server, model: Model::default(), walks: [None, None] };
            for (client, step) in &steps {
                run.step(*client, step).await;
            }
            run.finish().await;
            run.server.running.stop().await;
        });
    }
}

//! What is asked of the sandbox: the bare route, every list with every filter, single objects, changes.

use std::error::Error;

use crate::http::{Request, Wire, get, post, values};
use crate::load::Case;

const SESSIONS: &str = "/v1/identity/verification_sessions";
const REPORTS: &str = "/v1/identity/verification_reports";
const PERIOD: u64 = 30 * 86_400;
/// How many different requests a case has at the most.
const DIFFERENT: usize = 1000;

/// Objects from all over the database, to ask for.
#[derive(Default)]
pub(crate) struct Sample {
    now: u64,
    sessions: Vec<String>,
    created: Vec<u64>,
    references: Vec<String>,
    customers: Vec<String>,
    accounts: Vec<String>,
    reports: Vec<String>,
    waiting: Vec<String>,
    chance: u64,
}

impl Sample {
    /// Reads pages at random times of the period in which people are invented.
    pub(crate) fn take(wire: &mut Wire, key: &str) -> Result<Self, Box<dyn Error>> {
        let newest = wire.succeed(&get(&format!("{SESSIONS}?limit=1"), key))?;
        let now = values(newest, "created").next().ok_or("the database is empty")?.parse()?;
        let mut sample = Self { now, chance: 0x9e37_79b9_7f4a_7c15, ..Self::default() };
        for _ in 0..100 {
            let until = now - sample.below(PERIOD);
            let page = wire.succeed(&get(&format!("{SESSIONS}?limit=100&created[lte]={until}"), key))?;
            sample.sessions.extend(values(page, "id").map(str::to_owned));
            sample.created.extend(values(page, "created").filter_map(|it| it.parse::<u64>().ok()));
            sample.references.extend(values(page, "client_reference_id").map(str::to_owned));
            sample.customers.extend(values(page, "related_customer").map(str::to_owned));
            sample.accounts.extend(values(page, "related_customer_account").map(str::to_owned));
            sample.reports.extend(values(page, "last_verification_report").map(str::to_owned));
            let waits = format!("{SESSIONS}?limit=10&status=requires_input&created[lte]={until}");
            sample.waiting.extend(values(wire.succeed(&get(&waits, key))?, "id").map(str::to_owned));
        }
        sample.waiting.sort_unstable();
        sample.waiting.dedup();
        Ok(sample)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance % end
    }

    /// `{reference}` and the like in `pattern` become values of the sample.
    fn fill(&mut self, pattern: &str) -> String {
        let at = usize::try_from(self.below(u64::from(u32::MAX))).unwrap_or_default();
        let one = |of: &[String]| of.get(at % of.len().max(1)).cloned().unwrap_or_default();
        let start = self.now - self.below(PERIOD);
        let times = [("{start}", start), ("{end}", start + 86_400), ("{now}", self.now)];
        let middle = self.created.get(at % self.created.len().max(1)).copied().unwrap_or_default();
        let mut path = pattern.to_owned();
        for (name, time) in times {
            path = path.replace(name, &time.to_string());
        }
        path.replace("{before}", &(middle + 40_000).to_string())
            .replace("{after}", &middle.saturating_sub(40_000).to_string())
            .replace("{session}", &one(&self.sessions))
            .replace("{report}", &one(&self.reports))
            .replace("{reference}", &one(&self.references).replace('+', "%2B").replace('/', "%2F"))
            .replace("{customer}", &one(&self.customers))
            .replace("{account}", &one(&self.accounts))
            .replace("{status}", ["canceled", "processing", "requires_input", "verified"][at / 7 % 4])
            .replace("{type}", ["document", "id_number"][at / 7 % 2])
            .replace("{kind}", KINDS[at / 7 % KINDS.len()])
            .replace("{other}", KINDS[(at / 7 + 1) % KINDS.len()])
    }
}

const KINDS: [&str; 6] = ["created", "processing", "verified", "requires_input", "canceled", "redacted"];

/// Lists: what they are called in the table, and what is asked.
const LISTS: &[(&str, &str)] = &[
    ("sessions, 10", "S"),
    ("sessions, 100", "S?limit=100"),
    ("sessions by status", "S?limit=100&status={status}"),
    ("sessions by reference", "S?limit=100&client_reference_id={reference}"),
    ("sessions by customer", "S?limit=100&related_customer={customer}"),
    ("sessions by account", "S?limit=100&related_customer_account={account}"),
    ("sessions of a day", "S?limit=100&created[gte]={start}&created[lt]={end}"),
    ("… and status", "S?limit=100&created[gte]={start}&created[lt]={end}&status={status}"),
    ("sessions by reference and status", "S?limit=100&client_reference_id={reference}&status={status}"),
    (
        "sessions by customer, status, time",
        "S?limit=100&related_customer={customer}&status={status}&created[lt]={now}",
    ),
    ("sessions by account and status", "S?limit=100&related_customer_account={account}&status={status}"),
    (
        "sessions by everything",
        "S?limit=100&related_customer={customer}&related_customer_account={account}\
        &client_reference_id={reference}&status={status}&created[gt]=1",
    ),
    ("sessions after a deep cursor", "S?limit=100&starting_after={session}"),
    ("sessions before a deep cursor", "S?limit=100&ending_before={session}"),
    ("… of a status, after", "S?limit=100&status={status}&starting_after={session}"),
    ("… of a status, before", "S?limit=100&status={status}&ending_before={session}"),
    ("… older than now, after", "S?limit=100&created[lte]={now}&starting_after={session}"),
    ("… newer than long ago, before", "S?limit=100&created[gt]=1&ending_before={session}"),
    (
        "… of a status, older than now",
        "S?limit=100&status={status}&created[lte]={now}&created[gt]=1&starting_after={session}",
    ),
    ("reports, 100", "R?limit=100"),
    ("reports by type", "R?limit=100&type={type}"),
    ("reports of a session", "R?limit=100&verification_session={session}"),
    ("reports by reference", "R?limit=100&client_reference_id={reference}"),
    ("reports of a day by type", "R?limit=100&type={type}&created[gte]={start}&created[lt]={end}"),
    ("reports by reference and type", "R?limit=100&client_reference_id={reference}&type={type}"),
    ("reports after a deep cursor", "R?limit=100&starting_after={report}"),
    ("reports older than now, after", "R?limit=100&created[lte]={now}&type={type}&starting_after={report}"),
    ("events, 100", "/v1/events?limit=100"),
    ("events of a type", "/v1/events?limit=100&type=identity.verification_session.{kind}"),
    (
        "events of two types",
        "/v1/events?limit=100&types[]=identity.verification_session.{kind}\
        &types[]=identity.verification_session.{other}",
    ),
    ("events of all types", "/v1/events?limit=100&type=identity.*"),
    ("events not delivered", "/v1/events?limit=100&delivery_success=false"),
    ("events delivered", "/v1/events?limit=100&delivery_success=true"),
    ("files, 100", "/v1/files?limit=100"),
    ("files by purpose", "/v1/files?limit=100&purpose=selfie"),
];

fn requests(sample: &mut Sample, key: &str, pattern: &str) -> Vec<Request> {
    let pattern = match pattern.split_at(1) {
        ("S", rest) => format!("{SESSIONS}{rest}"),
        ("R", rest) => format!("{REPORTS}{rest}"),
        _ => pattern.to_owned(),
    };
    let times = if pattern.contains('{') { DIFFERENT } else { 1 };
    (0..times).map(|_| get(&sample.fill(&pattern), key)).collect()
}

/// Everything that is measured, the bare route first.
pub(crate) fn all(sample: &mut Sample, key: &str, bare: &str) -> Vec<Case> {
    let hello =
        |connections| Case { name: "bare route", connections, requests: vec![get(bare, key)], once: false };
    let mut cases = vec![hello(1), hello(8), hello(32)];
    for &(name, pattern) in LISTS {
        cases.push(Case { name, connections: 1, requests: requests(sample, key, pattern), once: false });
    }
    for connections in [8, 32] {
        let requests = requests(sample, key, "S?limit=100&starting_after={session}");
        cases.push(Case { name: "sessions after a deep cursor", connections, requests, once: false });
    }
    let singles = [
        ("retrieve a session", "S/{session}"),
        ("… with its report", "S/{session}?expand[]=last_verification_report"),
        ("retrieve a report", "R/{report}"),
    ];
    for (name, pattern) in singles {
        for connections in [1, 32] {
            cases.push(Case { name, connections, requests: requests(sample, key, pattern), once: false });
        }
    }
    cases.extend(changes(sample, key));
    cases
}

fn changes(sample: &Sample, key: &str) -> Vec<Case> {
    let create = |connections: usize, keyed: bool| {
        let request = |at: usize| {
            let body = format!(
                "type=document&client_reference_id=bench_{at}&metadata[order]={at}&related_customer=cus_bench{}\
                 &options[document][require_matching_selfie]=true&provided_details[email]=bench{at}%40mail.example",
                at % 500
            );
            let once = format!("{}-{connections}-{at}-{}", std::process::id(), sample.now);
            post(SESSIONS, key, keyed.then_some(once.as_str()), &body)
        };
        (0..20_000).map(request).collect::<Vec<_>>()
    };
    let mut cases = Vec::new();
    for connections in [1, 32] {
        cases.push(Case { name: "create", connections, requests: create(connections, false), once: true });
        let requests = create(connections, true);
        cases.push(Case { name: "create with a key", connections, requests, once: true });
    }
    let half = sample.waiting.len() / 2;
    let (updated, canceled) = sample.waiting.split_at(half);
    let update = |id: &String| {
        post(&format!("{SESSIONS}/{id}"), key, None, "metadata[bench]=a+value+that+was+not+there")
    };
    let cancel = |id: &String| post(&format!("{SESSIONS}/{id}/cancel"), key, None, "");
    cases.push(Case {
        name: "update",
        connections: 1,
        requests: updated.iter().map(update).collect(),
        once: true,
    });
    cases.push(Case {
        name: "cancel",
        connections: 1,
        requests: canceled.iter().map(cancel).collect(),
        once: true,
    });
    cases
}

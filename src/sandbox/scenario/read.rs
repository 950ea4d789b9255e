//! Reads a scenario from TOML. Sandbox only.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use toml::Spanned;

use super::super::clock::FURTHEST;
use super::super::faults::Fault;
use super::super::flows::{self, Flow};
use super::super::gate::{Burst, Latency, Limit, Limits};
use super::{Pattern, Rule, Scenario, ScenarioError, Script};
use crate::identity::{DocumentType, ErrorCode};

const MOST_PEOPLE: usize = 1_000_000;
const LONGEST_WAIT: u64 = 60_000;
const MOST_CALLS: u32 = 1_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    people: People,
    #[serde(default)]
    flows: Vec<FlowTable>,
    #[serde(default)]
    latency: LatencyTable,
    #[serde(default)]
    rate_limits: RateLimits,
    #[serde(default)]
    faults: Vec<FaultTable>,
    #[serde(default)]
    outcomes: Vec<OutcomeTable>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    count: Option<Spanned<usize>>,
    seed: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FlowTable {
    id: Spanned<String>,
    #[serde(default)]
    document: DocumentTable,
    email: Option<Code>,
    id_number: Option<Nothing>,
    matching: Option<Matching>,
    phone: Option<Code>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentTable {
    allowed_types: Option<Spanned<Vec<String>>>,
    require_id_number: Option<bool>,
    require_live_capture: Option<bool>,
    require_matching_selfie: Option<bool>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Code {
    #[serde(skip_serializing_if = "Option::is_none")]
    require_verification: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Matching {
    #[serde(skip_serializing_if = "Option::is_none")]
    dob: Option<Similarity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Similarity>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Similarity {
    None,
    Similar,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LatencyTable {
    milliseconds: Option<Spanned<u64>>,
    spread_milliseconds: Option<Spanned<u64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RateLimits {
    account: Option<Spanned<u32>>,
    endpoint: Option<Spanned<u32>>,
    #[serde(default)]
    endpoints: Vec<EndpointLimit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndpointLimit {
    endpoint: Spanned<String>,
    per_second: Spanned<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultTable {
    kind: Fault,
    count: Spanned<u64>,
    every: Spanned<u64>,
    endpoint: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeTable {
    email: Option<String>,
    reference: Option<String>,
    outcome: Spanned<String>,
    after_seconds: Option<Spanned<i64>>,
    processing_seconds: Option<Spanned<i64>>,
}

/// Where something is wrong, and what.
type Wrong = (Range<usize>, String);

/// Reads the text of a scenario; `file` is its name for errors.
pub(super) fn scenario(file: &str, text: &str) -> Result<Scenario, ScenarioError> {
    let parsed: File =
        toml::from_str(text).map_err(|error| ScenarioError::at(file, text, error.span(), error.message()))?;
    build(parsed).map_err(|(span, message)| ScenarioError::at(file, text, Some(span), &message))
}

fn build(file: File) -> Result<Scenario, Wrong> {
    let mut flows: Vec<Flow> = Vec::new();
    for table in file.flows {
        flows.push(flow(table, &flows)?);
    }
    Ok(Scenario {
        people: file.people.count.map(|count| within(&count, 0, MOST_PEOPLE)).transpose()?,
        seed: file.people.seed,
        limits: limits(&file.rate_limits)?,
        flows,
        latency: Latency {
            base: milliseconds(file.latency.milliseconds.as_ref())?,
            spread: milliseconds(file.latency.spread_milliseconds.as_ref())?,
        },
        bursts: file.faults.iter().map(burst).collect::<Result<_, _>>()?,
        rules: file.outcomes.iter().map(rule).collect::<Result<_, _>>()?,
    })
}

fn within<T: Copy + PartialOrd + std::fmt::Display>(
    value: &Spanned<T>,
    least: T,
    most: T,
) -> Result<T, Wrong> {
    let number = *value.get_ref();
    if number < least || number > most {
        return Err((value.span(), format!("must be from {least} to {most}")));
    }
    Ok(number)
}

fn milliseconds(value: Option<&Spanned<u64>>) -> Result<Duration, Wrong> {
    let number = value.map(|value| within(value, 0, LONGEST_WAIT)).transpose()?;
    Ok(Duration::from_millis(number.unwrap_or_default()))
}

fn flow(table: FlowTable, before: &[Flow]) -> Result<Flow, Wrong> {
    let id = table.id.get_ref();
    let rest = id.strip_prefix("vf_").unwrap_or_default();
    if rest.is_empty() || rest.len() > 64 || !rest.chars().all(|it| it.is_ascii_alphanumeric() || it == '_') {
        return Err((table.id.span(), "must be vf_ and letters or digits".to_owned()));
    }
    if before.iter().chain(flows::built_in()).any(|flow| flow.id == *id) {
        return Err((table.id.span(), format!("there is another flow {id}")));
    }
    let mut options = Map::new();
    options.insert("document".to_owned(), Value::Object(document(&table.document)?));
    let others = [
        ("email", table.email.map(|it| json!(it))),
        ("id_number", table.id_number.map(|Nothing {}| json!({}))),
        ("matching", table.matching.map(|it| json!(it))),
        ("phone", table.phone.map(|it| json!(it))),
    ];
    options.extend(others.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Ok(Flow { id: table.id.into_inner(), options: Value::Object(options) })
}

fn document(table: &DocumentTable) -> Result<Map<String, Value>, Wrong> {
    let mut document = Map::new();
    if let Some(types) = &table.allowed_types {
        if types.get_ref().iter().any(|name| DocumentType::known(name).is_none()) {
            let known: Vec<&str> = DocumentType::KNOWN.iter().map(DocumentType::as_str).collect();
            return Err((types.span(), format!("must be of {}", known.join(", "))));
        }
        document.insert("allowed_types".to_owned(), json!(types.get_ref()));
    }
    let switches = [
        ("require_id_number", table.require_id_number),
        ("require_live_capture", table.require_live_capture),
        ("require_matching_selfie", table.require_matching_selfie),
    ];
    document.extend(switches.into_iter().filter_map(|(name, on)| Some((name.to_owned(), json!(on?)))));
    Ok(document)
}

fn limits(table: &RateLimits) -> Result<Limits, Wrong> {
    let limit = |value: &Spanned<u32>| within(value, 1, MOST_CALLS).map(Limit);
    let mut endpoints = BTreeMap::new();
    for one in &table.endpoints {
        endpoints.insert(endpoint(&one.endpoint)?, limit(&one.per_second)?);
    }
    Ok(Limits {
        account: table.account.as_ref().map(limit).transpose()?,
        endpoint: table.endpoint.as_ref().map(limit).transpose()?,
        endpoints,
    })
}

/// An endpoint in the form of [`super::super::gate::route`].
fn endpoint(value: &Spanned<String>) -> Result<String, Wrong> {
    let name = value.get_ref();
    let known = ["GET /v1/", "POST /v1/", "DELETE /v1/"].iter().any(|start| name.starts_with(start));
    if known {
        return Ok(name.clone());
    }
    let example = "GET /v1/identity/verification_sessions/:id";
    Err((value.span(), format!("must be a method and a path, with :id for ids, such as \"{example}\"")))
}

fn burst(table: &FaultTable) -> Result<Burst, Wrong> {
    let every = within(&table.every, 1, u64::from(MOST_CALLS))?;
    Ok(Burst {
        kind: table.kind,
        count: within(&table.count, 1, every)?,
        every,
        endpoint: table.endpoint.as_ref().map(endpoint).transpose()?,
    })
}

fn rule(table: &OutcomeTable) -> Result<Rule, Wrong> {
    if table.email.is_none() && table.reference.is_none() {
        return Err((table.outcome.span(), "needs an email or a reference to match".to_owned()));
    }
    let failed = match table.outcome.get_ref().as_str() {
        "verified" => None,
        name => Some(ErrorCode::known(name).ok_or_else(|| {
            let codes: Vec<&str> = ErrorCode::KNOWN.iter().map(ErrorCode::as_str).collect();
            (table.outcome.span(), format!("must be verified or one of {}", codes.join(", ")))
        })?),
    };
    let seconds = |value: Option<&Spanned<i64>>| value.map_or(Ok(0), |value| within(value, 0, FURTHEST));
    Ok(Rule {
        email: table.email.as_ref().map(|it| Pattern::new(&it.to_ascii_lowercase())),
        reference: table.reference.as_ref().map(|it| Pattern::new(it)),
        script: Script {
            failed,
            after: seconds(table.after_seconds.as_ref())?,
            processing: seconds(table.processing_seconds.as_ref())?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_scenarios_can_be_used() {
        for (name, _) in super::super::BUILT_IN {
            let scenario = Scenario::load(name).unwrap_or_else(|error| panic!("{error}"));
            assert_ne!(scenario, Scenario::default(), "{name}");
        }
        let outcomes = Scenario::load("outcomes").expect("it is built in");
        assert_eq!(outcomes.rules.len(), ErrorCode::KNOWN.len() + 1, "every outcome has a rule");
    }

    #[test]
    fn errors_name_file_line_and_field() {
        for (text, expected) in [
            ("[people]\ncount = -1", "a.toml:2: people.count: "),
            ("[people]\ncount = 1000001", "a.toml:2: people.count: must be from 0 to 1000000"),
            ("[people]\n\nfriends = 1", "a.toml:3: people.friends: unknown field `friends`"),
            ("[[flows]]\nid = \"v_1\"", "a.toml:2: flows.id: must be vf_ and letters or digits"),
            (
                "[[flows]]\nid = \"vf_1VettyEmail\"",
                "a.toml:2: flows.id: there is another flow vf_1VettyEmail",
            ),
            (
                "[[flows]]\nid = \"vf_1\"\n[flows.document]\nallowed_types = [\"visa\"]",
                "a.toml:4: flows.document.allowed_types: must be of driving_license, id_card, passport",
            ),
            ("[rate_limits]\naccount = 0", "a.toml:2: rate_limits.account: must be from 1 to 1000000"),
            (
                "[[rate_limits.endpoints]]\nendpoint = \"create\"\nper_second = 1",
                "a.toml:2: rate_limits.endpoints.endpoint: must be a method and a path",
            ),
            (
                "[[faults]]\nkind = \"hang\"\ncount = 3\nevery = 2",
                "a.toml:3: faults.count: must be from 1 to 2",
            ),
            (
                "[[faults]]\nkind = \"rain\"\ncount = 1\nevery = 2",
                "a.toml:2: faults.kind: unknown variant `rain`",
            ),
            (
                "[[outcomes]]\noutcome = \"verified\"",
                "a.toml:2: outcomes.outcome: needs an email or a reference",
            ),
            (
                "[[outcomes]]\nemail = \"*\"\noutcome = \"failed\"",
                "a.toml:3: outcomes.outcome: must be verified or one of abandoned, ",
            ),
            (
                "[[outcomes]]\nemail = \"*\"\noutcome = \"verified\"\nafter_seconds = -5",
                "a.toml:4: outcomes.after_seconds: must be from 0 to ",
            ),
            ("latency = 5", "a.toml:1: latency: "),
            ("[latency", "a.toml:1: latency: "),
        ] {
            let error = scenario("a.toml", text).expect_err(text).to_string();
            assert!(error.starts_with(expected), "{error}\nis not\n{expected}");
        }
        let error = Scenario::load("nowhere.toml").expect_err("there is no such file").to_string();
        assert!(error.contains("nowhere.toml") && error.contains("onboarding, outcomes, rough"), "{error}");
    }

    #[test]
    fn a_flow_becomes_options() {
        let text = "[[flows]]\nid = \"vf_1\"\nid_number = {}\nmatching = { name = \"similar\" }\n\
            [flows.document]\nallowed_types = [\"passport\"]\nrequire_matching_selfie = true\n\
            [flows.email]\nrequire_verification = true";
        let scenario = scenario("a.toml", text).expect("a scenario");
        assert_eq!(
            scenario.flows[0].options,
            json!({
                "document": { "allowed_types": ["passport"], "require_matching_selfie": true },
                "email": { "require_verification": true }, "id_number": {}, "matching": { "name": "similar" },
            })
        );
    }
}

//! Scenarios: who is there, which flows there are, how slow and how faulty the sandbox is, and what happens to which
//! session by itself. Sandbox only; `cli` loads them.
//!
//! A scenario is a TOML file. A few are built in, in `assets/scenarios/`, and are their own documentation.

mod error;
mod pattern;
mod read;

use std::path::Path;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

pub use error::ScenarioError;

use self::pattern::Pattern;
use super::errors::{Refused, missing};
use super::flows::{self, Flow};
use super::gate::{Burst, Gate, Latency, Limits};
use super::requests::{DetailsChange, NewSession, Operation};
use crate::identity::ErrorCode;
use crate::identity::params::Change;

/// The scenarios that every sandbox knows by name.
const BUILT_IN: [(&str, &str); 3] = [
    ("onboarding", include_str!("../../../assets/scenarios/onboarding.toml")),
    ("outcomes", include_str!("../../../assets/scenarios/outcomes.toml")),
    ("rough", include_str!("../../../assets/scenarios/rough.toml")),
];

/// How a sandbox behaves. The default has no flows but the built-in ones, no limits and no faults, and lets nothing
/// happen by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// How many sessions are invented at the start, if the scenario says so.
    pub people: Option<usize>,
    /// What they are invented from, if the scenario says so.
    pub seed: Option<u64>,
    /// How many calls are answered.
    pub limits: Limits,
    flows: Vec<Flow>,
    latency: Latency,
    bursts: Vec<Burst>,
    rules: Vec<Rule>,
}

/// What happens to the sessions that match.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    email: Option<Pattern>,
    reference: Option<Pattern>,
    script: Script,
}

/// A submission that happens by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Script {
    /// The error that it ends with; `None` when every check passes.
    pub(super) failed: Option<ErrorCode>,
    /// Seconds from the creation of the session to the submission, on the sandbox clock.
    pub(super) after: i64,
    /// Seconds from the submission to its end.
    pub(super) processing: i64,
}

impl Scenario {
    /// Loads a built-in scenario by its name, or another one from a file.
    ///
    /// # Errors
    /// [`ScenarioError`] names the file, and for its contents the line and the field.
    pub fn load(name: &str) -> Result<Self, ScenarioError> {
        if let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return Self::parse(name, text);
        }
        let text = std::fs::read_to_string(Path::new(name)).map_err(|source| ScenarioError::Unreadable {
            file: name.to_owned(),
            built_in: BUILT_IN.map(|(known, _)| known).join(", "),
            source,
        })?;
        Self::parse(name, &text)
    }

    /// Reads the text of a scenario; `file` is its name for errors.
    ///
    /// # Errors
    /// [`ScenarioError::Wrong`] names line and field.
    pub fn parse(file: &str, text: &str) -> Result<Self, ScenarioError> {
        read::scenario(file, text)
    }

    /// What calls meet before they are answered.
    pub(super) fn gate(&self) -> Gate {
        Gate::new(self.latency, self.limits.clone(), self.bursts.clone())
    }

    /// Gives a new session the options of its flow, and what is to happen to it.
    pub(super) fn direct(&self, operation: &mut Operation) -> Result<(), Refused> {
        let Operation::Create(new) = operation else { return Ok(()) };
        if let Some(id) = &new.verification_flow {
            let flow = self.flows.iter().chain(flows::built_in()).find(|flow| flow.id == *id);
            let flow = flow.ok_or_else(|| {
                missing(StatusCode::BAD_REQUEST, "VerificationFlow", id, "verification_flow")
            })?;
            new.flow_options = flow.options.clone();
        }
        new.script = self.script(new);
        Ok(())
    }

    /// What the first rule that matches says.
    fn script(&self, new: &NewSession) -> Option<Script> {
        let email = match &new.details {
            DetailsChange::Fields { email: Some(Change::Set(email)), .. } => Some(email.to_ascii_lowercase()),
            _ => None,
        };
        let rule = self.rules.iter().find(|rule| {
            let matches = |pattern: &Option<Pattern>, text: Option<&str>| {
                pattern.as_ref().zip(text).is_some_and(|(pattern, text)| pattern.matches(text))
            };
            matches(&rule.email, email.as_deref())
                || matches(&rule.reference, new.client_reference_id.as_deref())
        });
        rule.map(|rule| rule.script.clone())
    }
}

//! Who is told of events: a webhook endpoint, or a `--forward-to` target. Sandbox only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kind;

/// Somebody who is told, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::sandbox) struct Endpoint {
    /// Where the events go.
    pub(in crate::sandbox) url: String,
    /// Types of event, or `*`.
    pub(in crate::sandbox) enabled_events: Vec<String>,
    /// What its deliveries are signed with: `whsec_…`.
    pub(in crate::sandbox) secret: String,
    /// Whether it is told at the moment.
    pub(in crate::sandbox) enabled: bool,
    /// The integrator's note.
    pub(in crate::sandbox) description: Option<String>,
    /// The integrator's key-value pairs.
    pub(in crate::sandbox) metadata: BTreeMap<String, String>,
    /// The version that its events name, when that is not the account's.
    pub(in crate::sandbox) api_version: Option<String>,
}

impl Endpoint {
    /// Whether an event of this type is sent to it. `*` stands for every type but `redacted`, which has to be named.
    pub(in crate::sandbox) fn wants(&self, kind: &str) -> bool {
        let named = |name: &str| self.enabled_events.iter().any(|event| event == name);
        self.enabled && (named(kind) || (kind != Kind::Redacted.name() && named("*")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(events: &[&str]) -> Endpoint {
        Endpoint {
            url: "http://127.0.0.1:1/".to_owned(),
            enabled_events: events.iter().map(|event| (*event).to_owned()).collect(),
            secret: "whsec_1".to_owned(),
            enabled: true,
            description: None,
            metadata: BTreeMap::new(),
            api_version: None,
        }
    }

    #[test]
    fn a_star_means_every_type_but_redacted() {
        let wanted = |events: &[&str]| Kind::ALL.map(|kind| endpoint(events).wants(kind.name()));
        assert_eq!(wanted(&["*"]), [true, true, true, true, true, false]);
        assert_eq!(wanted(&[Kind::Redacted.name()]), [false, false, false, false, false, true]);
        assert_eq!(wanted(&["*", Kind::Redacted.name()]), [true; 6]);
        assert_eq!(wanted(&["charge.succeeded"]), [false; 6]);
        assert!(!Endpoint { enabled: false, ..endpoint(&["*"]) }.wants(Kind::Created.name()));
    }
}

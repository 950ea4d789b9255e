//! What the sandbox keeps: sessions and reports with everything in them, before any key is judged.
//!
//! Everybody in these records is invented, so their data are plain strings here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::specimen::Picture;
use crate::clock::Timestamp;
use crate::identity::{ErrorCode, RedactionStatus, Status, VerificationType};

/// A session as stored. What is not told is left out: most of it is, and there may be a million.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// `vs_…`.
    pub id: String,
    /// Seconds since the Unix epoch, on the sandbox clock.
    pub created: Timestamp,
    /// Where it stands.
    pub status: Status,
    /// What kind of verification it is.
    pub kind: VerificationType,
    /// The integrator's own name for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_reference_id: Option<String>,
    /// The integrator's key-value pairs.
    pub metadata: BTreeMap<String, String>,
    /// `options` as the API echoes them: `{}` when nothing was set.
    pub options: Value,
    /// `provided_details`: an object with `email` and `phone`, or null.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub provided_details: Value,
    /// How far its redaction is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redaction: Option<RedactionStatus>,
    /// When its redaction will be done, or was, on the sandbox clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redaction_due: Option<Timestamp>,
    /// A Customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_customer: Option<String>,
    /// An Account that stands for a customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_customer_account: Option<String>,
    /// `related_person`: an object with `account` and `person`, or null.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub related_person: Value,
    /// The flow that configured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_flow: Option<String>,
    /// Where the person goes afterwards. Never returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// Why the last submission failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<ErrorRecord>,
    /// `vr_…` of the newest report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_report: Option<String>,
    /// `verified_outputs` with every sensitive field, or null.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub verified_outputs: Value,
}

/// Why a submission or a check failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorRecord {
    /// The reason as a code.
    pub code: ErrorCode,
    /// The reason as a sentence.
    pub reason: String,
}

/// A report as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportRecord {
    /// `vr_…`.
    pub id: String,
    /// Seconds since the Unix epoch, on the sandbox clock.
    pub created: Timestamp,
    /// The session that was submitted.
    pub session: String,
    /// What kind of verification it reports on.
    pub kind: VerificationType,
    /// The integrator's own name for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_reference_id: Option<String>,
    /// The flow that configured the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_flow: Option<String>,
    /// `options` of the session when it was submitted.
    pub options: Value,
    /// The checks that ran (`document`, `id_number`, `selfie`, `email`, `phone`), with every sensitive field.
    pub checks: serde_json::Map<String, Value>,
}

impl ReportRecord {
    /// The files that the submission left, with what they show, each once.
    pub(super) fn files(&self) -> Vec<(&str, Picture)> {
        let check = |name: &str| self.checks.get(name).unwrap_or(&Value::Null);
        let pages = check("document")["files"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut files: Vec<(&str, Picture)> = pages.zip([Picture::Front, Picture::Back]).collect();
        let selfie = check("selfie");
        let named = [(&selfie["document"], Picture::Front), (&selfie["selfie"], Picture::Selfie)];
        for (id, picture) in named {
            if let Some(id) = id.as_str()
                && files.iter().all(|(known, _)| *known != id)
            {
                files.push((id, picture));
            }
        }
        files
    }
}

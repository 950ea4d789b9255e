//! The account behind every key, as programs read it before they do anything else. Sandbox only.
//!
//! The shape is that of the official types, `Account` of stripe-node 23.1.0, <https://www.npmjs.com/package/stripe>,
//! for a standard account in test mode that has no products but Identity.

use axum::http::Method;
use serde_json::{Value, json};

use super::auth::{ACCOUNT, Caller};
use super::errors::Refused;

/// When the account was opened: the first of January 2024, before everybody in it was invented.
const OPENED: i64 = 1_704_067_200;

/// A method and path about accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `GET /v1/account`: the key's own.
    Own,
    /// `GET /v1/accounts/{id}`
    Named(String),
}

impl Endpoint {
    /// Finds the endpoint; `None` when the path is about something else.
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        if *method != Method::GET && *method != Method::HEAD {
            return None;
        }
        let parts: Vec<&str> = path.strip_prefix("/v1/")?.split('/').collect();
        match parts.as_slice() {
            ["account"] => Some(Self::Own),
            [_, ""] => None,
            ["accounts", id] => Some(Self::Named((*id).to_owned())),
            _ => None,
        }
    }

    /// Refuses accounts that are not the key's own.
    pub(super) fn read(&self, caller: &Caller) -> Result<(), Refused> {
        match self {
            Self::Own => Ok(()),
            Self::Named(id) => caller.may_read_account(id),
        }
    }
}

/// The account.
pub(super) fn render() -> Value {
    json!({
        "id": ACCOUNT,
        "object": "account",
        "business_profile": {
            "annual_revenue": null, "estimated_worker_count": null, "mcc": null,
            "minority_owned_business_designation": null, "name": "vetty sandbox", "product_description": null,
            "specified_commercial_transactions_act_url": null, "support_address": null, "support_email": null,
            "support_phone": null, "support_url": null, "url": null,
        },
        "business_type": null,
        "capabilities": {},
        "charges_enabled": false,
        "controller": { "type": "account" },
        "country": "US",
        "created": OPENED,
        "default_currency": "usd",
        "details_submitted": false,
        "email": "sandbox@example.com",
        "future_requirements": requirements(),
        "metadata": {},
        "payouts_enabled": false,
        "requirements": requirements(),
        "settings": {
            "branding": { "icon": null, "logo": null, "primary_color": null, "secondary_color": null },
            "card_payments": {
                "statement_descriptor_prefix": null, "statement_descriptor_prefix_kana": null,
                "statement_descriptor_prefix_kanji": null,
            },
            "dashboard": { "display_name": "vetty sandbox", "timezone": "Etc/UTC" },
            "payments": {
                "statement_descriptor": null, "statement_descriptor_kana": null,
                "statement_descriptor_kanji": null, "statement_descriptor_prefix_kana": null,
                "statement_descriptor_prefix_kanji": null,
            },
        },
        "type": "standard",
    })
}

/// Nothing is asked of the account.
fn requirements() -> Value {
    json!({
        "alternatives": [], "current_deadline": null, "currently_due": [], "disabled_reason": null, "errors": [],
        "eventually_due": [], "past_due": [], "pending_verification": [],
    })
}

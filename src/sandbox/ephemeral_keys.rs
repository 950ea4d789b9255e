//! Ephemeral keys: what a back end gives its mobile app, so that the app may speak of one session. Sandbox only.
//!
//! The shape is that of the official types, `EphemeralKey` of stripe-node 23.1.0,
//! <https://www.npmjs.com/package/stripe>. What the API lets such a key do is not
//! published, so no request is answered to one.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::errors::{Failure, Refused, missing};
use super::params::Reader;
use super::store::ephemeral_keys::{self, KeyRow};
use super::store::{Connection, sessions};
use super::tokens;
use crate::clock::Timestamp;

/// How long a key lives, in seconds.
const LIVES: i64 = 3600;

/// A method and path about ephemeral keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `POST /v1/ephemeral_keys`
    Create,
    /// `DELETE /v1/ephemeral_keys/{id}`
    Delete(String),
}

/// A judged operation on ephemeral keys.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    Create { session: String },
    Delete(String),
}

impl Endpoint {
    /// Finds the endpoint; `None` when the path is about something else.
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/v1/ephemeral_keys")?;
        match rest.strip_prefix('/') {
            None if rest.is_empty() && *method == Method::POST => Some(Self::Create),
            Some(id) if !id.is_empty() && !id.contains('/') && *method == Method::DELETE => {
                Some(Self::Delete(id.to_owned()))
            }
            _ => None,
        }
    }

    /// The parameters that it has, besides those in its path.
    pub(super) const fn known(&self) -> &'static [&'static str] {
        match self {
            Self::Create => &["expand", "customer", "issuing_card", "nonce", "verification_session"],
            Self::Delete(_) => &["expand"],
        }
    }

    /// Judges the parameters of a request. A key is made for the version that the app speaks, which has to be named:
    /// <https://github.com/stripe/stripe-php/pull/353>.
    pub(super) fn read(self, reader: &mut Reader, names_version: bool) -> Result<Operation, Refused> {
        match self {
            Self::Delete(id) => Ok(Operation::Delete(id)),
            Self::Create if !names_version => Err(Refused::new(
                "An ephemeral key is made for the API version of your mobile app. Please name that version in the \
                 header Stripe-Version.",
            )),
            Self::Create => create_params(reader),
        }
    }
}

fn create_params(reader: &mut Reader) -> Result<Operation, Refused> {
    let session = reader.value("verification_session")?;
    // Objects of other products, of which this account has none.
    for (param, class) in [("customer", "customer"), ("issuing_card", "issuing card")] {
        let Some(id) = reader.value(param)? else { continue };
        if session.is_some() {
            return Err(Refused::new(format!(
                "You may only specify one of these parameters: verification_session, {param}."
            ))
            .param(param));
        }
        return Err(missing(StatusCode::BAD_REQUEST, class, &id, param));
    }
    reader.value("nonce")?;
    let session = session.ok_or_else(|| reader.missing("verification_session"))?;
    Ok(Operation::Create { session })
}

/// Makes a key, or ends one.
pub(super) async fn execute(
    connection: &mut Connection,
    operation: Operation,
    now: Timestamp,
) -> Result<Value, Failure> {
    ephemeral_keys::forget(connection, now).await?;
    match operation {
        Operation::Create { session } => {
            if sessions::get(connection, &session).await?.is_none() {
                let param = "verification_session";
                return Err(missing(StatusCode::BAD_REQUEST, "VerificationSession", &session, param).into());
            }
            let row = KeyRow { id: tokens::ephemeral_key_id(), created: now, expires: now.plus_secs(LIVES) };
            ephemeral_keys::insert(connection, &row).await?;
            let mut key = render(&row);
            key["secret"] = tokens::ephemeral_secret().expose().into();
            Ok(key)
        }
        Operation::Delete(id) => {
            let row = ephemeral_keys::take(connection, &id).await?;
            let row = row.ok_or_else(|| missing(StatusCode::NOT_FOUND, "ephemeral key", &id, "key"))?;
            Ok(render(&row))
        }
    }
}

/// A key without its secret, which is told once and kept nowhere.
fn render(row: &KeyRow) -> Value {
    json!({
        "id": row.id,
        "object": "ephemeral_key",
        "created": row.created,
        "expires": row.expires,
        "livemode": false,
    })
}

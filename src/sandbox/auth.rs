//! Who asks: API keys in Bearer or Basic form. Sandbox only.
//!
//! Any test key is good that has something behind its prefix, and all of them are of one account. Live keys are refused by name, before anything is done with the request.

use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::errors::Refused;
use crate::clock::Timestamp;

/// The one account of the sandbox.
pub(super) const ACCOUNT: &str = "acct_1VettySandboxTest";

/// The permission to read sensitive fields of any age, which is for keys that only some addresses may use.
const SENSITIVE_READ_ALL: &str = "rak_identity_all_sensitive_results_read";

/// What a restricted key has in it to stand for one with an IP restriction. Here every request comes from the same
/// machine, so that a real restriction would say nothing.
const IP_RESTRICTED: &str = "IPRestricted";

/// For how many seconds after its processing sensitive data are recent.
const RECENT: i64 = 48 * 3600;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// `sk_`: everything but the sensitive fields.
    Secret,
    /// `rk_`: the sensitive fields as well.
    Restricted,
}

/// The key behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) rank: Rank,
    /// Whether only some addresses may use the key.
    ip_restricted: bool,
    /// The key with its middle starred.
    masked: String,
}

impl Caller {
    /// Refuses keys that may not read sensitive fields.
    pub(super) fn may_read_sensitive(&self) -> Result<(), Refused> {
        if self.is_restricted() {
            return Ok(());
        }
        // The API's text, which programs match on.
        Err(Refused::new(
            "To access sensitive verification results, configure a restricted API key with appropriate permissions. \
             Learn more here: https://stripe.com/docs/identity/access-verification-results.",
        )
        .status(StatusCode::FORBIDDEN))
    }

    /// Refuses keys that may not read sensitive data of a verification that was processed at `processed`.
    pub(super) fn may_read_processed(&self, processed: Timestamp, now: Timestamp) -> Result<(), Refused> {
        self.may_read_sensitive()?;
        if self.ip_restricted || now.secs_since(processed) <= RECENT {
            return Ok(());
        }
        Err(self.lacks(SENSITIVE_READ_ALL))
    }

    /// Whether the key is a restricted one.
    pub(super) fn is_restricted(&self) -> bool {
        self.rank == Rank::Restricted
    }

    /// Refuses to speak of an account that is not the key's own.
    pub(super) fn may_read_account(&self, id: &str) -> Result<(), Refused> {
        if id == ACCOUNT {
            return Ok(());
        }
        Err(Refused::new(format!(
            "The provided key '{}' does not have access to account '{id}' (or that account does not exist). \
             Application access may have been revoked.",
            self.masked
        ))
        .status(StatusCode::FORBIDDEN)
        .code("account_invalid"))
    }

    fn lacks(&self, permission: &str) -> Refused {
        Refused::new(format!(
            "The provided key '{}' does not have the required permissions for this endpoint on account \
             '{ACCOUNT}'. Having the '{permission}' permission would allow this request to continue.",
            self.masked
        ))
        .status(StatusCode::FORBIDDEN)
    }
}

/// Finds the caller of a request.
pub(super) fn caller(headers: &HeaderMap) -> Result<Caller, Refused> {
    let key = key(headers).ok_or_else(|| {
        unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using \
             Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See \
             https://stripe.com/docs/api#authentication for details, or we can help at \
             https://support.stripe.com/."
                .to_owned(),
        )
    })?;
    if ["sk_live_", "rk_live_", "pk_live_"].iter().any(|prefix| key.starts_with(prefix)) {
        return Err(unauthorized(format!(
            "Invalid API Key provided: {}. This is a local sandbox and takes test keys only, but a live key was sent. \
             Nothing was done. Use a key that begins with sk_test_ or rk_test_.",
            masked(&key)
        )));
    }
    if key.starts_with("pk_test_") {
        return Err(Refused::new(
            "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a \
             list of your API keys at https://dashboard.stripe.com/account/apikeys.",
        )
        .status(StatusCode::FORBIDDEN)
        .code("secret_key_required")
        .unlogged());
    }
    let behind = |prefix| key.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty());
    let rank = if behind("sk_test_") {
        Rank::Secret
    } else if behind("rk_test_") {
        Rank::Restricted
    } else {
        return Err(unauthorized(format!("Invalid API Key provided: {}", masked(&key))));
    };
    let ip_restricted = rank == Rank::Restricted && key.contains(IP_RESTRICTED);
    Ok(Caller { rank, ip_restricted, masked: masked(&key) })
}

/// The key of the Authorization header: a bearer token, or the user of Basic auth.
fn key(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    let key = if scheme.eq_ignore_ascii_case("bearer") {
        rest.trim().to_owned()
    } else if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
        decoded.split(':').next()?.to_owned()
    } else {
        return None;
    };
    (!key.is_empty()).then_some(key)
}

fn unauthorized(message: String) -> Refused {
    Refused::new(message).status(StatusCode::UNAUTHORIZED).unlogged()
}

/// The key as it may be repeated: its kind, stars, and its last four characters if enough stays hidden.
fn masked(key: &str) -> String {
    let kind = key.match_indices('_').nth(1).map_or(0, |(at, _)| at + 1);
    let kind = if kind <= 8 { kind } else { 0 };
    let rest: Vec<char> = key[kind..].chars().collect();
    let open = if rest.len() >= 8 { 4 } else { 0 };
    let shown: String = rest[rest.len() - open..].iter().collect();
    // A fixed bound on the stars: a key may be as long as a header.
    format!("{}{}{shown}", &key[..kind], "*".repeat((rest.len() - open).min(99)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(value: &str) -> Result<Caller, Refused> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().expect("a header value"));
        caller(&headers)
    }

    #[test]
    fn both_schemes_carry_a_key() {
        assert_eq!(ask("Bearer sk_test_1234").expect("a test key").rank, Rank::Secret);
        let basic = format!("Basic {}", STANDARD.encode("rk_test_1234:"));
        assert_eq!(ask(&basic).expect("a test key").rank, Rank::Restricted);
    }

    #[test]
    fn a_masked_key_gives_little_away() {
        assert_eq!(masked("sk_test_abcdefgh1234"), "sk_test_********1234");
        assert_eq!(masked("sk_test_1234"), "sk_test_****");
        assert_eq!(masked("nonsense"), "****ense");
        assert_eq!(masked("é_ü_ß"), "é_ü_*");
        assert_eq!(masked("short"), "*****");
    }
}

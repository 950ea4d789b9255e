//! Random names: ids, keys, tokens. Sandbox only. What is made here is never predictable from a seed.

use rand::Rng;

use crate::privacy::Secret;

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// `prefix` and `length` random letters and digits.
fn random(prefix: &str, length: usize) -> String {
    let mut rng = rand::rng();
    let tail = (0..length).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())]));
    prefix.chars().chain(tail).collect()
}

/// A new VerificationSession's id.
pub(super) fn session_id() -> String {
    random("vs_1", 23)
}

/// A new VerificationReport's id.
pub(super) fn report_id() -> String {
    random("vr_1", 23)
}

/// A new file link's id.
pub(super) fn file_link_id() -> String {
    random("link_1", 23)
}

/// What opens a file link.
pub(super) fn file_link_token() -> String {
    random("MDB8", 60)
}

/// A new request's id.
pub(super) fn request_id() -> String {
    random("req_", 14)
}

/// What opens a session's hosted page: the same in `client_secret` and in `url`.
pub(super) fn link_token() -> String {
    random("", 64)
}

/// What a browser shows to continue its visit to a hosted page.
pub(super) fn visit_id() -> String {
    random("", 40)
}

/// What a form of a hosted page carries, so that no other page can send it.
pub(super) fn csrf_token() -> String {
    random("", 40)
}

/// A full secret key in test mode.
pub(super) fn secret_key() -> Secret {
    Secret::new(random("sk_test_", 32))
}

/// A restricted key in test mode.
pub(super) fn restricted_key() -> Secret {
    Secret::new(random("rk_test_", 32))
}

/// A restricted key in test mode that stands for one with an IP restriction.
pub(super) fn ip_restricted_key() -> Secret {
    Secret::new(random("rk_test_IPRestricted", 32))
}

/// A webhook endpoint's signing secret.
pub(super) fn webhook_secret() -> Secret {
    Secret::new(random("whsec_", 32))
}

/// A new event's id.
pub(super) fn event_id() -> String {
    random("evt_1", 23)
}

/// A new ephemeral key's id.
pub(super) fn ephemeral_key_id() -> String {
    random("ephkey_1", 23)
}

/// What an ephemeral key is used by.
pub(super) fn ephemeral_secret() -> Secret {
    Secret::new(random("ek_test_", 64))
}

/// A new webhook endpoint's id.
pub(super) fn endpoint_id() -> String {
    random("we_1", 23)
}

/// The id of a new `--forward-to` target.
pub(super) fn forward_id() -> String {
    random("fwd_1", 23)
}

/// The name of one conversation with the official CLI, or of one message in it.
pub(super) fn conversation_id(prefix: &str) -> String {
    random(prefix, 24)
}

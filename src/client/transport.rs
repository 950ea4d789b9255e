//! One request, as often as it takes: headers, turns, tries, and reading the answer.

use std::error::Error as _;
use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Response, redirect};
use zeroize::Zeroizing;

use super::error::{Error, Fault, Obstacle};
use super::key::IdempotencyKey;
use super::operation::{Asked, Effort, Operation};
use super::rate::{Limiter, RateLimits};
use super::reply::Answer;
use super::settings::ClientSettings;
use super::watch::{FailedTry, Watcher};
use super::{ClientBuildError, echo, form, retry};
use crate::changes::Fate;
use crate::clock::{Timestamp, WallTime};
use crate::config::ApiBase;
use crate::identity::API_VERSION;
use crate::identity::params::Form;
use crate::privacy::{Scrubber, Secret};
use crate::tls;

/// How often a try that the API still works on is waited for: a minute in all.
const BUSY_TRIES: u8 = 10;

/// One request, whole before its first try.
pub(super) struct Call {
    pub(super) asked: Asked,
    method: Method,
    /// From the root of the API, with the query.
    path: String,
    content: Option<(&'static str, String)>,
    key: Option<IdempotencyKey>,
    /// Whether it may be sent again when nobody knows what became of it.
    repeatable: bool,
    /// Knows what this request tells of a person.
    scrubber: Scrubber,
}

impl Call {
    pub(super) fn get(asked: Asked, path: &str, query: &Form) -> Self {
        let scrubber = echo::scrubber(query);
        let query = form::encode(query);
        let path = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        Self { asked, method: Method::GET, path, content: None, key: None, repeatable: true, scrubber }
    }

    /// A change. Its key makes it safe to repeat.
    pub(super) fn post(asked: Asked, path: String, body: &Form, key: &IdempotencyKey) -> Self {
        Self {
            asked,
            method: Method::POST,
            path,
            content: Some(("application/x-www-form-urlencoded", form::encode(body))),
            key: Some(key.clone()),
            repeatable: true,
            scrubber: echo::scrubber(body),
        }
    }

    /// A change that no key protects: sent once.
    pub(super) fn post_json(asked: Asked, path: String, body: String) -> Self {
        Self {
            asked,
            method: Method::POST,
            path,
            content: Some(("application/json", body)),
            key: None,
            repeatable: false,
            scrubber: Scrubber::default(),
        }
    }
}

/// The HTTP side of a client.
pub(super) struct Transport {
    http: reqwest::Client,
    base: ApiBase,
    key: Secret,
    /// Knows the key.
    scrubber: Scrubber,
    authorization: HeaderValue,
    settings: ClientSettings,
    limiter: Option<Limiter>,
    sent: AtomicU64,
    /// Seconds that the API's clock was ahead when it first answered.
    ahead: OnceLock<i64>,
    watcher: Watcher,
    /// How many objects a page may have to be small enough to be read, as far as is known.
    page_limit: AtomicU8,
}

impl Transport {
    pub(super) fn new(
        base: ApiBase,
        key: Secret,
        settings: ClientSettings,
    ) -> Result<Self, ClientBuildError> {
        if key.expose().is_empty() {
            return Err(ClientBuildError::EmptyKey);
        }
        if !key.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ClientBuildError::UnusableKey);
        }
        let authorization = bearer(&key)?;
        let http = http(&base, &settings)?;
        let limits = settings.rate_limits.or_else(|| published_limits(&base, &key));
        let limiter = limits.map(Limiter::new);
        Ok(Self {
            http,
            base,
            scrubber: Scrubber::default().with_secret(&key),
            key,
            authorization,
            settings,
            limiter,
            sent: AtomicU64::new(0),
            ahead: OnceLock::new(),
            watcher: Watcher::default(),
            page_limit: AtomicU8::new(u8::MAX),
        })
    }

    pub(super) const fn base(&self) -> &ApiBase {
        &self.base
    }

    pub(super) fn is_live(&self) -> bool {
        is_live(&self.key)
    }

    pub(super) fn requests_sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(super) const fn page_limit(&self) -> &AtomicU8 {
        &self.page_limit
    }

    /// Whether a reply of so many bytes would be read.
    pub(super) const fn has_room_for(&self, bytes: usize) -> bool {
        bytes <= self.settings.reply_limit
    }

    pub(super) const fn watcher(&self) -> &Watcher {
        &self.watcher
    }

    pub(super) fn clock_ahead(&self) -> Option<i64> {
        self.ahead.get().copied()
    }

    /// Names a request. What was pasted where an id belongs may be a client secret, or a key.
    pub(super) fn asked(&self, operation: Operation, object: Option<&str>) -> Asked {
        let object = object.map(|id| self.scrubber.text(id).as_str().into());
        Asked { operation, host: self.base.host().into(), object, effort: Effort::default() }
    }

    /// Sends `call` until it succeeds, is refused for good, or has used up its tries. While the API works on an earlier
    /// try under the same key it waits for that one. A failure tells of every try that is in doubt.
    pub(super) async fn send(&self, call: &Call) -> Result<Answer, Error> {
        let (mut attempt, mut waits) = (1, 0);
        let mut doubtful = None;
        let began = Instant::now();
        loop {
            self.wait_for_turn(call.asked.operation).await;
            let number = attempt + waits;
            let error = match self.try_once(call, number).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error.with_effort(Effort::new(number, began.elapsed())),
            };
            let pause = if error.fate() == Fate::Busy && waits < BUSY_TRIES {
                waits += 1;
                retry::wait(waits)
            } else if attempt < self.settings.tries && error.is_retryable() {
                attempt += 1;
                retry::pause(attempt - 1)
            } else {
                return Err(error.after(doubtful));
            };
            if !call.repeatable {
                return Err(error);
            }
            self.watcher.tell(&FailedTry { error: &error, number, of: self.settings.tries + waits, pause });
            if call.asked.operation.is_change() && error.fate().is_open() {
                doubtful.get_or_insert(error);
            }
            self.settings.sleeper.sleep(pause).await;
        }
    }

    async fn wait_for_turn(&self, operation: Operation) {
        if let Some(limiter) = &self.limiter {
            let wait = limiter.book(operation, Instant::now());
            if !wait.is_zero() {
                self.settings.sleeper.sleep(wait).await;
            }
        }
    }

    async fn try_once(&self, call: &Call, attempt: u8) -> Result<Answer, Error> {
        let operation = call.asked.operation;
        let url = format!("{}{}", self.base.as_str(), call.path);
        let mut request = self
            .http
            .request(call.method.clone(), url)
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json")
            .header("Stripe-Version", API_VERSION);
        if let Some(key) = &call.key {
            request = request.header("Idempotency-Key", key.as_str());
        }
        if let Some((content_type, body)) = &call.content {
            // Stated even when it is 0: some gateways refuse a POST of unknown length.
            let length = HeaderValue::from(body.len());
            request =
                request.header(CONTENT_TYPE, *content_type).header(CONTENT_LENGTH, length).body(body.clone());
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        let response = request.send().await.map_err(|error| self.failure(call, &error))?;
        let scrubber = self.scrubber.and(&call.scrubber);
        let answer = self.receive(call, response, attempt, &scrubber).await?;
        tracing::debug!(
            ?operation,
            attempt,
            status = answer.status,
            request_id = answer.request_id.as_deref(),
            "answered"
        );
        if answer.is_success() {
            Ok(answer.without_secrets(&scrubber))
        } else {
            Err(answer.refusal(&call.asked, &scrubber))
        }
    }

    /// Reads the whole body, up to the limit.
    async fn receive(
        &self,
        call: &Call,
        mut response: Response,
        attempt: u8,
        scrubber: &Scrubber,
    ) -> Result<Answer, Error> {
        let headers = response.headers();
        if let Some(ahead) = text(headers, "date").and_then(seconds_ahead) {
            // The first reply tells enough: clocks drift slowly.
            let _ = self.ahead.set(ahead);
        }
        let mut answer = Answer {
            status: response.status().as_u16(),
            is_redirect: response.status().is_redirection(),
            content_type: text(headers, "content-type").unwrap_or_default().to_ascii_lowercase(),
            request_id: text(headers, "request-id").and_then(|id| scrubber.word(id)),
            retry_advice: text(headers, "stripe-should-retry").and_then(|advice| advice.parse().ok()),
            replayed: text(headers, "idempotent-replayed") == Some("true"),
            attempts: attempt,
            body: Vec::new(),
        };
        let limit = self.settings.reply_limit;
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Ok(answer),
                Err(error) if error.is_timeout() => return Err(self.failure(call, &error)),
                Err(_) => return Err(bad_reply(call, &answer, Fault::CutShort)),
            };
            if answer.body.len() + chunk.len() > limit {
                return Err(bad_reply(call, &answer, Fault::TooLarge(limit)));
            }
            answer.body.extend_from_slice(&chunk);
        }
    }

    /// What a failed try stands for. The text of `error` is not used: it holds the URL.
    fn failure(&self, call: &Call, error: &reqwest::Error) -> Error {
        let asked = call.asked.clone();
        if error.is_timeout() {
            let connecting = error.is_connect();
            let after = if connecting { self.settings.connect_timeout } else { self.settings.timeout };
            return Error::Timeout { asked, connecting, after };
        }
        let obstacle = obstacle(error);
        tracing::debug!(operation = ?asked.operation, ?obstacle, "not reached");
        Error::Unreachable { asked, obstacle }
    }
}

fn bad_reply(call: &Call, answer: &Answer, fault: Fault) -> Error {
    Error::BadReply { asked: call.asked.clone(), fault, request_id: answer.request_id.clone() }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The header that carries the key. Its copies share one buffer, which is zeroed with the last of them; `Debug` does not
/// show it.
fn bearer(key: &Secret) -> Result<HeaderValue, ClientBuildError> {
    const SCHEME: &[u8] = b"Bearer ";
    let mut text = Zeroizing::new(Vec::with_capacity(SCHEME.len() + key.expose().len()));
    text.extend_from_slice(SCHEME);
    text.extend_from_slice(key.expose().as_bytes());
    let mut header =
        HeaderValue::from_maybe_shared(Bytes::from_owner(text)).map_err(|_| ClientBuildError::UnusableKey)?;
    header.set_sensitive(true);
    Ok(header)
}

/// How far the clock that wrote this `Date` is ahead of ours, in seconds.
fn seconds_ahead(date: &str) -> Option<i64> {
    let ours = WallTime::from(SystemTime::now()).timestamp();
    Some(Timestamp::from_http_date(date)?.secs_since(ours))
}

fn http(base: &ApiBase, settings: &ClientSettings) -> Result<reqwest::Client, ClientBuildError> {
    // Certificates take time and memory to read, and a sandbox on this machine shows none.
    let tls = if base.is_encrypted() { tls::trusting_this_machine() } else { tls::trusting_nobody() };
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls.map_err(|_| ClientBuildError::Transport)?)
        .user_agent(concat!("vetty/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .referer(false)
        // Every repeat is to be counted and to wait for its turn.
        .retry(reqwest::retry::never())
        .gzip(true)
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.timeout);
    // A proxy on the way to this machine would see the key for no reason.
    let builder = if base.is_loopback() { builder.no_proxy() } else { builder.https_only(true) };
    builder.build().map_err(|_| ClientBuildError::Transport)
}

fn is_live(key: &Secret) -> bool {
    ["sk_live_", "rk_live_"].iter().any(|prefix| key.expose().starts_with(prefix))
}

fn published_limits(base: &ApiBase, key: &Secret) -> Option<RateLimits> {
    match (base.is_loopback(), is_live(key)) {
        (true, _) => None,
        (false, true) => Some(RateLimits::LIVE),
        (false, false) => Some(RateLimits::TEST),
    }
}

/// Finds the reason in the chain of causes.
fn obstacle(error: &reqwest::Error) -> Obstacle {
    if error.is_dns() {
        return Obstacle::Name;
    }
    let mut cause = error.source();
    let mut found = if error.is_connect() { Obstacle::Other } else { Obstacle::Cut };
    while let Some(current) = cause {
        match current.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => return Obstacle::Refused,
            Some(
                io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof,
            ) => {
                found = Obstacle::Cut;
            }
            // The TLS layer reports what it cannot accept as invalid data.
            Some(io::ErrorKind::InvalidData) if error.is_connect() => return Obstacle::Tls,
            _ => {}
        }
        cause = inner(current);
    }
    found
}

/// The next cause. An [`io::Error`] that wraps another error skips over it in `source`.
fn inner<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a (dyn std::error::Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as &(dyn std::error::Error + 'static)).or_else(|| error.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_holds_the_key_and_does_not_show_it() {
        let header = bearer(&Secret::new("sk_test_abcdefghijkl".to_owned())).expect("a header");
        assert_eq!(header.as_bytes(), b"Bearer sk_test_abcdefghijkl");
        assert_eq!(format!("{header:?}"), "Sensitive");
    }

    #[test]
    fn a_date_tells_how_far_a_clock_is_ahead() {
        let now = WallTime::from(SystemTime::now()).timestamp();
        let then = Timestamp::from_secs(784_111_777);
        let ahead = seconds_ahead("Sun, 06 Nov 1994 08:49:37 GMT").expect("a date");
        assert!((ahead - then.secs_since(now)).abs() <= 1);
        assert_eq!(seconds_ahead("yesterday"), None);
    }
}

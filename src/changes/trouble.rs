//! What keeps answers from coming.

/// What keeps answers from coming, and passes by itself: whoever waits may ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The API gets more requests than it takes (429).
    RateLimited,
    /// The API, or something in front of it, fails (5xx), or cuts its answers.
    Failing,
    /// The API takes the request and does not answer.
    Silent,
    /// There is no way to the API: no network, no name, nobody there.
    Unreachable,
}

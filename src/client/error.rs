//! What can go wrong between a question and its answer, and what that proves.

mod words;

use std::time::Duration;

use super::operation::{Asked, Effort};
use crate::changes::{Fate, Mismatch, Trouble};
use crate::identity::ApiError;
use crate::privacy::Scrubbed;
use crate::text::Clean;

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The API refused.
    Api {
        /// What was asked.
        asked: Asked,
        /// What the API said, without what the request carried.
        error: Box<ApiError>,
        /// Whether the same request may be granted later.
        retryable: bool,
    },
    /// No connection, or one that was cut before an answer came.
    Unreachable {
        /// What was asked.
        asked: Asked,
        /// What stood in the way.
        obstacle: Obstacle,
    },
    /// No answer in time.
    Timeout {
        /// What was asked.
        asked: Asked,
        /// Whether there was not even a connection.
        connecting: bool,
        /// How long the client waited.
        after: Duration,
    },
    /// An answer, but not that of an Identity API.
    NotAnApi {
        /// What was asked.
        asked: Asked,
        /// The HTTP status.
        status: u16,
        /// What came instead, with its article: `an HTML page`.
        detail: &'static str,
        /// The `Request-Id` of the reply.
        request_id: Option<Scrubbed>,
        /// Whether the same request may be answered later.
        retryable: bool,
    },
    /// An answer that could not be read.
    BadReply {
        /// What was asked.
        asked: Asked,
        /// What is wrong with it.
        fault: Fault,
        /// The `Request-Id` of the reply.
        request_id: Option<Scrubbed>,
    },
    /// The last try was answered clearly, and an earlier one under the same key was not: that one may have been done.
    Unsettled {
        /// What came of the earlier try.
        earlier: Box<Self>,
        /// What came of the last one.
        last: Box<Self>,
    },
    /// The id names no single object (empty, or only dots). Nothing was sent.
    InvalidId {
        /// What was asked.
        asked: Asked,
    },
    /// A sandbox control was asked of something that is no sandbox. Nothing was sent.
    NotASandbox {
        /// What was asked.
        asked: Asked,
    },
}

/// What stood between the client and the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The host's name is not known.
    Name,
    /// Nobody listens there.
    Refused,
    /// Certificate or encryption.
    Tls,
    /// The connection was cut.
    Cut,
    /// Anything else.
    Other,
}

/// What is wrong with a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ended early.
    CutShort,
    /// It is larger than the limit, in bytes.
    TooLarge(usize),
    /// A page of a list brought only objects that came before, and more is promised.
    NothingNew,
    /// This many pages of a list in a row brought nothing that was asked for.
    NothingAsked(u8),
    /// It is a session, but not as the change wants it.
    NotAsAsked(Mismatch),
    /// It is JSON, but not the object that was asked for.
    Unexpected {
        /// The field that is missing, where that is the reason.
        missing: Option<Clean>,
        /// Line in the body, from 1.
        line: usize,
        /// Column in the line, from 1.
        column: usize,
    },
}

impl Error {
    /// What the API said, if it was the API that refused.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api { error, .. } => Some(error),
            Self::Unsettled { last, .. } => last.api(),
            _ => None,
        }
    }

    /// What was asked.
    #[must_use]
    pub fn asked(&self) -> &Asked {
        match self {
            Self::Api { asked, .. }
            | Self::Unreachable { asked, .. }
            | Self::Timeout { asked, .. }
            | Self::NotAnApi { asked, .. }
            | Self::BadReply { asked, .. }
            | Self::InvalidId { asked }
            | Self::NotASandbox { asked } => asked,
            Self::Unsettled { last, .. } => last.asked(),
        }
    }

    /// The `Request-Id` of the reply, which support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&Scrubbed> {
        match self {
            Self::Api { error, .. } => error.request_id.as_ref(),
            Self::NotAnApi { request_id, .. } | Self::BadReply { request_id, .. } => request_id.as_ref(),
            Self::Unsettled { earlier, last } => last.request_id().or_else(|| earlier.request_id()),
            _ => None,
        }
    }

    /// The HTTP status of the reply, if there was a reply with a telling one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api { error, .. } => Some(error.http_status),
            Self::NotAnApi { status, .. } => Some(*status),
            Self::Unsettled { last, .. } => last.status(),
            _ => None,
        }
    }

    /// Whether the same request, with the same idempotency key, may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Api { retryable, .. } | Self::NotAnApi { retryable, .. } => *retryable,
            Self::Unreachable { obstacle, .. } => !matches!(obstacle, Obstacle::Tls),
            Self::Timeout { .. } => true,
            Self::BadReply { fault, .. } => matches!(fault, Fault::CutShort),
            Self::Unsettled { last, .. } => last.is_retryable(),
            Self::InvalidId { .. } | Self::NotASandbox { .. } => false,
        }
    }

    /// What this tells of the last try of a change.
    #[must_use]
    pub fn fate(&self) -> Fate {
        match self {
            Self::Unreachable { obstacle, .. } => match obstacle {
                Obstacle::Cut | Obstacle::Other => Fate::Open,
                Obstacle::Name | Obstacle::Refused | Obstacle::Tls => Fate::NotSent,
            },
            Self::Timeout { connecting: true, .. } | Self::InvalidId { .. } | Self::NotASandbox { .. } => {
                Fate::NotSent
            }
            Self::Timeout { .. } | Self::BadReply { .. } => Fate::Open,
            Self::NotAnApi { status, .. } => fate_of_status(*status),
            Self::Api { error, .. } if error.is_key_in_use() => Fate::Busy,
            Self::Api { error, .. } => fate_of_status(error.http_status),
            Self::Unsettled { last, .. } => last.fate(),
        }
    }

    /// What this tells of all tries of a change, the oldest first. Of several that tell the same, one is enough.
    #[must_use]
    pub fn fates(&self) -> Vec<Fate> {
        match self {
            Self::Unsettled { earlier, last } => [earlier.fates(), last.fates()].concat(),
            _ => vec![self.fate()],
        }
    }

    /// Whether a change may have been made although nothing proves it. Asking again with the same idempotency key
    /// tells.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        self.asked().operation.is_change() && self.fates().iter().any(|fate| fate.is_open())
    }

    /// The same with what was spent on it.
    pub(super) fn with_effort(mut self, effort: Effort) -> Self {
        match &mut self {
            Self::Api { asked, .. }
            | Self::Unreachable { asked, .. }
            | Self::Timeout { asked, .. }
            | Self::NotAnApi { asked, .. }
            | Self::BadReply { asked, .. }
            | Self::InvalidId { asked }
            | Self::NotASandbox { asked } => asked.effort = effort,
            Self::Unsettled { .. } => {}
        }
        self
    }

    /// What kind of trouble it is, where it is one that passes by itself.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Api { error, .. } if error.is_locked() => None,
            Self::Unreachable { .. } | Self::Timeout { connecting: true, .. } => Some(Trouble::Unreachable),
            Self::Timeout { .. } => Some(Trouble::Silent),
            Self::BadReply { fault: Fault::CutShort, .. } => Some(Trouble::Failing),
            Self::Unsettled { last, .. } => last.trouble(),
            Self::Api { .. } | Self::NotAnApi { .. } => match self.status()? {
                429 => Some(Trouble::RateLimited),
                408 | 500.. => Some(Trouble::Failing),
                _ => None,
            },
            Self::BadReply { .. } | Self::InvalidId { .. } | Self::NotASandbox { .. } => None,
        }
    }

    /// The same, where an earlier try is in doubt.
    pub(super) fn after(self, earlier: Option<Self>) -> Self {
        match earlier {
            Some(earlier) if !self.fate().is_open() => {
                Self::Unsettled { earlier: Box::new(earlier), last: Box::new(self) }
            }
            _ => self,
        }
    }
}

/// What an answer with this status tells of a try, whoever gave it. Servers on the way give up on what was passed on
/// already (408, 499).
const fn fate_of_status(status: u16) -> Fate {
    match status {
        429 => Fate::TurnedAway,
        409 => Fate::Busy,
        0..=299 | 408 | 499.. => Fate::Open,
        300..=498 => Fate::Refused,
    }
}

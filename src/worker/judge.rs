//! What came of a change: its answer is compared with what was asked, and the session is read where that tells more.

use std::time::Duration;

use super::change::Changer;
use super::what::{CHANGED, Change};
use crate::changes::{Evidence, Fate, Mismatch, Reading, Verdict, Want, verdict};
use crate::client::{Error, Fault, Operation, Reply};
use crate::identity::{ApiError, Session, SessionId};
use crate::privacy::Scrubbed;

/// What came of a change.
pub(super) enum Judged {
    /// The session is as wanted.
    Done {
        session: Box<Session>,
        /// The `Request-Id` of the answer that proves it.
        request_id: Option<Scrubbed>,
        /// Whether no answer proves it, and reading does.
        by_reading: bool,
    },
    /// It was refused, did not begin, or nobody knows.
    Not {
        verdict: Verdict,
        /// What came instead of an answer that proves it.
        error: Box<Error>,
        /// The session as it is now, if it was read.
        now: Option<Box<Session>>,
    },
}

/// What reading a session shows.
pub(super) enum Read {
    /// There it is; whether it is as wanted.
    There(Box<Session>, Reading),
    /// The API knows no such session, and says so with this.
    Gone(Error),
}

impl Read {
    pub(super) const fn reading(&self) -> Reading {
        match self {
            Self::There(_, reading) => *reading,
            Self::Gone(_) => Reading::Gone,
        }
    }
}

impl Changer {
    /// Judges what came of asking for `change`. `was_asked` says whether it was asked for before, under the same key,
    /// and nobody knows what became of that.
    ///
    /// After every refusal, and wherever an answer came that proves nothing, the session is read. Where no answer comes
    /// reading would only wait once more.
    pub(super) async fn judge(
        &self,
        change: &Change,
        was_asked: bool,
        result: Result<Reply<Session>, Error>,
    ) -> Judged {
        let want = change.want();
        let mut tries = if was_asked { vec![Fate::Open] } else { Vec::new() };
        let error = match result {
            Ok(Reply { value, request_id, .. }) => {
                match want.mismatch(&value, change.session(), self.client().is_live()) {
                    None => {
                        return Judged::Done { session: Box::new(value), request_id, by_reading: false };
                    }
                    Some(mismatch) => {
                        tries.push(Fate::Open);
                        let asked = self.client().asked(change.operation(), change.session());
                        Error::BadReply { asked, fault: Fault::NotAsAsked(mismatch), request_id }
                    }
                }
            }
            Err(error) => {
                tries.extend(error.fates());
                error
            }
        };
        let said = |reading| {
            let age = Duration::ZERO;
            verdict(Evidence { tries: &tries, reading, is_lasting: want.is_lasting(), age })
        };
        let read = match change.session() {
            Some(id) if said(None) != Verdict::NotBegun && is_worth_reading(&error) => {
                self.read(want, id).await.ok()
            }
            _ => None,
        };
        let verdict = said(read.as_ref().map(Read::reading));
        let (error, now) = match read {
            Some(Read::There(session, _)) if verdict == Verdict::Done => {
                return Judged::Done { session, request_id: None, by_reading: true };
            }
            Some(Read::There(session, _)) => (error, Some(session)),
            Some(Read::Gone(gone)) => (gone, None),
            None => (error, None),
        };
        Judged::Not { verdict, error: Box::new(error), now }
    }

    /// Reads a session, to see whether it is as wanted.
    ///
    /// # Errors
    /// When it cannot be read, or what came is not that session.
    pub(super) async fn read(&self, want: Want<'_>, id: &SessionId) -> Result<Read, Error> {
        match self.client().retrieve_session(id, &CHANGED).await {
            Ok(Reply { value, request_id, .. }) => {
                let reading = match want.mismatch(&value, Some(id), self.client().is_live()) {
                    None => Reading::AsWanted,
                    Some(Mismatch::State) => Reading::NotAsWanted,
                    Some(mismatch) => {
                        let asked = self.client().asked(Operation::RetrieveSession, Some(id));
                        return Err(Error::BadReply {
                            asked,
                            fault: Fault::NotAsAsked(mismatch),
                            request_id,
                        });
                    }
                };
                Ok(Read::There(Box::new(value), reading))
            }
            Err(error) if error.api().is_some_and(ApiError::names_missing_object) => Ok(Read::Gone(error)),
            Err(error) => Err(error),
        }
    }
}

/// Whether something answers there, and does not say already that it knows no such session, or no such key.
fn is_worth_reading(error: &Error) -> bool {
    match error {
        Error::Unreachable { .. } | Error::Timeout { .. } => false,
        Error::Unsettled { last, .. } => is_worth_reading(last),
        error => !error.api().is_some_and(|api| api.is_missing() || api.is_unauthorized()),
    }
}

//! What stands behind a link: its session, whether it still opens anything, and this browser's visit to it.

use crate::clock::Timestamp;
use crate::identity::Status;
use crate::sandbox::errors::Failure;
use crate::sandbox::render::URL_LIVES;
use crate::sandbox::store::Connection;
use crate::sandbox::store::hosted::{self, Visit};
use crate::sandbox::store::sessions::{self, SessionRow};
use crate::sandbox::tokens;

use super::Progress;

/// How long a visit is remembered, in seconds: long enough to show the result of a day's processing.
const VISIT_LIVES: i64 = 7 * 86_400;

/// A link and what it leads to.
#[derive(Debug)]
pub(super) struct Opened {
    /// The part after `test_`.
    pub(super) token: String,
    /// When the link was issued.
    pub(super) made: Timestamp,
    /// Its session.
    pub(super) row: SessionRow,
    /// What this browser has done with it.
    pub(super) visit: Option<Visit>,
}

/// What a link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Documents may be submitted.
    Open,
    /// It is too old.
    Expired,
    /// Something was submitted with it, or a newer link took its place.
    Used,
    /// The session is being checked.
    Processing,
    /// The session is done.
    Verified,
    /// The session was called off.
    Canceled,
    /// The session's data are erased, or about to be.
    Redacted,
}

impl Opened {
    /// Finds the link that `name` (`test_…`) names, and the visit called `visit` to it.
    pub(super) async fn find(
        connection: &mut Connection,
        name: &str,
        visit: Option<&str>,
    ) -> Result<Option<Self>, Failure> {
        let Some(token) = name.strip_prefix("test_") else { return Ok(None) };
        let Some(issued) = hosted::link(connection, token).await? else { return Ok(None) };
        let Some(row) = sessions::get(connection, &issued.session).await? else { return Ok(None) };
        let visit = match visit {
            Some(id) => hosted::visit(connection, id, token).await?,
            None => None,
        };
        Ok(Some(Self { token: token.to_owned(), made: issued.made, row, visit }))
    }

    /// Begins this browser's visit.
    pub(super) async fn begin(&mut self, connection: &mut Connection, now: Timestamp) -> Result<(), Failure> {
        let visit = Visit {
            id: tokens::visit_id(),
            link_token: self.token.clone(),
            made: now,
            csrf: tokens::csrf_token(),
            progress: Progress::default(),
        };
        hosted::add_visit(connection, &visit, now.minus_secs(VISIT_LIVES)).await?;
        self.visit = Some(visit);
        Ok(())
    }

    /// Whether this browser has submitted with this link.
    pub(super) fn submitted(&self) -> bool {
        self.visit.as_ref().is_some_and(|visit| visit.progress.submitted)
    }

    /// What the link is good for at `now`.
    pub(super) fn standing(&self, now: Timestamp) -> Standing {
        let record = &self.row.record;
        if record.redaction.is_some() {
            return Standing::Redacted;
        }
        match record.status {
            Status::Verified => Standing::Verified,
            Status::Canceled => Standing::Canceled,
            Status::Processing => Standing::Processing,
            Status::RequiresInput | Status::Other(_) => {
                let newest = self.row.link.as_ref().is_some_and(|link| link.token == self.token);
                if newest && self.is_young(now) {
                    Standing::Open
                } else if newest || !self.was_spent() {
                    Standing::Expired
                } else {
                    Standing::Used
                }
            }
        }
    }

    fn is_young(&self, now: Timestamp) -> bool {
        now.secs_since(self.made) < URL_LIVES
    }

    /// Whether something was submitted with the link. A link that is not the newest any more was either spent or, a
    /// day after it was issued, replaced; a session without an error has had no submission at all.
    fn was_spent(&self) -> bool {
        self.submitted() || self.row.record.last_error.is_some()
    }

    /// The address of the page.
    pub(super) fn base(&self) -> String {
        base(&self.token)
    }
}

/// The address of the page that `token` opens.
pub(super) fn base(token: &str) -> String {
    format!("/start/test_{token}")
}

//! What was created while a create that was never answered may have been on its way. Whether one of these is it only a
//! person can say.

use super::Changer;
use crate::changes::REQUEST_LIFE;
use crate::client::Error;
use crate::clock::{Timestamp, WallTime};
use crate::identity::SessionId;
use crate::identity::params::{Created, ListSessions, Paging};

/// How far two clocks that are thought to agree may differ, in seconds.
const LEEWAY: i64 = 60;

/// How many are named at most.
const MOST: u8 = 100;

/// Until when a request that was last made at `last` may be carried out.
pub(super) fn last_moment(last: WallTime) -> WallTime {
    last.plus(REQUEST_LIFE)
}

impl Changer {
    /// The sessions that were created while a create that went out at `first`, and once more at `last`, may have been on
    /// its way, newest first.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub(super) async fn created_between(
        &self,
        first: WallTime,
        last: WallTime,
    ) -> Result<Vec<SessionId>, Error> {
        // The API dates what it creates by its own clock.
        let ahead = self.client().clock_ahead().unwrap_or(0);
        let bound =
            |at: WallTime, secs: i64| Some(Timestamp::from_secs(at.timestamp().as_secs() + ahead + secs));
        let question = ListSessions {
            created: Created {
                gte: bound(first, -LEEWAY),
                lte: bound(last_moment(last), LEEWAY),
                ..Created::default()
            },
            paging: Paging { limit: Some(MOST), ..Paging::default() },
            ..ListSessions::default()
        };
        let page = self.client().list_sessions(&question).await?.value;
        Ok(page.data.into_iter().filter(|session| question.fits(session)).map(|session| session.id).collect())
    }
}

//! What was created at the time of a create that was never answered. Whether one of these is it only a person can say.

use super::Changer;
use crate::client::Error;
use crate::clock::{Timestamp, WallTime};
use crate::identity::SessionId;
use crate::identity::params::{Created, ListSessions, Paging};

/// How far from the moment at which a create went out its session may be dated, in seconds.
const AROUND: i64 = 60;

/// How many are named at most.
const MOST: u8 = 100;

impl Changer {
    /// The sessions that were created about when a create went out, newest first.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub(super) async fn created_about(&self, at: WallTime) -> Result<Vec<SessionId>, Error> {
        // The API dates what it creates by its own clock.
        let secs = at.timestamp().as_secs() + self.client().clock_ahead().unwrap_or(0);
        let bound = |secs| Some(Timestamp::from_secs(secs));
        let question = ListSessions {
            created: Created { gte: bound(secs - AROUND), lte: bound(secs + AROUND), ..Created::default() },
            paging: Paging { limit: Some(MOST), ..Paging::default() },
            ..ListSessions::default()
        };
        let page = self.client().list_sessions(&question).await?.value;
        Ok(page.data.into_iter().filter(|session| question.fits(session)).map(|session| session.id).collect())
    }
}

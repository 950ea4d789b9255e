//! What is about to happen to a session, or happens to it now: what row and detail say before anything else.

use crate::identity::SessionId;
use crate::journal::Step;

use super::Model;
use super::job::{Stage, doing_of};

/// What is about to happen to a session. The words are verbs, as `cancel`, or what is being done, as `canceling`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// It is sent in so many seconds, and can be taken back.
    Held(&'static str, u64),
    /// It waits for its turn in a job that is being sent.
    Waiting(&'static str),
    /// It waits for somebody to go on with its job.
    Paused(&'static str),
    /// An earlier run left it.
    Left(&'static str),
    /// It is being sent.
    Doing(&'static str),
    /// It was sent, and nobody knows what became of it.
    InDoubt(&'static str),
}

impl Model {
    /// What is about to happen to a session.
    #[must_use]
    pub fn pending(&self, session: &SessionId) -> Option<Pending> {
        let Some((job, step)) = self.jobs.on(session) else {
            let mut changing = self.in_flight().filter(|(changing, _)| *changing == session);
            return changing.next().map(|(_, doing)| Pending::Doing(doing));
        };
        let verb = job.verb();
        Some(match (step, job.stage) {
            (Step::Asked, _) => Pending::Doing(doing_of(&job.act)),
            (Step::Failed, stage) if stage != Stage::Left => Pending::InDoubt(verb),
            (_, Stage::Held { .. }) => Pending::Held(verb, job.seconds_left(self.now.monotonic)),
            (_, Stage::Left) => Pending::Left(verb),
            (_, Stage::Paused) => Pending::Paused(verb),
            _ if job.items().len() == 1 => Pending::Doing(doing_of(&job.act)),
            _ => Pending::Waiting(verb),
        })
    }
}

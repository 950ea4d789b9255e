//! Requests that only read: how their tries go is told, and they can be given up.

use std::collections::HashMap;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, JoinHandle};

use crate::app::{Msg, Problem, Request, TaskId, Trying};

use super::Connected;

/// Those on their way.
#[derive(Default)]
pub(super) struct Reads(HashMap<TaskId, AbortHandle>);

impl Reads {
    pub(super) fn add(&mut self, id: TaskId, running: &JoinHandle<()>) {
        self.0.retain(|_, running| !running.is_finished());
        self.0.insert(id, running.abort_handle());
    }

    /// Gives these up, wherever they are.
    pub(super) fn stop(&mut self, ids: &[TaskId]) {
        ids.iter().filter_map(|id| self.0.remove(id)).for_each(|running| running.abort());
    }
}

/// Whether a request only reads, so that nothing is lost when it is given up.
pub(super) const fn is_read(request: &Request) -> bool {
    matches!(request, Request::ListSessions(_) | Request::ListReports(_) | Request::Retrieve(_))
}

/// Tells the model of every try of a read that failed and is made again.
pub(super) fn tell_of_tries(connected: &Connected, replies: &UnboundedSender<Msg>) {
    // Not kept open by this: the client lives as long as anything that is still asked.
    let replies = replies.downgrade();
    connected.changer.client().watch(move |failed| {
        if failed.error.asked().operation.is_change() {
            return;
        }
        if let Some(replies) = replies.upgrade() {
            let last = Problem::from(failed.error.clone());
            let _ = replies.send(Msg::Trying(Trying { number: failed.number + 1, of: failed.of, last }));
        }
    });
}

//! The async client task: takes what the model asks, calls the API, returns messages.
//!
//! Floor 5: imports floors 0 to 4; `cli` starts it. Every request runs on its own, a bounded number at a time; a
//! change is written down before it is sent and after it was answered: [`Changer`], which the command line uses too.

mod ask;
mod audit;
mod change;
mod clock;
mod doubt;
mod error;
mod export;
mod jobs;
mod judge;
mod nearby;
mod pace;
mod problem;
mod reads;
mod reason;
mod record;
mod unveil;
mod what;

use reads::{Reads, tell_of_tries};

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};

use crate::app::{Connection, JobRequest, Msg, Problem, Request, Task};

pub use change::{Changer, Found, Made};
pub use error::{ChangeError, Undone, Unwritten};
pub use record::{Export, Intent, Recorder};
pub use what::Change;

/// How many requests are on their way at once.
const LANES: usize = 6;

/// An API that can be asked.
pub struct Connected {
    /// Asks it, writes down what changes it, and holds audit and outbox.
    pub changer: Changer,
    /// What the header says of it.
    pub connection: Connection,
    /// What has to live as long as the API is asked: an embedded sandbox.
    pub keep: Box<dyn std::any::Any + Send + Sync>,
}

/// Where tasks are put for the worker.
pub type Tasks = mpsc::UnboundedSender<Task>;

/// Starts the worker. It connects first, so that the first frame waits for nothing; what goes wrong there is a
/// message too. It ends when `replies` is closed or the returned sender is dropped, after what it has begun.
pub fn spawn<F>(connect: F, replies: mpsc::UnboundedSender<Msg>) -> (Tasks, tokio::task::JoinHandle<()>)
where
    F: Future<Output = Result<Connected, Problem>> + Send + 'static,
{
    let (tasks, inbox) = mpsc::unbounded_channel();
    (tasks, tokio::spawn(run(connect, inbox, replies)))
}

async fn run<F>(connect: F, mut inbox: mpsc::UnboundedReceiver<Task>, replies: mpsc::UnboundedSender<Msg>)
where
    F: Future<Output = Result<Connected, Problem>>,
{
    let connected = match connect.await {
        Ok(connected) => Arc::new(connected),
        Err(problem) => {
            let _ = replies.send(Msg::NotConnected(problem));
            return;
        }
    };
    if replies.send(Msg::Connected(connected.connection.clone())).is_err() {
        return;
    }
    tell_of_tries(&connected, &replies);
    let mut reads = Reads::default();
    let lanes = Arc::new(Semaphore::new(LANES));
    let runner = Arc::new(jobs::Runner::new(Arc::clone(&connected), replies.clone()));
    tokio::spawn(Arc::clone(&runner).find_left_over());
    while let Some(Task { id, via, request }) = inbox.recv().await {
        if let Request::Job(JobRequest::Pause(job)) = &request {
            // A pause waits for no lane.
            runner.pause(job);
        }
        if let Request::Stop(tasks) = &request {
            reads.stop(tasks);
            continue;
        }
        let is_read = reads::is_read(&request);
        let (connected, replies) = (Arc::clone(&connected), replies.clone());
        let (lanes, runner) = (Arc::clone(&lanes), Arc::clone(&runner));
        let running = tokio::spawn(async move {
            let result = match request {
                // A job has lanes of its own, and may take long.
                Request::Job(request) => runner.answer(request).await.map_err(Problem::from),
                request => {
                    let _lane = lanes.acquire_owned().await;
                    ask::ask(&connected, &via, request).await
                }
            };
            let reads = connected.changer.client().requests_sent();
            // Nobody listens any more when the program is ending.
            let _ = replies.send(Msg::Reply { task: id, reads, result });
        });
        if is_read {
            reads.add(id, &running);
        }
    }
}

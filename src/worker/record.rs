//! Writes down every change before it is asked for and after it was answered.

use std::sync::Arc;

use jiff::Timestamp;

use crate::app::{Problem, ProblemKind};
use crate::client::{Error, IdempotencyKey};
use crate::journal::{Entry, Journal, JournalError, Mode, Outcome, Word};

/// Who changes things, where, and the journal that says so.
#[derive(Clone)]
pub struct Recorder {
    journal: Result<Arc<Journal>, String>,
    operator: Word,
    profile: Word,
    mode: Mode,
}

/// A change on its way: ties the journal's two lines together.
pub(super) struct Change {
    journal: Arc<Journal>,
    entry: Entry,
}

impl Recorder {
    /// Records changes by `operator` under `profile`. Where the journal could not be opened nothing is changed, and
    /// everything can be read.
    #[must_use]
    pub fn new(journal: Result<Journal, JournalError>, operator: &str, profile: &str, mode: Mode) -> Self {
        let journal = journal.map(Arc::new).map_err(|error| error.to_string());
        Self { journal, operator: Word::new(operator), profile: Word::new(profile), mode }
    }

    /// Writes that a change is about to be asked for. Without this line nothing may be sent.
    pub(super) async fn begin(
        &self,
        action: &str,
        object: Option<&str>,
        key: Option<&IdempotencyKey>,
    ) -> Result<Change, Problem> {
        let entry = Entry {
            at: Timestamp::now(),
            operator: self.operator.clone(),
            profile: self.profile.clone(),
            mode: self.mode,
            action: Word::new(action),
            object: object.map(Word::new),
            request_id: None,
            idempotency_key: key.map(|key| Word::new(key.as_str())),
            result: Outcome::Asked,
            error_code: None,
        };
        let unwritten = |why: String| Problem {
            text: format!("Nothing was sent, because it could not be written down first: {why}."),
            hint: Some("Make room on the disk, or make the state folder writable, and try again.".into()),
            request_id: None,
            kind: ProblemKind::Other,
        };
        let journal = self.journal.clone().map_err(unwritten)?;
        let change = Change { journal, entry };
        change.write().await.map_err(|error| unwritten(error.to_string()))?;
        Ok(change)
    }
}

impl Change {
    /// Writes what became of it.
    pub(super) async fn end(mut self, object: Option<&str>, result: Result<Option<&str>, &Error>) {
        self.entry.at = Timestamp::now();
        if let Some(object) = object {
            self.entry.object = Some(Word::new(object));
        }
        match result {
            Ok(request_id) => {
                self.entry.result = Outcome::Done;
                self.entry.request_id = request_id.map(Word::new);
            }
            Err(error) => {
                self.entry.request_id = error.request_id().map(|id| Word::new(id));
                self.entry.result = if error.api().is_some() { Outcome::Refused } else { Outcome::Failed };
                let code = error.api().and_then(|api| api.code.as_deref().map(ToOwned::to_owned));
                let status = error.status().map(|status| status.to_string());
                self.entry.error_code = code.or(status).map(|code| Word::new(&code));
            }
        }
        // The change itself is made; that its end could not be written shows as an open line in the journal.
        let _ = self.write().await;
    }

    async fn write(&self) -> Result<(), JournalError> {
        let (journal, entry) = (Arc::clone(&self.journal), self.entry.clone());
        let written = tokio::task::spawn_blocking(move || journal.record(&entry)).await;
        // The task only ends early when the runtime does, and then nothing is sent any more either.
        written.unwrap_or(Ok(()))
    }
}

//! Writes down every change before it is asked for and after it was answered, and every reveal and export before it
//! is made.

use std::sync::Arc;
use std::time::SystemTime;

use super::error::{ChangeError, Undone};
use super::judge::Judged;
use crate::app::{Erasure, REDACTED};
use crate::blocking;
use crate::changes::Verdict;
use crate::client::{Error, IdempotencyKey};
use crate::clock::WallTime;
use crate::identity::SessionId;
use crate::journal::{Entry, JobId, Journal, JournalError, Mode, Outcome, Reason, Word};

/// Stands among the parameters of what no answer proves, and reading does.
pub(super) const FOUND_BY_READING: &str = "found_by_reading";

/// Who works, where, and the audit that says so.
#[derive(Clone)]
pub struct Recorder {
    journal: Result<Arc<Journal>, JournalError>,
    operator: Word,
    profile: Word,
    mode: Mode,
}

/// Why and by which way something is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What was pressed or typed: `key:X`, `palette:redact`, `cli:sessions-redact`.
    pub via: Word,
    /// Why.
    pub reason: Option<Reason>,
    /// The job in the outbox that it is part of. None for a change that has no job yet.
    pub job: Option<JobId>,
}

impl Intent {
    /// An intent without a reason and a job.
    #[must_use]
    pub fn via(via: &str) -> Self {
        Self { via: Word::new(via), reason: None, job: None }
    }
}

/// What is about to be done, as the audit wants to know it.
pub(super) struct Doing<'a> {
    pub(super) action: &'a str,
    pub(super) object: Option<&'a str>,
    pub(super) params: Vec<Word>,
    pub(super) key: Option<&'a IdempotencyKey>,
}

/// A change on its way: ties the audit's two lines together.
pub(super) struct Change {
    journal: Arc<Journal>,
    entry: Entry,
}

/// Which objects go into an export, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// What they are: `sessions`, `reports`.
    pub what: Word,
    /// `csv`, `json`, `jsonl`.
    pub format: Word,
    /// How many.
    pub count: usize,
    /// Whether personal data is shown in it.
    pub revealed: bool,
}

impl Recorder {
    /// Records what `operator` does under `profile`. Where the audit could not be opened nothing is changed, revealed
    /// or exported, and everything can be read.
    #[must_use]
    pub fn new(journal: Result<Journal, JournalError>, operator: &str, profile: &str, mode: Mode) -> Self {
        Self {
            journal: journal.map(Arc::new),
            operator: Word::new(operator),
            profile: Word::new(profile),
            mode,
        }
    }

    /// The open audit, or why there is none.
    ///
    /// # Errors
    /// Why the audit could not be opened.
    pub const fn journal(&self) -> Result<&Arc<Journal>, &JournalError> {
        self.journal.as_ref()
    }

    /// Who works at the terminal.
    #[must_use]
    pub const fn operator(&self) -> &Word {
        &self.operator
    }

    /// The profile of the settings.
    #[must_use]
    pub const fn profile(&self) -> &Word {
        &self.profile
    }

    /// Live or test mode.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Writes that personal data of `object` is about to be shown; `fields` names which. Show it only after this.
    ///
    /// # Errors
    /// When it cannot be written down: then nothing may be shown.
    pub async fn reveal(&self, intent: &Intent, object: &str, fields: &[&str]) -> Result<(), ChangeError> {
        let params = fields.iter().map(|field| Word::new(field)).collect();
        let doing = Doing { action: "reveal", object: Some(object), params, key: None };
        self.note(intent, doing, Undone::Revealing).await
    }

    /// Writes that objects are about to be exported. Write the export only after this.
    ///
    /// # Errors
    /// When it cannot be written down: then nothing may be exported.
    pub async fn export(&self, intent: &Intent, export: &Export) -> Result<(), ChangeError> {
        let sight = if export.revealed { "revealed" } else { "masked" };
        let params = vec![
            export.what.clone(),
            Word::new(&format!("format:{}", export.format)),
            Word::new(&format!("count:{}", export.count)),
            Word::new(sight),
        ];
        let doing = Doing { action: "export", object: None, params, key: None };
        self.note(intent, doing, Undone::Exporting).await
    }

    /// Writes between which moments a redaction came to its end, unless that is written down already: another vetty may
    /// have seen it too.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub async fn redacted(&self, session: &SessionId, erasure: &Erasure) -> Result<(), ChangeError> {
        let not_written = |source| ChangeError::NotWritten { undone: Undone::Noting, source };
        let journal = self.journal.clone().map_err(not_written)?;
        let object = Word::new(session.as_str());
        let is_known = move || {
            let lines = Journal::read(journal.path())?.lines;
            let tells = |entry: &Entry| &*entry.action == REDACTED && entry.object.as_ref() == Some(&object);
            Ok::<_, JournalError>(lines.iter().any(|line| tells(&line.entry)))
        };
        if blocking::run(is_known).await.map_err(not_written)? {
            return Ok(());
        }
        let params = erasure.params().iter().map(|param| Word::new(param)).collect();
        let doing = Doing { action: REDACTED, object: Some(session.as_str()), params, key: None };
        self.note(&Intent::via("seen"), doing, Undone::Noting).await
    }

    /// One line about something that the API is not asked for.
    async fn note(&self, intent: &Intent, doing: Doing<'_>, undone: Undone) -> Result<(), ChangeError> {
        let not_written = |source| ChangeError::NotWritten { undone, source };
        let journal = self.journal.clone().map_err(not_written)?;
        let entry = Entry { result: Outcome::Done, ..self.entry(intent, doing) };
        write(journal, entry).await.map_err(not_written)
    }

    /// Writes that a change is about to be asked for. Without this line nothing may be sent.
    pub(super) async fn begin(&self, intent: &Intent, doing: Doing<'_>) -> Result<Change, ChangeError> {
        let change = self.prepare(intent, doing)?;
        let written = write(Arc::clone(&change.journal), change.entry.clone()).await;
        written.map_err(ChangeError::not_sent)?;
        Ok(change)
    }

    /// A change that an earlier run began: only its end is to be written.
    pub(super) fn prepare(&self, intent: &Intent, doing: Doing<'_>) -> Result<Change, ChangeError> {
        let journal = self.journal.clone().map_err(ChangeError::not_sent)?;
        Ok(Change { journal, entry: self.entry(intent, doing) })
    }

    fn entry(&self, intent: &Intent, doing: Doing<'_>) -> Entry {
        Entry {
            at: WallTime::from(SystemTime::now()),
            operator: self.operator.clone(),
            profile: self.profile.clone(),
            mode: self.mode,
            via: intent.via.clone(),
            action: Word::new(doing.action),
            object: doing.object.map(Word::new),
            params: doing.params,
            reason: intent.reason.clone(),
            job: intent.job.as_ref().map(|job| job.word().clone()),
            request_id: None,
            idempotency_key: doing.key.map(|key| Word::new(key.as_str())),
            result: Outcome::Asked,
            error_code: None,
        }
    }
}

impl Change {
    /// Writes that the API did it. `object` is the id of what was created.
    pub(super) async fn done(
        mut self,
        object: Option<&str>,
        request_id: Option<&str>,
    ) -> Result<(), JournalError> {
        if let Some(object) = object {
            self.entry.object = Some(Word::new(object));
        }
        self.entry.request_id = request_id.map(Word::new);
        self.end(Outcome::Done).await
    }

    /// Writes what became of it. What only reading shows is marked so.
    pub(super) async fn judged(mut self, judged: &Judged) -> Result<(), JournalError> {
        match judged {
            Judged::Done { session, request_id, by_reading } => {
                if *by_reading {
                    self.entry.params.push(Word::new(FOUND_BY_READING));
                }
                self.done(Some(session.id.as_str()), request_id.as_deref()).await
            }
            Judged::Not { verdict, error, .. } => {
                self.entry.request_id = error.request_id().map(|id| Word::new(id));
                self.entry.error_code = Some(code_of(error));
                let result = match verdict {
                    Verdict::Refused { .. } => Outcome::Refused,
                    Verdict::NotBegun => Outcome::NotBegun,
                    Verdict::Done | Verdict::InDoubt => Outcome::Failed,
                };
                self.end(result).await
            }
        }
    }

    /// Writes that what needs no proof failed.
    pub(super) async fn failed(mut self, error: &Error) -> Result<(), JournalError> {
        self.entry.request_id = error.request_id().map(|id| Word::new(id));
        self.entry.error_code = Some(code_of(error));
        let refused = error.api().is_some() && !error.may_have_happened();
        self.end(if refused { Outcome::Refused } else { Outcome::Failed }).await
    }

    /// Writes that reading shows that it did not begin.
    pub(super) async fn not_begun(self) -> Result<(), JournalError> {
        self.end(Outcome::NotBegun).await
    }

    /// Writes that it was not sent after all.
    pub(super) async fn not_sent(mut self) -> Result<(), JournalError> {
        self.entry.error_code = Some(Word::new("not_sent"));
        self.end(Outcome::NotBegun).await
    }

    async fn end(mut self, result: Outcome) -> Result<(), JournalError> {
        self.entry.at = WallTime::from(SystemTime::now());
        self.entry.result = result;
        write(self.journal, self.entry).await
    }
}

/// What went wrong, in a word: the API's code, the HTTP status, or what stood between.
pub(super) fn code_of(error: &Error) -> Word {
    let code = error.api().and_then(|api| api.code.as_deref().map(Word::new));
    let status = || error.status().map(|status| Word::new(&status.to_string()));
    code.or_else(status).unwrap_or_else(|| {
        Word::new(match error {
            Error::Timeout { .. } => "timeout",
            Error::BadReply { .. } => "unreadable_reply",
            Error::InvalidId { .. } | Error::NotASandbox { .. } => "not_sent",
            _ => "unreachable",
        })
    })
}

async fn write(journal: Arc<Journal>, entry: Entry) -> Result<(), JournalError> {
    blocking::run(move || journal.record(&entry)).await.map(drop)
}

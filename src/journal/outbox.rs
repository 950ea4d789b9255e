//! The outbox: what is still to be done, on disk, so that a crash loses nothing and repeats nothing.
//!
//! A folder with one file for each job that is not finished: the job in its first line, then a line for each step of
//! an item. The program that works on a job holds the lock of its file; the system lets go of it when the program
//! ends, however it ends. A job without a holder is left over.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

mod file;

use file::{Again, Content, Mark, Taken, create, line_of, name_of, names, take};

use super::crash;
use super::error::JournalError;
use super::files;
use super::folder::Folder;
use super::job::{Item, Job, JobAct, JobId, Place, Single, Step};
use super::lock::{self, PATIENCE};
use crate::clock::{Stamp, WallTime};
use crate::identity::SessionId;

/// The lock that is held while files come to be and are looked through.
const LOCK: &str = ".lock";

/// An open outbox. Writing blocks until the disk has it: call it off the async threads.
#[derive(Debug)]
pub struct Outbox {
    inner: Mutex<Inner>,
    patience: Duration,
}

#[derive(Debug)]
struct Inner {
    folder: Folder,
    /// What this program works on.
    mine: HashMap<JobId, Mine>,
}

#[derive(Debug)]
struct Mine {
    file: File,
    name: String,
    content: Content,
}

/// What earlier runs left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOver {
    /// Jobs with items that are held or in doubt, oldest first.
    pub jobs: Vec<Job>,
    /// Creates and updates of which nobody knows whether they happened, oldest first.
    pub singles: Vec<Single>,
    /// Files that cannot be read.
    pub unreadable: Vec<Unreadable>,
}

/// A file of the outbox that cannot be read. It may hold a change that was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its name.
    pub name: String,
    /// Why not, as a clause.
    pub reason: String,
}

/// What stands in an outbox, at any place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Changes that are held or in doubt, and nobody works on.
    pub left: usize,
    /// Of these, the ones in doubt.
    pub in_doubt: usize,
    /// Jobs and single changes that some program works on right now.
    pub busy: usize,
    /// Files that cannot be read.
    pub unreadable: Vec<Unreadable>,
}

impl Outbox {
    /// Opens the outbox in `folder`, or makes it. On Unix nobody else may read it.
    ///
    /// # Errors
    /// When folder or files cannot be made, opened or written.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        let folder = Folder::make(folder).map_err(JournalError::folder)?;
        Ok(Self { inner: Mutex::new(Inner { folder, mine: HashMap::new() }), patience: PATIENCE })
    }

    /// The same, which waits for a lock no longer than this.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Writes a job down and holds it.
    ///
    /// # Errors
    /// When it cannot be written whole, or its name is taken.
    pub fn put(&self, job: &Job) -> Result<(), JournalError> {
        self.begin(&job.id, Content::Job(job.clone()))
    }

    /// Writes down that a create or an update is about to be sent.
    ///
    /// # Errors
    /// When it cannot be written whole, or its name is taken.
    pub fn put_single(&self, single: &Single) -> Result<(), JournalError> {
        self.begin(&single.id, Content::Single(single.clone()))
    }

    /// Writes down that a create or an update is about to be sent again, under the same key.
    ///
    /// # Errors
    /// When the line cannot be written, or this program does not hold the change.
    pub fn mark_again(&self, id: &JobId, now: WallTime) -> Result<(), JournalError> {
        let mut inner = self.inner();
        let Inner { folder, mine } = &mut *inner;
        let mine = mine.get_mut(id).ok_or(JournalError::NoSuchJob)?;
        let Content::Single(_) = mine.content else { return Err(JournalError::NoSuchJob) };
        mine.append(folder, &line_of(&Again { again: now })?)?;
        if let Content::Single(single) = &mut mine.content {
            single.again = Some(now);
        }
        Ok(())
    }

    /// Writes down how far the item of `session` is.
    ///
    /// # Errors
    /// When the line cannot be written, or this program does not hold the job.
    pub fn mark(&self, job: &JobId, session: &SessionId, step: Step) -> Result<(), JournalError> {
        self.mark_all(job, &[(session.clone(), step)])
    }

    /// Writes down how far several items are, with one wait for the disk.
    ///
    /// # Errors
    /// See [`Outbox::mark`].
    pub fn mark_all(&self, job: &JobId, steps: &[(SessionId, Step)]) -> Result<(), JournalError> {
        let mark = |(session, step): &(SessionId, Step)| Mark {
            session: session.clone(),
            step: step.clone(),
            asked: None,
        };
        self.write(job, steps.iter().map(mark).collect())
    }

    /// Writes down that the item of `session` is asked for now.
    ///
    /// # Errors
    /// See [`Outbox::mark`].
    pub fn mark_asked(&self, job: &JobId, session: &SessionId, now: Stamp) -> Result<(), JournalError> {
        self.write(job, vec![Mark { session: session.clone(), step: Step::Asked, asked: Some(now) }])
    }

    fn write(&self, job: &JobId, marks: Vec<Mark>) -> Result<(), JournalError> {
        let mut inner = self.inner();
        let Inner { folder, mine } = &mut *inner;
        let mine = mine.get_mut(job).ok_or(JournalError::NoSuchJob)?;
        let Content::Job(job) = &mine.content else { return Err(JournalError::NoSuchJob) };
        let mut bytes = Vec::new();
        let mut marked = Vec::new();
        for mark in marks {
            let at = job.items.iter().position(|item| item.session == mark.session);
            bytes.extend(line_of(&mark)?);
            marked.push((at.ok_or(JournalError::NoSuchJob)?, mark));
        }
        mine.append(folder, &bytes)?;
        if let Content::Job(job) = &mut mine.content {
            for (at, mark) in marked {
                job.items[at].take(mark);
            }
        }
        Ok(())
    }

    /// Removes a job, or a single change, whatever is left of it to do.
    ///
    /// # Errors
    /// When the file cannot be removed, or this program does not hold the job.
    pub fn finish(&self, job: &JobId) -> Result<(), JournalError> {
        self.inner().finish(job)
    }

    /// Removes a job when nothing of it is held or in doubt; whether it did.
    ///
    /// # Errors
    /// See [`Outbox::finish`].
    pub fn close(&self, job: &JobId) -> Result<bool, JournalError> {
        let mut inner = self.inner();
        let mine = inner.mine.get(job).ok_or(JournalError::NoSuchJob)?;
        if matches!(&mine.content, Content::Job(job) if job.is_open()) {
            return Ok(false);
        }
        inner.finish(job).map(|()| true)
    }

    /// Lets go of a job as it is: it is left over again, for this program and every other.
    ///
    /// # Errors
    /// When this program does not hold the job.
    pub fn release(&self, job: &JobId) -> Result<(), JournalError> {
        self.inner().mine.remove(job).map(drop).ok_or(JournalError::NoSuchJob)
    }

    /// A job that this program holds, as it stands on disk.
    #[must_use]
    pub fn job(&self, job: &JobId) -> Option<Job> {
        match &self.inner().mine.get(job)?.content {
            Content::Job(job) => Some(job.clone()),
            Content::Single(_) => None,
        }
    }

    /// A create or an update that this program holds, as it stands on disk.
    #[must_use]
    pub fn single(&self, id: &JobId) -> Option<Single> {
        match &self.inner().mine.get(id)?.content {
            Content::Single(single) => Some(single.clone()),
            Content::Job(_) => None,
        }
    }

    /// An item of a job that this program holds, as it stands on disk.
    #[must_use]
    pub fn item(&self, job: &JobId, session: &SessionId) -> Option<Item> {
        match &self.inner().mine.get(job)?.content {
            Content::Job(job) => job.items.iter().find(|item| item.session == *session).cloned(),
            Content::Single(_) => None,
        }
    }

    /// What earlier runs left behind at `place`, and nobody works on. From now on this program holds it. Files of
    /// which nothing is left to do are removed.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn left_over(&self, place: &Place) -> Result<LeftOver, JournalError> {
        let mut found = LeftOver::default();
        let adopted = self.adopt(&mut found.unreadable, |content| match content {
            Content::Job(job) => job.place == *place,
            Content::Single(single) => single.place == *place,
        })?;
        for content in adopted {
            match content {
                Content::Job(job) if job.is_open() => found.jobs.push(job),
                Content::Job(job) => self.finish(&job.id)?,
                Content::Single(single) => found.singles.push(single),
            }
        }
        found.jobs.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        found.singles.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        Ok(found)
    }

    /// Jobs at `place` that do `act` to any of `sessions`, and that an earlier run left in doubt there: asking again is to
    /// go on with them. From now on this program holds them.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn in_doubt(
        &self,
        place: &Place,
        act: &JobAct,
        sessions: &[SessionId],
    ) -> Result<Vec<Job>, JournalError> {
        let is_asked_for = |item: &Item| item.step.is_in_doubt() && sessions.contains(&item.session);
        let adopted = self.adopt(&mut Vec::new(), |content| {
            matches!(content, Content::Job(job) if job.place == *place && job.act == *act
                && job.items.iter().any(is_asked_for))
        })?;
        let jobs = adopted.into_iter().filter_map(|content| match content {
            Content::Job(job) => Some(job),
            Content::Single(_) => None,
        });
        Ok(jobs.collect())
    }

    /// How many jobs and single changes are not finished, at any place, those that others work on included.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn count(&self) -> Result<usize, JournalError> {
        names(&self.inner().folder).map(|names| names.len()).map_err(JournalError::read)
    }

    /// What stands in the outbox in `folder`, of whatever place. Takes nothing over, and no lock for longer than a look
    /// at one file takes. One that was never begun is empty.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn overview(folder: &Path) -> Result<Overview, JournalError> {
        let mut found = Overview::default();
        let folder = match Folder::open(folder) {
            Ok(folder) => folder,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(JournalError::read(error)),
        };
        for name in names(&folder).map_err(JournalError::read)? {
            match take(&folder, &name) {
                Taken::Busy => found.busy += 1,
                Taken::Gone => {}
                Taken::Unreadable(reason) => found.unreadable.push(Unreadable { name, reason }),
                Taken::File(_, Content::Single(_)) => {
                    found.left += 1;
                    found.in_doubt += 1;
                }
                Taken::File(_, Content::Job(job)) => {
                    found.left += job.items.iter().filter(|item| item.step.is_open()).count();
                    found.in_doubt += job.items.iter().filter(|item| item.step.is_in_doubt()).count();
                }
            }
        }
        Ok(found)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, id: &JobId, content: Content) -> Result<(), JournalError> {
        let line = line_of(&content)?;
        let name = name_of(id);
        let mut inner = self.inner();
        inner.folder.refresh().map_err(JournalError::folder)?;
        let _held = lock::take(&inner.folder, LOCK, self.patience)?;
        if inner.folder.identity(&name).map_err(JournalError::write)?.is_some() {
            return Err(JournalError::JobExists);
        }
        let file = create(&inner.folder, &name, &line).map_err(JournalError::write)?;
        inner.mine.insert(id.clone(), Mine { file, name, content });
        Ok(())
    }

    /// Takes over what nobody holds and `wanted` wants. One that cannot be read keeps no other from being found.
    fn adopt(
        &self,
        unreadable: &mut Vec<Unreadable>,
        mut wanted: impl FnMut(&Content) -> bool,
    ) -> Result<Vec<Content>, JournalError> {
        let mut inner = self.inner();
        let Inner { folder, mine } = &mut *inner;
        let _held = lock::take(folder, LOCK, self.patience)?;
        let mut taken = Vec::new();
        for name in names(folder).map_err(JournalError::read)? {
            // Where there are no locks, what is ours has to be told in another way.
            if mine.values().any(|mine| mine.name == name) {
                continue;
            }
            match take(folder, &name) {
                Taken::Unreadable(reason) => unreadable.push(Unreadable { name, reason }),
                Taken::File(file, content) if wanted(&content) => {
                    let id = match &content {
                        Content::Job(job) => &job.id,
                        Content::Single(single) => &single.id,
                    };
                    mine.insert(id.clone(), Mine { file, name, content: content.clone() });
                    taken.push(content);
                }
                Taken::Busy | Taken::Gone | Taken::File(..) => {}
            }
        }
        Ok(taken)
    }
}

impl Mine {
    /// Adds a line, unless the file has lost its name: what is written to one without a name is lost.
    fn append(&mut self, folder: &Folder, line: &[u8]) -> Result<(), JournalError> {
        if !folder.holds(&self.name, &self.file).map_err(JournalError::write)? {
            return Err(JournalError::JobMoved);
        }
        files::append_line(&mut self.file, line).map_err(JournalError::write)
    }
}

impl Inner {
    fn finish(&mut self, job: &JobId) -> Result<(), JournalError> {
        let mine = self.mine.get(job).ok_or(JournalError::NoSuchJob)?;
        crash::point();
        // What has its name by now may be somebody else's.
        if self.folder.holds(&mine.name, &mine.file).map_err(JournalError::write)? {
            self.folder.remove(&mine.name).map_err(JournalError::write)?;
        }
        crash::point();
        self.mine.remove(job);
        Ok(())
    }
}

//! The outbox: what is still to be done, on disk, so that a crash loses nothing and repeats nothing.
//!
//! A folder with one file for each job that is not finished: the job in its first line, then a line for each step of
//! an item. The program that works on a job holds the lock of its file; the system lets go of it when the program
//! ends, however it ends. A job without a holder is left over.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::crash;
use super::error::JournalError;
use super::files;
use super::job::{Item, Job, JobAct, JobId, Place, Single, Step};
use crate::clock::Stamp;
use crate::identity::SessionId;

/// The extension of a job's file.
const EXTENSION: &str = "jsonl";

/// The lock that is held while files come to be and are looked through.
const LOCK: &str = ".lock";

/// An open outbox. Writing blocks until the disk has it: call it off the async threads.
#[derive(Debug)]
pub struct Outbox {
    folder: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    lock: File,
    /// What this program works on.
    mine: HashMap<JobId, Mine>,
}

#[derive(Debug)]
struct Mine {
    file: File,
    path: PathBuf,
    content: Content,
}

/// The first line of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Content {
    Job(Job),
    Single(Single),
}

/// Every other line.
#[derive(Serialize, Deserialize)]
struct Mark {
    session: SessionId,
    #[serde(flatten)]
    step: Step,
    /// When it was asked for, if this is what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked: Option<Stamp>,
}

impl Item {
    fn take(&mut self, mark: Mark) {
        self.step = mark.step;
        self.asked = mark.asked.or(self.asked);
    }
}

/// What earlier runs left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOver {
    /// Jobs with items that are held or in doubt, oldest first.
    pub jobs: Vec<Job>,
    /// Creates and updates of which nobody knows whether they happened, oldest first.
    pub singles: Vec<Single>,
    /// The names of files that cannot be read.
    pub unreadable: Vec<String>,
}

impl Outbox {
    /// Opens the outbox in `folder`, or makes it. On Unix nobody else may read it.
    ///
    /// # Errors
    /// When folder or files cannot be made, opened or written.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        files::make_private_folder(folder).map_err(JournalError::folder)?;
        let lock = files::open_for_appending(&folder.join(LOCK)).map_err(JournalError::open)?;
        Ok(Self { folder: folder.to_owned(), inner: Mutex::new(Inner { lock, mine: HashMap::new() }) })
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
        let mine = inner.mine.get_mut(job).ok_or(JournalError::NoSuchJob)?;
        let Mine { content: Content::Job(job), file, .. } = mine else { return Err(JournalError::NoSuchJob) };
        let mut bytes = Vec::new();
        let mut marked = Vec::new();
        for mark in marks {
            let at = job.items.iter().position(|item| item.session == mark.session);
            bytes.extend(line_of(&mark)?);
            marked.push((at.ok_or(JournalError::NoSuchJob)?, mark));
        }
        files::append_line(file, &bytes).map_err(JournalError::write)?;
        for (at, mark) in marked {
            job.items[at].take(mark);
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

    /// A job at `place` that does `act` to `session`, and that an earlier run left in doubt there: asking again is to go
    /// on with it. From now on this program holds it.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn in_doubt(
        &self,
        place: &Place,
        act: &JobAct,
        session: &SessionId,
    ) -> Result<Option<Job>, JournalError> {
        let is_same = |job: &Job| {
            job.place == *place
                && job.act == *act
                && job.items.iter().any(|item| item.session == *session && item.step.is_in_doubt())
        };
        let mut is_found = false;
        let adopted = self.adopt(&mut Vec::new(), |content| {
            let wanted = !is_found && matches!(content, Content::Job(job) if is_same(job));
            is_found |= wanted;
            wanted
        })?;
        Ok(adopted.into_iter().find_map(|content| match content {
            Content::Job(job) => Some(job),
            Content::Single(_) => None,
        }))
    }

    /// How many jobs and single changes are not finished, at any place, those that others work on included.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn count(&self) -> Result<usize, JournalError> {
        names(&self.folder).map(|names| names.len()).map_err(JournalError::read)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, id: &JobId, content: Content) -> Result<(), JournalError> {
        let line = line_of(&content)?;
        let path = self.folder.join(format!("{id}.{EXTENSION}"));
        let mut inner = self.inner();
        let file = files::locked(&mut inner.lock, |_| {
            if path.try_exists()? {
                return Ok(None);
            }
            create(&path, &line).map(Some)
        });
        let file = file.map_err(JournalError::write)?.ok_or(JournalError::JobExists)?;
        inner.mine.insert(id.clone(), Mine { file, path, content });
        Ok(())
    }

    /// Takes over what nobody holds and `wanted` wants.
    fn adopt(
        &self,
        unreadable: &mut Vec<String>,
        mut wanted: impl FnMut(&Content) -> bool,
    ) -> Result<Vec<Content>, JournalError> {
        let mut inner = self.inner();
        let Inner { lock, mine } = &mut *inner;
        let taken = files::locked(lock, |_| {
            let mut taken = Vec::new();
            for path in names(&self.folder)? {
                // Where there are no locks, what is ours has to be told in another way.
                if mine.values().any(|mine| mine.path == path) {
                    continue;
                }
                match take(&path)? {
                    Taken::Unreadable => {
                        let name = path.file_name().unwrap_or_default();
                        unreadable.push(name.to_string_lossy().into_owned());
                    }
                    Taken::File(file, content) if wanted(&content) => taken.push((file, path, content)),
                    Taken::Nothing | Taken::File(..) => {}
                }
            }
            Ok(taken)
        });
        let taken = taken.map_err(JournalError::read)?;
        Ok(taken
            .into_iter()
            .map(|(file, path, content)| {
                let id = match &content {
                    Content::Job(job) => &job.id,
                    Content::Single(single) => &single.id,
                };
                mine.insert(id.clone(), Mine { file, path, content: content.clone() });
                content
            })
            .collect())
    }
}

impl Inner {
    fn finish(&mut self, job: &JobId) -> Result<(), JournalError> {
        let mine = self.mine.get(job).ok_or(JournalError::NoSuchJob)?;
        crash::point();
        remove(&mine.path).map_err(JournalError::write)?;
        crash::point();
        self.mine.remove(job);
        Ok(())
    }
}

/// Makes a job's file, locked, with its first line: whoever looks finds all of it or none.
fn create(path: &Path, line: &[u8]) -> io::Result<File> {
    let beside = path.with_extension("new");
    // One that is there already is the rest of a crash.
    remove(&beside)?;
    let mut file = files::private().read(true).append(true).create_new(true).open(&beside)?;
    files::try_lock(&file)?;
    files::append_line(&mut file, line)?;
    fs::rename(&beside, path)?;
    crash::point();
    files::sync_folder_of(path)?;
    Ok(file)
}

enum Taken {
    /// Somebody works on it, or it is gone.
    Nothing,
    Unreadable,
    File(File, Content),
}

/// Locks and reads a file, unless somebody else holds it.
fn take(path: &Path) -> io::Result<Taken> {
    let mut file = match files::private().read(true).append(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Taken::Nothing),
        Err(error) => return Err(error),
    };
    if !files::try_lock(&file)? {
        return Ok(Taken::Nothing);
    }
    // Whoever held it may have finished it meanwhile.
    if !path.try_exists()? {
        return Ok(Taken::Nothing);
    }
    file.rewind()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(content_of(&bytes).map_or(Taken::Unreadable, |content| Taken::File(file, content)))
}

/// Reads a file's job, and how far it is. Lines that were cut by a crash say nothing.
fn content_of(bytes: &[u8]) -> Option<Content> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let mut content = serde_json::from_slice(lines.next()?).ok()?;
    if let Content::Job(job) = &mut content {
        let places: HashMap<SessionId, usize> =
            job.items.iter().enumerate().map(|(at, item)| (item.session.clone(), at)).collect();
        for mark in lines.filter_map(|line| serde_json::from_slice::<Mark>(line).ok()) {
            if let Some(at) = places.get(&mark.session) {
                job.items[*at].take(mark);
            }
        }
    }
    Some(content)
}

/// The files of jobs, in the order of their names.
fn names(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn line_of(value: &impl Serialize) -> Result<Vec<u8>, JournalError> {
    let mut line = serde_json::to_vec(value).map_err(JournalError::encode)?;
    line.push(b'\n');
    Ok(line)
}

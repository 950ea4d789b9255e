//! Takes what was erased out of the database's files for good. For `store` only.
//!
//! An erased row is not an erased byte. What is deleted is overwritten (`secure_delete`), but a page that was split or
//! filled up keeps copies of rows in the gap between its cells, and the log keeps old pages until it is cut. So every
//! gap is cleared, piece by piece: readers never wait for that, and writers for one piece at the most. Pages that
//! are written meanwhile are cleared once more at the end, and the log is cut to nothing.
//!
//! To write the whole database anew would do as well, but takes half a minute at a million sessions.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::Row as _;

use super::gaps::{self, MOST_PAGES};
use super::identity::{self, Identity};
use super::writer::Alone;
use super::{Connection, Store, meta};
use crate::blocking;

/// Pages that are cleared while writers wait: some milliseconds.
const PIECE: u64 = 2048;
/// How often the log may be in the way of a piece before it is given up for now, and how long it is waited for.
const TURNS: usize = 200;
const WAIT: Duration = Duration::from_millis(5);

/// Why the files could not be scrubbed.
#[derive(Debug, thiserror::Error)]
pub(in crate::sandbox) enum ScrubError {
    /// The database does not do its work.
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
    /// The files cannot be read or written.
    #[error("the database's files cannot be scrubbed: {0}")]
    File(#[from] io::Error),
    /// Somebody reads an old page of the log.
    #[error("the log is being read")]
    Busy,
}

/// The files of a database, beside the connections to it. Open as long as these: the system takes a process's locks
/// on a file away when any handle to it is closed.
#[derive(Debug)]
pub(super) struct Files {
    database: Arc<File>,
    identity: Identity,
    log: PathBuf,
}

impl Files {
    /// Opens the file `path`, and makes it when it is not there.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let database = identity::open_private(path)?;
        let identity = Identity::of(path, &database)?;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        Ok(Self { database: Arc::new(database), identity, log: log.into() })
    }

    /// Which file the database is.
    pub(super) fn identity(&self) -> Identity {
        self.identity.clone()
    }
}

/// What is known of the work.
struct Progress {
    page_size: usize,
    /// Pages that were written since the work began.
    touched: BTreeSet<u64>,
    cleared: u64,
}

impl Store {
    /// Scrubs the files if something was erased since the last time.
    ///
    /// What has to be done is remembered in the database, so that a sandbox that was killed does it when it starts.
    pub(in crate::sandbox) async fn scrub_if_due(&self) -> Result<(), ScrubError> {
        let mut connection = self.writer.alone().await?;
        if meta::get(&mut connection, meta::SCRUB).await?.as_deref() != Some(meta::DUE) {
            return Ok(());
        }
        let started = Instant::now();
        let Some(files) = &self.files else {
            // In memory: there are no files.
            meta::set(&mut connection, meta::SCRUB, "done").await?;
            return Ok(());
        };
        drop(connection);
        let cleared = self.scrub(files).await;
        // The log is emptied by itself again, however this ended.
        let mut connection = self.writer.alone().await?;
        pragma(&mut connection, "PRAGMA wal_autocheckpoint = 1000").await?;
        let milliseconds = started.elapsed().as_millis();
        tracing::info!(pages = cleared?, milliseconds, "erased data have been scrubbed from the database");
        Ok(())
    }

    /// Clears every gap; returns in how many pages there was something.
    async fn scrub(&self, files: &Files) -> Result<u64, ScrubError> {
        let mut alone = self.writer.alone().await?;
        let connection = &mut *alone;
        let pages = number(connection, "PRAGMA page_count", 0).await?;
        let page_size = usize::try_from(number(connection, "PRAGMA page_size", 0).await?).unwrap_or(4096);
        if pages >= MOST_PAGES {
            pragma(connection, "VACUUM").await?;
            self.finish(connection).await?;
            return Ok(pages);
        }
        // Else the log could begin anew, and what was written would not be known.
        pragma(connection, "PRAGMA wal_autocheckpoint = 0").await?;
        let mut progress = Progress { page_size, touched: BTreeSet::new(), cleared: 0 };
        drop(alone);
        let mut next = 1;
        while next <= pages {
            let end = (next + PIECE).min(pages + 1);
            let mut alone = self.with_empty_log(files, &mut progress).await?;
            // What was written before its piece is cleared with it.
            progress.touched.retain(|page| !(next..end).contains(page));
            progress.clear(files, next..end).await?;
            forget_pages(&mut alone).await?;
            next = end;
            drop(alone);
            // Writers who wait go first.
            tokio::task::yield_now().await;
        }
        let mut alone = self.with_empty_log(files, &mut progress).await?;
        for page in std::mem::take(&mut progress.touched) {
            progress.clear(files, page..page + 1).await?;
        }
        forget_pages(&mut alone).await?;
        let file = Arc::clone(&files.database);
        blocking::run(move || file.sync_data()).await?;
        self.finish(&mut alone).await?;
        Ok(progress.cleared)
    }

    /// Waits until whatever is in the log is in the database as well. Nobody writes as long as the answer is held.
    async fn with_empty_log(&self, files: &Files, progress: &mut Progress) -> Result<Alone<'_>, ScrubError> {
        for _ in 0..TURNS {
            let mut alone = self.writer.alone().await?;
            let log = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(&mut *alone).await?;
            let (frames, copied): (i64, i64) = (log.try_get(1)?, log.try_get(2)?);
            if frames == copied {
                let frames = u64::try_from(frames).unwrap_or_default();
                let (path, page_size) = (files.log.clone(), progress.page_size);
                let written = blocking::run(move || match frames {
                    0 => Ok(Vec::new()),
                    frames => gaps::logged(&File::open(path)?, page_size, frames),
                });
                progress.touched.extend(written.await?);
                return Ok(alone);
            }
            drop(alone);
            tokio::time::sleep(WAIT).await;
        }
        Err(ScrubError::Busy)
    }

    /// Cuts the log, and says that nothing is left to be done.
    async fn finish(&self, connection: &mut Connection) -> Result<(), ScrubError> {
        if number(connection, "PRAGMA wal_checkpoint(TRUNCATE)", 0).await? != 0 {
            return Err(ScrubError::Busy);
        }
        meta::set(connection, meta::SCRUB, "done").await?;
        Ok(())
    }
}

impl Progress {
    async fn clear(&mut self, files: &Files, pages: std::ops::Range<u64>) -> Result<(), ScrubError> {
        let (file, page_size) = (Arc::clone(&files.database), self.page_size);
        self.cleared += blocking::run(move || gaps::clear(&file, page_size, pages)).await?;
        Ok(())
    }
}

/// Lets the connection that writes forget the pages that it holds: what was in their gaps would be written again.
async fn forget_pages(connection: &mut Connection) -> Result<(), sqlx::Error> {
    pragma(connection, "PRAGMA shrink_memory").await
}

async fn pragma(connection: &mut Connection, text: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(text).execute(connection).await.map(drop)
}

async fn number(connection: &mut Connection, text: &'static str, column: usize) -> Result<u64, sqlx::Error> {
    let number: i64 = sqlx::query(text).fetch_one(connection).await?.try_get(column)?;
    Ok(u64::try_from(number).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::{Database, hosted};
    use super::*;
    use crate::clock::Timestamp;

    /// How often `wanted` stands in the file.
    fn count(path: &Path, wanted: &str) -> usize {
        let bytes = std::fs::read(path).expect("a file");
        bytes.windows(wanted.len()).filter(|window| *window == wanted.as_bytes()).count()
    }

    #[tokio::test]
    async fn copies_between_the_cells_go_and_everything_else_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.db");
        let store = Store::open(&Database::Sqlite(path.clone())).await.expect("a store");
        let mut write = store.write().await.expect("alone");
        // In no order, so that pages are split in the middle and their cells move.
        for at in 0..1000 {
            let key = at * 7919 % 1000;
            let (name, session) = if key % 2 == 1 { ("otter", "vs_1") } else { ("badger", "vs_2") };
            let token = format!("{key:03}-{name}-{}", "x".repeat(40));
            hosted::keep_link(&mut write, &token, session, Timestamp::from_secs(1)).await.expect("kept");
        }
        hosted::forget(&mut write, "vs_1").await.expect("forgotten");
        meta::set(&mut write, meta::SCRUB, meta::DUE).await.expect("set");
        drop(write.commit().await.expect("committed"));
        let mut alone = store.writer.alone().await.expect("alone");
        pragma(&mut alone, "PRAGMA wal_checkpoint(TRUNCATE)").await.expect("cut");
        drop(alone);
        // Deleted, and still there.
        assert!(count(&path, "otter") > 0);

        store.scrub_if_due().await.expect("scrubbed");
        assert_eq!(count(&path, "otter"), 0);
        let mut connection = store.read().await.expect("a connection");
        for (question, answer) in [
            ("PRAGMA integrity_check", "ok"),
            ("SELECT COUNT(*) || '' FROM links WHERE token LIKE '%badger%'", "500"),
        ] {
            let found: String =
                sqlx::query_scalar(question).fetch_one(&mut *connection).await.expect("an answer");
            assert_eq!(found, answer);
        }
        drop(connection);
        store.close().await;
        assert_eq!(count(&path, "otter"), 0);
    }
}

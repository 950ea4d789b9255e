//! Where the sandbox keeps its objects: a SQL database. Sandbox only; nobody else writes SQL.
//!
//! Functions of this room take a [`Connection`], so that a whole request is one transaction. One lock lets a single
//! writer in: requests that change something follow each other, and none sees half of another.

pub(super) mod bulk;
pub(super) mod ephemeral_keys;
pub(super) mod events;
pub(super) mod file_links;
pub(super) mod files;
mod gaps;
pub(super) mod hosted;
pub(super) mod idempotency;
mod identity;
pub(super) mod jobs;
pub(super) mod listing;
mod lock;
pub(super) mod meta;
pub(super) mod outlook;
#[cfg(test)]
mod plans;
mod readers;
pub(super) mod reports;
mod schema;
pub(super) mod scripts;
mod scrub;
pub(super) mod sessions;
pub(super) mod snapshot;
mod time;
pub(super) mod webhooks;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use lock::Lock;
use readers::{Read, Readers};
use scrub::Files;
pub(super) use writer::Write;
use writer::Writer;

/// Memory for pages of a database file, in KiB for each connection: the inner pages of a million sessions and little
/// more. It is taken as far as it is needed only.
const CACHE: u32 = 4096;

/// Rows in one `INSERT`. More hardly save time, and a statement with all their values is kept.
const AT_ONCE: usize = 32;

/// The database behind the store. The only place that names it.
type Backend = sqlx::Sqlite;

/// A connection to it.
pub(super) type Connection = <Backend as sqlx::Database>::Connection;

/// Where the sandbox keeps its objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// In memory: gone when the sandbox stops.
    Memory,
    /// In a SQLite file, which is made when it is not there.
    Sqlite(PathBuf),
}

/// Why a database cannot be named like that.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseNameError {
    /// PostgreSQL is for later.
    #[error("PostgreSQL is not supported yet; use sqlite:PATH or memory:")]
    PostgreSqlNotSupported,
    /// `sqlite:` and nothing.
    #[error("sqlite: needs the path of a file, for example sqlite:sandbox.db")]
    NoPath,
    /// Anything else.
    #[error("this is no database name: use sqlite:PATH or memory:")]
    Unknown,
}

impl Database {
    /// Reads `memory:` or `sqlite:PATH`.
    ///
    /// # Errors
    /// [`DatabaseNameError`] says what to write instead.
    pub fn parse(name: &str) -> Result<Self, DatabaseNameError> {
        if name == "memory:" || name == "sqlite::memory:" {
            return Ok(Self::Memory);
        }
        if name.starts_with("postgres:") || name.starts_with("postgresql:") {
            return Err(DatabaseNameError::PostgreSqlNotSupported);
        }
        let path = name.strip_prefix("sqlite:").ok_or(DatabaseNameError::Unknown)?;
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() { Err(DatabaseNameError::NoPath) } else { Ok(Self::Sqlite(path.into())) }
    }
}

/// Why the store does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder of the database file is not there.
    #[error("the folder {} does not exist", .0.display())]
    NoFolder(PathBuf),
    /// The file cannot be used as a database.
    #[error("the database {} cannot be used: {source}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the database said.
        source: sqlx::Error,
    },
    /// Another sandbox works on the file.
    #[error(
        "the database {} is in use by another sandbox{}; stop that one, or use another file", path.display(),
        process.map(|id| format!(" (process {id})")).unwrap_or_default()
    )]
    InUse {
        /// The file.
        path: PathBuf,
        /// The process of the other sandbox, if it can be told.
        process: Option<u32>,
    },
    /// The database in memory cannot be made.
    #[error("the database in memory cannot be made: {0}")]
    Memory(sqlx::Error),
    /// The file was made by a version with other tables.
    #[error("the database {} was made by another version of vetty; use another file", .0.display())]
    OtherVersion(PathBuf),
}

/// The open database.
#[derive(Debug)]
pub(super) struct Store {
    /// The one connection that writes; in memory, the only one.
    writer: Writer,
    /// Those that read a file: with a write-ahead log they do not wait for the writer.
    readers: Option<Readers>,
    files: Option<Files>,
    /// Held while the store is open, when it is a file.
    lock: Option<Lock>,
}

impl Store {
    /// Opens `database` and makes its tables.
    pub(super) async fn open(database: &Database) -> Result<Self, OpenError> {
        let failed = |source| match database {
            Database::Memory => OpenError::Memory(source),
            Database::Sqlite(path) => OpenError::Unusable { path: path.clone(), source },
        };
        let (mut lock, mut files, mut readers) = (None, None, None);
        let options = match database {
            Database::Memory => SqliteConnectOptions::new().in_memory(true),
            Database::Sqlite(path) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                    return Err(OpenError::NoFolder(folder.to_owned()));
                }
                lock = Some(Lock::take(path)?);
                files = Some(Files::open(path).map_err(|error| failed(sqlx::Error::Io(error)))?);
                file(path)
            }
        };
        let options = options.disable_statement_logging();
        if let Some(files) = &files {
            readers = Some(Readers::new(options.clone(), files.identity()));
        }
        let writer = Writer::open(options, files.as_ref().map(Files::identity)).await.map_err(failed)?;
        let store = Self { writer, readers, files, lock };
        let version = store.prepare().await.map_err(failed)?;
        if version != schema::VERSION {
            let path = if let Database::Sqlite(path) = database { path.clone() } else { PathBuf::new() };
            return Err(OpenError::OtherVersion(path));
        }
        Ok(store)
    }

    /// Makes the tables; returns the version that they are of.
    async fn prepare(&self) -> Result<String, sqlx::Error> {
        let mut write = self.write().await?;
        schema::create(&mut write).await?;
        let known = meta::get(&mut write, meta::SCHEMA).await?;
        let version = known.unwrap_or_else(|| schema::VERSION.to_owned());
        meta::set(&mut write, meta::SCHEMA, &version).await?;
        drop(write.commit().await?);
        Ok(version)
    }

    /// A connection for reading.
    pub(super) async fn read(&self) -> Result<Read<'_>, sqlx::Error> {
        match &self.readers {
            Some(readers) => readers.take().await,
            None => Ok(Read::shared(self.writer.alone().await?)),
        }
    }

    /// A transaction for writing. Waits until the writer before it is done.
    pub(super) async fn write(&self) -> Result<Write<'_>, sqlx::Error> {
        self.writer.begin().await
    }

    /// Closes every connection, so that a file is complete.
    pub(super) async fn close(&self) {
        if let Some(readers) = &self.readers {
            readers.close().await;
        }
        self.writer.close().await;
        if let Some(lock) = &self.lock {
            lock.release();
        }
    }
}

fn file(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(Duration::from_secs(5))
        // What is deleted is overwritten, and not only forgotten.
        .pragma("secure_delete", "ON")
        // In KiB when negative.
        .pragma("cache_size", format!("-{CACHE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_have_names() {
        assert_eq!(Database::parse("memory:"), Ok(Database::Memory));
        assert_eq!(Database::parse("sqlite:a b.db"), Ok(Database::Sqlite("a b.db".into())));
        assert_eq!(Database::parse("sqlite:///var/a.db"), Ok(Database::Sqlite("/var/a.db".into())));
        assert_eq!(Database::parse("sqlite:"), Err(DatabaseNameError::NoPath));
        assert_eq!(
            Database::parse("postgres://localhost/vetty"),
            Err(DatabaseNameError::PostgreSqlNotSupported)
        );
        assert_eq!(Database::parse("vetty.db"), Err(DatabaseNameError::Unknown));
    }
}

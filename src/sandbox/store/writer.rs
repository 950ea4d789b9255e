//! The connection that writes, and its transactions. For `store` only.
//!
//! The transactions are begun and ended in SQL, and not by the library: that one counts how deep they are, and after a
//! failure (a full disk) the database may have ended one by itself. Then every later transaction would be a savepoint in
//! one that nobody commits. Here a transaction that was not committed is rolled back before anything else is done, and a
//! connection on which that fails, or on which a commit failed, is thrown away.

use std::ops::{Deref, DerefMut};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::{Mutex, MutexGuard};

use super::Connection;
use super::identity::Identity;

/// The connection that writes. One at a time has it.
#[derive(Debug)]
pub(super) struct Writer {
    options: SqliteConnectOptions,
    /// The file that the database is; none when it is in memory, and gone with its connection.
    file: Option<Identity>,
    line: Mutex<Line>,
}

/// The connection and what is known of it.
#[derive(Debug)]
struct Line {
    /// None once it was closed, or thrown away.
    connection: Option<Connection>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Outside of any transaction.
    Idle,
    /// In a transaction that was not committed, as far as anybody knows.
    Begun,
    /// What it did last may or may not have reached the file.
    Failed,
    /// Closed for good.
    Closed,
}

impl Writer {
    /// Opens the connection.
    pub(super) async fn open(
        options: SqliteConnectOptions,
        file: Option<Identity>,
    ) -> Result<Self, sqlx::Error> {
        let connection = Some(options.connect().await?);
        Ok(Self { options, file, line: Mutex::new(Line { connection, state: State::Idle }) })
    }

    /// The connection outside of any transaction, while nobody else has it.
    pub(super) async fn alone(&self) -> Result<Alone<'_>, sqlx::Error> {
        let mut line = self.line.lock().await;
        self.mend(&mut line).await?;
        Ok(Alone(line))
    }

    /// Begins a transaction, once nobody else writes.
    pub(super) async fn begin(&self) -> Result<Write<'_>, sqlx::Error> {
        let mut alone = self.alone().await?;
        self.file.as_ref().map_or(Ok(()), Identity::check)?;
        // Before, so that whoever gives up waiting for it leaves no open one behind.
        alone.0.state = State::Begun;
        sqlx::query("BEGIN").execute(&mut *alone).await?;
        Ok(Write(alone))
    }

    /// Closes the connection, so that a file is complete.
    pub(super) async fn close(&self) {
        let mut line = self.line.lock().await;
        if let Err(error) = self.mend(&mut line).await {
            tracing::warn!(%error, "the database could not be used to the end");
        }
        line.state = State::Closed;
        if let Some(connection) = line.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the connection to the database did not close in order");
        }
    }

    /// Rolls back what was begun and not committed, and opens the file anew after a failure.
    async fn mend(&self, line: &mut Line) -> Result<(), sqlx::Error> {
        if line.state == State::Closed {
            return Err(sqlx::Error::PoolClosed);
        }
        if line.state != State::Idle
            && let Some(connection) = &mut line.connection
        {
            let was_begun = line.state == State::Begun;
            line.state = State::Failed;
            // Also an error when the database has done so by itself.
            let is_back = sqlx::query("ROLLBACK").execute(connection).await.is_ok();
            if self.file.is_some() && !(was_begun && is_back) {
                line.connection = None;
            }
        }
        if line.connection.is_none() {
            // Else a new and empty database would be made under its name.
            self.file.as_ref().map_or(Ok(()), Identity::check)?;
            line.connection = Some(self.options.connect().await?);
        }
        line.state = State::Idle;
        Ok(())
    }
}

/// The connection that writes, and the lock that it is used under.
pub(in crate::sandbox) struct Alone<'a>(MutexGuard<'a, Line>);

impl Deref for Alone<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0.connection.as_ref().expect(THERE)
    }
}

impl DerefMut for Alone<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.0.connection.as_mut().expect(THERE)
    }
}

const THERE: &str = "whoever has the line has a connection";

/// A transaction that nobody else writes beside. Rolls back unless committed.
pub(in crate::sandbox) struct Write<'a>(Alone<'a>);

impl<'a> Write<'a> {
    /// Makes the changes last. Returns the lock: who holds it knows that nobody has written since.
    pub(in crate::sandbox) async fn commit(self) -> Result<Alone<'a>, sqlx::Error> {
        let Self(mut alone) = self;
        alone.0.state = State::Failed;
        sqlx::query("COMMIT").execute(&mut *alone).await?;
        alone.0.state = State::Idle;
        Ok(alone)
    }
}

impl Deref for Write<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Write<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

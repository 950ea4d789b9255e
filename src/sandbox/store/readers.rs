//! Connections that read a database file. For `store` only.
//!
//! Not a `Pool` of the library: that one tests a connection in a task of its own whenever it comes back, which takes
//! longer than to find an object.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::Connection;
use super::identity::Identity;
use super::writer::Alone;

/// Each has a thread of its own, and waits for the network's side of the work half of the time. On two processors six
/// answer more than three or sixteen do.
const MOST: u32 = 6;

/// A few connections, each opened when it is wanted first.
#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    file: Identity,
    idle: Mutex<Vec<Connection>>,
    free: Semaphore,
}

impl Readers {
    /// Readers of the database `file` that `options` lead to.
    pub(super) fn new(options: SqliteConnectOptions, file: Identity) -> Self {
        let options = options.create_if_missing(false);
        Self { options, file, idle: Mutex::default(), free: Semaphore::const_new(MOST as usize) }
    }

    /// Waits until a connection is free.
    pub(super) async fn take(&self) -> Result<Read<'_>, sqlx::Error> {
        let permit = self.free.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = if let Some(connection) = idle {
            connection
        } else {
            self.file.check()?;
            self.options.connect().await?
        };
        Ok(Read(Kind::File(Guard { connection: Some(connection), readers: self, _permit: permit })))
    }

    /// Waits until nobody reads, and closes every connection.
    pub(super) async fn close(&self) {
        let all = self.free.acquire_many(MOST).await;
        self.free.close();
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in idle {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "a connection to the database did not close in order");
            }
        }
        drop(all);
    }
}

/// A connection for reading.
pub(in crate::sandbox) struct Read<'a>(Kind<'a>);

enum Kind<'a> {
    File(Guard<'a>),
    /// A database in memory has one connection, which everybody shares.
    Memory(Alone<'a>),
}

impl<'a> Read<'a> {
    pub(super) const fn shared(connection: Alone<'a>) -> Self {
        Self(Kind::Memory(connection))
    }
}

/// Gives its connection back.
struct Guard<'a> {
    /// There until it is given back.
    connection: Option<Connection>,
    readers: &'a Readers,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let mut idle = self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.connection.take());
    }
}

impl Deref for Read<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match &self.0 {
            Kind::Memory(connection) => connection,
            Kind::File(guard) => guard.connection.as_ref().expect(THERE),
        }
    }
}

impl DerefMut for Read<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        match &mut self.0 {
            Kind::Memory(connection) => connection,
            Kind::File(guard) => guard.connection.as_mut().expect(THERE),
        }
    }
}

const THERE: &str = "a guard has its connection until it is dropped";

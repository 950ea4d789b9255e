//! Takes what was erased out of the database's files for good. For `store` only.
//!
//! An erased row is not an erased byte: the log keeps old pages until it is rewound, and a page that was split keeps
//! copies of rows in the room between its cells. So the whole database is written anew and the log is cut to nothing.

use sqlx::Row as _;

use super::{Store, meta};

/// Why the files could not be scrubbed.
#[derive(Debug, thiserror::Error)]
pub(in crate::sandbox) enum ScrubError {
    /// The database does not do its work.
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
    /// Somebody reads an old page of the log.
    #[error("the log is being read")]
    Busy,
}

impl Store {
    /// Scrubs the files if something was erased since the last time. Writers wait; readers do not.
    ///
    /// What has to be done is remembered in the database, so that a sandbox that was killed does it when it starts.
    pub(in crate::sandbox) async fn scrub_if_due(&self) -> Result<(), ScrubError> {
        let _alone = self.writer.lock().await;
        let mut connection = self.pool.acquire().await?;
        if meta::get(&mut connection, meta::SCRUB).await?.as_deref() != Some(meta::DUE) {
            return Ok(());
        }
        sqlx::query("VACUUM").execute(&mut *connection).await?;
        let log = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await?;
        if log.try_get::<i64, _>(0)? != 0 {
            return Err(ScrubError::Busy);
        }
        meta::set(&mut connection, meta::SCRUB, "done").await?;
        Ok(())
    }
}

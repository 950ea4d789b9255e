//! Walks a list page by page, newest first.
//!
//! The cursor is the id of the oldest object seen. Objects that appear at the front meanwhile move no page, so
//! nothing comes twice and nothing is left out.
//!
//! Not every server keeps to that. What came before and what was not asked for is left out here, and the walk ends where
//! a page brings nothing new: there are never more requests than new objects, and a few.

use std::future::Future;
use std::hash::Hash;

use super::Client;
use super::error::{Error, Fault};
use super::operation::Operation;
use super::reply::Reply;
use crate::identity::params::{ListReports, ListSessions, Paging};
use crate::identity::{HasId, ListItem, ListPage, Progress, Report, ReportId, Session, SessionId};
use crate::privacy::Scrubbed;

/// The largest page that the API gives.
const PAGE_LIMIT: u8 = 100;

/// After how many pages in a row without anything that was asked for nobody goes on.
const PATIENCE: u8 = 20;

/// A question whose answer comes in pages.
pub trait Listing: Clone + Send + Sync {
    /// The id of what is listed.
    type Id: Clone + Hash + PartialEq + Send + Sync;
    /// What is listed.
    type Item: ListItem + HasId<Id = Self::Id> + Send;

    /// What is asked, for errors.
    const OPERATION: Operation;

    /// The cursor that the question itself begins with.
    fn start(&self) -> Option<Self::Id>;

    /// The question for the page behind `cursor`, or for the first one. Pages are as large as they may be unless
    /// the question says otherwise; `ending_before` has no meaning here and is dropped.
    #[must_use]
    fn page(&self, cursor: Option<Self::Id>) -> Self;

    /// The object that the question wants those newer than.
    fn end(&self) -> Option<Self::Id>;

    /// The question for the `limit` objects just newer than `cursor`.
    #[must_use]
    fn newer_than(&self, cursor: Self::Id, limit: u8) -> Self;

    /// Whether an object belongs to what is asked for, as far as it tells.
    fn includes(&self, item: &Self::Item) -> bool;

    /// Asks.
    fn fetch(
        &self,
        client: &Client,
    ) -> impl Future<Output = Result<Reply<ListPage<Self::Item>>, Error>> + Send;
}

macro_rules! listing {
    ($params:ty, $id:ty, $item:ty, $operation:ident, $method:ident) => {
        impl Listing for $params {
            type Id = $id;
            type Item = $item;

            const OPERATION: Operation = Operation::$operation;

            fn start(&self) -> Option<$id> {
                self.paging.starting_after.clone()
            }

            fn page(&self, cursor: Option<$id>) -> Self {
                let mut page = self.clone();
                page.paging.limit.get_or_insert(PAGE_LIMIT);
                page.paging.starting_after = cursor;
                page.paging.ending_before = None;
                page
            }

            fn end(&self) -> Option<$id> {
                self.paging.ending_before.clone()
            }

            fn newer_than(&self, cursor: $id, limit: u8) -> Self {
                let mut page = self.clone();
                page.paging =
                    Paging { limit: Some(limit), starting_after: None, ending_before: Some(cursor) };
                page
            }

            fn includes(&self, item: &$item) -> bool {
                self.fits(item)
            }

            async fn fetch(&self, client: &Client) -> Result<Reply<ListPage<$item>>, Error> {
                client.$method(self).await
            }
        }
    };
}

listing!(ListSessions, SessionId, Session, ListSessions, list_sessions);
listing!(ListReports, ReportId, Report, ListReports, list_reports);

/// What was left out of a list, because it should not have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Objects that had come before.
    pub repeated: usize,
    /// Objects that were not asked for.
    pub unasked: usize,
}

/// A place in a list. It moves only when a page was read whole, so a failed page can be asked for again.
#[derive(Clone, Debug)]
pub struct Pager<L: Listing> {
    client: Client,
    question: L,
    cursor: Option<L::Id>,
    progress: Progress,
    left_out: LeftOut,
    /// Pages in a row without anything that was asked for.
    in_vain: u8,
    done: bool,
}

impl<L: Listing> Pager<L> {
    /// Starts at the newest object, or behind `starting_after` of the question.
    #[must_use]
    pub fn new(client: Client, question: L) -> Self {
        let cursor = question.start();
        let (progress, left_out) = (Progress::default(), LeftOut::default());
        Self { client, question, cursor, progress, left_out, in_vain: 0, done: false }
    }

    /// The id of the oldest object seen: where another pager can go on.
    #[must_use]
    pub const fn cursor(&self) -> Option<&L::Id> {
        self.cursor.as_ref()
    }

    /// Whether the end of the list was reached.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.done
    }

    /// What was left out so far.
    #[must_use]
    pub const fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// Fetches the next page; `None` after the last one. A page may be empty. Nothing comes twice, and nothing that was
    /// not asked for.
    ///
    /// # Errors
    /// As the list call; also when the API promises more and brings nothing new, or nothing that was asked for. The place
    /// in the list is kept.
    pub async fn next_page(&mut self) -> Result<Option<Reply<ListPage<L::Item>>>, Error> {
        if self.done {
            return Ok(None);
        }
        let mut reply = self.question.page(self.cursor.clone()).fetch(&self.client).await?;
        let page = &mut reply.value;
        let came = page.data.len();
        page.data.retain(|item| self.progress.note(item.id()));
        self.left_out.repeated += came - page.data.len();
        let last = page.data.last().map(|item| item.id().clone());
        if last.is_none() && page.has_more {
            return Err(self.fault(reply.request_id, Fault::NothingNew));
        }
        let new = page.data.len();
        page.data.retain(|item| self.question.includes(item));
        self.left_out.unasked += new - page.data.len();
        self.in_vain = if page.data.is_empty() { self.in_vain + 1 } else { 0 };
        if self.in_vain == PATIENCE && page.has_more {
            self.in_vain = 0;
            return Err(self.fault(reply.request_id, Fault::NothingAsked(PATIENCE)));
        }
        self.done = !page.has_more;
        self.cursor = last.or_else(|| self.cursor.take());
        Ok(Some(reply))
    }

    fn fault(&self, request_id: Option<Scrubbed>, fault: Fault) -> Error {
        Error::BadReply { asked: self.client.transport().asked(L::OPERATION, None), fault, request_id }
    }
}

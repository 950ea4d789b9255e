//! Walks a list page by page, newest first.
//!
//! The cursor is the id of the oldest object seen. Objects that appear at the front meanwhile move no page, so
//! nothing comes twice and nothing is left out.

use std::future::Future;

use super::Client;
use super::error::{Error, Fault};
use super::operation::Operation;
use super::reply::Reply;
use crate::identity::params::{ListReports, ListSessions};
use crate::identity::{HasId, ListItem, ListPage, Report, ReportId, Session, SessionId};

/// The largest page that the API gives.
const PAGE_LIMIT: u8 = 100;

/// A question whose answer comes in pages.
pub trait Listing: Clone + Send + Sync {
    /// The id of what is listed.
    type Id: Clone + PartialEq + Send + Sync;
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

            async fn fetch(&self, client: &Client) -> Result<Reply<ListPage<$item>>, Error> {
                client.$method(self).await
            }
        }
    };
}

listing!(ListSessions, SessionId, Session, ListSessions, list_sessions);
listing!(ListReports, ReportId, Report, ListReports, list_reports);

/// A place in a list. It moves only when a page was read whole, so a failed page can be asked for again.
#[derive(Clone, Debug)]
pub struct Pager<L: Listing> {
    client: Client,
    question: L,
    cursor: Option<L::Id>,
    done: bool,
}

impl<L: Listing> Pager<L> {
    /// Starts at the newest object, or behind `starting_after` of the question.
    #[must_use]
    pub fn new(client: Client, question: L) -> Self {
        let cursor = question.start();
        Self { client, question, cursor, done: false }
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

    /// Fetches the next page; `None` after the last one. The last page may be empty.
    ///
    /// # Errors
    /// As the list call; also when the API gives the same page again. The place in the list is kept.
    pub async fn next_page(&mut self) -> Result<Option<Reply<ListPage<L::Item>>>, Error> {
        if self.done {
            return Ok(None);
        }
        let reply = self.question.page(self.cursor.clone()).fetch(&self.client).await?;
        let last = reply.value.data.last().map(|item| item.id().clone());
        if last.is_some() && last == self.cursor {
            return Err(self.stuck(reply));
        }
        self.done = !reply.value.has_more || last.is_none();
        self.cursor = last.or_else(|| self.cursor.take());
        Ok(Some(reply))
    }

    /// A list that does not move on would be read for ever.
    fn stuck(&self, reply: Reply<ListPage<L::Item>>) -> Error {
        Error::BadReply {
            asked: self.client.transport().asked(L::OPERATION, None),
            fault: Fault::SamePage,
            request_id: reply.request_id,
        }
    }
}

//! Pages of a list, as large as can be read: what is larger than the client reads is asked for in smaller pages.

use std::sync::atomic::Ordering;

use super::Client;
use super::error::{Error, Fault};
use super::operation::Operation;
use super::reply::Reply;
use super::transport::Call;
use crate::identity::params::Form;
use crate::identity::{ListItem, ListPage};

/// How many objects the API gives when nobody says how many.
const USUAL: u8 = 10;

impl Client {
    /// Asks for a page of at most `limit` objects; `form` makes the query for a limit. A page that is too large to be read
    /// is asked for again with half as many, and so is every later one, until twice as many would fit.
    pub(super) async fn list<T: ListItem + serde::de::DeserializeOwned>(
        &self,
        operation: Operation,
        path: &str,
        limit: Option<u8>,
        form: impl Fn(Option<u8>) -> Form,
    ) -> Result<Reply<ListPage<T>>, Error> {
        let asked = self.transport().asked(operation, None);
        let most = self.transport().page_limit();
        loop {
            let readable = most.load(Ordering::Relaxed);
            let wanted = limit.unwrap_or(USUAL);
            let limit = if wanted > readable { Some(readable) } else { limit };
            let call = Call::get(asked.clone(), path, &form(limit));
            match self.transport().send(&call).await {
                Err(Error::BadReply { fault: Fault::TooLarge(_), .. }) if wanted.min(readable) > 1 => {
                    most.fetch_min(wanted.min(readable) / 2, Ordering::Relaxed);
                }
                answer => {
                    let answer = answer?;
                    if wanted > readable && self.transport().has_room_for(2 * answer.body.len()) {
                        most.fetch_max(readable.saturating_mul(2), Ordering::Relaxed);
                    }
                    return answer.read(&call.asked);
                }
            }
        }
    }
}

//! The objects just newer than one that is known.
//!
//! A page may hold fewer than were asked for, because more would have been too large: the rest comes in further pages. A
//! server that does not know `ending_before` shows itself by bringing that very object.

use super::Client;
use super::error::{Error, Fault};
use super::pager::{LeftOut, Listing};
use crate::identity::{HasId as _, Progress};

/// What is just newer than an object.
pub struct Newer<L: Listing> {
    /// The objects, newest first.
    pub items: Vec<L::Item>,
    /// Whether there are newer ones still.
    pub has_more: bool,
    /// What came and was not asked for.
    pub left_out: LeftOut,
    /// Why there are no more, where the API could not be asked for them.
    pub failure: Option<Error>,
}

impl<L: Listing> Newer<L> {
    /// Reads at most `most` objects that are just newer than the one that `question` ends before.
    pub async fn read(client: &Client, question: &L, most: u8) -> Self {
        let mut newer =
            Self { items: Vec::new(), has_more: false, left_out: LeftOut::default(), failure: None };
        let (mut cursor, mut progress) = (question.end(), Progress::default());
        let (mut room, mut asked) = (most, 0);
        while let Some(end) = cursor.take().filter(|_| room > 0 && asked < most) {
            asked += 1;
            let reply = match question.newer_than(end.clone(), room).fetch(client).await {
                Ok(reply) => reply,
                Err(error) => {
                    newer.failure = Some(error);
                    break;
                }
            };
            let mut page = reply.value;
            newer.has_more = page.has_more;
            if let Some(at) = page.data.iter().position(|item| *item.id() == end) {
                // It and those behind it are older; before it there is all that is newer.
                newer.left_out.unasked += page.data.len() - at;
                newer.has_more = false;
                page.data.truncate(at);
            }
            let came = page.data.len();
            page.data.retain(|item| progress.note(item.id()));
            newer.left_out.repeated += came - page.data.len();
            if page.data.is_empty() && newer.has_more {
                let asked = client.transport().asked(L::OPERATION, None);
                let (fault, request_id) = (Fault::NothingNew, reply.request_id);
                newer.failure = Some(Error::BadReply { asked, fault, request_id });
                break;
            }
            cursor = page.data.first().filter(|_| newer.has_more).map(|item| item.id().clone());
            let new = page.data.len();
            page.data.retain(|item| question.includes(item));
            newer.left_out.unasked += new - page.data.len();
            // What is nearest to where it began is what was asked for.
            let start = page.data.len().saturating_sub(usize::from(room));
            newer.has_more |= start > 0;
            page.data.drain(..start);
            room = room.saturating_sub(u8::try_from(page.data.len()).unwrap_or(u8::MAX));
            newer.items.splice(0..0, page.data);
        }
        newer
    }
}

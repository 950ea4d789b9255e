//! A server whose lists are not what they should be.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::scripted::ScriptedApi;

/// How its lists lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    /// They do not.
    None,
    /// The first page again and again, and always more to come.
    Repeats,
    /// The first and the second page by turns, and always more to come.
    Alternates,
    /// Every page in an order of its own, from anywhere, and always more to come.
    Shuffles,
    /// The last page says that there is more.
    NeverEnds,
    /// Pages without anything in them, that promise more.
    PromisesOnly,
    /// Whatever is asked for, everything comes.
    IgnoresFilters,
}

impl Lie {
    pub(crate) const ALL: [Self; 7] = [
        Self::None,
        Self::Repeats,
        Self::Alternates,
        Self::Shuffles,
        Self::NeverEnds,
        Self::PromisesOnly,
        Self::IgnoresFilters,
    ];
}

/// Every third session is verified, the others are canceled.
fn session(number: usize) -> String {
    let status = if number.is_multiple_of(3) { "verified" } else { "canceled" };
    format!(
        r#"{{"id":"vs_{number}","object":"identity.verification_session","created":{},"livemode":false,
        "status":"{status}","type":"document","metadata":{{}},"options":{{}}}}"#,
        1_700_000_000 - number
    )
}

/// The ids of an honest list of so many sessions, all of them or the verified ones.
pub(crate) fn ids(sessions: usize, verified: bool) -> Vec<String> {
    let wanted = |number: &usize| !verified || number.is_multiple_of(3);
    (0..sessions).filter(wanted).map(|number| format!("vs_{number}")).collect()
}

/// A page of these sessions.
pub(crate) fn page(numbers: impl IntoIterator<Item = usize>, has_more: bool) -> String {
    let data: Vec<String> = numbers.into_iter().map(session).collect();
    format!(r#"{{"object":"list","url":"/v1","has_more":{has_more},"data":[{}]}}"#, data.join(","))
}

fn parameter<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let query = line.split_once('?')?.1.split(' ').next()?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// A server of so many sessions and no reports.
pub(crate) fn start(lie: Lie, sessions: usize) -> ScriptedApi {
    let asked = Arc::new(AtomicUsize::new(0));
    ScriptedApi::start(move |line, _| {
        if !line.contains("/v1/identity/verification_sessions") {
            return ScriptedApi::reply(
                "200 OK",
                r#"{"object":"list","data":[],"has_more":false,"url":"/v1"}"#,
            );
        }
        let turn = asked.fetch_add(1, Ordering::SeqCst);
        let verified = parameter(line, "status") == Some("verified") && lie != Lie::IgnoresFilters;
        let all: Vec<usize> = (0..sessions).filter(|number| !verified || number.is_multiple_of(3)).collect();
        let limit = parameter(line, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(10);
        let after = parameter(line, "starting_after").and_then(|id| id.strip_prefix("vs_")?.parse().ok());
        let behind = after.map_or(0, |after: usize| all.iter().filter(|number| **number <= after).count());
        let start = match lie {
            Lie::Repeats => 0,
            Lie::Alternates => (turn % 2) * limit,
            Lie::Shuffles => (turn * 7919) % all.len().max(1),
            _ => behind,
        };
        let mut page: Vec<usize> = all.iter().copied().skip(start).take(limit).collect();
        let honest = start + page.len() < all.len();
        match lie {
            Lie::Shuffles => {
                let by = turn % page.len().max(1);
                page.rotate_left(by);
            }
            Lie::NeverEnds if page.is_empty() => page = all.iter().copied().rev().take(limit).collect(),
            Lie::PromisesOnly if !honest => page.clear(),
            _ => {}
        }
        let has_more = honest || !matches!(lie, Lie::None | Lie::IgnoresFilters);
        ScriptedApi::reply("200 OK", &self::page(page, has_more))
    })
}

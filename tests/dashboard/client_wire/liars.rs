//! Lists that lie: read as far as they bring something new, and no further.

use std::collections::HashSet;

use proptest::prelude::*;
use vetty::client::{Client, ClientSettings, Error, Fault, LeftOut, Pager};
use vetty::config::ApiBase;
use vetty::identity::Status;
use vetty::identity::params::{ListSessions, Paging};
use vetty::privacy::Secret;

use super::SESSION;
use super::server::{Play, Server};
use crate::support::liar::{self, Lie};

/// What came of reading a list to its end.
struct Walked {
    ids: Vec<String>,
    left_out: LeftOut,
    error: Option<Error>,
}

async fn walk(base: &str, question: ListSessions) -> Walked {
    let base = ApiBase::parse(base, "a test").expect("an address");
    let key = Secret::new("sk_test_abcdefghijkl".into());
    let client = Client::new(base, key, ClientSettings::default()).expect("a client");
    let mut pager = Pager::new(client, question);
    let mut ids = Vec::new();
    let error = loop {
        match pager.next_page().await {
            Ok(Some(reply)) => ids.extend(reply.value.data.iter().map(|session| session.id.to_string())),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    Walked { ids, left_out: pager.left_out(), error }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_walk_is_bounded_by_what_is_new_and_gives_each_thing_once(
        lie in proptest::sample::select(&Lie::ALL[..]),
        sessions in 0..40usize,
        limit in 1..12u8,
        verified in any::<bool>(),
    ) {
        let api = liar::start(lie, sessions);
        let question = ListSessions {
            status: verified.then_some(Status::Verified),
            paging: Paging { limit: Some(limit), ..Paging::default() },
            ..ListSessions::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let Walked { ids, left_out, error } = runtime.block_on(walk(&api.base, question));
        let asked = api.count("GET /v1/identity/verification_sessions");
        prop_assert!(asked <= sessions + 1, "{asked} requests for {sessions} sessions");
        let wanted = liar::ids(sessions, verified);
        let distinct: HashSet<&String> = ids.iter().collect();
        prop_assert_eq!(distinct.len(), ids.len(), "something came twice");
        prop_assert!(ids.iter().all(|id| wanted.contains(id)), "something was not asked for");
        let nothing_new = matches!(error, Some(Error::BadReply { fault: Fault::NothingNew, .. }));
        match lie {
            Lie::None | Lie::IgnoresFilters => {
                prop_assert_eq!(&ids, &wanted);
                prop_assert!(error.is_none());
                let unasked = if lie == Lie::None { 0 } else { sessions - wanted.len() };
                prop_assert_eq!(left_out, LeftOut { repeated: 0, unasked });
            }
            Lie::NeverEnds | Lie::PromisesOnly => {
                prop_assert!(nothing_new, "{error:?}");
                let lost = if lie == Lie::NeverEnds { 0 } else { usize::from(limit) };
                prop_assert!(ids.len() + lost >= wanted.len() && wanted.starts_with(&ids), "the good part is kept");
            }
            Lie::Repeats | Lie::Alternates | Lie::Shuffles => prop_assert!(nothing_new, "{error:?}"),
        }
    }
}

#[tokio::test]
async fn filters_that_do_not_work_end_a_walk_that_finds_nothing() {
    let api = liar::start(Lie::IgnoresFilters, 1000);
    let question = ListSessions {
        client_reference_id: Some("user_1".into()),
        paging: Paging { limit: Some(1), ..Paging::default() },
        ..ListSessions::default()
    };
    let walked = walk(&api.base, question).await;
    let error = walked.error.expect("given up");
    assert!(error.to_string().contains("20 pages in a row hold nothing that was asked for"), "{error}");
    assert_eq!(api.count("GET "), 20);
    assert_eq!(walked.left_out, LeftOut { repeated: 0, unasked: 20 });
}

#[tokio::test]
async fn a_page_that_is_too_large_is_asked_for_in_smaller_ones_as_long_as_it_has_to_be() {
    let page = |ids: std::ops::Range<usize>, has_more: bool| {
        let one = |id| SESSION.replace("\"vs_1\"", &format!("\"vs_{id}\""));
        let data: Vec<String> = ids.map(one).collect();
        Play::ok(&format!(r#"{{"object":"list","has_more":{has_more},"data":[{}]}}"#, data.join(",")))
    };
    // 100 and 50 do not fit, 25 do; behind five that are left of a page, twice as many would.
    let plays = [
        page(0..100, true),
        page(0..50, true),
        page(0..25, true),
        page(25..30, true),
        page(30..31, true),
        page(31..32, false),
    ];
    let server = Server::start(plays).await;
    let limit = SESSION.len() * 30;
    let client = server.client_with(ClientSettings { reply_limit: limit, ..server.settings() });
    let mut pager = Pager::new(client, ListSessions::default());
    let mut came = 0;
    while let Some(reply) = pager.next_page().await.expect("a page that fits") {
        came += reply.value.data.len();
    }
    assert_eq!(came, 32);
    let asked: Vec<String> = server.seen().iter().map(|seen| seen.line.clone()).collect();
    let limits = ["limit=100 ", "limit=50 ", "limit=25 ", "limit=25&", "limit=50&", "limit=100&"];
    assert_eq!(asked.len(), limits.len(), "{asked:?}");
    assert!(asked.iter().zip(limits).all(|(line, limit)| line.contains(limit)), "{asked:?}");
}

#[tokio::test]
async fn an_object_that_is_too_large_alone_is_told() {
    let server = Server::start((0..7).map(|_| Play::ok(SESSION))).await;
    let client = server.client_with(ClientSettings { reply_limit: 10, ..server.settings() });
    let error = client
        .list_sessions(&ListSessions {
            paging: Paging { limit: Some(100), ..Paging::default() },
            ..ListSessions::default()
        })
        .await;
    let error = error.expect_err("too large");
    assert!(error.to_string().contains("no smaller page can be asked for"), "{error}");
    assert_eq!(server.seen().len(), 7, "100, 50, 25, 12, 6, 3, 1");
}

//! Lists, page by page.

use vetty::client::{Error, Pager};
use vetty::identity::params::{ListReports, ListSessions, Paging};
use vetty::identity::{ReportId, Session, SessionId};

use super::server::{Play, Server};
use super::{EMPTY, SESSION, refusal};

fn page(ids: &[&str], has_more: bool) -> Play {
    let data: Vec<String> = ids.iter().map(|id| SESSION.replace("\"vs_1\"", &format!("\"{id}\""))).collect();
    Play::ok(&format!(r#"{{"object":"list","has_more":{has_more},"data":[{}]}}"#, data.join(",")))
}

async fn walk(pager: &mut Pager<ListSessions>) -> Result<Option<String>, Error> {
    let reply = pager.next_page().await?;
    let ids =
        |data: Vec<Session>| data.iter().map(|session| session.id.to_string()).collect::<Vec<_>>().join(" ");
    Ok(reply.map(|reply| ids(reply.value.data)))
}

#[tokio::test]
async fn a_pager_goes_by_ids_and_keeps_its_place_when_a_page_fails() {
    let server = Server::start([
        page(&["vs_9", "vs_8"], true),
        Play::json("400 Bad Request", "", &refusal("invalid_request_error", None, "No.")),
        page(&["vs_7"], true),
        page(&[], false),
    ])
    .await;
    let mut pager = Pager::new(server.client(), ListSessions::default());
    assert_eq!(walk(&mut pager).await.expect("a page").as_deref(), Some("vs_9 vs_8"));
    assert!(walk(&mut pager).await.is_err());
    assert_eq!(pager.cursor(), Some(&SessionId::new("vs_8")));
    assert_eq!(walk(&mut pager).await.expect("a page").as_deref(), Some("vs_7"));
    assert!(!pager.is_done());
    assert_eq!(walk(&mut pager).await.expect("an empty page").as_deref(), Some(""));
    assert_eq!((walk(&mut pager).await.expect("the end"), pager.is_done()), (None, true));
    assert_eq!(pager.cursor(), Some(&SessionId::new("vs_7")));
    let cursors: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| seen.line.replace("GET /v1/identity/verification_sessions?limit=100", ""))
        .collect();
    assert_eq!(
        cursors,
        [
            " HTTP/1.1",
            "&starting_after=vs_8 HTTP/1.1",
            "&starting_after=vs_8 HTTP/1.1",
            "&starting_after=vs_7 HTTP/1.1"
        ]
    );
}

#[tokio::test]
async fn a_list_that_does_not_move_on_is_left() {
    let server = Server::start([page(&["vs_9"], true), page(&["vs_9"], true)]).await;
    let mut pager = Pager::new(server.client(), ListSessions::default());
    assert!(walk(&mut pager).await.is_ok());
    let error = walk(&mut pager).await.expect_err("the same page");
    assert!(error.to_string().contains("the list goes in circles"), "{error}");
}

#[tokio::test]
async fn a_pager_of_reports_starts_where_it_is_told() {
    let server = Server::start([Play::ok(EMPTY)]).await;
    let question = ListReports {
        paging: Paging { limit: Some(5), starting_after: Some(ReportId::new("vr_3")), ending_before: None },
        ..ListReports::default()
    };
    let mut pager = Pager::new(server.client(), question);
    pager.next_page().await.expect("a page");
    assert!(pager.is_done());
    assert_eq!(
        server.seen()[0].line,
        "GET /v1/identity/verification_reports?limit=5&starting_after=vr_3 HTTP/1.1"
    );
}

/// A list of sessions that grows at its front while it is read, behind a server that knows HTTP.
#[cfg(feature = "sandbox")]
#[tokio::test]
async fn a_growing_list_is_read_without_gaps_and_repeats() {
    use std::sync::{Arc, Mutex};

    use axum::extract::{RawQuery, State};
    use vetty::client::{ApiBase, Client, ClientSettings};
    use vetty::privacy::Secret;

    use super::server::KEY;

    type Ids = Arc<Mutex<Vec<usize>>>;

    async fn list(State(ids): State<Ids>, RawQuery(query): RawQuery) -> String {
        let mut ids = ids.lock().expect("the ids");
        let query = query.unwrap_or_default();
        let after = query.split("starting_after=vs_").nth(1).map(|id| id.parse::<usize>().expect("an id"));
        let older: Vec<usize> =
            ids.iter().rev().copied().filter(|id| after.is_none_or(|at| *id < at)).collect();
        let data: Vec<String> =
            older.iter().take(3).map(|id| SESSION.replace("\"vs_1\"", &format!("\"vs_{id}\""))).collect();
        // Two newer ones arrive after every page.
        let next = ids.len();
        ids.extend([next, next + 1]);
        format!(r#"{{"object":"list","has_more":{},"data":[{}]}}"#, older.len() > 3, data.join(","))
    }

    let ids: Ids = Arc::new(Mutex::new((0..10).collect()));
    let app = axum::Router::new()
        .route("/v1/identity/verification_sessions", axum::routing::get(list))
        .with_state(ids);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });

    let base = ApiBase::parse(&base, "a test").expect("a base");
    let client = Client::new(base, Secret::new(KEY.into()), ClientSettings::default()).expect("a client");
    let mut pager = Pager::new(client.clone(), ListSessions::default());
    let mut read = Vec::new();
    while let Some(ids) = walk(&mut pager).await.expect("a page") {
        read.extend(ids.split(' ').map(str::to_owned));
    }
    let expected: Vec<String> = (0..10).rev().map(|id| format!("vs_{id}")).collect();
    assert_eq!(read, expected);
    assert_eq!(client.requests_sent(), 4);
}

//! Pages and filters.

use serde_json::json;

use super::CREATE_DOCUMENT;
use crate::support::server::{SESSIONS, TestServer, ids, path_of};

#[tokio::test]
async fn lists_page_newest_first_in_both_directions() {
    let server = TestServer::open().await;
    let mut newest_first = Vec::new();
    for _ in 0..5 {
        newest_first
            .insert(0, server.create(CREATE_DOCUMENT).await["id"].as_str().expect("an id").to_owned());
    }
    let page = server.get(&format!("{SESSIONS}?limit=2")).await.ok();
    assert_eq!(
        (&page["object"], &page["url"], &page["has_more"]),
        (&json!("list"), &json!(SESSIONS), &json!(true))
    );
    assert_eq!(ids(&page), newest_first[..2]);
    let page = server.get(&format!("{SESSIONS}?limit=2&starting_after={}", newest_first[1])).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (newest_first[2..4].to_vec(), &json!(true)));
    let page = server.get(&format!("{SESSIONS}?limit=2&starting_after={}", newest_first[3])).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (newest_first[4..].to_vec(), &json!(false)));
    let page = server.get(&format!("{SESSIONS}?limit=2&ending_before={}", newest_first[4])).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (newest_first[2..4].to_vec(), &json!(true)));
    let page = server.get(&format!("{SESSIONS}?limit=2&ending_before={}", newest_first[2])).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (newest_first[..2].to_vec(), &json!(false)));
    for _ in 0..6 {
        server.create(CREATE_DOCUMENT).await;
    }
    let page = server.get(SESSIONS).await.ok();
    assert_eq!((ids(&page).len(), &page["has_more"]), (10, &json!(true)), "ten when no limit is given");
}

#[tokio::test]
async fn lists_filter() {
    let server = TestServer::open().await;
    let old = server.create("type=document&client_reference_id=u1&related_customer=cus_1").await;
    server.advance(1000).await;
    let new = server.create("type=document&client_reference_id=u2&related_customer_account=acct_2").await;
    let gone = path_of(&server.create("type=document").await);
    server.post(&format!("{gone}/cancel"), "").await.ok();
    let done = server.create_path("type=document").await;
    server.submit(&done, "verified").await.ok();
    let (old_id, new_id) = (old["id"].as_str().expect("an id"), new["id"].as_str().expect("an id"));
    let (old_at, new_at) =
        (old["created"].as_i64().expect("a time"), new["created"].as_i64().expect("a time"));
    let gone_id = gone.rsplit('/').next().expect("an id");
    let cases = [
        ("client_reference_id=u1".to_owned(), vec![old_id]),
        ("client_reference_id=nobody".to_owned(), vec![]),
        ("related_customer=cus_1".to_owned(), vec![old_id]),
        ("related_customer_account=acct_2".to_owned(), vec![new_id]),
        ("status=canceled".to_owned(), vec![gone_id]),
        ("status=verified".to_owned(), vec![done.rsplit('/').next().expect("an id")]),
        ("status=requires_input".to_owned(), vec![new_id, old_id]),
        (format!("status=requires_input&client_reference_id=u2&created[gt]={old_at}"), vec![new_id]),
        (format!("created={old_at}"), vec![old_id]),
        (format!("created%5Blt%5D={new_at}"), vec![old_id]),
        (format!("created[lte]={old_at}"), vec![old_id]),
        (format!("created[gte]={new_at}&status=requires_input"), vec![new_id]),
        (format!("created[gt]={old_at}&created[lt]={new_at}"), vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(server.ids(&format!("{SESSIONS}?{query}")).await, expected, "{query}");
    }
}

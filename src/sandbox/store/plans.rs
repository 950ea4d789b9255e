//! How the database means to find the pages of lists: by an index, from one bound to the other, in order.

use sqlx::{AssertSqlSafe, Row as _};

use super::listing::{Place, Query, Span};
use super::{Database, Store, events, files, reports, sessions};
use crate::clock::Timestamp;
use crate::identity::params::Created;
use crate::identity::{Status, VerificationType};
use crate::sandbox::events::Kind;
use crate::sandbox::events::requests::EventFilter;
use crate::sandbox::requests::{ReportFilter, SessionFilter};

/// The steps of a query, one a line.
async fn plan(store: &Store, mut query: Query, span: Span) -> String {
    let sql = query.page(span, 100).into_string();
    let mut connection = store.read().await.expect("a connection");
    let explain = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
    let steps = explain.fetch_all(&mut *connection).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    steps.iter().map(|step| step.get::<String, _>("detail")).collect::<Vec<_>>().join("\n")
}

fn spans() -> [Span; 3] {
    let place = Place { created: Timestamp::from_secs(7), seq: 7 };
    [Span::Newest, Span::OlderThan(place), Span::NewerThan(place)]
}

fn times() -> [Created; 3] {
    let at = |secs| Some(Timestamp::from_secs(secs));
    let between = Created { gte: at(1), lt: at(9), ..Created::default() };
    [Created::default(), Created { at: at(5), ..Created::default() }, between]
}

/// Nothing is read that is not asked for, and nothing is sorted.
#[track_caller]
fn walks(plan: &str, equal: &[&str], span: Span, created: Created) {
    let bounded = span != Span::Newest || created != Created::default();
    let step = plan.lines().next().unwrap_or_default();
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    if equal.is_empty() && !bounded {
        assert!(step.contains("USING INDEX"), "{plan}");
        return;
    }
    assert!(step.starts_with("SEARCH"), "{plan}");
    let found = equal.iter().filter(|column| step.contains(&format!("{column}=?"))).count();
    // Of a reference, a customer and an account, any is as sharp as all of them.
    let status = equal.contains(&"status") || equal.contains(&"kind");
    assert!(found >= equal.len().min(1 + usize::from(status && equal.len() > 1)), "{equal:?}: {plan}");
    assert!(!status || step.contains("status=?") || step.contains("kind=?"), "{equal:?}: {plan}");
    let ends =
        |sign: &str| step.contains(&format!("created{sign}?")) || step.contains(&format!("seq){sign}("));
    if created != Created::default() || matches!(span, Span::OlderThan(_)) {
        assert!(ends("<"), "{plan}");
    }
    if created != Created::default() || matches!(span, Span::NewerThan(_)) {
        assert!(ends(">"), "{plan}");
    }
}

#[tokio::test]
async fn no_list_of_sessions_reads_more_than_its_page() {
    let store = Store::open(&Database::Memory).await.expect("a store");
    let columns = ["status", "client_reference_id", "related_customer", "related_customer_account"];
    for chosen in 0..16 {
        let given = |at: usize| (chosen >> at & 1 == 1).then(|| "x".to_owned());
        let equal: Vec<&str> = (0..4).filter(|at| given(*at).is_some()).map(|at| columns[at]).collect();
        for created in times() {
            for span in spans() {
                let filter = SessionFilter {
                    created,
                    status: given(0).map(|_| Status::Verified),
                    client_reference_id: given(1),
                    related_customer: given(2),
                    related_customer_account: given(3),
                };
                walks(&plan(&store, sessions::query(&filter), span).await, &equal, span, created);
            }
        }
    }
}

#[tokio::test]
async fn no_list_of_reports_or_files_reads_more_than_its_page() {
    let store = Store::open(&Database::Memory).await.expect("a store");
    let columns = ["kind", "client_reference_id", "session_id"];
    for chosen in 0..8 {
        let given = |at: usize| (chosen >> at & 1 == 1).then(|| "x".to_owned());
        let mut equal: Vec<&str> = (0..3).filter(|at| given(*at).is_some()).map(|at| columns[at]).collect();
        if given(2).is_some() {
            // A session has a handful of reports: no other column matters then.
            equal = vec!["session_id"];
        }
        for created in times() {
            for span in spans() {
                let filter = ReportFilter {
                    created,
                    kind: given(0).map(|_| VerificationType::Document),
                    client_reference_id: given(1),
                    verification_session: given(2),
                };
                walks(&plan(&store, reports::query(&filter), span).await, &equal, span, created);
            }
        }
    }
    for created in times() {
        for span in spans() {
            walks(&plan(&store, files::query(None, created), span).await, &[], span, created);
            let purpose = plan(&store, files::query(Some("selfie"), created), span).await;
            walks(&purpose, &["purpose"], span, created);
        }
    }
}

#[tokio::test]
async fn no_list_of_events_reads_more_than_its_page_of_each_kind() {
    let store = Store::open(&Database::Memory).await.expect("a store");
    let some = [Kind::Verified, Kind::Canceled, Kind::Verified];
    for kinds in [None, Some(Kind::ALL.to_vec()), Some(some.to_vec()), Some(vec![])] {
        for created in times() {
            for span in spans() {
                let filter = EventFilter { created, kinds: kinds.clone(), delivery_success: None };
                let plan = plan(&store, events::query(&filter, Timestamp::from_secs(1)), span).await;
                let scans = plan.lines().filter(|step| step.starts_with("SCAN"));
                // A branch's page, and the row that stands for no branch.
                let allowed = |step: &str| step.contains("subquery") || step.contains("CONSTANT ROW");
                assert!(scans.clone().all(allowed), "{plan}");
                let branches = plan.lines().filter(|step| step.contains("(kind=? AND created>?")).count();
                let wanted =
                    if kinds.as_ref().is_some_and(|kinds| kinds.len() == some.len()) { 2 } else { 0 };
                assert_eq!(branches, wanted, "{plan}");
            }
        }
    }
    let filter = EventFilter { delivery_success: Some(false), ..EventFilter::default() };
    let plan = plan(&store, events::query(&filter, Timestamp::from_secs(1)), Span::Newest).await;
    assert!(plan.contains("INDEX deliveries_open") && plan.contains("(id=?)"), "{plan}");
}

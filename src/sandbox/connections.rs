//! Takes connections and answers on them until the sandbox closes. Sandbox only.

use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::wire::Wire;

/// How long a connection may wait for its next request: what the service's own load balancers allow.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long accepting rests after an error: mostly there are too many open files, and others need time to close theirs.
const REST: Duration = Duration::from_millis(200);

/// Answers on every connection that comes, until `closing`; then those that are open end after what they answer.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    keep_alive: Duration,
    closing: CancellationToken,
) {
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = open.join_next() => continue,
            () = closing.cancelled() => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let wire = Wire::new(stream);
                open.spawn(answer(wire, router.clone(), keep_alive, closing.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// Answers on one connection until it ends.
async fn answer(wire: Wire, router: Router, keep_alive: Duration, closing: CancellationToken) {
    let cutter = wire.cutter();
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(cutter.clone()));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // Also the time that a connection may idle between two requests.
        .header_read_timeout(keep_alive)
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended out of order");
    }
}

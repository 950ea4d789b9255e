//! HTTP as any client speaks it. Nothing here knows the product's own vocabulary, so that a mistake there cannot agree
//! with itself.

use reqwest::{Client, ClientBuilder, RequestBuilder, StatusCode};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// A client that asks nobody on the way.
pub(crate) fn plain_client() -> Client {
    plain_client_builder().build().expect("a client")
}

/// What [`plain_client`] is made of.
pub(crate) fn plain_client_builder() -> ClientBuilder {
    // reqwest asks for a provider of cryptography before any connection; all but the first one here is turned away.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy()
}

/// Sends a request and reads the reply to its end.
pub(crate) async fn send(request: RequestBuilder) -> Reply {
    let response = request.send().await.expect("a reply");
    let (status, headers) = (response.status(), response.headers().clone());
    Reply { status, headers, text: response.text().await.expect("a body") }
}

/// A reply, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body of a reply that went well.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.json()
    }

    /// The `error` object, without the field that changes with every request.
    pub(crate) fn error(&self) -> Value {
        let mut body = self.json();
        if let Some(error) = body["error"].as_object_mut() {
            error.shift_remove("request_log_url");
        }
        body["error"].take()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a readable header"))
    }
}

/// A client for tests that are not async.
pub(crate) struct BlockingClient {
    runtime: Runtime,
    http: Client,
}

impl BlockingClient {
    pub(crate) fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { runtime, http: plain_client() }
    }

    /// Sends what `request` makes of a client.
    pub(crate) fn send(&self, request: impl FnOnce(&Client) -> RequestBuilder) -> Reply {
        self.wait(send(request(&self.http)))
    }

    /// Waits for any other work.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}

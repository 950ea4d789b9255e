//! A browser of few words.

use std::collections::BTreeMap;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;

use crate::support::http::{Reply, plain_client_builder, send};
use crate::support::server::TestServer;

/// A browser with cookies and without scripts, which shows one page at a time.
pub(crate) struct Browser {
    pub(crate) http: Client,
    pub(crate) base: String,
    pub(crate) cookies: BTreeMap<String, String>,
    /// Where it is, without the base.
    pub(crate) at: String,
    pub(crate) page: String,
}

impl Browser {
    /// Opens a session's page.
    pub(crate) async fn open(server: &TestServer, session: &Value) -> Self {
        let http = plain_client_builder().redirect(Policy::none()).build().expect("a client");
        let base = server.running.api_base();
        let mut browser =
            Self { http, base, cookies: BTreeMap::new(), at: String::new(), page: String::new() };
        let url = session["url"].as_str().expect("a url");
        let path = url.strip_prefix(&browser.base).expect("a url of this sandbox").to_owned();
        let reply = browser.go(&path).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        browser
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.http.request(method, format!("{}{path}", self.base)).header("cookie", cookies.join("; "))
    }

    /// Keeps cookies and follows redirects, as browsers do.
    pub(crate) async fn follow(&mut self, path: &str, request: RequestBuilder) -> Reply {
        let mut path = path.to_owned();
        let mut reply = send(request).await;
        loop {
            secure(&reply);
            for cookie in reply.headers.get_all("set-cookie") {
                let pair = cookie.to_str().expect("text").split(';').next().expect("a pair");
                let (name, value) = pair.split_once('=').expect("a cookie");
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            if reply.status != StatusCode::SEE_OTHER {
                break;
            }
            reply.header("location").expect("a location").clone_into(&mut path);
            reply = send(self.ask(Method::GET, &path)).await;
        }
        self.at = path;
        self.page.clone_from(&reply.text);
        reply
    }

    pub(crate) async fn go(&mut self, path: &str) -> Reply {
        let request = self.ask(Method::GET, path);
        self.follow(path, request).await
    }

    /// The address of the page that the link opens.
    pub(crate) fn start(&self) -> String {
        self.at.split('/').take(3).collect::<Vec<_>>().join("/")
    }

    pub(crate) fn step(&self) -> &str {
        self.at.split('/').nth(3).unwrap_or_default()
    }

    pub(crate) fn csrf(&self) -> String {
        let (_, rest) = self.page.split_once("name=\"csrf\" value=\"").expect("a form");
        rest.split('"').next().expect("a token").to_owned()
    }

    /// Sends the form of the step that the browser is at.
    pub(crate) async fn send(&mut self, fields: &str) -> Reply {
        let step = if self.step().is_empty() { "consent".to_owned() } else { self.step().to_owned() };
        self.send_to(&step, fields).await
    }

    pub(crate) async fn send_to(&mut self, step: &str, fields: &str) -> Reply {
        let path = format!("{}/{step}", self.start());
        let body = format!("csrf={}&{fields}", self.csrf());
        let request = self.form(&path, body);
        self.follow(&path, request).await
    }

    pub(crate) fn form(&self, path: &str, body: String) -> RequestBuilder {
        self.ask(Method::POST, path).header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    /// Uploads a file at the step that the browser is at.
    pub(crate) async fn upload(&mut self, file: &[u8]) -> Reply {
        let path = self.at.clone();
        let mut body = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--cut\r\nContent-Disposition: form-data; \
             name=\"picture\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n",
            self.csrf()
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(
            b"\r\n--cut\r\nContent-Disposition: form-data; name=\"use\"\r\n\r\nupload\r\n--cut--\r\n",
        );
        let request = self
            .ask(Method::POST, &path)
            .header("content-type", "multipart/form-data; boundary=cut")
            .body(body);
        self.follow(&path, request).await
    }

    /// Goes through every step with specimens, up to the choice of the outcome.
    pub(crate) async fn reach_outcome(&mut self) {
        while self.step() != "outcome" {
            let fields = match self.step() {
                "" => "answer=accept",
                "document" => "document=id_card",
                "email" | "phone" => "answer=code&code=000+000",
                _ => "use=specimen",
            };
            let before = self.at.clone();
            let reply = self.send(fields).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
            assert_ne!(self.at, before, "the step is done");
        }
    }

    pub(crate) fn shows(&self, words: &str) -> bool {
        self.page.contains(words)
    }
}

/// What every reply of the page has to say, whatever it shows.
pub(crate) fn secure(reply: &Reply) {
    let policy = reply.header("content-security-policy").expect("a policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("referrer-policy"), Some("same-origin"), "the address is a secret");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("access-control-allow-origin"), None);
    if reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        assert!(!reply.text.contains("style=") && !reply.text.contains(" onclick"), "nothing inline");
        assert_eq!(reply.text.matches("<script").count(), 1, "{}", reply.text);
        assert!(reply.text.contains("<html lang=\"en\">"));
        assert_eq!(reply.text.matches("<h1>").count(), 1, "{}", reply.text);
    }
}

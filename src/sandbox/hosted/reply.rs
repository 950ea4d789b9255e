//! Replies of the page and the headers that keep it to itself; its style, script and icon.

use askama::Template;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::Value;

/// What every reply says. Nothing is loaded from elsewhere, nothing may frame the page, and no script stands in it.
/// A browser that may not say where a form comes from says `Origin: null`; so it may say so to this page.
const HEADERS: [(&str, &str); 9] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-robots-tag", "noindex, nofollow"),
    ("cache-control", "no-store"),
];

fn reply(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// A page.
pub(super) fn page(status: StatusCode, template: &impl Template) -> Response<Body> {
    match template.render() {
        Ok(html) => reply(status, "text/html; charset=utf-8", html),
        Err(error) => {
            tracing::error!(%error, "a page could not be drawn");
            trouble()
        }
    }
}

/// What is left to say when nothing works.
pub(super) fn trouble() -> Response<Body> {
    let text = "The sandbox could not show this page. Its log says more.\n";
    reply(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", text)
}

/// To another page of this sandbox, with a GET.
pub(super) fn redirect(path: &str) -> Response<Body> {
    let mut response = reply(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", "");
    match HeaderValue::from_str(path) {
        Ok(path) => {
            response.headers_mut().insert(header::LOCATION, path);
            response
        }
        Err(_) => trouble(),
    }
}

/// An answer for the page's script.
pub(super) fn data(body: &Value) -> Response<Body> {
    reply(StatusCode::OK, "application/json", body.to_string())
}

/// A picture.
pub(super) fn picture(png: Vec<u8>) -> Response<Body> {
    reply(StatusCode::OK, "image/png", png)
}

/// A picture or file that is not there.
pub(super) fn no_such_file() -> Response<Body> {
    reply(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", "There is no such file.\n")
}

/// `GET /start/assets/{name}`
pub(super) async fn asset(Path(name): Path<String>) -> Response<Body> {
    match name.as_str() {
        "page.css" => {
            let style = include_str!("../../../assets/hosted/page.css");
            reply(StatusCode::OK, "text/css; charset=utf-8", style)
        }
        "page.js" => {
            let script = include_str!("../../../assets/hosted/page.js");
            reply(StatusCode::OK, "text/javascript; charset=utf-8", script)
        }
        "icon.svg" => {
            let icon = include_str!("../../../assets/hosted/icon.svg");
            reply(StatusCode::OK, "image/svg+xml", icon)
        }
        _ => no_such_file(),
    }
}

//! Who sends a form: the browser that was given it, from the page that it was given on.
//!
//! Three things have to agree: the visit in the browser's cookie, the token in the form, and the origin that the
//! browser names. Other programs on this machine serve pages too, and cookies do not tell ports apart.

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use subtle::ConstantTimeEq as _;

use crate::sandbox::render::URL_LIVES;
use crate::sandbox::store::hosted::Visit;

const COOKIE: &str = "vetty_visit";

/// The field of every form.
pub(super) const FIELD: &str = "csrf";

/// The visit that the browser's cookies name.
pub(super) fn visit_id(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The cookie that names `visit`: for this link only, out of reach of scripts, and not sent along with forms of other
/// sites.
pub(super) fn cookie(visit: &Visit) -> Option<HeaderValue> {
    let Visit { id, link_token, .. } = visit;
    HeaderValue::from_str(&format!(
        "{COOKIE}={id}; Path=/start/test_{link_token}; Max-Age={URL_LIVES}; HttpOnly; SameSite=Lax"
    ))
    .ok()
}

/// Whether the form that carries `token` was sent from the page of `visit`.
pub(super) fn is_genuine(visit: &Visit, token: &str, headers: &HeaderMap, uri: &Uri) -> bool {
    // In a time that does not tell where the two differ.
    bool::from(visit.csrf.as_bytes().ct_eq(token.as_bytes())) && is_same_origin(headers, uri)
}

/// Whether the browser says that the form stands on a page of this very host and port. Older browsers and scripts say
/// nothing; the token has to do for them.
fn is_same_origin(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let host = uri.authority().map(axum::http::uri::Authority::as_str).or_else(|| text(header::HOST));
    let origin = text(header::ORIGIN).map(|origin| origin.split_once("://").map_or(origin, |(_, host)| host));
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    origin.is_none_or(|origin| host.is_some_and(|host| host.eq_ignore_ascii_case(origin)))
        && site.is_none_or(|site| site == b"same-origin" || site == b"none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::sandbox::hosted::Progress;

    fn visit() -> Visit {
        Visit {
            id: "visit".to_owned(),
            link_token: "link".to_owned(),
            made: Timestamp::from_secs(0),
            csrf: "right".to_owned(),
            progress: Progress::default(),
        }
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_the_own_page_with_the_own_token_is_genuine() {
        let uri = Uri::from_static("/start/test_link/consent");
        let host = ("host", "127.0.0.1:12120");
        for (token, more, genuine) in [
            ("right", vec![], true),
            ("right", vec![("origin", "http://127.0.0.1:12120"), ("sec-fetch-site", "same-origin")], true),
            ("wrong", vec![("origin", "http://127.0.0.1:12120")], false),
            ("", vec![], false),
            ("right2", vec![], false),
            ("right", vec![("origin", "http://127.0.0.1:3000")], false),
            ("right", vec![("origin", "null")], false),
            ("right", vec![("sec-fetch-site", "same-site")], false),
            ("right", vec![("sec-fetch-site", "cross-site")], false),
        ] {
            let headers = headers(&[vec![host], more].concat());
            assert_eq!(is_genuine(&visit(), token, &headers, &uri), genuine, "{token} {headers:?}");
        }
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(visit_id(&headers(&[("cookie", "a=b; vetty_visit=abc; c=d")])), Some("abc"));
        assert_eq!(visit_id(&headers(&[("cookie", "vetty_visits=abc")])), None);
        assert_eq!(visit_id(&headers(&[])), None);
        let cookie = cookie(&visit()).expect("a cookie");
        assert!(cookie.to_str().expect("text").contains("Path=/start/test_link; "));
    }
}

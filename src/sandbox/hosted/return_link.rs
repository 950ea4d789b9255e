//! The way back to the integrator: `return_url` as a link, if a link is what it is.

use url::Url;

use crate::text;

/// Whether this page opens `url`: a web page, or an app by a scheme that is the reverse of its domain, as apps are to
/// register them (RFC 8252, 7.1). No scheme with a dot means anything to a browser itself. A list of the ones that do
/// would never be whole.
fn opens(url: &Url) -> bool {
    match url.scheme() {
        "http" | "https" => url.has_host(),
        scheme => scheme.contains('.'),
    }
}

/// Where a page leads when everything is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReturnLink {
    /// The address; `None` when it is not one that this page opens.
    pub(super) href: Option<String>,
    /// What the link says.
    pub(super) label: String,
    /// Whether it is the one thing left to do.
    pub(super) main: bool,
}

impl ReturnLink {
    /// Reads a session's `return_url`.
    pub(super) fn new(return_url: &str, main: bool) -> Self {
        let refused = || Self {
            href: None,
            label: format!("The session leads back to {}, which this page does not open.", shown(return_url)),
            main,
        };
        // Parsed as a browser does, so that a scheme cannot hide behind white space or line breaks.
        let Ok(url) = Url::parse(return_url) else { return refused() };
        if !opens(&url) {
            return refused();
        }
        let label = match url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) {
            Some(host) => format!("Return to {}", text::clean(host)),
            None => "Return to the app".to_owned(),
        };
        Self { href: Some(url.into()), label, main }
    }
}

/// An address as a text, cut where it fills a page.
fn shown(url: &str) -> String {
    text::truncate(&text::clean(url), LONGEST).into_owned()
}

/// The longest address that is shown, in columns.
const LONGEST: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_the_host_they_really_lead_to() {
        let label = |url| ReturnLink::new(url, true).label;
        assert_eq!(label("https://example.com/done?a=1"), "Return to example.com");
        assert_eq!(label("https://bank.example@evil.example/"), "Return to evil.example");
        assert_eq!(label("https://b\u{fc}cher.example/"), "Return to xn--bcher-kva.example");
        assert_eq!(label("com.example.app:/done"), "Return to the app");
        assert_eq!(
            label("myapp://done"),
            "The session leads back to myapp://done, which this page does not open."
        );
    }

    #[test]
    fn what_is_no_place_is_no_link() {
        for url in [
            "javascript://x/%0aalert(1)",
            "JavaScript:alert(1)",
            "java\nscript:alert(1)",
            "data:,x",
            "x",
            "blob:https://example.com/1",
            "view-source:https://example.com",
            "intent://scan/#Intent;end",
            "search-ms:query=x",
            "myapp://done",
            "unknown-yet:x",
        ] {
            assert_eq!(ReturnLink::new(url, true).href, None, "{url:?}");
        }
        let quoted = ReturnLink::new("https://example.com/\"><script>", false).href.expect("a link");
        assert!(!quoted.contains(['"', '<', '>']), "{quoted}");
    }
}

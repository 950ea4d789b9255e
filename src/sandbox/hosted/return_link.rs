//! The way back to the integrator: `return_url` as a link, if a link is what it is.

use url::Url;

use crate::text;

/// Schemes that run or show something in the browser itself instead of going somewhere.
const NOWHERE: [&str; 9] =
    ["javascript", "data", "vbscript", "blob", "file", "about", "filesystem", "view-source", "jar"];

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
            label: "The session’s return address is not one that this page opens.".to_owned(),
            main,
        };
        // Parsed as a browser does, so that a scheme cannot hide behind white space or line breaks.
        let Ok(url) = Url::parse(return_url) else { return refused() };
        if NOWHERE.contains(&url.scheme()) {
            return refused();
        }
        let label = match url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) {
            Some(host) => format!("Return to {}", text::clean(host)),
            None => "Return to the app".to_owned(),
        };
        Self { href: Some(url.into()), label, main }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_the_host_they_really_lead_to() {
        let label = |url| ReturnLink::new(url, true).label;
        assert_eq!(label("https://example.com/done?a=1"), "Return to example.com");
        assert_eq!(label("https://bank.example@evil.example/"), "Return to evil.example");
        assert_eq!(label("https://b\u{fc}cher.example/"), "Return to xn--bcher-kva.example");
        assert_eq!(label("myapp://done"), "Return to the app");
    }

    #[test]
    fn what_is_no_place_is_no_link() {
        for url in
            ["javascript://x/%0aalert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "data:,x", "x"]
        {
            assert_eq!(ReturnLink::new(url, true).href, None, "{url:?}");
        }
        let quoted = ReturnLink::new("https://example.com/\"><script>", false).href.expect("a link");
        assert!(!quoted.contains(['"', '<', '>']), "{quoted}");
    }
}

//! Patterns with `*` for any text, also for none. Sandbox only.

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(String);

impl Pattern {
    /// A pattern that tells capital and small letters apart.
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether the whole of `text` is like this.
    pub(super) fn matches(&self, text: &str) -> bool {
        let Some((head, tail)) = self.0.split_once('*') else { return self.0 == text };
        let Some(mut rest) = text.strip_prefix(head) else { return false };
        let mut parts: Vec<&str> = tail.split('*').collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            // The earliest place leaves the most for the parts that follow.
            let Some(at) = rest.find(part) else { return false };
            rest = &rest[at + part.len()..];
        }
        rest.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text, expected) in [
            ("*+verified@*", "jenny+verified@example.com", true),
            ("*+verified@*", "+verified@", true),
            ("*+verified@*", "jenny+unverified@example.com", false),
            ("fail-*", "fail-1", true),
            ("fail-*", "a fail-1", false),
            ("*-fail", "1-fail", true),
            ("*-fail", "1-fail-2", false),
            ("exact", "exact", true),
            ("exact", "exact ", false),
            ("a*b*a", "aba", true),
            ("a*a", "a", false),
            ("*", "", true),
            ("ü*ß", "über-ß", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), expected, "{pattern}: {text}");
        }
    }
}

//! Parameters and ids as they stand on the wire.
//!
//! One encoding for bodies and queries, that of the official Node library: everything but unreserved characters is
//! percent-encoded, space as `%20`, and only the brackets that nest names stay as they are.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::identity::params::Form;

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// In names, which nest in brackets.
const RESERVED_IN_NAMES: &AsciiSet = &RESERVED.remove(b'[').remove(b']');

/// `form` as `application/x-www-form-urlencoded`.
pub(super) fn encode(form: &Form) -> String {
    let mut out = String::new();
    for (name, value) in form.pairs() {
        if !out.is_empty() {
            out.push('&');
        }
        out.extend(utf8_percent_encode(name, RESERVED_IN_NAMES));
        out.push('=');
        out.extend(utf8_percent_encode(value, RESERVED));
    }
    out
}

/// `expand` as a form: `expand[0]=…`.
pub(super) fn expand(paths: &[&str]) -> Form {
    let mut form = Form::default();
    for (index, path) in paths.iter().enumerate() {
        form.push(format!("expand[{index}]"), *path);
    }
    form
}

/// `raw` as one segment of a path; `None` when it would not name one object there: empty, or dots that climb.
pub(super) fn segment(raw: &str) -> Option<String> {
    if matches!(raw, "" | "." | "..") {
        return None;
    }
    Some(utf8_percent_encode(raw, RESERVED).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_brackets_and_nothing_else() {
        let mut form = Form::default();
        form.push("metadata[user id]", "Zoë & [co]=100%+1/2");
        form.push("options[document]", "");
        assert_eq!(
            encode(&form),
            "metadata[user%20id]=Zo%C3%AB%20%26%20%5Bco%5D%3D100%25%2B1%2F2&options[document]="
        );
        assert_eq!(encode(&expand(&["a.b", "c"])), "expand[0]=a.b&expand[1]=c");
        assert_eq!(encode(&Form::default()), "");
    }

    #[test]
    fn an_id_is_one_segment() {
        assert_eq!(segment("vs_1").as_deref(), Some("vs_1"));
        assert_eq!(segment("../accounts?x#y%2F").as_deref(), Some("..%2Faccounts%3Fx%23y%252F"));
        assert_eq!([segment(""), segment("."), segment("..")], [None, None, None]);
    }
}

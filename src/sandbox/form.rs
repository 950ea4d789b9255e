//! Decodes `application/x-www-form-urlencoded` with brackets into a tree. Sandbox only.
//!
//! The tree keeps every bracket's text as it was sent, because `metadata[0]` is a key and `expand[0]` is a place in
//! a list, and only the parameter's definition knows which.

use percent_encoding::percent_decode;

use super::errors::Refused;

/// More pairs than any request of this API needs, and few enough to search one by one.
const MOST_PAIRS: usize = 1000;
/// More levels than any parameter of this API has, and few enough for recursion.
const MOST_LEVELS: usize = 8;

/// A parameter's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A plain value; empty means "unset".
    Text(String),
    /// What stood in brackets, in the order it was sent. `[]` is kept as an empty name.
    Nested(Fields),
}

/// Parameters by name, in the order they were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(pub(super) Vec<(String, Node)>);

impl Fields {
    /// Takes the parameter called `name` out.
    pub(super) fn take(&mut self, name: &str) -> Option<Node> {
        let at = self.0.iter().position(|(found, _)| found == name)?;
        Some(self.0.remove(at).1)
    }

    /// The same text for the same parameters, whatever order they were sent in.
    pub(super) fn canonical(&self) -> String {
        let mut lines = Vec::new();
        self.flatten("", &mut lines);
        lines.sort_unstable();
        lines.join("\n")
    }

    fn flatten(&self, prefix: &str, lines: &mut Vec<String>) {
        for (name, node) in &self.0 {
            let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}[{name}]") };
            match node {
                // Escaped, so that a line break in a value does not begin another parameter.
                Node::Text(text) => lines.push(format!("{name:?}={text:?}")),
                Node::Nested(inner) => inner.flatten(&name, lines),
            }
        }
    }

    fn insert(&mut self, path: &[&str], value: String) -> Result<(), Refused> {
        let [name, rest @ ..] = path else { return Ok(()) };
        let appends = name.is_empty();
        let found = self.0.iter_mut().find(|(found, _)| !appends && found == name).map(|(_, node)| node);
        match (found, rest) {
            (None, []) => self.0.push(((*name).to_owned(), Node::Text(value))),
            (None, _) => {
                let mut inner = Self::default();
                inner.insert(rest, value)?;
                self.0.push(((*name).to_owned(), Node::Nested(inner)));
            }
            // Said twice: the last word counts.
            (Some(Node::Text(text)), []) => *text = value,
            (Some(Node::Nested(inner)), [_, ..]) => inner.insert(rest, value)?,
            (Some(_), _) => {
                return Err(Refused::new(format!(
                    "Invalid request: the parameter {name} was sent both as a value and as an object."
                ))
                .param(*name));
            }
        }
        Ok(())
    }
}

/// Decodes a query and a body into one tree.
pub(super) fn decode(query: &str, body: &[u8]) -> Result<Fields, Refused> {
    let mut fields = Fields::default();
    let pairs = query.as_bytes().split(|byte| *byte == b'&').chain(body.split(|byte| *byte == b'&'));
    for (count, pair) in pairs.filter(|pair| !pair.is_empty()).enumerate() {
        if count >= MOST_PAIRS {
            return Err(Refused::new(format!("Invalid request: more than {MOST_PAIRS} parameters.")));
        }
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = unescaped(halves.next().unwrap_or_default())?;
        let value = unescaped(halves.next().unwrap_or_default())?;
        let path = segments(&name);
        if path.len() > MOST_LEVELS {
            return Err(Refused::new(format!(
                "Invalid request: more than {MOST_LEVELS} levels of brackets."
            )));
        }
        fields.insert(&path, value)?;
    }
    Ok(fields)
}

/// `a[b][c]` as `a`, `b`, `c`. A name whose brackets do not pair up is taken literally.
fn segments(name: &str) -> Vec<&str> {
    let Some((head, tail)) = name.split_once('[') else { return vec![name] };
    let Some(inner) = tail.strip_suffix(']') else { return vec![name] };
    let parts: Vec<&str> = inner.split("][").collect();
    if head.is_empty() || parts.iter().any(|part| part.contains(['[', ']'])) {
        return vec![name];
    }
    std::iter::once(head).chain(parts).collect()
}

/// Text as forms write it: a plus is a blank, and a per cent sign without two digits behind it is just that.
fn unescaped(raw: &[u8]) -> Result<String, Refused> {
    let blanks: Vec<u8> = raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    match percent_decode(&blanks).decode_utf8() {
        Ok(text) if !text.contains('\0') => Ok(text.into_owned()),
        _ => Err(Refused::new("Invalid request: parameters must be UTF-8 text without NUL characters.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Node {
        Node::Text(value.to_owned())
    }

    fn nested(fields: &[(&str, Node)]) -> Node {
        Node::Nested(Fields(fields.iter().map(|(name, node)| ((*name).to_owned(), node.clone())).collect()))
    }

    #[test]
    fn brackets_become_levels_however_they_are_escaped() {
        let raw =
            decode("", b"options[document][allowed_types][0]=passport&metadata[a+b]=u%201%26%C3%A9&type=");
        let escaped = decode(
            "options%5Bdocument%5D%5Ballowed_types%5D%5B0%5D=passport&metadata%5ba%20b%5d=u+1%26%C3%A9&type",
            b"",
        );
        let expected = Fields(vec![
            (
                "options".into(),
                nested(&[("document", nested(&[("allowed_types", nested(&[("0", text("passport"))]))]))]),
            ),
            ("metadata".into(), nested(&[("a b", text("u 1&é"))])),
            ("type".into(), text("")),
        ]);
        assert_eq!(raw, Ok(expected.clone()));
        assert_eq!(escaped, Ok(expected));
    }

    #[test]
    fn empty_brackets_append_and_the_last_word_counts() {
        assert_eq!(
            decode("expand[]=a&expand[]=b&limit=1&limit=2", b""),
            Ok(Fields(vec![
                ("expand".into(), nested(&[("", text("a")), ("", text("b"))])),
                ("limit".into(), text("2")),
            ]))
        );
    }

    #[test]
    fn order_does_not_matter_to_the_canonical_text() {
        let canonical = |form: &str| decode(form, b"").expect("a form").canonical();
        assert_eq!(canonical("a=1&b[c]=2"), canonical("b%5Bc%5D=2&a=1"));
        assert_ne!(canonical("a=1"), canonical("a=2"));
        assert_ne!(canonical("a=1%0Ab=2"), canonical("a=1&b=2"));
    }

    #[test]
    fn odd_names_stay_literal() {
        for name in ["a[b", "a]b[", "[a]", "a[b]c", "a[[b]]", "%zz"] {
            let fields = decode(&format!("{name}=1"), b"").expect("a literal name");
            assert_eq!(fields.0, vec![(name.to_owned(), text("1"))], "{name}");
        }
    }

    #[test]
    fn hostile_forms_are_refused() {
        let deep = format!("a{}=1", "[b]".repeat(100_000));
        let many = vec!["a=1"; MOST_PAIRS + 1].join("&");
        for body in [deep.as_str(), many.as_str(), "a=%ff", "a=%00", "a=1&a[b]=2", "a[b]=2&a=1"] {
            assert!(decode("", body.as_bytes()).is_err(), "{}", &body[..body.len().min(20)]);
        }
    }
}

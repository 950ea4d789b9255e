//! Values of flags: pairs, and values that a file keeps out of the command line.

use std::io::Read as _;

use super::failure::Failure;
use crate::privacy::is_mask;
use crate::text::clean;

/// The largest value that is read from a file, in bytes.
const LARGEST_VALUE: u64 = 64 * 1024;

/// What is said of a mask.
const NO_VALUE: &str = "this is what stands for something hidden; give the value itself";

/// A key and its value. The value may be empty and may hold `=`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) | None => Err("write KEY=VALUE".to_owned()),
        Some((key, value)) => Ok((unmasked(key)?, unmasked(value)?)),
    }
}

/// Any text but a mask, which must not be sent back as if it were what it stands for.
pub(super) fn unmasked(text: &str) -> Result<String, String> {
    if is_mask(text) { Err(NO_VALUE.to_owned()) } else { Ok(text.to_owned()) }
}

/// The value itself, or what `@FILE` or `@-` holds: other people on the machine can read command lines.
pub(super) fn kept(flag: &str, value: &str) -> Result<String, Failure> {
    let given = |text: &str| unmasked(text).map_err(|why| Failure::usage(format!("{flag}: {why}.")));
    let Some(source) = value.strip_prefix('@') else { return given(value) };
    let mut text = String::new();
    let read = if source == "-" {
        std::io::stdin().lock().take(LARGEST_VALUE).read_to_string(&mut text)
    } else {
        std::fs::File::open(source).and_then(|file| file.take(LARGEST_VALUE).read_to_string(&mut text))
    };
    read.map_err(|error| Failure::usage(format!("{flag}: {} cannot be read: {error}.", clean(source))))?;
    let text = text.trim();
    if text.is_empty() {
        // An empty value would remove what is there.
        return Err(Failure::usage(format!("{flag}: {} is empty.", clean(source))));
    }
    given(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_split_at_the_first_sign() {
        assert_eq!(pair("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(pair("a="), Ok(("a".into(), String::new())));
        assert!(pair("a").is_err() && pair("=b").is_err());
        assert_eq!(pair("a=j•••@e•••"), Err(NO_VALUE.to_owned()));
        let refused = kept("--email", "j•••@e•••").expect_err("a mask").to_string();
        assert_eq!(refused, format!("--email: {NO_VALUE}."));
    }

    #[test]
    fn a_file_can_keep_a_value() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "jenny@example.com\n").expect("written");
        let read = kept("--email", &format!("@{}", file.path().display()));
        assert_eq!(read.ok().as_deref(), Some("jenny@example.com"));
        let error = kept("--email", "@/nowhere/at/all").expect_err("no file").to_string();
        assert!(error.starts_with("--email: /nowhere/at/all cannot be read"), "{error}");
    }
}

//! Values of flags: times, pairs, and values that a file keeps out of the command line.

use std::io::Read as _;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Instant};

use super::failure::Failure;
use crate::identity::Timestamp;
use crate::text::clean;

/// The largest value that is read from a file, in bytes.
const LARGEST_VALUE: u64 = 64 * 1024;

/// A moment as people and programs write it. Without a zone it is UTC; a duration means so long ago.
pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Ok(time.as_second());
    }
    let utc = |time: DateTime| time.to_zoned_datetime(TimeZone::UTC).map(|time| time.timestamp().as_second());
    let civil = text.parse::<Date>().map(|date| date.to_datetime(jiff::civil::Time::midnight()));
    // `2026-03-01T12:00` is a date to one parser and a date with a time to the other: the longer one is meant.
    let civil = if text.contains([':', 'T']) { text.parse::<DateTime>().or(civil) } else { civil };
    if let Ok(time) = civil {
        return utc(time).map_err(|error| error.to_string());
    }
    if let Ok(span) = text.parse::<Span>() {
        let now = Instant::now().to_zoned_datetime(TimeZone::UTC);
        let then = now.checked_sub(span.abs()).map_err(|error| error.to_string())?;
        return Ok(then.timestamp().as_second());
    }
    Err("write 2026-03-01, 2026-03-01T12:00Z, 1772366400, or 7d and 36h for so long ago".to_owned())
}

/// A key and its value. The value may be empty and may hold `=`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) | None => Err("write KEY=VALUE".to_owned()),
        Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
    }
}

/// The value itself, or what `@FILE` or `@-` holds: other people on the machine can read command lines.
pub(super) fn kept(flag: &str, value: &str) -> Result<String, Failure> {
    let Some(source) = value.strip_prefix('@') else { return Ok(value.to_owned()) };
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
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_dates_times_seconds_and_durations() {
        assert_eq!(moment("1772366400"), Ok(1_772_366_400));
        assert_eq!(moment("2026-03-01"), Ok(1_772_323_200));
        assert_eq!(moment("2026-03-01T12:00"), Ok(1_772_366_400));
        assert_eq!(moment("2026-03-01T12:00:00Z"), Ok(1_772_366_400));
        assert_eq!(moment("2026-03-01T13:00:00+01:00"), Ok(1_772_366_400));
        let day = moment("24h").and_then(|day| moment("1d").map(|other| (day - other).abs()));
        assert!(day.is_ok_and(|seconds| seconds <= 1));
        assert!(moment("7d").is_ok_and(|week| moment("6d").is_ok_and(|later| week < later)));
        for wrong in ["", "soon", "2026-13-01", "d7"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pairs_split_at_the_first_sign() {
        assert_eq!(pair("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(pair("a="), Ok(("a".into(), String::new())));
        assert!(pair("a").is_err() && pair("=b").is_err());
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

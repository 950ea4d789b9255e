//! Moments as people and programs write them.

use std::time::SystemTime;

use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::clock::{Timestamp, WallTime};

/// Reads a date, a time, seconds since 1970, or a duration, which means so long ago. Without a zone it is UTC.
///
/// # Errors
/// A sentence on what can be written.
pub(super) fn moment(text: &str) -> Result<WallTime, String> {
    read(text.trim(), WallTime::from(SystemTime::now())).ok_or_else(|| {
        "write 2026-03-01, 2026-03-01T12:00Z, 1772366400, or 7d and 36h for so long ago".into()
    })
}

fn read(text: &str, now: WallTime) -> Option<WallTime> {
    if let Ok(seconds) = text.parse() {
        return Timestamp::from_secs(seconds).wall_time();
    }
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let in_utc =
        |time: DateTime| time.to_zoned_datetime(TimeZone::UTC).ok().map(|time| time.timestamp().into());
    // A date parser also takes a text with a time, and drops the time.
    if let Ok(time) = text.parse::<DateTime>()
        && text.contains([':', 'T'])
    {
        return in_utc(time);
    }
    if let Ok(date) = text.parse::<Date>() {
        return in_utc(date.to_datetime(Time::midnight()));
    }
    let span = text.parse::<Span>().ok()?.abs();
    let now = jiff::Timestamp::from(now).to_zoned_datetime(TimeZone::UTC);
    now.checked_sub(span).ok().map(|then| then.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_dates_times_seconds_and_durations() {
        let now: WallTime = "2026-03-08T12:00:00Z".parse().expect("a time");
        for (written, meant) in [
            ("2026-03-01", "2026-03-01T00:00:00Z"),
            ("2026-03-01T12:30", "2026-03-01T12:30:00Z"),
            ("2026-03-01 12:30", "2026-03-01T12:30:00Z"),
            ("2026-03-01T12:30:15+02:00", "2026-03-01T10:30:15Z"),
            ("1772366400", "2026-03-01T12:00:00Z"),
            ("7d", "2026-03-01T12:00:00Z"),
            ("36h", "2026-03-07T00:00:00Z"),
            ("1mo", "2026-02-08T12:00:00Z"),
        ] {
            assert_eq!(read(written, now).map(|time| time.to_string()).as_deref(), Some(meant), "{written}");
        }
        for wrong in ["", "yesterday", "2026-13-01"] {
            assert!(read(wrong, now).is_none(), "{wrong}");
        }
        assert!(moment("soon").is_err_and(|said| said.contains("7d")));
    }
}

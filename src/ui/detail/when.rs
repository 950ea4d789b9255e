//! Moments as people read them: how long ago, and the date in UTC.

use crate::clock::{Timestamp, WallTime};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long before `now` something happened: `2 min ago`.
pub(in crate::ui) fn ago(now: WallTime, then: Timestamp) -> String {
    let seconds = now.timestamp().secs_since(then);
    match seconds {
        ..10 => "just now".to_owned(),
        10..MINUTE => format!("{seconds} s ago"),
        MINUTE..HOUR => format!("{} min ago", seconds / MINUTE),
        HOUR..DAY => format!("{} h ago", seconds / HOUR),
        _ if seconds < 2 * DAY => "1 day ago".to_owned(),
        _ => format!("{} days ago", seconds / DAY),
    }
}

/// `2026-07-28 14:03`, in UTC; the number itself where it is no date.
pub(in crate::ui) fn utc(then: Timestamp) -> String {
    date_and_time(then, "%Y-%m-%d %H:%M")
}

/// `2026-07-28 14:03:22`, in UTC.
pub(in crate::ui) fn utc_seconds(then: Timestamp) -> String {
    date_and_time(then, "%Y-%m-%d %H:%M:%S")
}

fn date_and_time(then: Timestamp, pattern: &'static str) -> String {
    then.wall_time().map_or_else(|| then.as_secs().to_string(), |then| then.format(pattern))
}

/// The time of day, `14:03`, in UTC.
pub(in crate::ui) fn clock(at: WallTime) -> String {
    at.format("%H:%M")
}

/// The time of day, `14:03:22`, in UTC.
pub(in crate::ui) fn clock_seconds(at: WallTime) -> String {
    at.format("%H:%M:%S")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_change_their_unit() {
        let ages = [-5, 0, 10, 59, 60, 3_599, 3_600, 86_399, 86_400, 172_800];
        let now: WallTime = "2026-03-01T12:00:00.999Z".parse().expect("a time");
        let texts = ages.map(|age| ago(now, now.timestamp().minus_secs(age)));
        assert_eq!(
            texts,
            [
                "just now",
                "just now",
                "10 s ago",
                "59 s ago",
                "1 min ago",
                "59 min ago",
                "1 h ago",
                "23 h ago",
                "1 day ago",
                "2 days ago"
            ]
        );
    }

    #[test]
    fn dates_are_utc_and_nonsense_is_shown_as_it_is() {
        let then = Timestamp::from_secs(1_681_337_011);
        assert_eq!(utc(then), "2023-04-12 22:03");
        assert_eq!(utc_seconds(then), "2023-04-12 22:03:31");
        assert_eq!(utc(Timestamp::MAX), i64::MAX.to_string());
        let at = then.wall_time().expect("a date");
        assert_eq!([clock(at), clock_seconds(at)], ["22:03", "22:03:31"]);
    }
}

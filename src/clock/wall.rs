//! Time as this machine's wall clock shows it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Timestamp;

/// What this machine's wall clock shows, or showed. Somebody may set it, forwards and back. As text and in files it is
/// RFC 3339 in UTC.
///
/// Finer than milliseconds, because the audit has nanoseconds, and a line that is read is written again as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(jiff::Timestamp);

impl WallTime {
    /// Where the clocks of Unix begin: 1970.
    pub const EPOCH: Self = Self(jiff::Timestamp::UNIX_EPOCH);

    /// The second that it lies in, as the API counts.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        // Before the epoch the fraction is negative, and the second that it lies in is the earlier one.
        Timestamp::from_secs(self.0.as_second() - i64::from(self.0.subsec_nanosecond() < 0))
    }

    /// This much later; the last time that there is at the latest.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.checked_add(duration).unwrap_or(jiff::Timestamp::MAX))
    }

    /// This much earlier; the first time that there is at the earliest.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.checked_sub(duration).unwrap_or(jiff::Timestamp::MIN))
    }

    /// How long after `earlier` it is; zero when it is not.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.duration_since(earlier.0).try_into().unwrap_or(Duration::ZERO)
    }

    /// How long it takes until `then`; zero when that has passed.
    #[must_use]
    pub fn until(self, then: Timestamp) -> Duration {
        let second = self.timestamp();
        let within = second.wall_time().map_or(Duration::ZERO, |second| self.since(second));
        let whole = u64::try_from(then.secs_since(second)).unwrap_or(0);
        Duration::from_secs(whole).saturating_sub(within)
    }

    /// Its day, in UTC.
    #[must_use]
    pub fn date(self) -> jiff::civil::Date {
        jiff::tz::TimeZone::UTC.to_datetime(self.0).date()
    }

    /// In UTC, by a pattern of `strftime`.
    #[must_use]
    pub fn format(self, pattern: &'static str) -> String {
        self.0.strftime(pattern).to_string()
    }
}

impl From<SystemTime> for WallTime {
    /// A clock that is set to a year beyond 9999 or before -9999 counts as set to that bound.
    fn from(time: SystemTime) -> Self {
        let bound = if time < SystemTime::UNIX_EPOCH { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        Self(jiff::Timestamp::try_from(time).unwrap_or(bound))
    }
}

impl From<jiff::Timestamp> for WallTime {
    fn from(time: jiff::Timestamp) -> Self {
        Self(time)
    }
}

impl From<WallTime> for jiff::Timestamp {
    fn from(time: WallTime) -> Self {
        time.0
    }
}

impl fmt::Display for WallTime {
    /// RFC 3339, with as many digits of the fraction as there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for WallTime {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for WallTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for WallTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> WallTime {
        text.parse().expect("a time")
    }

    #[test]
    fn text_is_rfc_3339_and_keeps_every_digit() {
        for text in ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.5Z", "2026-03-01T12:00:00.123456789Z"] {
            let json = format!("\"{text}\"");
            assert_eq!(at(text).to_string(), text);
            assert_eq!(serde_json::from_str::<WallTime>(&json).expect("a time"), at(text));
            assert_eq!(serde_json::to_string(&at(text)).expect("JSON"), json);
        }
        assert!(serde_json::from_str::<WallTime>("1772366400").is_err(), "seconds are no wall time");
        assert_eq!(at("2026-03-01T12:00:00Z").format("%Y%m%d-%H%M%S"), "20260301-120000");
        assert_eq!(at("2026-03-01T23:59:59.9Z").date().to_string(), "2026-03-01");
    }

    #[test]
    fn a_second_lasts_until_the_next_one() {
        let second = |text| at(text).timestamp().as_secs();
        assert_eq!([second("1970-01-01T00:00:01.999Z"), second("1970-01-01T00:00:00Z")], [1, 0]);
        assert_eq!([second("1969-12-31T23:59:59.001Z"), second("1969-12-31T23:59:59Z")], [-1, -1]);
    }

    #[test]
    fn arithmetic_stops_at_the_bounds() {
        let noon = at("2026-03-01T12:00:00Z");
        let minute = Duration::from_mins(1);
        assert_eq!((noon.plus(minute).since(noon), noon.since(noon.plus(minute))), (minute, Duration::ZERO));
        assert_eq!(noon.minus(minute), at("2026-03-01T11:59:00Z"));
        assert_eq!(noon.plus(Duration::MAX), WallTime(jiff::Timestamp::MAX));
        assert_eq!(noon.minus(Duration::MAX), WallTime(jiff::Timestamp::MIN));
    }

    #[test]
    fn what_is_to_come_is_waited_for() {
        let now = at("1970-01-01T00:00:10.25Z");
        let until = |secs| now.until(Timestamp::from_secs(secs));
        assert_eq!(
            [until(12), until(10), until(9)],
            [Duration::from_millis(1_750), Duration::ZERO, Duration::ZERO]
        );
        assert_eq!(
            (now.until(Timestamp::MIN), now.until(Timestamp::MAX) > Duration::from_hours(1)),
            (Duration::ZERO, true)
        );
    }

    #[test]
    fn any_setting_of_the_system_clock_is_a_time() {
        let second = Duration::from_secs(1);
        assert_eq!(WallTime::from(SystemTime::UNIX_EPOCH), WallTime::EPOCH);
        assert_eq!(WallTime::from(SystemTime::UNIX_EPOCH - second), WallTime::EPOCH.minus(second));
        let far = Duration::from_secs(1 << 40);
        assert_eq!(WallTime::from(SystemTime::UNIX_EPOCH + far), WallTime(jiff::Timestamp::MAX));
        assert_eq!(WallTime::from(SystemTime::UNIX_EPOCH - far), WallTime(jiff::Timestamp::MIN));
    }
}

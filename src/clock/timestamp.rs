//! Time as the API has it.

use serde::{Deserialize, Serialize};

use super::WallTime;

/// Whole seconds since the Unix epoch, as the API counts. What comes from a server may be any number, even one that no
/// calendar has. Arithmetic stops at the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Earlier than everything else.
    pub const MIN: Self = Self(i64::MIN);
    /// Later than everything else.
    pub const MAX: Self = Self(i64::MAX);

    /// So many seconds after the Unix epoch, or before it.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs)
    }

    /// Reads the `Date` header of a reply.
    #[must_use]
    pub fn from_http_date(text: &str) -> Option<Self> {
        jiff::fmt::rfc2822::parse(text).ok().map(|date| WallTime::from(date.timestamp()).timestamp())
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0
    }

    /// So many seconds later.
    #[must_use]
    pub const fn plus_secs(self, secs: i64) -> Self {
        Self(self.0.saturating_add(secs))
    }

    /// So many seconds earlier.
    #[must_use]
    pub const fn minus_secs(self, secs: i64) -> Self {
        Self(self.0.saturating_sub(secs))
    }

    /// How many seconds after `earlier` it is; negative when it is before.
    #[must_use]
    pub const fn secs_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The same as a wall clock shows it; nothing beyond the years -9999 to 9999.
    #[must_use]
    pub fn wall_time(self) -> Option<WallTime> {
        jiff::Timestamp::from_second(self.0).ok().map(WallTime::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_the_wire_it_is_the_number_of_seconds() {
        let at = Timestamp::from_secs(1_681_337_011);
        assert_eq!(serde_json::to_string(&at).expect("JSON"), "1681337011");
        assert_eq!(serde_json::from_str::<Timestamp>("1681337011").expect("a time"), at);
        let error = serde_json::from_str::<Timestamp>("\"today\"").expect_err("a number");
        assert!(error.to_string().contains("invalid type: string"), "{error}");
    }

    #[test]
    fn arithmetic_stops_at_the_bounds() {
        let at = Timestamp::from_secs(100);
        assert_eq!([at.plus_secs(5), at.minus_secs(5)].map(Timestamp::as_secs), [105, 95]);
        assert_eq!((at.secs_since(at.minus_secs(7)), at.secs_since(at.plus_secs(7))), (7, -7));
        assert_eq!(at.plus_secs(i64::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::from_secs(-2).minus_secs(i64::MAX), Timestamp::MIN);
        assert_eq!(Timestamp::MAX.secs_since(Timestamp::MIN), i64::MAX);
    }

    #[test]
    fn what_no_calendar_has_is_no_wall_time() {
        let back = |secs| Timestamp::from_secs(secs).wall_time().map(|at| at.timestamp().as_secs());
        assert_eq!([0, -1, 1_681_337_011].map(back), [Some(0), Some(-1), Some(1_681_337_011)]);
        assert_eq!([i64::MIN, i64::MAX].map(back), [None, None]);
    }

    #[test]
    fn the_date_of_a_reply_is_read() {
        let read = |text| Timestamp::from_http_date(text).map(Timestamp::as_secs);
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(read("yesterday"), None);
    }
}

//! Settings that are whole numbers, and their ranges.

use std::ops::RangeInclusive;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

pub(super) fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole_number(deserializer, 1..=super::VERSION, "")
}

pub(super) fn hold_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole_number(deserializer, 0..=600, " of seconds")
}

pub(super) fn own_hold_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    hold_seconds(deserializer).map(Some)
}

pub(super) fn reveal_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole_number(deserializer, 5..=3600, " of seconds")
}

pub(super) fn clipboard_clear_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole_number(deserializer, 0..=3600, " of seconds")
}

pub(super) fn prefetch_pages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole_number(deserializer, 1..=1000, " of pages")
}

pub(super) fn retention_days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    whole_number(deserializer, 1..=36_500, " of days").map(Some)
}

/// A whole number in `range`; every other value gets one and the same sentence.
fn whole_number<'de, D: Deserializer<'de>>(
    deserializer: D,
    range: RangeInclusive<u32>,
    of_what: &str,
) -> Result<u32, D::Error> {
    toml::Value::deserialize(deserializer)?
        .as_integer()
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            D::Error::custom(format_args!("expected a whole number{of_what} from {least} to {most}"))
        })
}

//! The pictures of the documentation.

use crate::palette::Theme::{self, Dark, Light, Mono};

/// One picture: what to start with, what to press, what to wait for.
pub(crate) struct Shot<'a> {
    /// The file's name without its ending.
    pub(crate) name: &'a str,
    pub(crate) cols: u16,
    pub(crate) rows: u16,
    pub(crate) theme: Theme,
    /// What must be on the screen before the first key; empty for anything at all.
    pub(crate) first: &'a str,
    /// Keys by name, with spaces between them.
    pub(crate) keys: &'a str,
    /// What must be on the screen in the picture.
    pub(crate) wait: &'a str,
}

const fn shot(
    name: &'static str,
    (cols, rows): (u16, u16),
    theme: Theme,
    keys: &'static str,
    wait: &'static str,
) -> Shot<'static> {
    Shot { name, cols, rows, theme, first: "verified", keys, wait }
}

const WIDE: (u16, u16) = (120, 40);
const SMALL: (u16, u16) = (80, 24);

/// Every picture, by the name of its file.
pub(crate) const SHOTS: &[Shot<'static>] = &[
    shot("sessions-120x40", WIDE, Dark, "", "verified"),
    shot("sessions-120x40-light", WIDE, Light, "", "verified"),
    shot("sessions-80x24", SMALL, Dark, "", "verified"),
    shot("sessions-80x24-mono", SMALL, Mono, "", "verified"),
    shot("session-120x40", WIDE, Dark, "Enter", "vs_"),
    shot("reports-120x40", WIDE, Dark, "2", "Reports"),
    shot("create-120x40", WIDE, Dark, "n", ""),
    shot("redact-120x40", WIDE, Dark, "X", ""),
    shot("help-120x40", WIDE, Dark, "?", ""),
    shot("commands-80x24", SMALL, Dark, ":", ""),
];

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
    Shot { name, cols, rows, theme, first: "All 400 ", keys, wait }
}

const WIDE: (u16, u16) = (120, 40);
const SMALL: (u16, u16) = (80, 24);
const TINY: (u16, u16) = (40, 12);

/// Every picture, by the name of its file.
pub(crate) const SHOTS: &[Shot<'static>] = &[
    shot("sessions-120x40", WIDE, Dark, "j j j j j j", "CHECKS"),
    shot("sessions-120x40-light", WIDE, Light, "j j j j j j", "CHECKS"),
    shot("sessions-80x24", SMALL, Dark, "j j j j", "failed"),
    shot("sessions-80x24-mono", SMALL, Mono, "j j j j", "failed"),
    shot("sessions-40x12", TINY, Dark, "", "All"),
    shot("session-120x40", WIDE, Dark, "j j j j j j Enter wait=address v", "Revealed"),
    shot("session-80x24", SMALL, Dark, "j j j j Enter", "LAST ERROR"),
    shot("reports-120x40", WIDE, Dark, "2", "ERROR"),
    shot("activity-120x40", WIDE, Dark, "j j j j j j c wait=Cannot 3", "TIME UTC"),
    shot("search-120x40", WIDE, Dark, "/ type=mismatch", "/ mismatch"),
    shot("create-120x40", WIDE, Dark, "n", "New session"),
    shot("cancel-80x24", SMALL, Dark, "j j j j c", "Cancel the session"),
    shot("held-80x24", SMALL, Dark, "j j j j c wait=Keep 1 Tab Enter", "undo"),
    shot("redact-120x40", WIDE, Dark, "j j j j j j X wait=Why 2", "Type"),
    shot("marked-120x40", WIDE, Dark, "j j j j j j Space j j Space j j Space", "3 marked"),
    shot("bulk-120x40", WIDE, Dark, "s s s * X wait=Why 2 wait=Type", "Type how many"),
    shot("jobs-120x40", WIDE, Dark, "j j j j c wait=Keep 1 Tab Enter wait=undo 5", "5 Jobs"),
    shot("audit-120x40", WIDE, Dark, "j j j j j j v wait=Revealed v 4", "reveal"),
    shot("field-80x24", SMALL, Dark, "j j j j j j Enter wait=address V", "birth date"),
    shot("outcome-120x40", WIDE, Dark, "j j j j t", "Submit with this outcome"),
    shot("help-120x40", WIDE, Dark, "?", "Move"),
    shot("commands-80x24", SMALL, Dark, ":", "open"),
];

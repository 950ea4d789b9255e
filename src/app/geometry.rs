//! Where things are on the screen, in plain numbers: `ui` draws there, and the model finds what the mouse hit.

/// Columns and rows of the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub cols: u16,
    /// Rows.
    pub rows: u16,
}

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Left column.
    pub x: u16,
    /// Top row.
    pub y: u16,
    /// Columns.
    pub w: u16,
    /// Rows.
    pub h: u16,
}

impl Area {
    /// Whether a cell lies within.
    #[must_use]
    pub const fn has(&self, x: u16, y: u16) -> bool {
        x >= self.x && y >= self.y && x < self.x + self.w && y < self.y + self.h
    }
}

/// The smallest screen that shows anything useful.
pub const MINIMUM: Size = Size { cols: 40, rows: 10 };

/// From how many columns on the detail stands beside the list.
pub const BESIDE_FROM: u16 = 106;

/// What the body of a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// The list, and the detail beside it where there is room.
    List,
    /// The detail alone: there is no room beside the list.
    Detail,
}

/// Where the parts of a page are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Name, connection, pages, meters.
    pub header: Area,
    /// The rule under the header.
    pub rule: Area,
    /// Filters with counts, and the search. Empty on a detail page.
    pub filters: Area,
    /// Column headings. Empty on a detail page.
    pub heads: Area,
    /// The rows. Empty on a detail page.
    pub list: Area,
    /// The rule between list and detail, where both are shown.
    pub divider: Option<Area>,
    /// The detail, where it is shown.
    pub detail: Option<Area>,
    /// The rule above the footer; a notice is written over it.
    pub notice: Area,
    /// The keys that matter here.
    pub footer: Area,
}

impl Size {
    /// Whether the screen is too small for a page.
    #[must_use]
    pub const fn is_too_small(self) -> bool {
        self.cols < MINIMUM.cols || self.rows < MINIMUM.rows
    }

    /// Whether list and detail fit side by side.
    #[must_use]
    pub const fn fits_both(self) -> bool {
        self.cols >= BESIDE_FROM
    }

    /// Where the parts of a page are on this screen. Meaningless when it [`Self::is_too_small`].
    #[must_use]
    pub fn layout(self, body: Body) -> Layout {
        let Self { cols, rows } = self;
        let line = |y: u16| Area { x: 0, y, w: cols, h: 1 };
        let body_rows = rows.saturating_sub(4);
        let beside = self.fits_both();
        // The list gets what its columns need; the detail takes the rest, at most what reads well.
        let detail_cols = if beside { (cols * 38 / 100).clamp(40, 76) } else { 0 };
        let list_cols = if beside { cols - detail_cols - 1 } else { cols };
        let below = |y: u16, h: u16| Area { x: 0, y, w: list_cols, h };
        let whole = Area { x: 0, y: 2, w: cols, h: body_rows };
        let under_filters = Area { y: 3, h: body_rows.saturating_sub(1), ..whole };
        let (filters, heads, list, detail) = match (body, beside) {
            (Body::Detail, false) => (Area::default(), Area::default(), Area::default(), Some(whole)),
            _ => (
                line(2),
                below(3, 1),
                below(4, body_rows.saturating_sub(2)),
                beside.then_some(Area { x: list_cols + 1, w: detail_cols, ..under_filters }),
            ),
        };
        Layout {
            header: line(0),
            rule: line(1),
            filters,
            heads,
            list,
            divider: beside.then_some(Area { x: list_cols, w: 1, ..under_filters }),
            detail,
            notice: line(rows.saturating_sub(2)),
            footer: line(rows.saturating_sub(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_screens_show_both_and_narrow_ones_one() {
        let wide = Size { cols: 120, rows: 40 }.layout(Body::List);
        assert_eq!(wide.list, Area { x: 0, y: 4, w: 74, h: 34 });
        assert_eq!(wide.detail, Some(Area { x: 75, y: 3, w: 45, h: 35 }));
        assert_eq!(Size { cols: 120, rows: 40 }.layout(Body::Detail), wide);
        let narrow = Size { cols: 80, rows: 24 };
        assert_eq!(narrow.layout(Body::List).detail, None);
        assert_eq!(narrow.layout(Body::Detail).detail, Some(Area { x: 0, y: 2, w: 80, h: 20 }));
        assert!(Size { cols: 39, rows: 24 }.is_too_small());
    }
}

//! The open record beside or instead of the list.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Look;
use crate::app::Model;

/// Draws the record in `area`. Returns the last scroll position, in rows.
pub(super) fn draw(_frame: &mut Frame<'_>, _area: Rect, _model: &Model, _look: &Look) -> u16 {
    0
}

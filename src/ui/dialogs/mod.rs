//! What stands over the page until it is answered.

use ratatui::Frame;

use super::Look;
use crate::app::Model;

/// Draws the dialogs, the topmost last. Returns the top one's last scroll position, in rows.
pub(super) fn draw(_frame: &mut Frame<'_>, _model: &Model, _look: &Look) -> u16 {
    0
}

//! Draws a [`Model`] with ratatui, and changes nothing.
//!
//! Floor 5: imports floors 0 to 4. One file for each page, each dialog and each widget; where things are is decided
//! by `app::geometry` and `app::bars`, so that the mouse finds what is drawn.

mod detail;
mod dialogs;
mod look;

pub use look::Look;

use ratatui::Frame;

use crate::app::Model;

/// How far what was drawn can be scrolled, in rows: the model keeps its scroll positions within.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// The detail's last scroll position.
    pub detail: u16,
    /// The top dialog's last scroll position.
    pub dialog: u16,
}

/// Draws one frame.
pub fn draw(_frame: &mut Frame<'_>, _model: &Model, _look: &Look) -> Drawn {
    Drawn::default()
}

//! How large the terminal is, within what can be drawn.
//!
//! A terminal may report any size: nothing, because nobody told it, or 65535 columns, because somebody set it so. Every
//! cell costs memory, so that the second would take the machine down.

use std::io;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{self, Position};

use crate::app::geometry::Size;

/// More than any screen shows: a screen of 4K has 768 columns of 5 pixels, and 308 rows of 7.
pub(super) const LARGEST: Size = Size { cols: 1000, rows: 500 };

/// What a terminal has that does not know its size.
const UNKNOWN: Size = Size { cols: 80, rows: 24 };

/// The size that is drawn on a terminal that says that it has this one.
pub(super) const fn bounded(cols: u16, rows: u16) -> Size {
    Size { cols: within(cols, UNKNOWN.cols, LARGEST.cols), rows: within(rows, UNKNOWN.rows, LARGEST.rows) }
}

const fn within(said: u16, unknown: u16, largest: u16) -> u16 {
    match said {
        0 => unknown,
        said if said > largest => largest,
        said => said,
    }
}

/// What the terminal says, as it says it.
#[cfg(unix)]
fn said() -> io::Result<(u16, u16)> {
    // The library would start a program to ask a terminal that is gone.
    let size = rustix::termios::tcgetwinsize(io::stdout())?;
    Ok((size.ws_col, size.ws_row))
}

#[cfg(not(unix))]
fn said() -> io::Result<(u16, u16)> {
    crossterm::terminal::size()
}

/// Columns and rows that can be drawn on.
///
/// # Errors
/// When there is no terminal.
pub(super) fn size() -> io::Result<Size> {
    said().map(|(cols, rows)| bounded(cols, rows))
}

/// How many columns the terminal has; `None` where there is none, or it does not say.
#[must_use]
pub fn columns() -> Option<usize> {
    said().ok().map(|(cols, _)| cols.min(LARGEST.cols)).filter(|cols| *cols > 0).map(usize::from)
}

/// A screen of bounded size.
pub(super) struct Bounded<B>(pub(super) B);

impl<B: Backend<Error = io::Error>> Backend for Bounded<B> {
    type Error = io::Error;

    fn size(&self) -> io::Result<layout::Size> {
        let Size { cols, rows } = size()?;
        Ok(layout::Size::new(cols, rows))
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, ..self.0.window_size()? })
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        // Once more at the very end, when the library complains of a failure on standard error, and panics when that is
        // closed as well. Whatever is wrong with the terminal shows in everything else that is drawn.
        let _ = self.0.show_cursor();
        Ok(())
    }

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        self.0.draw(content)
    }

    fn append_lines(&mut self, count: u16) -> io::Result<()> {
        self.0.append_lines(count)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.0.hide_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // The library would ask the terminal and read the answer itself, and with it every key that comes first. Each
        // frame says where its cursor stands.
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.0.clear_region(region)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_size_is_too_large_to_draw_or_nothing_at_all() {
        for (said, drawn) in [
            ((80, 24), (80, 24)),
            ((1, 1), (1, 1)),
            ((0, 0), (80, 24)),
            ((0, 50), (80, 50)),
            ((65535, 65535), (1000, 500)),
            ((65535, 1), (1000, 1)),
            ((1, 65535), (1, 500)),
        ] {
            let Size { cols, rows } = bounded(said.0, said.1);
            assert_eq!((cols, rows), drawn, "{said:?}");
        }
    }
}

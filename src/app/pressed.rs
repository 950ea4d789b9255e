//! What somebody pressed to begin something: the audit wants to know.

use crate::actions::{Action, Key};
use crate::journal::Word;

/// The key, or the command of the palette, that was used last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pressed {
    /// Nothing yet.
    #[default]
    Nothing,
    /// A key.
    Key(Key),
    /// A command chosen in the palette.
    Palette(Action),
}

impl Pressed {
    /// `key:X`, `palette:redact`.
    pub(super) fn word(self) -> Word {
        match self {
            Self::Nothing => Word::new("dashboard"),
            Self::Key(key) => Word::new(&format!("key:{key}")),
            Self::Palette(action) => Word::new(&format!("palette:{}", action.spec().id)),
        }
    }
}

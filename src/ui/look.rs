//! The styles of every role, made once from a theme.

use ratatui::style::{Color, Modifier, Style};

use crate::catalog::{CheckMark, Standing};
use crate::config::themes::{Colour, Theme};

/// A style for each role. Status is told by glyph and word too, never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// What is read.
    pub text: Style,
    /// Secondary text.
    pub dim: Style,
    /// What can wait.
    pub faint: Style,
    /// Titles of sections: bold.
    pub heading: Style,
    /// The one accent: focus, the chosen filter.
    pub accent: Style,
    /// Names of keys.
    pub key: Style,
    /// Verified, done.
    pub ok: Style,
    /// Requires input, held.
    pub warn: Style,
    /// Failed, refused.
    pub bad: Style,
    /// Processing, under way.
    pub info: Style,
    /// The word LIVE and its frame: bold.
    pub live: Style,
    /// Lines between parts.
    pub rule: Style,
    /// The row under the cursor where the list has the keys.
    pub selection: Style,
    /// The row under the cursor where it has not.
    pub selection_idle: Style,
}

impl Look {
    /// The styles of `theme`.
    #[must_use]
    pub fn new(theme: &Theme) -> Self {
        let roles = &theme.roles;
        let fg = |colour| Style::new().fg(color(colour));
        let bold = Modifier::BOLD;
        let ground = Style::new().fg(color(roles.selection_fg)).bg(color(roles.selection_bg));
        let (selection, selection_idle) = if theme.reverse_selection {
            (Style::new().add_modifier(Modifier::REVERSED), Style::new().add_modifier(Modifier::UNDERLINED))
        } else {
            (ground.add_modifier(bold), ground)
        };
        Self {
            text: fg(roles.text),
            dim: fg(roles.dim),
            faint: fg(roles.faint),
            heading: fg(roles.heading).add_modifier(bold),
            accent: fg(roles.accent).add_modifier(bold),
            key: fg(roles.key),
            ok: fg(roles.ok),
            warn: fg(roles.warn),
            bad: fg(roles.bad),
            info: fg(roles.info),
            live: fg(roles.live).add_modifier(bold),
            rule: fg(roles.rule),
            selection,
            selection_idle,
        }
    }

    /// The style of a status.
    #[must_use]
    pub const fn standing(&self, standing: &Standing) -> Style {
        match standing {
            Standing::Waiting | Standing::Abandoned => self.warn,
            Standing::Failed => self.bad,
            Standing::Processing | Standing::Redacting => self.info,
            Standing::Verified => self.ok,
            Standing::Canceled | Standing::Redacted => self.dim,
            Standing::Unknown(_) => self.text,
        }
    }

    /// The style of a check's mark.
    #[must_use]
    pub const fn mark(&self, mark: CheckMark) -> Style {
        match mark {
            CheckMark::Passed => self.ok,
            CheckMark::Failed => self.bad,
            CheckMark::Pending | CheckMark::Off => self.faint,
        }
    }
}

const fn color(colour: Colour) -> Color {
    match colour {
        Colour::Default => Color::Reset,
        Colour::Ansi(number) => Color::Indexed(number),
        Colour::Rgb(r, g, b) => Color::Rgb(r, g, b),
    }
}

//! Themes as data: what colour each role has. `ui` turns the values into styles.
//!
//! No drawing library here. The background is never painted; a theme says on which ones it was checked.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::env::Env;
use super::settings::ThemeChoice;
use crate::text::Clean;

const DARK: &str = include_str!("../../assets/themes/dark.toml");
const LIGHT: &str = include_str!("../../assets/themes/light.toml");
const MONO: &str = include_str!("../../assets/themes/mono.toml");

/// The sixteen colours by the names that theme files use, in the order of their ANSI numbers.
const ANSI_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// What the sixteen colours look like in xterm. Terminals differ; this is for finding the nearest only.
const ANSI_VALUES: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// The steps of the 6 × 6 × 6 cube among the 256 colours.
const CUBE_STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// A colour, free of any drawing library.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// The terminal's own.
    #[default]
    Default,
    /// One of the 256 colours by number; the first sixteen are the terminal's palette.
    Ansi(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

impl Colour {
    /// The nearest colour that a terminal of this depth shows.
    #[must_use]
    pub fn reduced(self, depth: ColourDepth) -> Self {
        match (self, depth) {
            (Self::Rgb(r, g, b), ColourDepth::Indexed) => Self::Ansi(nearest_of_256(r, g, b)),
            (Self::Rgb(r, g, b), ColourDepth::Sixteen) => Self::Ansi(nearest_of_16(r, g, b)),
            (colour, _) => colour,
        }
    }

    fn parse(name: &str) -> Option<Self> {
        if name == "default" {
            return Some(Self::Default);
        }
        if let Some(number) = ANSI_NAMES.iter().position(|known| *known == name) {
            return u8::try_from(number).ok().map(Self::Ansi);
        }
        let digits = name.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self::Rgb(part(0)?, part(2)?, part(4)?))
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| {
            D::Error::custom(format_args!(
                "`{}` is no colour; write #rrggbb, default, or one of {}",
                Clean::new(&name),
                ANSI_NAMES.join(", ")
            ))
        })
    }
}

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColourDepth {
    /// The sixteen of the palette.
    Sixteen,
    /// 256.
    Indexed,
    /// Every colour.
    True,
}

impl ColourDepth {
    /// What the environment promises. Nothing is asked of the terminal.
    #[must_use]
    pub fn detect(env: &Env) -> Self {
        const TRUE_COLOUR_TERMS: [&str; 6] = ["kitty", "alacritty", "foot", "ghostty", "wezterm", "-direct"];
        let term = env.get("TERM").unwrap_or_default();
        let promised = matches!(env.get("COLORTERM"), Some("truecolor" | "24bit"))
            || TRUE_COLOUR_TERMS.iter().any(|name| term.contains(name))
            || env.has("WT_SESSION");
        if promised {
            Self::True
        } else if term.contains("256color") {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }
}

/// Whether a terminal's background is dark or light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Light text on a dark ground.
    Dark,
    /// Dark text on a light ground.
    Light,
}

impl Background {
    /// What `COLORFGBG` says (`15;0`, `0;default;15`), where a terminal sets it.
    #[must_use]
    pub fn from_env(env: &Env) -> Option<Self> {
        match env.get("COLORFGBG")?.rsplit(';').next()? {
            "7" | "9" | "10" | "11" | "12" | "13" | "14" | "15" => Some(Self::Light),
            "0" | "1" | "2" | "3" | "4" | "5" | "6" | "8" => Some(Self::Dark),
            _ => None,
        }
    }

    /// Dark or light, for a background that the terminal itself told.
    #[must_use]
    pub fn of_rgb(r: u8, g: u8, b: u8) -> Self {
        // Above this luminance black text has more contrast than white text.
        if luminance((r, g, b)) > 0.179 { Self::Light } else { Self::Dark }
    }
}

/// What colour each role has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// What is read.
    pub text: Colour,
    /// Secondary text.
    pub dim: Colour,
    /// Text that can wait.
    pub faint: Colour,
    /// Titles of sections.
    pub heading: Colour,
    /// Cursor, focus, links.
    pub accent: Colour,
    /// Names of keys.
    pub key: Colour,
    /// Verified, done.
    pub ok: Colour,
    /// Requires input, held.
    pub warn: Colour,
    /// Failed, refused.
    pub bad: Colour,
    /// Processing, under way.
    pub info: Colour,
    /// The word LIVE and its frame.
    pub live: Colour,
    /// Lines between parts.
    pub rule: Colour,
    /// The ground of the row under the cursor.
    pub selection_bg: Colour,
    /// The text of the row under the cursor, where nothing else colours it.
    pub selection_fg: Colour,
}

/// A theme.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// The grounds it was checked on.
    pub backgrounds: Vec<Colour>,
    /// What `default` text is taken to look like on them.
    pub nominal_text: Colour,
    /// Whether the row under the cursor is drawn in reverse video instead of its own colours.
    #[serde(default)]
    pub reverse_selection: bool,
    /// The colours.
    pub roles: Roles,
}

impl Theme {
    /// The theme for a choice; `background` settles [`ThemeChoice::Auto`], and dark is taken where it is unknown.
    #[must_use]
    pub fn choose(choice: ThemeChoice, background: Option<Background>, depth: ColourDepth) -> Self {
        let source = match (choice, background) {
            (ThemeChoice::Mono, _) => MONO,
            (ThemeChoice::Light, _) | (ThemeChoice::Auto, Some(Background::Light)) => LIGHT,
            (ThemeChoice::Dark | ThemeChoice::Auto, _) => DARK,
        };
        // The files are part of the program and a test reads each; a terminal without colour beats a panic.
        toml::from_str(source).unwrap_or_else(|_: toml::de::Error| Self::plain()).reduced(depth)
    }

    /// No colours, and the selection in reverse video.
    fn plain() -> Self {
        let none = Colour::Default;
        let roles = Roles {
            text: none,
            dim: none,
            faint: none,
            heading: none,
            accent: none,
            key: none,
            ok: none,
            warn: none,
            bad: none,
            info: none,
            live: none,
            rule: none,
            selection_bg: none,
            selection_fg: none,
        };
        Self { backgrounds: Vec::new(), nominal_text: none, reverse_selection: true, roles }
    }

    /// The theme in the colours that a terminal has. Sixteen are too few for a quiet selection: it is reversed.
    fn reduced(mut self, depth: ColourDepth) -> Self {
        self.reverse_selection |= depth == ColourDepth::Sixteen;
        let roles = &mut self.roles;
        for colour in [
            &mut roles.text,
            &mut roles.dim,
            &mut roles.faint,
            &mut roles.heading,
            &mut roles.accent,
            &mut roles.key,
            &mut roles.ok,
            &mut roles.warn,
            &mut roles.bad,
            &mut roles.info,
            &mut roles.live,
            &mut roles.rule,
            &mut roles.selection_bg,
            &mut roles.selection_fg,
        ] {
            *colour = colour.reduced(depth);
        }
        self
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Ansi(number) => match ANSI_NAMES.get(usize::from(*number)) {
                Some(name) => f.write_str(name),
                None => write!(f, "colour {number}"),
            },
            Self::Rgb(r, g, b) => write!(f, "#{r:02x}{g:02x}{b:02x}"),
        }
    }
}

fn nearest_of_16(r: u8, g: u8, b: u8) -> u8 {
    let nearest = (0u8..).zip(ANSI_VALUES).min_by_key(|(_, value)| distance((r, g, b), *value));
    nearest.map_or(7, |(number, _)| number)
}

fn nearest_of_256(r: u8, g: u8, b: u8) -> u8 {
    let cube = (0u8..6).flat_map(|r| (0u8..6).flat_map(move |g| (0u8..6).map(move |b| (r, g, b)))).map(
        |(r, g, b)| {
            let value = (CUBE_STEPS[usize::from(r)], CUBE_STEPS[usize::from(g)], CUBE_STEPS[usize::from(b)]);
            (16 + 36 * r + 6 * g + b, value)
        },
    );
    let greys = (0u8..24).map(|step| (232 + step, (8 + 10 * step, 8 + 10 * step, 8 + 10 * step)));
    let nearest = cube.chain(greys).min_by_key(|(_, value)| distance((r, g, b), *value));
    nearest.map_or(7, |(number, _)| number)
}

/// Squared distance, weighted as the eye weighs the three lights.
fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let square = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
    2 * square(a.0, b.0) + 4 * square(a.1, b.1) + 3 * square(a.2, b.2)
}

/// Relative luminance as the Web Content Accessibility Guidelines 2.1 define it, 0 to 1.
fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(source: &str) -> Theme {
        toml::from_str(source).unwrap()
    }

    /// Contrast ratio, 1 to 21.
    fn contrast(a: Colour, b: Colour) -> f64 {
        let light = |colour: Colour| match colour {
            Colour::Rgb(r, g, b) => luminance((r, g, b)) + 0.05,
            other => panic!("{other} has no known luminance"),
        };
        let (a, b) = (light(a), light(b));
        a.max(b) / a.min(b)
    }

    #[test]
    fn every_text_can_be_read_on_every_ground() {
        for (name, source) in [("dark", DARK), ("light", LIGHT)] {
            let theme = parse(source);
            let roles = &theme.roles;
            let solid = |colour: Colour| if colour == Colour::Default { theme.nominal_text } else { colour };
            assert!(theme.backgrounds.len() >= 3);
            let grounds = theme.backgrounds.iter().chain([&roles.selection_bg]);
            for ground in grounds {
                for (role, colour, least) in [
                    ("text", roles.text, 4.5),
                    ("heading", roles.heading, 4.5),
                    ("accent", roles.accent, 4.5),
                    ("key", roles.key, 4.5),
                    ("ok", roles.ok, 4.5),
                    ("warn", roles.warn, 4.5),
                    ("bad", roles.bad, 4.5),
                    ("info", roles.info, 4.5),
                    ("live", roles.live, 4.5),
                    ("selection_fg", roles.selection_fg, 4.5),
                    ("dim", roles.dim, 4.5),
                    ("faint", roles.faint, 3.0),
                ] {
                    let ratio = contrast(solid(colour), *ground);
                    assert!(ratio >= least, "{name}: {role} {colour} on {ground} is {ratio:.2}");
                }
            }
        }
        assert!((contrast(Colour::Rgb(0, 0, 0), Colour::Rgb(255, 255, 255)) - 21.0).abs() < 0.01);
    }

    #[test]
    fn mono_has_no_colour() {
        assert_eq!(parse(MONO), Theme::plain());
        assert_eq!(
            Theme::choose(ThemeChoice::Mono, Some(Background::Light), ColourDepth::True),
            Theme::plain()
        );
    }

    #[test]
    fn auto_follows_the_background() {
        let auto = |background| Theme::choose(ThemeChoice::Auto, background, ColourDepth::True);
        assert_eq!(auto(Some(Background::Light)), parse(LIGHT));
        assert_eq!(auto(Some(Background::Dark)), parse(DARK));
        assert_eq!(auto(None), parse(DARK));
        let says = |value: &str| Background::from_env(&Env::from_iter([("COLORFGBG", value)]));
        assert_eq!(says("15;0"), Some(Background::Dark));
        assert_eq!(says("0;default;15"), Some(Background::Light));
        assert_eq!(says("default;default"), None);
        assert_eq!(Background::of_rgb(0xfd, 0xf6, 0xe3), Background::Light);
        assert_eq!(Background::of_rgb(0x28, 0x2c, 0x34), Background::Dark);
    }

    #[test]
    fn colours_have_three_spellings() {
        assert_eq!(Colour::parse("#0a52C4"), Some(Colour::Rgb(0x0a, 0x52, 0xc4)));
        assert_eq!(Colour::parse("bright-red"), Some(Colour::Ansi(9)));
        assert_eq!(Colour::parse("default"), Some(Colour::Default));
        for wrong in ["#fff", "#12345g", "#12345é", "crimson", "+12345", ""] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn fewer_colours_come_as_near_as_they_can() {
        assert_eq!(Colour::Rgb(255, 0, 0).reduced(ColourDepth::Indexed), Colour::Ansi(196));
        assert_eq!(Colour::Rgb(8, 8, 8).reduced(ColourDepth::Indexed), Colour::Ansi(232));
        assert_eq!(Colour::Rgb(250, 5, 5).reduced(ColourDepth::Sixteen), Colour::Ansi(9));
        assert_eq!(Colour::Ansi(3).reduced(ColourDepth::Sixteen), Colour::Ansi(3));
        let small = Theme::choose(ThemeChoice::Dark, None, ColourDepth::Sixteen);
        assert!(small.reverse_selection);
        assert!(matches!(small.roles.ok, Colour::Ansi(0..=15)));
    }

    #[test]
    fn the_environment_tells_the_depth() {
        let depth = |vars: &[(&str, &str)]| ColourDepth::detect(&vars.iter().copied().collect());
        assert_eq!(depth(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), ColourDepth::True);
        assert_eq!(depth(&[("TERM", "xterm-kitty")]), ColourDepth::True);
        assert_eq!(depth(&[("TERM", "screen-256color")]), ColourDepth::Indexed);
        assert_eq!(depth(&[("TERM", "linux")]), ColourDepth::Sixteen);
    }
}

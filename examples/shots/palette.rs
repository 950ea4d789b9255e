//! The colours of the terminal in the pictures.

use clap::ValueEnum;

/// A colour as red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Rgb(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl Rgb {
    const fn hex(value: u32) -> Self {
        let [_, red, green, blue] = value.to_be_bytes();
        Self(red, green, blue)
    }

    /// This colour as the SVG writes it.
    pub(crate) fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// A part of the way to `other`, in hundredths.
    pub(crate) fn towards(self, other: Self, percent: u16) -> Self {
        let mix = |from: u8, to: u8| {
            let mixed = (u16::from(from) * (100 - percent) + u16::from(to) * percent) / 100;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// Whether it is nearer to white than to black.
    pub(crate) fn is_light(self) -> bool {
        u16::from(self.0) + u16::from(self.1) + u16::from(self.2) > 3 * 128
    }
}

/// A theme of vetty, and the terminal that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Theme {
    Dark,
    Light,
    Mono,
}

const DARK: [u32; 16] = [
    0x15_161e, 0xf7_768e, 0x9e_ce6a, 0xe0_af68, 0x7a_a2f7, 0xbb_9af7, 0x7d_cfff, 0xa9_b1d6, 0x56_5f89,
    0xff_899d, 0xb0_e07b, 0xf0_c078, 0x8d_b0ff, 0xc7_a9ff, 0xa4_daff, 0xe6_eaf8,
];

const LIGHT: [u32; 16] = [
    0x24_292e, 0xc2_2b3a, 0x1f_7a35, 0x95_6300, 0x0b_5bd3, 0x73_42c1, 0x0a_7183, 0x6a_737d, 0x8b_949e,
    0xa4_0e26, 0x16_5c26, 0x73_4c00, 0x05_48a8, 0x5a_32a3, 0x08_5866, 0xd1_d5da,
];

impl Theme {
    /// What `--theme` calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Mono => "mono",
        }
    }

    /// The colour of text that has none of its own.
    pub(crate) const fn foreground(self) -> Rgb {
        match self {
            Self::Dark => Rgb::hex(0xc0_caf5),
            Self::Light => Rgb::hex(0x24_292e),
            Self::Mono => Rgb::hex(0xd0_d0d0),
        }
    }

    /// The colour of a cell that has none of its own.
    pub(crate) const fn background(self) -> Rgb {
        match self {
            Self::Dark => Rgb::hex(0x1a_1b26),
            Self::Light => Rgb::hex(0xff_ffff),
            Self::Mono => Rgb::hex(0x14_1414),
        }
    }

    /// What the terminal makes of a colour; `default` where the program leaves the choice to it.
    pub(crate) fn colour(self, colour: vt100::Color, default: Rgb) -> Rgb {
        match colour {
            vt100::Color::Default => default,
            vt100::Color::Rgb(red, green, blue) => Rgb(red, green, blue),
            vt100::Color::Idx(index @ 0..16) => {
                let named = if self == Self::Light { &LIGHT } else { &DARK };
                Rgb::hex(named[usize::from(index)])
            }
            vt100::Color::Idx(index @ 16..232) => {
                let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
                let cube = index - 16;
                Rgb(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
            }
            vt100::Color::Idx(index) => {
                let grey = 8 + 10 * (index - 232);
                Rgb(grey, grey, grey)
            }
        }
    }
}

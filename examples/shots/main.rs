//! Pictures of the real program: it runs in a pseudo-terminal, keys are pressed, and its screen becomes a PNG.
//!
//! Without `--out`, plays the list in [`list`] into `screenshots/`. With `--out FILE.png`, takes one picture of any
//! screen: `shots --keys "j j Enter" --size 80x24 --wait "CHECKS" --out /tmp/a.png -- --read-only`.

mod glyphs;
mod list;
mod palette;
mod svg;

#[path = "../../tests/support/keys.rs"]
mod keys;
#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/support/screen.rs"]
mod screen;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use resvg::{tiny_skia, usvg};

use list::{SHOTS, Shot};
use palette::Theme;
use screen::{Options, Screen};

/// Pixels for each unit of the SVG.
const SCALE: f32 = 2.0;

/// How long nothing may be drawn before the screen counts as finished.
const SETTLED: Duration = Duration::from_millis(300);

/// How long nothing may be drawn before the next key is pressed.
const BETWEEN_KEYS: Duration = Duration::from_millis(80);

/// Pictures of the real program.
#[derive(Parser)]
struct Args {
    /// The program to run.
    #[arg(long, default_value = "target/release/vetty")]
    bin: PathBuf,
    /// Where one picture goes. Without it, the whole list is taken.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Takes only those pictures of the list whose name contains this.
    #[arg(long, conflicts_with = "out")]
    only: Option<String>,
    /// The folder for the pictures of the list.
    #[arg(long, default_value = "screenshots")]
    folder: PathBuf,
    /// Keys by name, with spaces between them; `type=TEXT` types, `wait=WORD` waits for a word.
    #[arg(long, default_value = "")]
    keys: String,
    /// Text to wait for before the first key.
    #[arg(long)]
    first: Option<String>,
    /// Text to wait for after the last key.
    #[arg(long)]
    wait: Option<String>,
    /// Columns and rows.
    #[arg(long, default_value = "120x40", value_parser = size)]
    size: (u16, u16),
    /// The colours of the terminal; vetty is told to use the same theme.
    #[arg(long, value_enum, default_value_t = Theme::Dark)]
    theme: Theme,
    /// An environment variable for the program, NAME=VALUE. It gets none but those and a few fixed ones.
    #[arg(long)]
    env: Vec<String>,
    /// Also writes the picture as SVG.
    #[arg(long)]
    svg: bool,
    /// Arguments for the program.
    #[arg(last = true)]
    passed_on: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    // The program starts in an empty home, so its path must not depend on where this one was started. A name
    // without a slash is looked up in PATH.
    let bin = if args.bin.components().count() > 1 { args.bin.canonicalize()? } else { args.bin.clone() };
    let studio = Studio::new(bin, args.env, args.svg);
    if let Some(out) = &args.out {
        let (cols, rows) = args.size;
        let shot = Shot {
            name: "",
            cols,
            rows,
            theme: args.theme,
            first: args.first.as_deref().unwrap_or_default(),
            keys: &args.keys,
            wait: args.wait.as_deref().unwrap_or_default(),
        };
        return studio.take(&shot, &args.passed_on, out);
    }
    let only = args.only.unwrap_or_default();
    for shot in SHOTS.iter().filter(|shot| shot.name.contains(&only)) {
        let out = args.folder.join(format!("{}.png", shot.name));
        studio.take(shot, &args.passed_on, &out)?;
        writeln!(std::io::stderr(), "{}", out.display())?;
    }
    Ok(())
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let (cols, rows) = text.split_once('x').ok_or("a size is COLSxROWS, such as 80x24")?;
    let number = |text: &str| {
        text.parse().ok().filter(|count| (1..=1000).contains(count)).ok_or("a size is 1 to 1000 cells")
    };
    Ok((number(cols)?, number(rows)?))
}

/// What all pictures share.
struct Studio {
    bin: PathBuf,
    env: Vec<String>,
    keep_svg: bool,
    fonts: usvg::Options<'static>,
}

impl Studio {
    fn new(bin: PathBuf, env: Vec<String>, keep_svg: bool) -> Self {
        let mut fonts = usvg::Options::default();
        fonts.fontdb_mut().load_system_fonts();
        fonts.font_resolver.select_fallback = same_weight_fallback();
        Self { bin, env, keep_svg, fonts }
    }

    fn take(&self, shot: &Shot<'_>, args: &[String], out: &Path) -> Result<(), Box<dyn Error>> {
        let mut options = Options::program(&self.bin).size(shot.cols, shot.rows);
        if self.bin.file_stem().is_some_and(|name| name == "vetty") {
            options = options.args(["--theme", shot.theme.name()]);
        }
        options = options.args(args);
        for pair in &self.env {
            let (name, value) = pair.split_once('=').ok_or("--env wants NAME=VALUE")?;
            options = options.env(name, value);
        }
        let screen = Screen::start(&options);
        play(&screen, shot);
        let picture = svg::draw(&screen.picture(), &screen.title(), shot.theme);
        if self.keep_svg {
            std::fs::write(out.with_extension("svg"), &picture)?;
        }
        self.develop(&picture, out)
    }

    fn develop(&self, picture: &str, out: &Path) -> Result<(), Box<dyn Error>> {
        let tree = usvg::Tree::from_str(picture, &self.fonts)?;
        let size = tree.size().to_int_size().scale_by(SCALE).ok_or("an empty picture")?;
        let mut pixels =
            tiny_skia::Pixmap::new(size.width(), size.height()).ok_or("a picture too large to draw")?;
        resvg::render(&tree, tiny_skia::Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
        Ok(pixels.save_png(out)?)
    }
}

/// Finds another font for a character, first among those as heavy and as upright as the font that lacks it.
fn same_weight_fallback() -> usvg::FallbackSelectionFn<'static> {
    let any = usvg::FontResolver::default_fallback_selector();
    Box::new(move |char, tried, fonts| {
        let base = fonts.face(*tried.first()?)?;
        let unlike = fonts.faces().filter(|face| face.weight != base.weight || face.style != base.style);
        let excluded: Vec<_> = tried.iter().copied().chain(unlike.map(|face| face.id)).collect();
        any(char, &excluded, fonts).or_else(|| any(char, tried, fonts))
    })
}

fn play(screen: &Screen, shot: &Shot<'_>) {
    if shot.first.is_empty() {
        screen.wait_until("anything on the screen", |screen| !screen.contents().trim().is_empty());
    } else {
        screen.wait_for(shot.first);
    }
    screen.wait_quiet(SETTLED);
    for key in shot.keys.split_whitespace() {
        if let Some(text) = key.strip_prefix("type=") {
            screen.type_text(text);
        } else if let Some(word) = key.strip_prefix("wait=") {
            screen.wait_for(word);
        } else {
            screen.press(key);
        }
        screen.wait_quiet(BETWEEN_KEYS);
    }
    screen.wait_for(shot.wait).wait_quiet(SETTLED);
}

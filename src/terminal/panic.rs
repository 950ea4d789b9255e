//! What happens when vetty itself is at fault: the terminal comes back first, then a short report.
//!
//! The text of a panic may quote what the program was working on, and that is other people's data. The report
//! therefore says where the fault is, and repeats the text only if it was fixed when the program was built.

use std::io::{self, Write};
use std::panic::PanicHookInfo;

use color_eyre::config::{HookBuilder, Theme};

use super::guard;

/// The exit code of a panic, as Rust programs have it.
const PANIC_EXIT_CODE: i32 = 101;

/// Installs the report for panics, and a plain one for errors that leave `main`. Call it once, before anything else.
pub fn install_panic_hook() -> color_eyre::Result<()> {
    let plain = HookBuilder::blank().theme(Theme::new()).display_env_section(false);
    let (_, for_errors) = plain.try_into_hooks()?;
    for_errors.install()?;
    std::panic::set_hook(Box::new(|info| {
        guard::restore();
        // Nothing can be done about a report that cannot be written.
        let _ = write_report(&mut io::stderr().lock(), &Fault::of(info));
        // The main thread unwinds and ends the process. Any other one would leave a program behind that
        // has lost a part of itself and its screen.
        if std::thread::current().name() != Some("main") {
            std::process::exit(PANIC_EXIT_CODE);
        }
    }));
    Ok(())
}

/// The part of a panic that may be told.
struct Fault<'a> {
    /// File and line.
    place: Option<(&'a str, u32)>,
    /// The message, if it was fixed at build time.
    message: Option<&'static str>,
}

impl<'a> Fault<'a> {
    fn of(info: &'a PanicHookInfo<'_>) -> Self {
        Self {
            place: info.location().map(|at| (without_build_folder(at.file()), at.line())),
            // A message with anything filled in arrives as a `String`.
            message: info.payload().downcast_ref::<&'static str>().copied(),
        }
    }
}

/// Code of libraries is compiled in a folder that says nothing but where the builder keeps it.
fn without_build_folder(file: &str) -> &str {
    ["/registry/src/", "/library/", "\\registry\\src\\"]
        .iter()
        .find_map(|marker| file.split_once(marker))
        .map_or(file, |(_, rest)| rest.split_once(['/', '\\']).map_or(rest, |(_, rest)| rest))
}

fn write_report(out: &mut impl Write, fault: &Fault<'_>) -> io::Result<()> {
    let place = fault.place.map(|(file, line)| format!(" at {file}:{line}")).unwrap_or_default();
    writeln!(out, "\nvetty stopped: there is a fault in its code{place}.")?;
    if let Some(message) = fault.message {
        writeln!(out, "It says: {message}.")?;
    }
    writeln!(
        out,
        "This is vetty {} on {} {}.",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    )?;
    let to = env!("CARGO_PKG_REPOSITORY");
    let to = if to.is_empty() { String::new() } else { format!(" at {to}") };
    writeln!(out, "Please report it{to} with these lines; there is no personal data in them.")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    fn report(fault: &Fault<'_>) -> String {
        let mut bytes = Vec::new();
        write_report(&mut bytes, fault).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_report_says_where() {
        let text = report(&Fault { place: Some(("src/app/update.rs", 12)), message: Some("no row here") });
        assert!(text.contains("a fault in its code at src/app/update.rs:12."), "{text}");
        assert!(text.contains("It says: no row here."), "{text}");
        assert!(text.contains(env!("CARGO_PKG_VERSION")), "{text}");
    }

    #[test]
    fn the_folder_of_the_builder_is_left_out() {
        assert_eq!(
            without_build_folder("/home/ann/.cargo/registry/src/index-1949cf8c/url-2.5.8/src/lib.rs"),
            "url-2.5.8/src/lib.rs"
        );
        assert_eq!(without_build_folder("/rustc/5980/library/core/src/option.rs"), "src/option.rs");
        assert_eq!(without_build_folder("src/ui/mod.rs"), "src/ui/mod.rs");
    }

    /// Runs `fault` under a hook that reports into a text. Panics of tests that run beside it are left to the
    /// hook that was there before.
    fn reported(fault: fn()) -> String {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let text = Arc::new(Mutex::new(String::new()));
        let (sink, me) = (Arc::clone(&text), std::thread::current().id());
        let before = Arc::new(std::panic::take_hook());
        let fallback = Arc::clone(&before);
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() == me {
                sink.lock().unwrap().push_str(&report(&Fault::of(info)));
            } else {
                fallback(info);
            }
        }));
        assert!(std::panic::catch_unwind(fault).is_err());
        std::panic::set_hook(Box::new(move |info| before(info)));
        let text = text.lock().unwrap();
        text.clone()
    }

    #[test]
    fn what_was_filled_in_is_not_repeated() {
        let filled = reported(|| {
            let name = std::hint::black_box("Jenny");
            panic!("no such person: {name}");
        });
        assert!(!filled.contains("Jenny"), "{filled}");
        assert!(filled.contains("panic.rs:"), "{filled}");
        let sliced = reported(|| {
            let _ = &std::hint::black_box("Zoë Rosen")[..3];
        });
        assert!(!sliced.contains("Rosen"), "{sliced}");
        let fixed = reported(|| panic!("the table has no columns"));
        assert!(fixed.contains("the table has no columns"), "{fixed}");
    }
}

//! Dies on purpose, so that tests can see what a crash leaves behind. Builds without debug assertions never do.
//!
//! Where the variable [`VARIABLE`] holds a number N, the process kills itself at the Nth point that it passes: before,
//! in the middle of and after every write of the journal and the outbox, and before and after every request that
//! changes something. No destructor runs and nothing is flushed, as with `kill -9`.

use std::fs::File;
use std::io::{self, Write as _};

/// The variable that says at which point to die. Read in debug builds only.
pub const VARIABLE: &str = "VETTY_CRASH_AT";

/// A point at which the process may be told to die.
pub fn point() {
    #[cfg(debug_assertions)]
    armed::pass();
}

/// Writes all of `bytes`; when armed in two parts with a point between, so that lines are cut as well.
pub(super) fn write_all(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    point();
    #[cfg(debug_assertions)]
    if armed::is_armed() {
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        file.write_all(first)?;
        point();
        return file.write_all(rest);
    }
    file.write_all(bytes)
}

#[cfg(debug_assertions)]
mod armed {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static AT: LazyLock<Option<u64>> = LazyLock::new(|| std::env::var(super::VARIABLE).ok()?.parse().ok());
    static PASSED: AtomicU64 = AtomicU64::new(0);

    pub(super) fn is_armed() -> bool {
        AT.is_some()
    }

    pub(super) fn pass() {
        let passed = PASSED.fetch_add(1, Ordering::SeqCst) + 1;
        if *AT == Some(passed) {
            die();
        }
    }

    #[cfg(unix)]
    fn die() -> ! {
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        // The signal may reach another thread first; this one goes no further.
        loop {
            std::thread::park();
        }
    }

    #[cfg(not(unix))]
    fn die() -> ! {
        std::process::abort()
    }
}

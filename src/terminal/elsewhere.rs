//! Systems without signals: Ctrl-C is a key there, and a console that is closed ends its programs itself.

/// Nothing but a key ends the program.
pub mod ending {
    use std::io;

    use crate::config::Env;

    pub(crate) fn watch(_: &Env) -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn note_hang_up() {}

    /// There is none.
    #[must_use]
    pub const fn cause() -> Option<i32> {
        None
    }

    /// The exit code that a shell makes of a signal.
    #[must_use]
    pub const fn end_by(signal: i32) -> i32 {
        128 + signal
    }
}

/// The way to the console.
pub(super) mod out {
    use std::io::{self, Write};
    use std::time::Duration;

    /// The console as something to write to.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Out;

    impl Write for Out {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            io::stdout().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            io::stdout().flush()
        }
    }

    /// Writes `bytes`, then does `meanwhile`.
    pub(crate) fn write_last(bytes: &[u8], meanwhile: impl FnOnce(), _: Duration) {
        let mut out = io::stdout();
        let _ = out.write_all(bytes).and_then(|()| out.flush());
        meanwhile();
    }
}

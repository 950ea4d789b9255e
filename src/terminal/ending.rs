//! What ends the program from outside: a signal, or a terminal that is gone. Noticed from before the terminal is taken
//! over until the end, by a thread of its own, so that nothing else that is stuck can keep it from being noticed.
//!
//! The first cause counts. The event loop hears of it and takes the ordinary way out; when that does not come to an end
//! within [`GRACE`], because a clipboard or a blocked standard error holds it up, the thread gives the terminal back and
//! ends the process itself.

use std::io;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use signal_hook::consts;
use signal_hook::iterator::Signals;
use tokio::sync::Notify;

use crate::config::Env;

use super::guard;

/// How long the ordinary way out may take.
const GRACE: Duration = Duration::from_secs(2);

/// The number of the signal that ends the program; 0 while none does.
static CAUSE: AtomicI32 = AtomicI32::new(0);

/// Wakes the event loop.
static NOTED: Notify = Notify::const_new();

/// Wakes whoever waits for the terminal to take more: the reading end hangs up once there is a cause.
static WAKE: OnceLock<(io::PipeReader, Mutex<Option<io::PipeWriter>>)> = OnceLock::new();

/// Signals that end a program unless it does something about them. Not among them: those that nobody can catch, those
/// that say that the program itself is at fault (a handler would return to the fault), and `SIGPIPE` and `SIGXFSZ`, which
/// are errors of the write here.
const BY_NAME: [i32; 13] = [
    consts::SIGHUP,
    consts::SIGINT,
    consts::SIGQUIT,
    consts::SIGTERM,
    consts::SIGABRT,
    consts::SIGALRM,
    consts::SIGVTALRM,
    consts::SIGPROF,
    consts::SIGUSR1,
    consts::SIGUSR2,
    consts::SIGXCPU,
    consts::SIGTRAP,
    consts::SIGSYS,
];

/// Those that only Linux ends a program by: `SIGSTKFLT`, `SIGIO`, `SIGPWR`, and the real-time signals that a C library
/// leaves to programs.
#[cfg(target_os = "linux")]
fn of_this_system() -> impl Iterator<Item = i32> {
    use rustix::process::Signal;
    [Signal::STKFLT.as_raw(), Signal::IO.as_raw(), Signal::POWER.as_raw()].into_iter().chain(34..=64)
}

#[cfg(not(target_os = "linux"))]
fn of_this_system() -> impl Iterator<Item = i32> {
    std::iter::empty()
}

/// Begins to watch. Later calls do nothing.
pub(super) fn watch(env: &Env) -> io::Result<()> {
    if WAKE.get().is_some() {
        return Ok(());
    }
    let (reader, writer) = io::pipe()?;
    let mut signals = Signals::new(BY_NAME)?;
    for signal in of_this_system() {
        // A C library may keep some of them to itself.
        let _ = signals.add_signal(signal);
    }
    let _first = WAKE.set((reader, Mutex::new(Some(writer))));
    // So that a test can see the terminal come back from a panic. No release has it.
    let panics = cfg!(debug_assertions) && env.has("VETTY_PANIC_ON_SIGUSR1");
    let wait = move || {
        let Some(signal) = signals.forever().next() else { return };
        assert!(!(panics && signal == consts::SIGUSR1), "asked to panic by SIGUSR1");
        note(signal);
        std::thread::sleep(GRACE);
        guard::restore();
        std::process::exit(end_by(signal));
    };
    std::thread::Builder::new().name("signals".into()).spawn(wait)?;
    Ok(())
}

/// Notes why the program ends. The first cause counts.
pub(super) fn note(signal: i32) {
    if CAUSE.compare_exchange(0, signal, Ordering::SeqCst, Ordering::SeqCst).is_err() {
        return;
    }
    if let Some((_, writer)) = WAKE.get() {
        drop(writer.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
    NOTED.notify_one();
}

/// Notes that the terminal is gone, as its hang-up signal would tell.
pub(super) fn note_hang_up() {
    note(consts::SIGHUP);
}

/// The signal that ends the program, if one does.
#[must_use]
pub fn cause() -> Option<i32> {
    Some(CAUSE.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
}

/// Waits for a cause. For one who waits.
pub(super) async fn noted() {
    NOTED.notified().await;
}

/// What becomes readable once there is a cause.
pub(super) fn wake() -> Option<&'static io::PipeReader> {
    WAKE.get().map(|(reader, _)| reader)
}

/// Ends the process by the signal, so that whoever started it sees it. Where the signal cannot do that, gives the exit
/// code that a shell makes of it.
#[must_use]
pub fn end_by(signal: i32) -> i32 {
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    128 + signal
}

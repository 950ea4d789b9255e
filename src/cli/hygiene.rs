//! Keeps the memory of this process to itself: no core dump, and no other program of the same user that reads it.
//!
//! A limit of 0 alone is not enough: where the system pipes dumps to a program, the limit is ignored, and only a process
//! that is marked as not dumpable is left out. The mark also keeps debuggers and `/proc/PID/environ` from everybody but
//! the administrator.

/// Closes the process up. Called first of all, before a key is read.
pub(super) fn close_up() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Refused in some containers; `vetty doctor` looks at what came of it.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Makes a file that may not grow any further an error of the write, and not the end of the program.
pub(super) fn outlive_file_limits() {
    #[cfg(unix)]
    {
        // Where no handler can be installed the system's way stays, which loses nothing that was acknowledged.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    }
}

/// Whether this process writes no core dump. False where the system does not tell.
pub(super) fn writes_no_dump() -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        let limited = getrlimit(Resource::Core).current == Some(0);
        limited && (is_unreadable() || cfg!(not(target_os = "linux")))
    }
    #[cfg(not(unix))]
    false
}

/// Whether other programs of the same user cannot read the memory. False where the system does not tell.
pub(super) fn is_unreadable() -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, dumpable_behavior};
        dumpable_behavior().is_ok_and(|found| found != DumpableBehavior::Dumpable)
    }
    #[cfg(not(target_os = "linux"))]
    false
}

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

/// Whether this system lets a process write no core dump, and whether this one writes none.
pub(super) fn writes_no_dump() -> Option<bool> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        let limited = getrlimit(Resource::Core).current == Some(0);
        Some(limited && is_unreadable().unwrap_or(true))
    }
    #[cfg(not(unix))]
    None
}

/// Whether other programs of the same user cannot read the memory, where the system can say so.
pub(super) fn is_unreadable() -> Option<bool> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, dumpable_behavior};
        Some(dumpable_behavior().is_ok_and(|found| found != DumpableBehavior::Dumpable))
    }
    #[cfg(not(target_os = "linux"))]
    None
}
